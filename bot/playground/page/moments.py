"""The moments of a week to which the clock bar jumps."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Weekly:
    """A moment that comes once a week: `weekday` counts from Monday 0, `at` is the wall clock."""

    weekday: int
    at: time


FRIDAY_13 = Weekly(4, time(13))
MONDAY_8 = Weekly(0, time(8))
MONDAY_10 = Weekly(0, time(10))


def next_moment(weekly: Weekly, now: datetime, zone: str) -> datetime:
    """Return the first such moment after `now`, in UTC; the clock never goes backwards."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=(weekly.weekday - local.weekday()) % 7)
    moment = datetime.combine(day, weekly.at, ZoneInfo(zone))
    # Compared in UTC: two datetimes of one zone compare by their wall clocks, wrong where an hour comes twice.
    if moment.astimezone(UTC) <= now.astimezone(UTC):
        moment = datetime.combine(day + timedelta(days=7), weekly.at, ZoneInfo(zone))
    return moment.astimezone(UTC)
