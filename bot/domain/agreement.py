"""How two people come to agree on a hat: the states of a proposal and the moves between them.

A proposal waits for the answer of one side, the candidate (who would own the hat) or the counterpart (who agrees for
the team). A move is a pure function: it gives the proposal as it is afterwards, or says why it cannot be made.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.snoozing import Mornings, distinct

EXPIRES_AFTER: Final = timedelta(days=14)
REMIND_AFTER: Final = timedelta(days=7)
MOST_ROUNDS: Final = 10


class Side(StrEnum):
    """The two who must agree."""

    CANDIDATE = "candidate"
    COUNTERPART = "counterpart"

    @property
    def other(self) -> "Side":
        """The one across the table."""
        return Side.COUNTERPART if self is Side.CANDIDATE else Side.CANDIDATE


class State(StrEnum):
    """Where a proposal stands. The first two are live."""

    OFFERED = "offered"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Later(StrEnum):
    """When somebody who does not answer now would like to be asked again."""

    TOMORROW = "tomorrow"
    MONDAY = "monday"
    WEEK = "week"


MORNING: Final = time(9)
_DAYS = 7

LIVE: Final = (State.OFFERED, State.COUNTERED)


class Hindrance(StrEnum):
    """Why a move cannot be made."""

    DECIDED = "decided"  # somebody was quicker, or it is over
    OUTDATED = "outdated"  # another round has begun since the button was shown
    NOT_YOUR_TURN = "not_your_turn"
    TOO_MANY_ROUNDS = "too_many_rounds"


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposal as far as its rules are concerned."""

    state: State
    turn: Side
    round: int
    expires_at: datetime
    remind_at: datetime | None
    decided_at: datetime | None = None


def offer(turn: Side, now: datetime) -> Standing:
    """Make an offer that waits for one side's answer."""
    return Standing(State.OFFERED, turn, 1, now + EXPIRES_AFTER, now + REMIND_AFTER)


def answer(standing: Standing, by: Side, round_seen: int, verdict: State, now: datetime) -> Standing | Hindrance:
    """Accept, decline or counter (`verdict`) what was offered in the round that the person saw."""
    hindrance = _hindrance(standing, by, round_seen, now)
    if hindrance:
        return hindrance
    if verdict is not State.COUNTERED:
        return _decided(standing, verdict, now)
    if standing.round >= MOST_ROUNDS:
        return Hindrance.TOO_MANY_ROUNDS
    return Standing(State.COUNTERED, by.other, standing.round + 1, now + EXPIRES_AFTER, now + REMIND_AFTER)


def withdraw(standing: Standing, now: datetime) -> Standing | Hindrance:
    """Take an offer back, as long as it is live."""
    return _decided(standing, State.WITHDRAWN, now) if is_live(standing, now) else Hindrance.DECIDED


def ask_later(standing: Standing, by: Side, round_seen: int, when: datetime, now: datetime) -> Standing | Hindrance:
    """Put the answer off: the one reminder comes at `when`, and there is time to answer after it."""
    hindrance = _hindrance(standing, by, round_seen, now)
    if hindrance:
        return hindrance
    return replace(standing, remind_at=when, expires_at=max(standing.expires_at, when + REMIND_AFTER))


def later_at(later: Later, now: datetime, mornings: Mornings) -> datetime:
    """Give the person's morning on which to ask again: the next working day's, the coming Monday's, or in a week."""
    if later is Later.MONDAY:
        return mornings.monday(now)
    return mornings.working(mornings.today(now) + timedelta(days=1 if later is Later.TOMORROW else _DAYS))


def offered_later(now: datetime, mornings: Mornings) -> dict[str, date | None]:
    """Give the times at which somebody can be asked again, each with the day whose morning it means; no day twice."""
    coming = distinct(list(Later), now, mornings, lambda choice: later_at(Later(choice), now, mornings))
    return {choice: mornings.today(at) for choice, at in coming.items()}


def expire(standing: Standing, now: datetime) -> Standing | Hindrance:
    """Let an offer that nobody answered in time run out."""
    if standing.state not in LIVE or now < standing.expires_at:
        return Hindrance.DECIDED
    return _decided(standing, State.EXPIRED, now)


def is_live(standing: Standing, now: datetime) -> bool:
    """Tell whether an answer is still waited for."""
    return standing.state in LIVE and now < standing.expires_at


def _hindrance(standing: Standing, by: Side, round_seen: int, now: datetime) -> Hindrance | None:
    if not is_live(standing, now):
        return Hindrance.DECIDED
    if round_seen != standing.round:
        return Hindrance.OUTDATED
    return None if standing.turn is by else Hindrance.NOT_YOUR_TURN


def _decided(standing: Standing, state: State, now: datetime) -> Standing:
    return replace(standing, state=state, decided_at=now, remind_at=None)
