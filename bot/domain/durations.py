"""Durations as people write them: ``2 h 30 min``, ``1:30``, ``3 d``, ``45 minuter``. They are kept in hours."""

import re
from decimal import Decimal
from typing import Final

from bot.domain.numbers import Ambiguous, Invalid, Number, NumberProblem, parse_number

SMALLEST: Final = Decimal("0.000001")  # of an hour; what is stored, less than a hundredth of a second
_LARGEST: Final = Decimal(10) ** 9
_LONGEST = 100  # characters
_SIXTY: Final = 60

_HOURS: Final = {
    **dict.fromkeys(("w", "week", "weeks", "v", "vecka", "veckor"), Decimal(168)),
    **dict.fromkeys(("d", "day", "days", "dag", "dagar", "dygn"), Decimal(24)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "t", "tim", "timme", "timmar"), Decimal(1)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minut", "minuter"), Decimal(1) / _SIXTY),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "sekund", "sekunder"), Decimal(1) / 3600),
}
_UNIT = "|".join(sorted(_HOURS, key=len, reverse=True))
_PART = re.compile(rf"([0-9]+(?:[.,][0-9]+)?)\s*({_UNIT})(?![^\W\d_])\.?\s*(?:,|och|and|&)?\s*")
_CLOCK = re.compile(r"([0-9]{1,6}):([0-9]{2})(?::([0-9]{2}))?\s*(?:h|tim|timmar|hours)?")


def parse_duration(text: str, *, language: str) -> Number | Ambiguous | Invalid:
    """Read a duration as hours, to a millionth of an hour; a bare number means hours. Never raises.

    A day is 24 hours and a week seven days: how long somebody works in a day is not known here.

    Args:
        text: What the person typed.
        language: The person's language, for a bare number.
    """
    plain = " ".join(text.lower().split())
    if len(plain) <= _LONGEST:
        clock = _CLOCK.fullmatch(plain)
        if clock is not None:
            return _of_clock(*clock.groups(default="0"))
        parts = _parts(plain)
        if parts is not None:
            return _checked(parts)
    return parse_number(text, whole=False, language=language, allow_negative=False)


def _of_clock(hours: str, minutes: str, seconds: str) -> Number | Invalid:
    if int(minutes) >= _SIXTY or int(seconds) >= _SIXTY:
        return Invalid(NumberProblem.NOT_A_NUMBER)
    return _checked(int(hours) + Decimal(int(minutes) * _SIXTY + int(seconds)) / 3600)


def _parts(plain: str) -> Decimal | None:
    """Add up numbers with their units; None when the text is anything else, or the same unit stands in it twice."""
    total, place, seen = Decimal(0), 0, set[Decimal]()
    while place < len(plain):
        part = _PART.match(plain, place)
        if part is None or _HOURS[part[2]] in seen:
            return None
        seen.add(_HOURS[part[2]])
        total += Decimal(part[1].replace(",", ".")) * _HOURS[part[2]]
        place = part.end()
    return total if place else None


def _checked(hours: Decimal) -> Number | Invalid:
    if hours >= _LARGEST:
        return Invalid(NumberProblem.TOO_LARGE)
    rounded = hours.quantize(SMALLEST)
    return Number(Decimal(int(rounded)) if rounded == rounded.to_integral_value() else rounded.normalize())
