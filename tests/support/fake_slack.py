"""A Slack for tests that remembers what was said, and misbehaves on request.

It satisfies `bot.slack.port.Slack`, and is as strict about blocks and views as the playground's validator.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from bot.playground.blockkit import validate_blocks, validate_view
from bot.slack.outcomes import InDoubt, Outcome, Sent, Throttled
from bot.slack.port import LookupFailed, Postable, Profile
from bot.slack.searching import CLOCK_AHEAD

Json = dict[str, Any]


class Killed(BaseException):
    """The process ends here, and no `except Exception` knows of it."""


@dataclass(frozen=True)
class PostedButInDoubt:
    """A post that arrives while its answer does not."""

    error: str = "TimeoutError"


@dataclass(frozen=True)
class KilledBeforePosting:
    """The process dies before Slack hears of the message."""


@dataclass(frozen=True)
class KilledAfterPosting:
    """The process dies when Slack has the message, before it could be recorded."""


@dataclass(frozen=True)
class CrashesAfterPosting:
    """Slack has the message, and its answer makes the caller stumble."""


Step = None | Outcome | PostedButInDoubt | KilledBeforePosting | KilledAfterPosting | CrashesAfterPosting


@dataclass(frozen=True)
class Said:
    """A message as its conversation shows it. `recipient` is what it was posted to."""

    workspace: str
    recipient: str
    channel: str
    ts: str
    at: datetime
    key: str | None
    message: Postable
    thread_ts: str | None = None

    @property
    def words(self) -> str:
        """Everything that can be read in it."""
        return "\n".join([self.message.text, *texts(self.message.blocks)])


@dataclass
class FakeSlack:
    """One Slack for every workspace.

    `outcomes` are used up by posts to anybody, before anything succeeds, `failed_updates` by changes of messages.
    `updates` are (workspace, channel, ts,
    message), `modals` (workspace, trigger, view) and `whispers` (workspace, channel, user, thread, message).
    """

    clock: Callable[[], datetime]
    said: list[Said] = field(default_factory=list)
    tried: list[tuple[str, str | None]] = field(default_factory=list)
    sought: list[tuple[str, str]] = field(default_factory=list)
    updates: list[tuple[str, str, str, Postable]] = field(default_factory=list)
    modals: list[tuple[str, str, Json]] = field(default_factory=list)
    whispers: list[tuple[str, str, str, str | None, Postable]] = field(default_factory=list)
    homes: dict[tuple[str, str], Json] = field(default_factory=dict)
    profiles: dict[tuple[str, str], Profile] = field(default_factory=dict)
    outcomes: deque[Step] = field(default_factory=deque)
    failed_updates: deque[Outcome | Killed] = field(default_factory=deque)
    lookups: deque[LookupFailed | Killed] = field(default_factory=deque)
    read: list[tuple[str, str, str]] = field(default_factory=list)
    first_words: dict[tuple[str, str], str] = field(default_factory=dict)
    files: list[tuple[str, str, bytes, str]] = field(default_factory=list)
    takes_files: bool = True
    refused_tokens: dict[str, str] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    view_error: str | None = None
    _own: dict[str, deque[Step]] = field(default_factory=lambda: defaultdict(deque))
    _lock: Lock = field(default_factory=Lock)

    def answers(self, recipient: str, *steps: Step) -> None:
        """Let the next posts to one recipient end like this."""
        self._own[recipient].extend(steps)

    def all_in(self, channel: str) -> list[Said]:
        """Return what a channel, or a person by their id, was told, oldest first."""
        with self._lock:
            return [said for said in self.said if channel in (said.recipient, said.channel)]

    def last_in(self, channel: str) -> Said:
        """Return the last of it."""
        return self.all_in(channel)[-1]

    # The port

    def post(
        self,
        workspace: str,
        recipient: str,
        message: Postable,
        *,
        key: str | None = None,
        thread_ts: str | None = None,
    ) -> Outcome:
        """Post, or do what the next outcome says."""
        _checked(validate_blocks(message.blocks, surface="message"))
        if message.older_blocks is not None:
            _checked(validate_blocks(message.older_blocks, surface="message"))
        with self._lock:
            self.tried.append((recipient, key))
            step = self._next(recipient)
            if step is None or isinstance(step, PostedButInDoubt | KilledAfterPosting | CrashesAfterPosting):
                sent = self._keep(workspace, recipient, message, key, thread_ts)
        match step:
            case None:
                return sent
            case PostedButInDoubt(error):
                return InDoubt(error)
            case KilledBeforePosting() | KilledAfterPosting():
                raise Killed
            case CrashesAfterPosting():
                raise RuntimeError("the answer could not be read")
            case _:
                return step

    def whisper(
        self, workspace: str, channel_id: str, user_id: str, message: Postable, *, thread_ts: str | None = None
    ) -> str | None:
        """Show one person a message, unless the process is to end, or Slack takes no more of them.

        `answers` takes `<channel> <user>` for that.
        """
        _checked(validate_blocks(message.blocks, surface="message"))
        with self._lock:
            steps = self._own[f"{channel_id} {user_id}"]
            step = steps.popleft() if steps else None
            if isinstance(step, Throttled):
                return "ratelimited"
            if not isinstance(step, KilledBeforePosting):
                self.whispers.append((workspace, channel_id, user_id, thread_ts, message))
        if step is not None:
            raise Killed
        return None

    def permalink(self, workspace: str, channel_id: str, ts: str) -> str | None:
        """Return a link as Slack makes them."""
        return f"https://{workspace.lower()}.slack.com/archives/{channel_id}/p{ts.replace('.', '')}"

    def is_member(self, workspace: str, channel_id: str) -> bool:  # noqa: ARG002  # the port's
        """Tell whether the bot is in a channel: everywhere but where the test says."""
        return channel_id not in self.outside

    def is_shut_out(self, workspace: str, channel_id: str) -> bool:  # noqa: ARG002  # the port's
        """Tell whether a channel is closed to the bot: those that the test says."""
        return channel_id in self.outside

    def token_error(self, workspace: str) -> str | None:
        """Tell why a workspace's token is refused."""
        return self.refused_tokens.get(workspace)

    def text_of(self, workspace: str, channel_id: str, ts: str) -> str | None:
        """Return the words that the test gave the message, and note that they were asked for."""
        with self._lock:
            self.read.append((workspace, channel_id, ts))
        return self.first_words.get((channel_id, ts))

    def find(
        self, workspace: str, recipient: str, key: str, *, since: datetime, thread_ts: str | None = None
    ) -> Sent | None:
        """Look a message up by its key, unless a failure is in store."""
        with self._lock:
            self.sought.append((recipient, key))
            if self.lookups:
                raise self.lookups.popleft()
            for said in self.said:
                same = (said.workspace, said.recipient, said.key, said.thread_ts)
                if same == (workspace, recipient, key, thread_ts) and said.at >= since - CLOCK_AHEAD:
                    return Sent(said.channel, said.ts)
        return None

    def update(self, workspace: str, channel_id: str, ts: str, message: Postable) -> Outcome:
        """Replace a message."""
        _checked(validate_blocks(message.blocks, surface="message"))
        with self._lock:
            failure = self.failed_updates.popleft() if self.failed_updates else None
            if isinstance(failure, Killed):
                raise failure
            if failure is not None:
                return failure
            self.updates.append((workspace, channel_id, ts, message))
        return Sent(channel_id, ts)

    def open_view(self, workspace: str, trigger_id: str, view: Json) -> str | None:
        """Open a modal."""
        _checked(validate_view(view))
        with self._lock:
            self.modals.append((workspace, trigger_id, view))
        return self.view_error

    def update_view(self, workspace: str, view_id: str, view: Json) -> str | None:
        """Replace a modal."""
        _checked(validate_view(view))
        with self._lock:
            self.modals.append((workspace, view_id, view))
        return self.view_error

    def publish_home(self, workspace: str, user_id: str, view: Json) -> str | None:
        """Publish a Home."""
        _checked(validate_view(view))
        with self._lock:
            self.homes[workspace, user_id] = view
        return self.view_error

    def upload(self, workspace: str, name: str, content: bytes, *, title: str) -> str | None:
        """Keep a file, unless the test says that Slack takes none."""
        if not self.takes_files:
            return None
        with self._lock:
            self.files.append((workspace, name, content, title))
            return f"F0FILE{len(self.files):04}"

    def profile(self, workspace: str, user_id: str) -> Profile | None:
        """Return the profile that the test gave."""
        return self.profiles.get((workspace, user_id))

    def _next(self, recipient: str) -> Step:
        steps = self._own[recipient] or self.outcomes
        return steps.popleft() if steps else None

    def _keep(self, workspace: str, recipient: str, message: Postable, key: str | None, thread_ts: str | None) -> Sent:
        now = self.clock().astimezone(UTC)
        channel = f"D{recipient[1:]}" if recipient[:1] in "UW" else recipient
        ts = f"{int(now.timestamp())}.{len(self.said):06}"
        self.said.append(Said(workspace, recipient, channel, ts, now, key, message, thread_ts))
        return Sent(channel, ts)


def texts(shown: Any) -> Iterator[str]:
    """Yield every text in blocks or a view, in reading order."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            if name in ("text", "initial_value") and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(shown, list):
        for one in shown:
            yield from texts(one)


def words(shown: Any) -> str:
    """Return every text in blocks or a view, a line each."""
    return "\n".join(texts(shown))


def _checked(problems: list[str]) -> None:
    if problems:
        raise AssertionError(f"Slack would refuse this: {problems}")
