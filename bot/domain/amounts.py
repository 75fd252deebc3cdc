"""What people type as a KPI's value, read by its unit."""

from decimal import Decimal
from typing import Final

from bot.domain.durations import parse_duration
from bot.domain.numbers import Ambiguous, Invalid, Number, NumberProblem, parse_number
from bot.domain.words import Unit

_SMALLEST: Final = Decimal("0.000001")  # what is stored


def parse_amount(text: str, *, unit: str, decimals: int, language: str) -> Number | Ambiguous | Invalid:
    """Read a value of a KPI, or say what is in doubt. Never raises.

    A count without decimals is whole and not below zero; a duration comes back in hours; ``12 %`` is 12.

    Args:
        text: What the person typed.
        unit: The KPI's unit.
        decimals: How many decimals it is shown with.
        language: The person's language, ``en`` or ``sv``.
    """
    if unit == Unit.DURATION:
        return parse_duration(text, language=language)
    is_count = unit == Unit.COUNT
    read = parse_number(text, whole=is_count and decimals == 0, language=language, allow_negative=not is_count)
    if isinstance(read, Number) and read.value != read.value.quantize(_SMALLEST):
        return Invalid(NumberProblem.TOO_LARGE)
    return read
