"""Finding a KPI's values by week in what an address shows: a CSV's columns, or JMESPath expressions over JSON."""

import codecs
import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import jmespath
from jmespath.exceptions import JMESPathError

from bot.domain.amounts import parse_amount
from bot.domain.numbers import MAX_DIGITS, Number
from bot.domain.period import Period
from bot.domain.words import Unit
from bot.services.sources.fetching import Page, SourceFailed

CSV, JSON = "csv", "json"
LONGEST_EXPRESSION: Final = 500
_SHOWN: Final = 40  # characters of what cannot be read
_DELIMITERS: Final = (",", ";", "\t")
_DATE: Final = len("2026-11-23")
# Encodings of texts, by the names that Python gives them. It knows others that a server may name as well: of 2 MB it
# makes an hour's work when they are called punycode.
_ENCODING: Final = re.compile(
    r"ascii|utf-(?:8|16|32)\S*|iso8859-\d+|iso2022_\w+|cp\d+|koi8-\w|mac-\w+|big5\w*|gb\w+|euc_\w+|shift_jis\w*"
)
_SMALLEST: Final = Decimal("0.000001")
_MOST_BITS: Final = 64  # more than any number that is kept
_NEVER_NEGATIVE: Final = frozenset({Unit.COUNT, Unit.DURATION})
# Expressions that can make much out of little are left out, such as `[@, @]` nested or joining texts.
_NUMBERS: Final = frozenset(
    {"abs", "avg", "ceil", "floor", "length", "max", "max_by", "min", "min_by", "sum", "to_number"}
)
_LISTS: Final = frozenset({"keys", "map", "not_null", "reverse", "sort", "sort_by", "values"})
_TESTS: Final = frozenset({"contains", "ends_with", "starts_with", "type"})
_FUNCTIONS: Final = _NUMBERS | _LISTS | _TESTS
# Characters of an expression times the values that it is tried on: a few seconds' work, and never needed.
_MOST_WORK: Final = 10_000_000
_TOO_POWERFUL: Final = frozenset({"multi_select_list", "multi_select_dict"})


@dataclass(frozen=True)
class Recipe:
    """Where values and their weeks stand: columns of a `csv`, expressions for `json`.

    Without `weeks` there is one value, which is the present week's.
    """

    format: str
    values: str
    weeks: str


@dataclass(frozen=True)
class Reader:
    """How numbers are read: by the KPI's unit, in a language, and which week is the present one."""

    unit: str
    decimals: int
    language: str
    present: Period


def read(page: Page, recipe: Recipe, reader: Reader) -> dict[Period, Decimal]:
    """Return the values by week, weeks in order. Rows without a week or a value are passed over.

    Raises:
        SourceFailed: Nothing can be read there, or something stands there that cannot be a value.
    """
    text = _text(page)
    pairs = _pairs_in_csv(text, page, recipe) if recipe.format == CSV else _pairs_in_json(text, recipe)
    found: dict[Period, Decimal] = {}
    unreadable = ""
    for week_text, value in pairs:
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        week = reader.present if week_text is None else _week(week_text)
        if week is None:
            unreadable = unreadable or _plain(week_text)
            continue
        if week in found:
            raise SourceFailed("week_twice", week=str(week))
        found[week] = _value(value, week, reader)
    if not found:
        raise SourceFailed("no_week", text=unreadable) if unreadable else SourceFailed("no_value")
    return dict(sorted(found.items()))


def check_expression(expression: str) -> None:
    """Refuse what is no JMESPath expression, and one that could ask too much.

    Raises:
        SourceFailed: `expression_unreadable`, `expression_too_powerful`.
    """
    try:
        parsed = jmespath.compile(expression).parsed
    except (JMESPathError, RecursionError, ValueError) as error:
        raise SourceFailed("expression_unreadable", text=_plain(expression)) from error
    pending: list[Any] = [parsed]
    while pending:
        node = pending.pop()
        if node["type"] in _TOO_POWERFUL or (node["type"] == "function_expression" and node["value"] not in _FUNCTIONS):
            raise SourceFailed("expression_too_powerful", text=_plain(node.get("value") or "[ , ]"))
        pending += node["children"]


