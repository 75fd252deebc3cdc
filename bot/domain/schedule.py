"""The week's rhythm: when prompts, reminders and digests are due.

Everything is a direct function of the period, so a bot that was down, restarted or moved computes the same
instants. A local time that does not exist (clocks go forward) moves forward by the gap, and one that exists
twice (clocks go back) is the first of the two: that is what ``fold=0`` means in PEP 495.

What `Rhythm` adds to the usual times, so that nobody is asked when they should not be:

- **Digest**: on a public holiday of the team it comes on the next working day, at the same local time.
- **Prompt**: on a day off or in quiet hours it comes at the next time at which people may be asked. Who chose the time
  themselves meant it: only a public holiday moves it then.
- **Reminder**: on a day off it comes on the next working day at the same local time, in quiet hours at their end. It
  never comes after the team's digest: where it would (the owner lives far west of the team, or the digest is early), it
  comes an hour before the digest instead, or, if nobody may be asked then, an hour before the last time in which they
  may ends. One that is not at least an hour after its prompt is dropped: that would be asking twice at once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.asking_time import AskingTime
from bot.domain.period import Period
from bot.domain.weekly import WeeklyTime

__all__ = [
    "DEFAULT_DIGEST",
    "DEFAULT_PROMPT",
    "DEFAULT_REMINDER",
    "GRACE",
    "LATE_AFTER",
    "SNOOZE",
    "Kind",
    "Rhythm",
    "Timing",
    "WeeklyTime",
    "digest_at",
    "digest_on",
    "next_digest",
    "occurrence",
    "periods_to_consider",
    "prompt_at",
    "reminder_at",
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


# Asks again when the person said, in the place of the reminder; not on its own account, so it is none of `Kind`.
SNOOZE: Final = "snooze"
GRACE: Final[dict[str, timedelta]] = {
    Kind.PROMPT: timedelta(hours=24),
    SNOOZE: timedelta(hours=24),
    # A reminder that arrives after the digest only nags.
    Kind.REMINDER: timedelta(hours=2),
    Kind.DIGEST: timedelta(hours=24),
}
LATE_AFTER: Final = timedelta(minutes=15)
# A reminder keeps this much from its prompt, and from a digest before which it had to be moved.
BREATHER: Final = timedelta(hours=1)


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


def digest_on(period: Period, weekly: WeeklyTime, zone: str, asking: AskingTime) -> datetime:
    """Give the instant of a period's digest where holidays are known: at the same local time of a working day."""
    usual = digest_at(period, weekly, zone)
    day = usual.astimezone(ZoneInfo(zone)).date()
    if not asking.is_holiday(day):
        return usual
    return _same_time(usual, asking.working_day(day) - day, zone)


def _same_time(instant: datetime, later: timedelta, zone: str) -> datetime:
    """Give the same local time so many days later."""
    local = instant.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() + later, local.time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What decides when one person is asked, and when their team sees the week; the module says by which rules.

    Times that are switched off are None. `zone` is the person's, `team_zone` the digest's; `own_prompt` when the person
    chose the prompt's time themselves.
    """

    prompt: WeeklyTime | None
    reminder: WeeklyTime | None
    digest: WeeklyTime | None
    zone: str
    team_zone: str
    asking: AskingTime
    own_prompt: bool = False

    def digest_due(self, period: Period) -> datetime | None:
        """Give the instant of a period's digest."""
        return digest_on(period, self.digest, self.team_zone, self.asking) if self.digest else None

    def prompt_due(self, period: Period) -> datetime | None:
        """Give the instant at which the person is asked about a period."""
        return self._prompt(period, self.prompt) if self.prompt else None

    def reminder_due(self, period: Period) -> datetime | None:
        """Give the instant of a period's reminder; None where there is none, or no room for it."""
        if not self.reminder:
            return None
        usual = reminder_at(period, self.reminder, self.zone)
        day = usual.astimezone(ZoneInfo(self.zone)).date()
        due: datetime | None = usual
        if not self.asking.allows(usual, self.zone):
            moved = _same_time(usual, self.asking.working_day(day) - day, self.zone)
            due = self.asking.forward(moved, self.zone)
        digest, prompt = self.digest_due(period), self.prompt_due(period)
        if due and digest and due >= digest:
            due = self.asking.back(digest - BREATHER, self.zone)
        return None if due and prompt and due < prompt + BREATHER else due

    def due(self, kind: Kind, period: Period) -> datetime | None:
        """Give the instant of a message of one kind."""
        if kind is Kind.PROMPT:
            return self.prompt_due(period)
        return self.reminder_due(period) if kind is Kind.REMINDER else self.digest_due(period)

    def reporting_period(self, now: datetime) -> Period:
        """Give the week that the person reports on right now.

        It is the latest period that was prompted for, until its digest has gone out; then the next one. A digest that
        comes before its own prompt closes nothing: there the period lasts until the following prompt. What is switched
        off counts at its usual time.
        """
        period = Period.of(now.astimezone(ZoneInfo(self.zone)))
        prompt = self.prompt or DEFAULT_PROMPT
        while self._prompt(period, prompt) > now:
            period = period.shift(-1)
        closes = digest_on(period, self.digest or DEFAULT_DIGEST, self.team_zone, self.asking)
        return period.shift(1) if self._prompt(period, prompt) < closes <= now else period

    def _prompt(self, period: Period, weekly: WeeklyTime) -> datetime:
        usual = prompt_at(period, weekly, self.zone)
        if self.own_prompt and not self.asking.is_holiday(usual.astimezone(ZoneInfo(self.zone)).date()):
            return usual
        return self.asking.forward(usual, self.zone)


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
