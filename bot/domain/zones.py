"""Time zones by name, for people whose zone may be unknown or misspelt."""

from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.spelling import normalise


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


def zone_called(text: str) -> str | None:
    """Return the zone's name as it is written in full, from that or from its city: ``stockholm``; None for no zone.

    A city that several zones name, or none, is no zone.
    """
    typed = normalise(text)
    by_name, by_city = _zones()
    cities = by_city.get(typed, ())
    return by_name.get(typed) or (cities[0] if len(cities) == 1 else None)


@cache
def _zones() -> tuple[dict[str, str], dict[str, list[str]]]:
    by_name: dict[str, str] = {}
    by_city: dict[str, list[str]] = {}
    for name in sorted(available_timezones()):
        region, _, city = name.rpartition("/")
        by_name[normalise(name)] = name
        if region and region.split("/")[0] not in _NO_REGIONS:
            by_city.setdefault(normalise(city), []).append(name)
    return by_name, by_city


# Folders of the zone database that repeat others' zones, or name no place.
_NO_REGIONS = {"Etc", "SystemV", "US", "Canada", "Brazil", "Mexico", "Chile", "posix", "right"}
