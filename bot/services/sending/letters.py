"""The words between those who write messages that are owed and the outbox that sends them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.services.sending.batches import Batch
from bot.slack.port import Slack
from messages.content import Message
from storage import Session
from storage.deliveries import Claimed
from storage.tables import Team


@dataclass(frozen=True)
class Unneeded:
    """A delivery that need not be sent any more, and why.

    `workspace` (Slack's id) and, for a reply, `thread_ts` tell where it stands if it was sent all the same.
    """

    reason: str
    workspace: str | None = None
    thread_ts: str | None = None


@dataclass(frozen=True)
class TooEarly:
    """A delivery that has to wait for something else to be sent first, and for what."""

    reason: str


@dataclass(frozen=True)
class Held:
    """A delivery that waits until its channel is mended, and until when it may: then it is missed."""

    reason: str
    until: datetime


@dataclass(frozen=True)
class Undeliverable:
    """A delivery that cannot reach its channel now, and has another way.

    Where it may have been sent before, `workspace` and `thread_ts` are as of an `Unneeded`.
    """

    reason: str
    workspace: str | None = None
    thread_ts: str | None = None


@dataclass(frozen=True)
class Occasion:
    """What a message is written from: an open session, the team, what is owed, whether it is late, and the present.

    `batch` is what is written at the same time, and has read what all of it needs.
    """

    session: Session
    team: Team
    claimed: Claimed
    late: bool
    now: datetime
    batch: Batch


# Gives a message with its picture, from Slack and Slack's id of the workspace. Slow: it uploads. Where the message was
# not posted after all, it is done again, and a file is left that nobody sees.
Illustrate = Callable[[Slack, str], Message]


@dataclass(frozen=True)
class Reply:
    """A message that belongs into a thread. What `illustrate` gives, when it is to be posted, takes its place."""

    message: Message
    thread_ts: str
    illustrate: Illustrate | None = None


@dataclass(frozen=True)
class Amendment:
    """A message that takes the place of one that was sent before, which stands in a channel at a `ts`."""

    message: Message
    channel_id: str
    ts: str


@dataclass(frozen=True)
class Sequel:
    """A message with something to be stored once it has been sent.

    `once_sent` runs in the transaction that records the sending; a message that is found in Slack after a crash was
    sent as well.
    """

    message: Message | Amendment
    once_sent: Callable[[Session, datetime], None]


Composer = Callable[[Occasion], Message | Reply | Amendment | Sequel | Unneeded | TooEarly]
