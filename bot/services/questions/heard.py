"""What was heard: a message that a person wrote, and that nobody answers twice.

What is answered with a delivery needs nothing of this: a delivery is named after the message. What nobody can look up
afterwards, such as words that only one person sees, is said while the message is held.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.metrics import EVENTS_REPEATED
from bot.services.workspaces.scene import Asker
from storage import Session, Sessions, hearing, teams
from storage.hearing import Hold

# Slack tells of a message again for five minutes and a little; what is older was asked when nobody listened.
OLDEST: Final = timedelta(minutes=15)
# Longer than Slack's client waits for an answer, and shorter than Slack waits before it tells a second time more.
HELD: Final = timedelta(seconds=30)


@dataclass(frozen=True)
class Heard:
    """A message that a person wrote. `direct`: to the bot alone; `mentioned`: the bot is named in it."""

    asker: Asker
    text: str
    ts: str
    thread_ts: str | None
    direct: bool
    mentioned: bool

    @property
    def addressed(self) -> bool:
        """Whether the bot was spoken to."""
        return self.direct or self.mentioned


class StillBusyError(Exception):
    """Somebody is at it, and may not end it: to be told of it again, later, is all that helps."""


class NotNowError(Exception):
    """Slack takes no answer now, or may have taken it: it is given, or looked for, when the message is told again."""


def take_up(session: Session, workspace_id: int, heard: Heard, *, now: datetime) -> Hold:
    """Hold a message that is answered with what nobody can look up afterwards, until `finished`.

    Returns:
        `NEW`; `LEFT`, when others had begun and may or may not have said it; `DONE`.

    Raises:
        StillBusyError: When somebody is at it just now.
    """
    hold = hearing.take_up(session, workspace_id, _named(heard), now=now, until=now + HELD)
    if hold is Hold.BUSY:
        raise StillBusyError
    if hold is not Hold.NEW:
        EVENTS_REPEATED.labels("database").inc()
    return hold


def finished(sessions: Sessions, heard: Heard) -> None:
    """Say that the answer to a message that was taken up has been given."""
    with sessions.write() as session:
        workspace_id = teams.workspace_id(session, heard.asker.workspace)
        hearing.finish(session, workspace_id or 0, _named(heard))


def _named(heard: Heard) -> str:
    """Name a message: a mention is told of twice, as two events."""
    return f"{heard.asker.channel}:{heard.ts}"
