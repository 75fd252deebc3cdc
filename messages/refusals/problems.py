"""What is wrong with a number that somebody typed, and how to write it so that it is accepted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from messages.content import KpiValue
from messages.escaping import plain
from messages.formats import Formats
from messages.i18n import N_, language_of, translations

NUMBER_PROBLEMS: Final[Mapping[str, str]] = {
    "empty": N_("There is no number here yet. Write one, for example %(example)s."),
    "not_a_number": N_("I can't read “%(text)s” as a number. Write digits, for example %(example)s."),
    "not_whole": N_("%(kpi)s is counted in whole numbers. Write for example %(example)s."),
    "negative": N_("%(kpi)s can't be below zero. Write for example %(example)s."),
    "too_large": N_("This number is larger, or has more decimals, than I can keep. Write at most 15 digits."),
    "ambiguous": N_("Do you mean %(first)s or %(second)s? Write %(first_typed)s or %(second_typed)s."),
    "grouped": N_("Do you mean %(first)s? Then write %(first_typed)s, without a separator."),
    "range_needed": N_("%(kpi)s should stay within a range. Write both ends, for example 10–20."),
    "no_range": N_("A range goes with the direction “Within a range”. Write one number, or change the direction."),
    "wrong_way": N_("“%(text)s” says the opposite of what is better here. Write just the number."),
}


def problem(name: str, text: str, choices: tuple[Decimal, ...], kpi: KpiValue, language: str) -> str:
    """Say in plain text what is wrong with a number and how to write it so that it is accepted.

    Raises:
        KeyError: The table has no such problem.
    """
    formats = Formats(language_of(language))
    whole = kpi.unit == "count" and kpi.decimals == 0
    told = {"text": plain(text, 40), "kpi": plain(kpi.name, 60), "example": _example(kpi, formats, whole=whole)}
    possible = tuple(c for c in choices if not whole or c == c.to_integral_value())
    if name == "ambiguous":
        name = "ambiguous" if len(possible) > 1 else "grouped" if possible else "not_a_number"
    for place, choice in zip(("first", "second"), possible, strict=False):
        told |= {place: formats.number(choice), f"{place}_typed": formats.typed(choice)}
    return translations(language).gettext(NUMBER_PROBLEMS[name]) % told


def _example(kpi: KpiValue, formats: Formats, *, whole: bool) -> str:
    if kpi.unit == "duration":
        return "2 h 30 min"
    return formats.typed(Decimal(120) if whole else Decimal("12.5"))
