"""Numbers as people write them in a form: ``12 500``, ``3,5 %``, ``kr 1.200,50``, ``1,5 mn``.

A text that two habits read differently is never guessed: it comes back with both readings, so that the person
can be asked.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class NumberProblem(StrEnum):
    """Why a text is not a number that can be kept."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Number:
    """A text with one reading. ``12 %`` has the value 12."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A text with several readings: first with its mark as a thousands separator, then as a decimal one."""

    text: str
    choices: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Invalid:
    """A text without a reading, and why."""

    reason: NumberProblem


MAX_DIGITS: Final = 15  # a float64, which JSON and Slack's charts use, keeps 15 significant digits
_LIMIT = Decimal(10) ** MAX_DIGITS
_LONGEST = 200  # characters; nobody writes a number longer than this

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2013\u2012\u2010\u2011\ufe63\uff0d", "-"),
        **dict.fromkeys("'\u2019\u2018\u02bc\u00b4`\uff07", "'"),
        "\uff0b": "+",
        "\uff0c": ",",
        "\uff0e": ".",
        "\uff05": "%",
        "\uff1a": ":",
    }
)
_MULTIPLIERS: Final = {
    **dict.fromkeys(("k", "t", "tusen", "thousand"), Decimal(10**3)),
    **dict.fromkeys(("m", "mn", "mio", "milj", "miljon", "miljoner", "million", "millions"), Decimal(10**6)),
    **dict.fromkeys(("md", "mdr", "miljard", "miljarder", "bn", "billion", "billions"), Decimal(10**9)),
}
_CURRENCY = r"(?:kr\.?|kronor|sek|nok|dkk|isk|eur|euro|usd|gbp|chf|pln|us\$|[$€£¥])"
_WRITTEN = re.compile(
    rf"""
    (?P<sign>[+-])?\s*
    (?:{_CURRENCY}\s*(?P<inner>[+-])?\s*)?
    (?P<body>[.,]?[0-9](?:[0-9.,' ]*[0-9])?)\s*
    (?P<times>t(?=\ ?(?:kr|sek))|tusen|thousand|k(?!r)
        |mn|mio|miljarder|miljard|miljoner|miljon|milj|millions|million|mdr|md|m|billions|billion|bn)?\.?\s*
    (?:{_CURRENCY}|[:.,]-|%|procent|percent|pct|st)?
    """,
    re.VERBOSE,
)
_GROUPS = {mark: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in " ',."}
_DECIMAL = re.compile(r"([0-9]*)[.,]([0-9]+)")
_THOUSAND = 3  # digits in a group


def parse_number(text: str, *, whole: bool, language: str, allow_negative: bool = True) -> Number | Ambiguous | Invalid:
    """Read a number the way its writer meant it, or say what is in doubt.

    Spaces of any kind, apostrophes, commas and dots are separators; currency, percent and piece marks around the
    number are dropped; ``k``, ``tkr``, ``mn``, ``milj``, ``M`` and ``mdr`` multiply. Never raises.

    Args:
        text: What the person typed.
        whole: Whether the KPI counts whole things, so that a fraction is refused.
        language: The person's language, ``en`` or ``sv`` (a region may follow).
        allow_negative: Whether a number below zero is accepted.
    """
    plain = _plain(text)
    if not plain:
        return Invalid(NumberProblem.EMPTY)
    written = _WRITTEN.fullmatch(plain) if len(plain) <= _LONGEST else None
    if written is None or (written["sign"] and written["inner"]):
        too_long = plain.isdigit() and len(plain) > _LONGEST
        return Invalid(NumberProblem.TOO_LARGE if too_long else NumberProblem.NOT_A_NUMBER)
    readings = _readings(written["body"], whole=whole, swedish=language.lower().startswith("sv"))
    if not readings or any(_too_long(reading) for reading in readings):
        return Invalid(NumberProblem.TOO_LARGE if readings else NumberProblem.NOT_A_NUMBER)
    sign = -1 if "-" in (written["sign"], written["inner"]) else 1
    times = sign * _MULTIPLIERS.get(written["times"] or "", Decimal(1))
    values = tuple(_tidy(Decimal(reading) * times) for reading in readings)
    if not allow_negative and values[0] < 0:
        return Invalid(NumberProblem.NEGATIVE)
    return Ambiguous(text.strip(), values) if len(values) > 1 else _checked(values[0], whole=whole)


def _plain(text: str) -> str:
    """Give the text with ASCII digits, signs, quotes and single spaces, in lower case."""
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text.translate(_PLAIN))
    visible = "".join(c for c in digits if unicodedata.category(c) != "Cf")
    return " ".join(visible.lower().split())


def _readings(body: str, *, whole: bool, swedish: bool) -> tuple[str, ...]:
    """Give every reading of digits and separators as a plain decimal text; none when they make no number."""
    marks = sorted({c for c in body if not c.isdigit()}, key=body.rindex)
    if not marks:
        return (body,)
    if len(marks) > 1:
        return _grouped_with_fraction(body, marks)
    mark = marks[0]
    grouped = body.replace(mark, "") if _GROUPS[mark].fullmatch(body) else None
    fraction = _DECIMAL.fullmatch(body)
    as_decimal = f"{fraction[1] or '0'}.{fraction[2]}" if fraction else None
    if grouped is None or as_decimal is None:
        return tuple(reading for reading in (grouped, as_decimal) if reading is not None)
    if mark == "," and (whole or not swedish):
        return (grouped,)
    return (grouped, as_decimal)


def _grouped_with_fraction(body: str, marks: list[str]) -> tuple[str, ...]:
    """Read ``1 234,5``, ``1,234.5`` and ``1.234,5``: one mark groups, the last one is the decimal."""
    grouping, decimal = marks[0], marks[-1]
    if len(marks) > 2 or decimal not in ",." or body.count(decimal) > 1:  # noqa: PLR2004 (one of each)
        return ()
    before, after = body.split(decimal)
    if not _GROUPS[grouping].fullmatch(before):
        return ()
    return (f"{before.replace(grouping, '')}.{after}",)


def _too_long(reading: str) -> bool:
    """Tell whether a reading has more digits than are kept, so that nothing is ever rounded unseen."""
    before, _, after = reading.partition(".")
    after = after.rstrip("0")
    significant = (before + after).lstrip("0")
    if not after:
        significant = significant.rstrip("0")
    return len(significant) > MAX_DIGITS or len(after) > MAX_DIGITS or len(before.lstrip("0")) > MAX_DIGITS


def _tidy(value: Decimal) -> Decimal:
    """Give whole values without a fraction or an exponent, and never minus zero."""
    return Decimal(int(value)) if value == value.to_integral_value() else value


def _checked(value: Decimal, *, whole: bool) -> Number | Invalid:
    if abs(value) >= _LIMIT:
        return Invalid(NumberProblem.TOO_LARGE)
    if whole and value != value.to_integral_value():
        return Invalid(NumberProblem.NOT_WHOLE)
    return Number(value)
