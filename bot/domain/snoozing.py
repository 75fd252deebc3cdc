"""When somebody who says 'later' is asked again.

A number of hours and a weekday are their own choice, taken as they said it. 'Tomorrow morning' means when they work
next: their team's next working day, once they are back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.asking_time import AskingTime

CHOICES: Final = ("hour", "hours", "tomorrow", "monday")
MORNING: Final = time(8)
_SHORT: Final = {"hour": timedelta(hours=1), "hours": timedelta(hours=3)}
_DAYS_OF_A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Mornings:
    """The mornings of one person: their zone, when their team may be asked, until when they are away, and the hour."""

    zone: str
    asking: AskingTime
    away_until: datetime | None = None
    at: time = MORNING

    def today(self, now: datetime) -> date:
        """Give the person's date."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def of(self, day: date) -> datetime:
        """Give the morning of a local date, in UTC: it begins when the quiet hours are over."""
        quiet_until = self.asking.quiet_until if self.asking.quiet_until < self.asking.quiet_from else self.at
        return datetime.combine(day, max(self.at, quiet_until), tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def working(self, day: date) -> datetime:
        """Give the first morning of a working day, from a local date on."""
        return self.of(self.asking.working_day(self._back(day)))

    def named(self, day: date) -> datetime:
        """Give the morning of a date that was chosen by its name; a public holiday gives way to a working day."""
        there = self._back(day)
        return self.working(there) if there != day or self.asking.is_holiday(there) else self.of(day)

    def monday(self, now: datetime) -> datetime:
        """Give the morning of the coming Monday: today's, as long as it is still to come."""
        today = self.today(now)
        if today.weekday() == 0 and self.of(today) > now:
            return self.named(today)
        return self.named(today + timedelta(days=_DAYS_OF_A_WEEK - today.weekday()))

    def _back(self, day: date) -> date:
        if self.away_until is None:
            return day
        back = self.today(self.away_until)
        return max(day, back if self.of(back) >= self.away_until else back + timedelta(days=1))


def ask_again_at(choice: str, now: datetime, mornings: Mornings) -> datetime:
    """Give the instant, in UTC and on a whole minute, at which somebody is asked again.

    Args:
        choice: `hour` and `hours` (in one, in three), `tomorrow` (the next working day's morning), `monday` (that of
            the coming one).
        now: The present, aware.
        mornings: The person's.

    Raises:
        KeyError: there is no such choice.
    """
    if choice not in CHOICES:
        raise KeyError(choice)
    if choice in _SHORT:
        return (now + _SHORT[choice]).astimezone(UTC).replace(second=0, microsecond=0)
    return mornings.monday(now) if choice == "monday" else mornings.working(mornings.today(now) + timedelta(days=1))


def offered(now: datetime, mornings: Mornings, digest: datetime | None) -> dict[str, date | None]:
    """Give the choices that make sense, each with the day whose morning it means, None for hours.

    None of another day that comes when the team has seen the week already, and no day twice.
    """
    days = (choice for choice in CHOICES if choice not in _SHORT)
    coming = distinct(days, now, mornings, lambda choice: ask_again_at(choice, now, mornings))
    return dict.fromkeys(_SHORT) | {
        choice: mornings.today(at) for choice, at in coming.items() if digest is None or at < digest
    }


def distinct(
    choices: Iterable[str], now: datetime, mornings: Mornings, when: Callable[[str], datetime]
) -> dict[str, datetime]:
    """Give when each choice is, without those that mean the same morning as another.

    Of two, the later in `choices` stays, whose name says the day; but tomorrow is called tomorrow.
    """
    tomorrow = mornings.today(now) + timedelta(days=1)
    chosen: dict[datetime, str] = {}
    for choice in choices:
        at = when(choice)
        if at not in chosen or mornings.today(at) != tomorrow:
            chosen[at] = choice
    return {choice: at for at, choice in sorted(chosen.items())}
