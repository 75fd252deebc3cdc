"""What people do in conversations, and what administrators do to members and channels."""

from dataclasses import replace
from typing import Any

from bot.playground.errors import NotPossibleError
from bot.playground.events import Events
from bot.playground.model import SLACKBOT, Channel, ChannelKind, Message, User
from bot.playground.shapes import message_json
from bot.playground.state import Slack
from bot.playground.typed import as_sent
from bot.playground.workspace import Workspace

_CHANGEABLE = {
    "name", "real_name", "display_name", "tz", "locale", "title", "deleted",
    "is_admin", "is_restricted", "is_ultra_restricted", "is_stranger",
}  # fmt: skip


class People:
    """Act as a member. Call it on the server's loop: what happens there is told to the app in the background.

    Everything raises `NotPossibleError` where Slack's client would not offer the step.
    """

    def __init__(self, slack: Slack, events: Events) -> None:
        self.slack = slack
        self._events = events

    def member(self, workspace: Workspace, user_id: str) -> User:
        """Return a living member that is a person."""
        user = workspace.users.get(user_id)
        if user is None:
            raise NotPossibleError(f"there is no member {user_id}")
        if user.deleted:
            raise NotPossibleError(f"{user.shown_name} has been deactivated")
        if user.is_bot or user.id == SLACKBOT:
            raise NotPossibleError(f"{user.shown_name} is a bot")
        return user

    def channel(self, workspace: Workspace, channel_id: str) -> Channel:
        """Return a conversation by id, or by name with `#`."""
        channel = workspace.channels.get(channel_id) or workspace.channel_named(channel_id)
        if channel is None:
            raise NotPossibleError(f"there is no conversation {channel_id}")
        return channel

    def open_dm(self, workspace: Workspace, user_id: str, other_id: str = "") -> Channel:
        """Open the person's direct conversation with another user: with the app where no one is named."""
        self.member(workspace, user_id)
        return self.slack.open_im(workspace, user_id, other_id or workspace.bot_user_id)

    def post_message(
        self, workspace: Workspace, user_id: str, channel_id: str, text: str, *, thread_ts: str | None = None
    ) -> Message:
        """Write a message. `@name` and `#channel` become references, as in Slack's composer."""
        channel = self._where_i_write(workspace, user_id, channel_id)
        if not text.strip():
            raise NotPossibleError("the message is empty")
        if thread_ts is not None:
            parent = channel.messages.get(thread_ts)
            if parent is None or parent.is_reply:
                raise NotPossibleError("there is no such message to reply to")
            parent.thread_ts = parent.ts
        message = Message(
            ts=self.slack.new_ts(channel),
            channel_id=channel.id,
            user_id=user_id,
            text=as_sent(workspace, text),
            thread_ts=thread_ts,
            client_msg_id=self.slack.ids.envelope(),
        )
        self.slack.keep(channel, message)
        self._events.posted(workspace, channel, message)
        return message

    def edit_message(self, workspace: Workspace, user_id: str, channel_id: str, ts: str, text: str) -> Message:
        """Change one's own message."""
        channel, message = self._mine(workspace, user_id, channel_id, ts)
        before = message_json(workspace, message)
        message.text = as_sent(workspace, text)
        message.edited_ts, message.edited_by = self.slack.new_ts(channel), user_id
        self.slack.touched(channel, message)
        self._events.edited(workspace, channel, message, before)
        return message

    def delete_message(self, workspace: Workspace, user_id: str, channel_id: str, ts: str) -> None:
        """Delete one's own message."""
        channel, message = self._mine(workspace, user_id, channel_id, ts)
        before = message_json(workspace, message)
        del channel.messages[ts]
        self.slack.changed("message", workspace.id, channel_id=channel.id, user_id=user_id)
        self._events.deleted(workspace, channel, before)

    def create_channel(self, workspace: Workspace, user_id: str, name: str, *, kind: ChannelKind = "public") -> Channel:
        """Make a channel with its maker in it."""
        self.member(workspace, user_id)
        if workspace.channel_named(name) is not None:
            raise NotPossibleError(f"#{name} exists already")
        return self.slack.add_channel(workspace, name, kind=kind, members=[user_id])

    def join(self, workspace: Workspace, user_id: str, channel_id: str) -> None:
        """Join a public channel."""
        self.member(workspace, user_id)
        channel = self.channel(workspace, channel_id)
        if channel.kind != "public" or channel.archived:
            raise NotPossibleError("only a living public channel can be joined")
        self.add(workspace, channel, user_id)

    def invite(self, workspace: Workspace, user_id: str, channel_id: str, guest_id: str) -> None:
        """Invite somebody, the app's bot for one, into a channel one is in."""
        channel = self._where_i_am(workspace, user_id, channel_id)
        if guest_id not in workspace.users or workspace.users[guest_id].deleted:
            raise NotPossibleError(f"there is no member {guest_id}")
        self.add(workspace, channel, guest_id, inviter=user_id)

    def leave(self, workspace: Workspace, user_id: str, channel_id: str) -> None:
        """Leave a channel; the same step removes somebody else, the bot for one."""
        channel = self.channel(workspace, channel_id)
        if user_id not in channel.members or channel.kind == "im":
            raise NotPossibleError("not_in_channel")
        # The one who leaves hears of it too, as Slack has it, so the event goes out first.
        self._events.membership(workspace, channel, user_id, joined=False)
        del channel.members[user_id]
        self.slack.changed("channel", workspace.id, channel_id=channel.id, user_id=user_id)

    def archive(self, workspace: Workspace, user_id: str, channel_id: str, *, archived: bool = True) -> Channel:
        """Archive a channel, or bring it back."""
        channel = self.channel(workspace, channel_id)
        if channel.is_general or channel.kind in ("im", "mpim"):
            raise NotPossibleError("this conversation cannot be archived")
        channel.archived = archived
        self.slack.changed("channel", workspace.id, channel_id=channel.id)
        kind = "archive" if archived else "unarchive"
        self._events.channel(workspace, channel, kind, user_id=user_id)
        return channel

    def rename(self, workspace: Workspace, user_id: str, channel_id: str, name: str) -> Channel:
        """Give a channel another name."""
        channel = self.channel(workspace, channel_id)
        if workspace.channel_named(name) is not None:
            raise NotPossibleError(f"#{name} exists already")
        channel.name = name.removeprefix("#")
        self.slack.changed("channel", workspace.id, channel_id=channel.id)
        self._events.channel(workspace, channel, "rename", user_id=user_id)
        return channel

    def convert_to_private(self, workspace: Workspace, user_id: str, channel_id: str) -> Channel:
        """Turn a public channel into a private one."""
        channel = self.channel(workspace, channel_id)
        if channel.kind != "public":
            raise NotPossibleError("only a public channel can become private")
        channel.kind = "private"
        self.slack.changed("channel", workspace.id, channel_id=channel.id)
        self._events.channel(workspace, channel, "convert_to_private", user_id=user_id)
        return channel

    def hire(self, workspace: Workspace, user: User) -> User:
        """Let a new member come to the workspace, and tell the app."""
        self.slack.add_user(workspace, user)
        self._events.user(workspace, user, "team_join")
        return user

    def change_user(self, workspace: Workspace, user_id: str, **changes: Any) -> User:
        """Change a member's name, zone, locale, role, or whether the member is `deleted`, and tell the app."""
        user = workspace.users.get(user_id)
        if user is None:
            raise NotPossibleError(f"there is no member {user_id}")
        unknown = set(changes) - _CHANGEABLE
        if unknown:
            raise NotPossibleError(f"a member has no {', '.join(sorted(unknown))} to change")
        changed = replace(user, **changes, updated=self.slack.epoch())
        workspace.users[user_id] = changed
        if changed.deleted:
            for channel in workspace.channels.values():
                if channel.kind != "im":
                    channel.members.pop(user_id, None)
        self.slack.changed("user", workspace.id, user_id=user_id)
        self._events.user(workspace, changed, "user_change")
        return changed

    def uninstall(self, workspace: Workspace) -> None:
        """Take the app out of the workspace: its token is dead and it is told so."""
        if workspace.installation is None:
            raise NotPossibleError("the app is not installed here")
        self._events.gone(workspace)
        workspace.installation.revoked = True
        self.slack.changed("workspace", workspace.id)

    def add(self, workspace: Workspace, channel: Channel, user_id: str, *, inviter: str = "") -> None:
        """Put a member into a channel, without a question, and tell the app."""
        if user_id in channel.members:
            return
        channel.members[user_id] = None
        self.slack.changed("channel", workspace.id, channel_id=channel.id, user_id=user_id)
        self._events.membership(workspace, channel, user_id, joined=True, inviter=inviter)

    def _where_i_am(self, workspace: Workspace, user_id: str, channel_id: str) -> Channel:
        self.member(workspace, user_id)
        channel = self.channel(workspace, channel_id)
        if user_id not in channel.members:
            raise NotPossibleError("not_in_channel")
        return channel

    def _where_i_write(self, workspace: Workspace, user_id: str, channel_id: str) -> Channel:
        channel = self._where_i_am(workspace, user_id, channel_id)
        if channel.archived:
            raise NotPossibleError("is_archived")
        return channel

    def _mine(self, workspace: Workspace, user_id: str, channel_id: str, ts: str) -> tuple[Channel, Message]:
        channel = self._where_i_write(workspace, user_id, channel_id)
        message = channel.messages.get(ts)
        if message is None or message.user_id != user_id:
            raise NotPossibleError("only one's own message can be changed")
        return channel, message
