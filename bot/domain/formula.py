"""Formulas of KPIs that are computed from others: ``deals / meetings``, ``max(leads - lost-leads, 0)``.

1. A text is cut into names, numbers, signs and brackets; anything else is refused by name. A name is the longest KPI
   that fits, so that ``lost-leads`` is one name where there is such a KPI, and a subtraction where there is not.
2. Names and numbers become plain variables. What simpleeval gets to see is made of these, of the four operations and
   of `min` and `max`: nothing that people wrote reaches it.
3. It computes with exact decimals. Where a value is missing, or nothing can be divided by, there is no value.
"""

import ast
import operator
import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from threading import Lock
from typing import Any, Final

from simpleeval import InvalidExpression, SimpleEval  # type: ignore[import-untyped]  # it ships no types

LONGEST: Final = 300  # characters, also of what is stored
MOST_PARTS: Final = 80
DEEPEST: Final = 20  # brackets within each other
_LARGEST: Final = Decimal(10) ** 15
_PLACES: Final = Decimal("0.000001")
_FUNCTIONS: Final = {"min": min, "max": max}
_OPERATORS: Final = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
# What simpleeval and Python's parser say of something that is no expression.
_NO_EXPRESSION: Final = (InvalidExpression, SyntaxError, ValueError, TypeError, RecursionError)
_CONTEXT: Final = Context(prec=40)
_PARSING: Final = Lock()
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NUMBER_WITH_COMMA = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_WORD = re.compile(r"[^\W_]+(?:[ _-]+[^\W_]+)*")
_SIGNS: Final = {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", ";": ","}


class FormulaProblem(StrEnum):
    """Why a text is no formula."""

    UNREADABLE = "formula_unreadable"
    UNKNOWN_KPI = "formula_unknown"
    NO_KPI = "formula_without_kpi"
    TOO_LONG = "formula_too_long"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that can be computed. `text` is how it is kept, with every KPI by its slug; `slugs` are those KPIs."""

    text: str
    slugs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A text that is no formula, why, and the part of it that was not understood."""

    reason: FormulaProblem
    part: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str  # name, number, sign, function
    text: str


def parse_formula(text: str, names: Mapping[str, str]) -> Formula | Unreadable:
    """Read a formula, or say what is wrong with it. Never raises.

    Args:
        text: What the person typed.
        names: The slug of each KPI by every name that it may be written with: its slug, its name.
    """
    if len(text) > LONGEST:
        return Unreadable(FormulaProblem.TOO_LONG)
    known = {
        " ".join(name.casefold().split()): slug
        for name, slug in names.items()
        if name.strip() and slug not in _FUNCTIONS and not _NUMBER.fullmatch(slug)
    }
    parts = _parts(text, known)
    if isinstance(parts, Unreadable):
        return parts
    written = _written(parts)
    if len(parts) > MOST_PARTS or len(written) > LONGEST or _depth(parts) > DEEPEST:
        return Unreadable(FormulaProblem.TOO_LONG)
    slugs = frozenset(part.text for part in parts if part.kind == "name")
    if not slugs:
        return Unreadable(FormulaProblem.NO_KPI)
    expression, variables = _disarmed(parts)
    try:
        _evaluate(expression, dict.fromkeys(variables, Decimal(7)))
    except ArithmeticError:
        pass  # with other numbers it may well give a value
    except _NO_EXPRESSION:
        return Unreadable(FormulaProblem.UNREADABLE, written[:80])
    return Formula(written, slugs)


def compute(formula: str, value: Callable[[str], Decimal | None]) -> Decimal | None:
    """Compute a formula as it is kept, to six decimals.

    None when a value is missing, something is divided by zero, the result is 10^15 or more, or it is no formula.

    Args:
        formula: `Formula.text`.
        value: Gives a KPI's value by its slug; None when there is none.
    """
    expression, variables = _prepared(formula)
    filled: dict[str, Decimal] = {}
    for variable, part in variables.items():
        number = Decimal(part.text) if part.kind == "number" else value(part.text)
        if number is None or not number.is_finite():
            return None
        filled[variable] = number
    try:
        with localcontext(_CONTEXT):
            result = Decimal(_evaluate(expression, filled))
            return result.quantize(_PLACES) + 0 if abs(result) < _LARGEST else None
    except (ArithmeticError, *_NO_EXPRESSION):
        return None


def slugs_of(formula: str) -> frozenset[str]:
    """Give the KPIs that a formula, as it is kept, is computed from."""
    return frozenset(part.text for part in _kept(formula) if part.kind == "name")


def spelled(formula: str, names: Mapping[str, str]) -> str:
    """Write a formula, as it is kept, with the names that people know its KPIs by; read again, it is the same.

    Args:
        formula: `Formula.text`.
        names: The name of each KPI of the team by its slug.
    """
    known = {slug: slug for slug in names} | {name: slug for slug, name in names.items()}
    parts = [replace(p, text=names.get(p.text, p.text)) if p.kind == "name" else p for p in _kept(formula)]
    read = parse_formula(_written(parts), known)
    return _written(parts) if isinstance(read, Formula) and read.text == formula else formula


def circle(formulas: Mapping[str, str]) -> list[str] | None:
    """Find KPIs that are computed from each other in a circle.

    Args:
        formulas: The formula of each computed KPI, as it is kept, by slug.

    Returns:
        The slugs along the way, the first one again at the end; None when there is no circle.
    """
    sorter = TopologicalSorter({slug: slugs_of(text) for slug, text in formulas.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return None


def computed(formulas: Mapping[str, str], values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Compute all formulas of one week, those that are made of others too; those without a value are left out.

    However many are made of each other in a row: one comes after the other, and none out of another.

    Args:
        formulas: The formula of each computed KPI, as it is kept, by slug.
        values: What was reported, by slug; that of a computed KPI does not count.
    """
    found: dict[str, Decimal | None] = {}

    def value(slug: str) -> Decimal | None:
        return found.get(slug) if slug in formulas else values.get(slug)

    for slug in _in_order(tuple(formulas.items())):
        found[slug] = compute(formulas[slug], value)
    return {slug: number for slug in formulas if (number := found.get(slug)) is not None}


@lru_cache(maxsize=256)
def _in_order(formulas: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Give KPIs after those that they are made of; of a circle, which is refused when it is written, none."""
    named = {slug for slug, _ in formulas}
    sorter = TopologicalSorter({slug: slugs_of(text) & named for slug, text in formulas})
    with suppress(CycleError):
        sorter.prepare()
    order: list[str] = []
    while ready := sorter.get_ready():
        order += ready
        sorter.done(*ready)
    return tuple(order)


def _parts(text: str, known: Mapping[str, str]) -> list[_Part] | Unreadable:
    """Cut what was typed into parts. Outside of brackets of `min` and `max` a comma between digits is a decimal one."""
    parts: list[_Part] = []
    plain = "".join(_SIGNS.get(c, c) for c in " ".join(text.casefold().split()))
    place, inside = 0, [False]
    while place < len(plain):
        if plain[place] == " ":
            place += 1
            continue
        name = _longest_name(plain, place, known)
        number = (_NUMBER if inside[-1] else _NUMBER_WITH_COMMA).match(plain, place)
        function = next((one for one in _FUNCTIONS if re.match(rf"{one}\s*\(", plain[place:])), None)
        if function:
            parts.append(_Part("function", function))
            place += len(function)
        elif name:
            parts.append(_Part("name", known[name]))
            place += len(name)
        elif number:
            parts.append(_Part("number", number[0].replace(",", ".")))
            place = number.end()
        elif plain[place] in "+-*/(),":
            if plain[place] == "(":
                inside.append(inside[-1] or (bool(parts) and parts[-1].kind == "function"))
            elif plain[place] == ")" and len(inside) > 1:
                inside.pop()
            parts.append(_Part("sign", plain[place]))
            place += 1
        else:
            word = _WORD.match(plain, place)
            unknown = word[0] if word else plain[place]
            return Unreadable(FormulaProblem.UNKNOWN_KPI if word else FormulaProblem.UNREADABLE, unknown[:80])
    return parts


def _longest_name(plain: str, place: int, known: Collection[str]) -> str | None:
    """Find the longest name that begins here and does not end in the middle of a word."""
    found = None
    for name in known:
        after = plain[place + len(name) : place + len(name) + 1]
        if (
            plain.startswith(name, place)
            and not (after.isalnum() or after == "_")
            and (found is None or len(name) > len(found))
        ):
            found = name
    return found


def _written(parts: list[_Part]) -> str:
    """Write parts with a space around every operation; that of a name is thereby never taken for a subtraction."""
    text = " ".join(part.text for part in parts)
    text = re.sub(r"(\() | (?=[),])", r"\1", text)
    return re.sub(r"\b(min|max) \(", r"\1(", text)


def _depth(parts: list[_Part]) -> int:
    depth = deepest = 0
    for part in parts:
        depth += {"(": 1, ")": -1}.get(part.text, 0)
        deepest = max(deepest, depth)
    return deepest


@lru_cache(maxsize=1024)
def _prepared(formula: str) -> tuple[str, dict[str, _Part]]:
    return _disarmed(_kept(formula))


def _kept(formula: str) -> list[_Part]:
    """Cut a formula as it is kept into parts again: there is a space around everything that is not a bracket."""
    parts = []
    for text in re.sub(r"([(),])", r" \1 ", formula).split():
        if text in _FUNCTIONS:
            parts.append(_Part("function", text))
        elif _NUMBER.fullmatch(text):
            parts.append(_Part("number", text))
        elif text in {"+", "-", "*", "/", "(", ")", ","}:
            parts.append(_Part("sign", text))
        else:
            parts.append(_Part("name", text))
    return parts


def _disarmed(parts: list[_Part]) -> tuple[str, dict[str, _Part]]:
    """Write an expression in which every name and number is a variable, and give what the variables stand for."""
    variables: dict[str, _Part] = {}
    words = []
    for number, part in enumerate(parts):
        if part.kind in {"name", "number"}:
            variables[f"v{number}"] = part
            words.append(f"v{number}")
        else:
            words.append(part.text)
    return " ".join(words), variables


def _evaluate(expression: str, variables: Mapping[str, Decimal]) -> Any:
    evaluator = SimpleEval(operators=_OPERATORS, functions=_FUNCTIONS, names=dict(variables))
    return evaluator.eval(expression, previously_parsed=_parsed(expression))


@lru_cache(maxsize=1024)
def _parsed(expression: str) -> ast.stmt:
    """Parse an expression, once, and no two at the same time.

    Python 3.11 counts how deep its parser is for all threads together, and raises SystemError if another came between.
    """
    with _PARSING:
        parsed: ast.stmt = SimpleEval.parse(expression)
        return parsed
