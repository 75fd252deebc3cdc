"""How durations, which are kept in hours, are written: ``2 h 30 min``, ``45 s``."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from messages.i18n import N_

_HOUR, _MINUTE = 3600, 60  # seconds
_PARTS: Final = ((N_("%(number)s h"), _HOUR), (N_("%(number)s min"), _MINUTE), (N_("%(number)s s"), 1))
_MOST_DIGITS = 9  # of hours
_KEPT: Final = Decimal("0.000001")


def in_parts(hours: Decimal, number: Callable[[int], str], gettext: Callable[[str], str]) -> str:
    """Write hours in hours and minutes; below an hour in minutes and seconds.

    Args:
        hours: The duration; finite.
        number: Writes a whole number as the language does.
        gettext: Translates the units.
    """
    unit = _MINUTE if abs(hours) >= 1 else 1
    left = int((abs(hours) * _HOUR / unit).to_integral_value(ROUND_HALF_UP)) * unit
    told = []
    for text, seconds in _PARTS:
        count, left = divmod(left, seconds)
        if count:
            told.append(gettext(text) % {"number": number(count)})
    sign = "−" if hours < 0 and told else ""
    return sign + (" ".join(told) or gettext(_PARTS[0][0]) % {"number": "0"}).replace(" ", "\u00a0")


def as_typed(hours: Decimal) -> str | None:
    """Write a duration as a person types it, in either language; None when it has no such form that means the same."""
    if hours <= 0 or hours.adjusted() > _MOST_DIGITS:
        return None
    total = int((hours * _HOUR).to_integral_value(ROUND_HALF_UP))
    if (Decimal(total) / _HOUR).quantize(_KEPT) != hours.quantize(_KEPT):
        return None
    told = []
    for unit, seconds in (("h", _HOUR), ("min", _MINUTE), ("s", 1)):
        count, total = divmod(total, seconds)
        if count:
            told.append(f"{count} {unit}")
    return " ".join(told)
