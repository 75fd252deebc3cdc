"""Targets as people write them: ``>= 100``, ``minst 100``, ``under 3 dagar``, ``10–20``, or just ``100``."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.numbers import Ambiguous, Invalid, Number, NumberProblem
from bot.domain.words import Comparator, Direction

Reader = Callable[[str], Number | Ambiguous | Invalid]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A target: what a value is held against. `upper` ends a range, and only a range has one."""

    comparator: Comparator
    value: Decimal
    upper: Decimal | None = None

    @classmethod
    def of(cls, comparator: str | None, value: Decimal, upper: Decimal | None, direction: str) -> "Bounds":
        """Make one from what is stored; without a comparator the direction says which is meant."""
        if upper is not None:
            return cls(Comparator.BETWEEN, value, upper)
        return cls(Comparator(comparator or USUAL.get(direction, Comparator.AT_LEAST)), value)


class TargetProblem(StrEnum):
    """Why a target does not go with what is good for its KPI."""

    RANGE_NEEDED = "range_needed"
    NO_RANGE = "no_range"
    WRONG_WAY = "wrong_way"


USUAL: Final = {Direction.HIGHER.value: Comparator.AT_LEAST, Direction.LOWER.value: Comparator.AT_MOST}
_FITTING: Final = {
    Direction.HIGHER.value: {Comparator.AT_LEAST, Comparator.MORE_THAN},
    Direction.LOWER.value: {Comparator.AT_MOST, Comparator.LESS_THAN},
    Direction.WITHIN.value: {Comparator.BETWEEN},
}
_TURNED: Final = {
    Comparator.AT_LEAST: Comparator.AT_MOST,
    Comparator.AT_MOST: Comparator.AT_LEAST,
    Comparator.MORE_THAN: Comparator.LESS_THAN,
    Comparator.LESS_THAN: Comparator.MORE_THAN,
}
_LONGEST = 200  # characters
_BEFORE: Final = {
    Comparator.AT_LEAST: (
        *(">=", "=>", "≥", "at least", "no less than", "not less than", "minimum", "min.", "min"),
        *("minst", "lägst", "åtminstone", "inte under"),
    ),
    Comparator.AT_MOST: (
        *("<=", "=<", "≤", "at most", "no more than", "not more than", "up to", "maximum", "maximalt", "max.", "max"),
        *("högst", "som mest", "inte över", "upp till"),
    ),
    Comparator.MORE_THAN: (">", "more than", "over", "above", "mer än", "fler än", "större än", "över"),
    Comparator.LESS_THAN: ("<", "less than", "fewer than", "below", "under", "mindre än", "färre än", "lägre än"),
}
_AFTER: Final = {
    Comparator.AT_LEAST: ("or more", "or above", "eller mer", "eller fler", "eller över"),
    Comparator.AT_MOST: ("or less", "or fewer", "or below", "eller mindre", "eller färre", "eller under"),
}
_PREFIXES: Final = sorted(
    ((word, comparator) for comparator, words in _BEFORE.items() for word in words), key=lambda pair: -len(pair[0])
)
_RANGE: Final = (
    re.compile(r"(?:between|mellan)\s+(.+?)\s+(?:and|och)\s+(.+)"),
    re.compile(r"(?:(?:from|från)\s+)?(.+?)\s+(?:to|till)\s+(.+)"),
    re.compile(r"(.+?)\s*\.\.+\s*(.+)"),
)
_DASH = re.compile(r"(?<=\S)\s*[-–—−‒]\s*(?=\S)")
_UNIT_BEHIND = re.compile(r"[\d.,' ]*\d\s*([^\W\d_]+\.?|%)")  # one number with one unit


def parse_target(text: str, direction: str, read: Reader) -> Bounds | TargetProblem | Ambiguous | Invalid:
    """Read a target, or say what is in doubt. Never raises as long as `read` does not.

    A bare number is held against as the direction says: at least it for `higher`, at most it for `lower`. `within`
    takes a range, in either order of its ends.

    Args:
        text: What the person typed, in English or Swedish.
        direction: The KPI's direction.
        read: Reads a number in the KPI's unit.
    """
    plain = " ".join(text.lower().split())
    if len(plain) > _LONGEST:
        return Invalid(NumberProblem.NOT_A_NUMBER)
    ends = _ends(plain, read)
    if ends is not None:
        low, high = read(ends[0]), read(ends[1])
        if not isinstance(low, Number):
            return low
        if not isinstance(high, Number):
            return high
        return _fitting(Bounds(Comparator.BETWEEN, *sorted((low.value, high.value))), direction)
    comparator, rest = _compared(plain)
    number = read(rest)
    if not isinstance(number, Number):
        return number
    if comparator is None and direction not in USUAL:
        return TargetProblem.RANGE_NEEDED
    return _fitting(Bounds(comparator or USUAL[direction], number.value), direction)


def refit(bounds: Bounds, direction: str) -> Bounds | TargetProblem:
    """Turn a target to another direction: at least 5 % becomes at most 5 %. A range and one number never turn."""
    turned = _TURNED.get(bounds.comparator, bounds.comparator)
    fits = bounds if bounds.comparator in _FITTING.get(direction, ()) else replace(bounds, comparator=turned)
    return _fitting(fits, direction)


def _fitting(bounds: Bounds, direction: str) -> Bounds | TargetProblem:
    if bounds.comparator in _FITTING.get(direction, ()):
        return bounds
    if direction == Direction.WITHIN:
        return TargetProblem.RANGE_NEEDED
    return TargetProblem.NO_RANGE if bounds.comparator is Comparator.BETWEEN else TargetProblem.WRONG_WAY


def _compared(plain: str) -> tuple[Comparator | None, str]:
    """Take the words of a comparison off a text."""
    for word, comparator in _PREFIXES:
        rest = plain.removeprefix(word)
        if rest != plain and not (word[-1].isalpha() and rest[:1].isalpha()):
            return comparator, rest.lstrip(" :")
    for comparator, words in _AFTER.items():
        for word in words:
            if plain.endswith(f" {word}"):
                return comparator, plain.removesuffix(word).rstrip()
    return None, plain


def _ends(plain: str, read: Reader) -> tuple[str, str] | None:
    """Split a range into its two ends; an end without a unit has the other's: in ``20–30 min`` both are minutes."""
    for pattern in _RANGE:
        found = pattern.fullmatch(plain)
        if found is not None and not _compared(plain)[0]:
            return _with_unit(found[1], found[2])
    for dash in _DASH.finditer(plain):
        ends = _with_unit(plain[: dash.start()], plain[dash.end() :])
        if all(_is_a_number(read(end)) for end in ends):
            return ends
    return None


def _is_a_number(found: Number | Ambiguous | Invalid) -> bool:
    """Tell whether it is one at all, if perhaps one that cannot be kept: then that is what has to be said."""
    no_number = (NumberProblem.EMPTY, NumberProblem.NOT_A_NUMBER)
    return not isinstance(found, Invalid) or found.reason not in no_number


def _with_unit(low: str, high: str) -> tuple[str, str]:
    unit = _UNIT_BEHIND.fullmatch(high)
    return (f"{low} {unit[1]}" if unit and low[-1:].isdigit() else low), high
