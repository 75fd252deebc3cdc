"""Working time: when so many working hours have passed, in somebody's zone and their team's week."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# A team without a working day in this time has set none: then every day counts.
LONGEST_BREAK: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """When a team works: ISO weekdays (1 is Monday), local opening and closing time, and days off.

    `is_holiday` tells whether a local date is a public holiday.
    """

    days: frozenset[int]
    opens: time
    closes: time
    is_holiday: Callable[[date], bool] = lambda _: False

    @classmethod
    def of(
        cls, days: str, opens: str, closes: str, is_holiday: Callable[[date], bool] = lambda _: False
    ) -> "WorkingWeek":
        """Read what is stored: weekdays such as `12345`, times such as `08:00`.

        Raises:
            ValueError: When a weekday or time is none, or the day closes before it opens.
        """
        week = cls(
            frozenset(int(day) for day in days), time.fromisoformat(opens), time.fromisoformat(closes), is_holiday
        )
        if not week.days <= frozenset(range(1, 8)):
            raise ValueError(f"Weekdays are 1 (Monday) to 7 (Sunday), not {days}.")
        if week.closes <= week.opens:
            raise ValueError(f"A working day cannot end at {closes} when it starts at {opens}.")
        return week

    def works_on(self, day: date) -> bool:
        """Tell whether a local date is a working day."""
        return day.isoweekday() in self.days and not self.is_holiday(day)


def after_working_hours(start: datetime, hours: float, zone: str, week: WorkingWeek) -> datetime:
    """Give the instant, in UTC, at which so many working hours have passed since `start`.

    Hours are counted on the local clock's real time, so that a day on which the clocks change still counts what it
    has. Outside working time the count stands still; a count that ends with the day ends at its closing time.

    Args:
        start: Any aware instant.
        hours: Working hours, at least 0.
        zone: The person's IANA zone.
        week: The team's working week.
    """
    # In UTC: Python subtracts two instants of one zone as their clocks show them.
    start = start.astimezone(UTC)
    left = timedelta(hours=hours)
    local = ZoneInfo(zone)
    day = start.astimezone(local).date()
    last = day + LONGEST_BREAK
    while day <= last:
        if week.works_on(day):
            opens = max(start, datetime.combine(day, week.opens, local).astimezone(UTC))
            closes = datetime.combine(day, week.closes, local).astimezone(UTC)
            if opens <= closes and left <= closes - opens:
                return opens + left
            left -= max(closes - opens, timedelta())
        day += timedelta(days=1)
    return start + timedelta(hours=hours)


def working_hours_between(start: datetime, end: datetime, zone: str, week: WorkingWeek) -> float:
    """Give how many working hours lie between two instants; 0 when the second is not later.

    Args:
        start: Any aware instant.
        end: Another one.
        zone: The IANA zone on whose clock working time is counted.
        week: The team's working week.
    """
    start, end, local = start.astimezone(UTC), end.astimezone(UTC), ZoneInfo(zone)
    day, last = start.astimezone(local).date(), end.astimezone(local).date()
    worked = timedelta()
    while day <= last:
        if week.works_on(day):
            opens = max(start, datetime.combine(day, week.opens, local).astimezone(UTC))
            closes = min(end, datetime.combine(day, week.closes, local).astimezone(UTC))
            worked += max(closes - opens, timedelta())
        day += timedelta(days=1)
    return worked / timedelta(hours=1)


def at_work(now: datetime, zone: str, week: WorkingWeek) -> bool:
    """Tell whether it is working time for somebody."""
    here = now.astimezone(ZoneInfo(zone))
    return week.works_on(here.date()) and week.opens <= here.time() < week.closes
