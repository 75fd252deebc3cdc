"""A row of numbers as a little picture made of characters, for where no chart can be shown."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

_BARS: Final = "▁▂▃▄▅▆▇█"
_LARGEST = 300  # digits


def sparkline(values: Sequence[Decimal]) -> str:
    """Draw numbers as bars, the lowest one lowest; "" for fewer than two. Equal ones are drawn half high."""
    finite = [value for value in values if value.is_finite() and value.adjusted() < _LARGEST]
    if len(finite) < 2:  # noqa: PLR2004  # one number has no course
        return ""
    low, high = min(finite), max(finite)
    steps = len(_BARS) - 1
    return "".join(_BARS[steps // 2 if high == low else int((value - low) / (high - low) * steps)] for value in finite)
