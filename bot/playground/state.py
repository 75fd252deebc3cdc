"""The whole local Slack: workspaces, the app, the clock and a feed of changes. Knows nothing of HTTP."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile

from bot.playground.clock import Clock
from bot.playground.ids import Ids
from bot.playground.manifest import Manifest
from bot.playground.model import (
    SLACKBOT,
    ApiCall,
    App,
    Change,
    Channel,
    ChannelKind,
    Delivered,
    Installation,
    Json,
    Message,
    Organisation,
    ResponseHook,
    Trigger,
    User,
)
from bot.playground.workspace import Workspace

TRIGGER_SECONDS = 3.0
TOKEN_SECONDS = 43_200
_KEPT_CALLS = 100_000
_KEPT_RECENT = 5_000
_KEPT_ANSWERS = 300


class Slack:
    """Everything that Slack's servers would remember.

    Take `lock` for anything that touches more than one field from a thread other than the server's. Never
    hold it across an `await`.
    """

    def __init__(self, manifest: Manifest, *, clock: Clock | None = None, seed: int = 0, url: str = "") -> None:
        self.manifest = manifest
        self.clock = clock or Clock()
        self.ids = Ids(seed)
        self.lock = threading.RLock()
        self.url = url
        self.app = App(
            id=self.ids.new("A"),
            name=manifest.name,
            app_token=f"xapp-1-{self.ids.new('A')}-{self.ids.hexes(12)}-{self.ids.hexes(64)}",
            signing_secret=self.ids.hexes(32),
            verification_token=self.ids.hexes(24),
            client_id=f"{self.ids.hexes(6)}.{self.ids.hexes(6)}",
            client_secret=self.ids.hexes(32),
            token_seconds=TOKEN_SECONDS if manifest.token_rotation else 0,
        )
        self.workspaces: dict[str, Workspace] = {}
        self.organisations: dict[str, Organisation] = {}
        self.tokens: dict[str, Installation] = {}
        self.oauth_codes: dict[str, str] = {}
        self.refresh_tokens: dict[str, Installation] = {}
        self.expiries: dict[str, datetime] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_hooks: dict[str, ResponseHook] = {}
        self.calls: deque[ApiCall] = deque(maxlen=_KEPT_CALLS)
        self.call_count = 0
        # By the call's serial; answers are large, so only the last ones are kept, for a person who looks on.
        self.recent_answers: deque[tuple[int, Json]] = deque(maxlen=_KEPT_ANSWERS)
        self.deliveries: deque[Delivered] = deque(maxlen=_KEPT_CALLS)
        self.delivery_count = 0
        self.version = 0
        self._recent: deque[tuple[int, str, Message]] = deque(maxlen=_KEPT_RECENT)
        self._subscribers: list[Callable[[Change], None]] = []
        self._pruned = time.monotonic()

    # The feed

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call `callback` after each change, in the thread that made it; return what ends that."""
        with self.lock:
            self._subscribers.append(callback)

        def unsubscribe() -> None:
            with self.lock:
                if callback in self._subscribers:
                    self._subscribers.remove(callback)

        return unsubscribe

    def changed(self, kind: str, team_id: str = "", *, channel_id: str = "", user_id: str = "") -> None:
        """Raise the version and tell everyone who subscribed."""
        with self.lock:
            self.version += 1
            change = Change(self.version, kind, team_id, channel_id, user_id)
            subscribers = list(self._subscribers)
        for callback in subscribers:
            callback(change)

    async def wait_until(
        self, met: Callable[[], bool], seconds: float, *, concerns: Callable[[Change], bool] = bool
    ) -> bool:
        """Wait until `met()`, looked at after each change that `concerns` it; return whether it was in time."""
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()

        def wake(change: Change) -> None:
            if concerns(change) and not woken.is_set():
                loop.call_soon_threadsafe(woken.set)

        unsubscribe = self.subscribe(wake)
        deadline = loop.time() + seconds
        try:
            while not met():
                try:
                    await asyncio.wait_for(woken.wait(), max(deadline - loop.time(), 0))
                except TimeoutError:
                    return met()
                woken.clear()
        finally:
            unsubscribe()
        return True

    # Workspaces and who is in them

    def add_workspace(self, name: str, domain: str, *, team_id: str | None = None, install: bool = True) -> Workspace:
        """Make a workspace with the app installed in it, or without the app."""
        with self.lock:
            workspace = Workspace(id=team_id or self.ids.new("T"), name=name, domain=domain)
            self.workspaces[workspace.id] = workspace
            workspace.users[SLACKBOT] = User(SLACKBOT, workspace.id, "slackbot", "Slackbot", "Slackbot")
            if install:
                self.install(workspace)
        self.changed("workspace", workspace.id)
        return workspace

    def install(self, workspace: Workspace, *, installer_id: str = "") -> Installation:
        """Install the app: a bot user, a bot id and a token. A second installation gets a new token."""
        with self.lock:
            old = workspace.installation
            bot_id = old.bot_id if old else self.ids.new("B")
            user_id = old.bot_user_id if old else self.ids.new("U")
            if old is None:
                workspace.users[user_id] = User(
                    id=user_id,
                    team_id=workspace.id,
                    name=self.manifest.bot_name,
                    real_name=self.manifest.name,
                    tz="America/Los_Angeles",
                    is_bot=True,
                    bot_id=bot_id,
                    app_id=self.app.id,
                    updated=self.epoch(),
                )
            installation = Installation(
                team_id=workspace.id,
                bot_user_id=user_id,
                bot_id=bot_id,
                bot_token=self.ids.token("xoxb"),
                scopes=self.manifest.scopes,
                installer_id=installer_id,
            )
            workspace.installation = installation
            self.tokens[installation.bot_token] = installation
        return installation

    def workspace(self, team_id: str = "") -> Workspace:
        """Return the workspace with this id, or the first one. Raises `KeyError` when there is none."""
        if team_id:
            return self.workspaces[team_id]
        for workspace in self.workspaces.values():
            return workspace
        raise KeyError("the playground has no workspace yet")

    def add_user(self, workspace: Workspace, user: User) -> User:
        """Put a member into the workspace and into #general, as Slack does."""
        with self.lock:
            user.updated = user.updated or self.epoch()
            workspace.users[user.id] = user
            for channel in workspace.channels.values():
                if channel.is_general and not (user.is_restricted or user.is_bot or user.is_stranger):
                    channel.members[user.id] = None
        self.changed("user", workspace.id, user_id=user.id)
        return user

    def add_channel(
        self,
        workspace: Workspace,
        name: str,
        *,
        kind: ChannelKind = "public",
        members: list[str] | None = None,
        channel_id: str | None = None,
    ) -> Channel:
        """Make a conversation with these members."""
        with self.lock:
            prefix = "D" if kind == "im" else "C"
            channel = Channel(
                id=channel_id or self.ids.new(prefix),
                team_id=workspace.id,
                name=name,
                kind=kind,
                creator=(members or [""])[0],
                created=self.epoch(),
                members=dict.fromkeys(members or []),
            )
            workspace.channels[channel.id] = channel
            if kind == "im":
                workspace.ims[frozenset(channel.members)] = channel.id
        self.changed("channel", workspace.id, channel_id=channel.id)
        return channel

    def open_im(self, workspace: Workspace, one: str, other: str) -> Channel:
        """Return the direct conversation of two users, made if need be."""
        with self.lock:
            return workspace.im_between(one, other) or self.add_channel(workspace, "", kind="im", members=[one, other])

    # Instants, triggers and response URLs

    def epoch(self) -> int:
        """The playground's instant in whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def new_ts(self, channel: Channel) -> str:
        """Return a `ts` for a message now that no other message of the channel has."""
        micros = round(self.clock.now().timestamp() * 1_000_000)
        while (ts := f"{micros // 1_000_000}.{micros % 1_000_000:06d}") in channel.messages or (
            ts in channel.ephemerals
        ):
            micros += 1
        return ts

    def keep(self, channel: Channel, message: Message) -> Message:
        """Store a message where it belongs and tell the feed."""
        with self.lock:
            kept = channel.ephemerals if message.ephemeral_to else channel.messages
            kept[message.ts] = message
        self.touched(channel, message)
        return message

    def touched(self, channel: Channel, message: Message) -> None:
        """Tell the feed that a message is new or reads differently."""
        with self.lock:
            self._recent.append((self.version + 1, channel.id, message))
        reader = message.ephemeral_to or message.user_id
        self.changed("message", channel.team_id, channel_id=channel.id, user_id=reader)

    def touched_since(self, version: int, channel: Channel) -> list[Message]:
        """Return the channel's messages that came or changed after the feed stood at `version`, oldest first."""
        with self.lock:
            recent = list(takewhile(lambda entry: entry[0] > version, reversed(self._recent)))
        found = {message.ts: message for _, channel_id, message in recent if channel_id == channel.id}
        return [found[ts] for ts in sorted(found)]

    def new_trigger(self, team_id: str, user_id: str, *, view_id: str | None = None) -> Trigger:
        """Give a trigger id, which opens one modal within three seconds."""
        with self.lock:
            self._prune()
            trigger = Trigger(self.ids.trigger(), team_id, user_id, time.monotonic(), view_id)
            self.triggers[trigger.id] = trigger
        return trigger

    def new_response_url(self, team_id: str, user_id: str, channel_id: str, *, message_ts: str | None = None) -> str:
        """Give a response_url for this person in this conversation, and for this message if there is one."""
        with self.lock:
            key = self.ids.hexes(24)
            self.response_hooks[key] = ResponseHook(key, team_id, user_id, channel_id, self.clock.now(), message_ts)
        return f"{self.url}/response/{team_id}/{key}"

    def _prune(self) -> None:
        """Forget triggers and response URLs that are long over, so that a long load run does not grow."""
        real = time.monotonic()
        if real - self._pruned < 60:
            return
        self._pruned = real
        self.triggers = {k: t for k, t in self.triggers.items() if real - t.made < 60}
        oldest: datetime = self.clock.now() - timedelta(hours=1)
        self.response_hooks = {k: h for k, h in self.response_hooks.items() if h.made > oldest}
