"""Time zones by name, for people whose zone may be unknown or misspelt."""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo


def zone_of(*names: str | None) -> tzinfo:
    """Return the first zone that there is; UTC when there is none."""
    for name in names:
        try:
            if name:
                return ZoneInfo(name)
        except (ValueError, KeyError, OSError):  # what zoneinfo raises for a name that is not a zone
            continue
    return UTC


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the instant at which a day begins in a zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