def _text(page: Page) -> str:
    for encoding in (page.charset, "utf-8-sig"):
        try:
            if _ENCODING.fullmatch(codecs.lookup(encoding or "utf-8-sig").name):
                return page.content.decode(encoding or "utf-8-sig").removeprefix("\ufeff")
        except (ValueError, LookupError):
            continue
    raise SourceFailed("not_text")


def _pairs_in_csv(text: str, page: Page, recipe: Recipe) -> list[tuple[Any, Any]]:
    if page.kind == "text/html" or text.lstrip()[:15].lower().startswith(("<!doctype", "<html")):
        raise SourceFailed("web_page")
    rows = _rows(text)
    if not rows:
        raise SourceFailed("no_value")
    header, *body = rows
    column = _column(header, recipe.values)
    if not recipe.weeks:
        if len(body) > 1:
            raise SourceFailed("week_missing")
        return [(None, row[column]) for row in body if len(row) > column]
    weeks = _column(header, recipe.weeks)
    return [(row[weeks], row[column]) for row in body if len(row) > max(weeks, column)]


def _rows(text: str) -> list[list[str]]:
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise SourceFailed("not_csv") from error
    return [row for row in rows if any(cell.strip() for cell in row)]


def _column(header: Sequence[str], name: str) -> int:
    wanted = name.strip().casefold()
    places = [place for place, cell in enumerate(header) if cell.strip().casefold() == wanted]
    if not places:
        raise SourceFailed("no_column", text=_plain(name))
    if len(places) > 1:
        raise SourceFailed("column_twice", text=_plain(name))
    return places[0]


def _pairs_in_json(text: str, recipe: Recipe) -> list[tuple[Any, Any]]:
    try:
        content = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise SourceFailed("not_json") from error
    number = sum(map(text.count, ",[{"))
    values = _found(recipe.values, content, number)
    if not recipe.weeks:
        if isinstance(values, list) and len(values) != 1:
            raise SourceFailed("week_missing")
        return [(None, values[0] if isinstance(values, list) else values)]
    weeks = _found(recipe.weeks, content, number)
    listed = [one if isinstance(one, list) else [one] for one in (weeks, values)]
    if len(listed[0]) != len(listed[1]):
        raise SourceFailed("lengths_differ", weeks=str(len(listed[0])), values=str(len(listed[1])))
    return list(zip(*listed, strict=True))


def _found(expression: str, content: Any, number: int) -> Any:
    """Give what an expression finds in so many values."""
    check_expression(expression)
    if len(expression) * number > _MOST_WORK:
        raise SourceFailed("too_much", text=_plain(expression))
    try:
        return jmespath.search(expression, content)
    except (JMESPathError, RecursionError, ArithmeticError, TypeError, ValueError) as error:
        raise SourceFailed("expression_failed", text=_plain(expression)) from error


def _week(text: Any) -> Period | None:
    """Read a week, or the week of a date."""
    if not isinstance(text, str):
        return None
    written = text.strip()
    try:
        return Period.parse(written)
    except ValueError:
        pass
    try:
        return Period.of(date.fromisoformat(written[:_DATE]))
    except ValueError:
        return None


def _value(value: Any, week: Period, reader: Reader) -> Decimal:
    number = _number(value, reader)
    if number is None or (number < 0 and reader.unit in _NEVER_NEGATIVE):
        raise SourceFailed("value_unreadable", week=str(week), text=_plain(value))
    return number


def _number(value: Any, reader: Reader) -> Decimal | None:
    """Read a number as people write it, or as JSON has it; what JSON has beyond six decimals is a float's dust."""
    if isinstance(value, str):
        written = parse_amount(value, unit=reader.unit, decimals=reader.decimals, language=reader.language)
        exact = written.value if isinstance(written, Number) else None
        return exact if exact is not None and exact == exact.quantize(_SMALLEST) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return None
    number = Decimal(str(value))
    if not number.is_finite() or number.adjusted() >= MAX_DIGITS:
        return None
    rounded = number.quantize(_SMALLEST)
    whole = reader.unit == Unit.COUNT and reader.decimals == 0
    return None if whole and rounded != rounded.to_integral_value() else rounded + 0


def _plain(value: Any) -> str:
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except ValueError:  # a sum with more digits than Python writes
        text = "…"
    return " ".join(text.split())[:_SHOWN]


def _no_number(name: str) -> None:
    raise ValueError(name)
