"""The week's rhythm: when prompts, reminders and digests are due.

Everything is a direct function of the period, so a bot that was down, restarted or moved computes the same
instants. A local time that does not exist (clocks go forward) moves forward by the gap, and one that exists
twice (clocks go back) is the first of the two: that is what ``fold=0`` means in PEP 495.
"""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.period import Period
from bot.domain.weekly import WeeklyTime

__all__ = [
    "DEFAULT_DIGEST",
    "DEFAULT_PROMPT",
    "DEFAULT_REMINDER",
    "GRACE",
    "LATE_AFTER",
    "Kind",
    "Timing",
    "WeeklyTime",
    "digest_at",
    "due_at",
    "next_digest",
    "occurrence",
    "periods_to_consider",
    "prompt_at",
    "reminder_at",
    "reporting_period",
    "timing",
]

DEFAULT_PROMPT: Final = WeeklyTime(4, 13, 0)
DEFAULT_REMINDER: Final = WeeklyTime(0, 8, 0)
DEFAULT_DIGEST: Final = WeeklyTime(0, 10, 0)

_THURSDAY = 3
# How long after its Monday a period can still matter: a digest on the Sunday of the week after it (14 days) in
# UTC-12 (half a day), its grace (a day), and one more week in which it is told as missed.
_LOOK_BACK = timedelta(days=14 + 0.5 + 1 + 7)


class Kind(StrEnum):
    """What is sent on its own account every week."""

    PROMPT = "prompt"
    REMINDER = "reminder"
    DIGEST = "digest"


class Timing(StrEnum):
    """Where the clock stands against the instant at which something is due."""

    WAITING = "waiting"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"


GRACE: Final = {
    Kind.PROMPT: timedelta(hours=24),
    # A reminder that arrives after the digest only nags.
    Kind.REMINDER: timedelta(hours=2),
    Kind.DIGEST: timedelta(hours=24),
}
LATE_AFTER: Final = timedelta(minutes=15)


@lru_cache(maxsize=16_384)
def occurrence(period: Period, weekly: WeeklyTime, zone: str, *, after_week: bool) -> datetime:
    """Give the instant, in UTC, of a weekly time inside a period or in the week after it.

    Args:
        period: The week.
        weekly: A local weekday and time.
        zone: An IANA name such as ``Europe/Stockholm``.
        after_week: Whether the time falls in the week that follows the period.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: there is no such zone.
    """
    day = period.monday + timedelta(days=weekly.weekday, weeks=int(after_week))
    local = datetime.combine(day, time(weekly.hour, weekly.minute), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def prompt_at(period: Period, weekly: WeeklyTime, zone: str) -> datetime:
    """Give the instant at which owners are asked about a period.

    A prompt on Thursday to Sunday falls inside the period; one on Monday to Wednesday falls in the week
    after, and asks about the week that has just ended.
    """
    return occurrence(period, weekly, zone, after_week=weekly.weekday < _THURSDAY)


def reminder_at(period: Period, weekly: WeeklyTime, zone: str) -> datetime:
    """Give the instant, in the week after the period, of its reminder."""
    return occurrence(period, weekly, zone, after_week=True)


def digest_at(period: Period, weekly: WeeklyTime, zone: str) -> datetime:
    """Give the instant, in the week after the period, of its digest."""
    return occurrence(period, weekly, zone, after_week=True)


def due_at(kind: Kind, period: Period, weekly: WeeklyTime, zone: str) -> datetime:
    """Give the instant at which one kind of message about a period is due."""
    return occurrence(period, weekly, zone, after_week=kind is not Kind.PROMPT or weekly.weekday < _THURSDAY)


def timing(due: datetime, now: datetime, grace: timedelta) -> Timing:
    """Tell whether something waits, is due, is late but within its grace, or is missed."""
    behind = now - due
    if behind < timedelta():
        return Timing.WAITING
    if behind > grace:
        return Timing.MISSED
    return Timing.DUE if behind <= LATE_AFTER else Timing.LATE


def periods_to_consider(now: datetime) -> tuple[Period, ...]:
    """Give, oldest first, every period of which anything can be due, or missed within a week, in any zone.

    The newest is the week of ``now`` in UTC: even in UTC+14 no prompt comes before its period's Wednesday.
    """
    today = now.astimezone(UTC)
    return tuple(Period.span(Period.of(today - _LOOK_BACK), Period.of(today)))


def next_digest(now: datetime, weekly: WeeklyTime, zone: str) -> datetime:
    """Give the first digest strictly after ``now``."""
    period = Period.of(now.astimezone(ZoneInfo(zone))).shift(-1)
    coming = digest_at(period, weekly, zone)
    return coming if coming > now else digest_at(period.shift(1), weekly, zone)


def reporting_period(
    now: datetime,
    zone: str,
    prompt: WeeklyTime,
    *,
    digest: WeeklyTime = DEFAULT_DIGEST,
    digest_zone: str | None = None,
) -> Period:
    """Give the week that a person who reports right now reports on.

    It is the latest period that was prompted for, until its digest has gone out; then the next one. A digest
    that comes before its own prompt closes nothing: there the period lasts until the following prompt.

    Args:
        now: The present, aware.
        zone: The person's zone.
        prompt: The person's prompt.
        digest: The team's digest.
        digest_zone: The team's zone; the person's when left out.
    """
    period = Period.of(now.astimezone(ZoneInfo(zone)))
    while prompt_at(period, prompt, zone) > now:
        period = period.shift(-1)
    closes = digest_at(period, digest, digest_zone or zone)
    return period.shift(1) if prompt_at(period, prompt, zone) < closes <= now else period
