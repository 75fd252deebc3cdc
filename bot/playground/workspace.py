"""One workspace: its members, conversations, views and files, and what each person sees of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.playground.model import SLACKBOT, Channel, File, Installation, Message, User, View


@dataclass
class Workspace:
    """A workspace. Read it freely under `Slack.lock`; change it through `people` and the Web API."""

    id: str
    name: str
    domain: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    ims: dict[frozenset[str], str] = field(default_factory=dict)
    installation: Installation | None = None
    enterprise_id: str | None = None

    @property
    def bot_user_id(self) -> str:
        """The app's bot user, or an empty string where the app is not installed."""
        return self.installation.bot_user_id if self.installation else ""

    @property
    def by_organisation(self) -> bool:
        """Whether the app is here because it is installed in the whole organisation."""
        return self.installation is not None and not self.installation.team_id

    def people(self) -> list[User]:
        """Everyone a person could act as: living members that are no bots."""
        return [u for u in self.users.values() if not (u.is_bot or u.deleted or u.id == SLACKBOT)]

    def channel_named(self, name: str) -> Channel | None:
        """Find a channel by its name, with or without `#`."""
        wanted = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == wanted and c.kind in ("public", "private")), None)

    def channels_of(self, user_id: str) -> list[Channel]:
        """The conversations in which the user is, channels first and by name."""
        mine = [c for c in self.channels.values() if user_id in c.members]
        return sorted(mine, key=lambda c: (c.kind in ("im", "mpim"), c.name))

    def im_between(self, one: str, other: str) -> Channel | None:
        """The direct conversation of two users, if it was ever opened."""
        found = self.ims.get(frozenset({one, other}))
        return self.channels[found] if found else None

    def title_of(self, channel: Channel, reader_id: str) -> str:
        """What the reader's client calls the conversation: `#name`, or the other person's name."""
        if channel.kind in ("public", "private"):
            return f"#{channel.name}"
        others = [self.users[u].shown_name for u in channel.members if u != reader_id and u in self.users]
        return ", ".join(others) or "you"

    def timeline(self, channel_id: str, reader_id: str) -> list[Message]:
        """What the reader sees there, oldest first: no thread replies, own ephemerals included."""
        channel = self.channels[channel_id]
        seen = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
        seen += [m for m in channel.ephemerals.values() if m.ephemeral_to == reader_id and m.thread_ts is None]
        return _by_time(seen)

    def thread(self, channel_id: str, thread_ts: str, reader_id: str) -> list[Message]:
        """The parent and its replies as the reader sees them, oldest first."""
        channel = self.channels[channel_id]
        seen = [m for m in channel.messages.values() if thread_ts in (m.ts, m.thread_ts)]
        seen += [m for m in channel.ephemerals.values() if m.ephemeral_to == reader_id and m.thread_ts == thread_ts]
        return _by_time(seen)

    def find_message(self, channel_id: str, ts: str) -> Message | None:
        """Find a message by its `ts`, ephemeral ones included."""
        channel = self.channels.get(channel_id)
        if channel is None:
            return None
        return channel.messages.get(ts) or channel.ephemerals.get(ts)

    def modal_of(self, user_id: str) -> View | None:
        """The modal on top of the user's screen."""
        stack = self.modals.get(user_id)
        return stack[-1] if stack else None

    def home_of(self, user_id: str) -> View | None:
        """The user's Home tab, if the app has published one."""
        return self.homes.get(user_id)


def _by_time(messages: Iterable[Message]) -> list[Message]:
    return sorted(messages, key=lambda m: tuple(int(part) for part in m.ts.split(".")))
