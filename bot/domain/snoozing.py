"""When somebody who says 'later' is asked again: the time is their own choice, so it is taken as they said it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.asking_time import AskingTime

CHOICES: Final = ("hour", "hours", "tomorrow", "monday")
MORNING: Final = time(8)
_SHORT: Final = {"hour": timedelta(hours=1), "hours": timedelta(hours=3)}
_DAYS_OF_A_WEEK: Final = 7


def ask_again_at(choice: str, now: datetime, zone: str, asking: AskingTime) -> datetime:
    """Give the instant, in UTC and on a whole minute, at which somebody is asked again.

    Args:
        choice: `hour` and `hours` (in one, in three), `tomorrow` (its morning), `monday` (the next one's morning).
        now: The present, aware.
        zone: The person's zone.
        asking: When people of their team may be asked: it says when the morning is over its quiet hours. A Monday that
            is a public holiday gives way to the next working day.

    Raises:
        KeyError: there is no such choice.
    """
    if choice not in CHOICES:
        raise KeyError(choice)
    if choice in _SHORT:
        return (now + _SHORT[choice]).astimezone(UTC).replace(second=0, microsecond=0)
    today = now.astimezone(ZoneInfo(zone)).date()
    if choice == "tomorrow":
        return _morning(today + timedelta(days=1), zone, asking)
    monday = today + timedelta(days=_DAYS_OF_A_WEEK - today.weekday())
    return _morning(asking.working_day(monday) if asking.is_holiday(monday) else monday, zone, asking)


def offered(now: datetime, zone: str, asking: AskingTime, digest: datetime | None) -> tuple[str, ...]:
    """Give the choices that make sense: none of another day that comes when the team has seen the week already."""
    return tuple(
        choice
        for choice in CHOICES
        if choice in _SHORT or digest is None or ask_again_at(choice, now, zone, asking) < digest
    )


def _morning(day: date, zone: str, asking: AskingTime) -> datetime:
    quiet_until = asking.quiet_until if asking.quiet_until < asking.quiet_from else MORNING
    return datetime.combine(day, max(MORNING, quiet_until), tzinfo=ZoneInfo(zone)).astimezone(UTC)
