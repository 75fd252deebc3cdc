"""A CSV file of weekly numbers: one row a week with a column for each KPI, or rows of week, kpi and value."""

import csv
import io
import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from bot.domain.chain.model import ChainError
from bot.domain.numbers import Number, parse_number
from bot.domain.period import Period

_DELIMITERS: Final = (",", ";", "\t")
_LONG: Final = ("week", "kpi", "value")
_LONG_TOO: Final = ("note",)

Readings = dict[str, dict[Period, float]]


def read_table(text: str) -> Readings:
    """Read a file's text; an empty cell is a gap. KPIs come in the file's order.

    A week is written 2026-W48, or as a day of it, 2026-11-23.

    Raises:
        ChainError: It is no such file; the line is named.
    """
    header_line = next((line for line in text.removeprefix("\ufeff").splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header_line.count)
    rows = _rows(text.removeprefix("\ufeff"), delimiter)
    first = next(rows, None)
    if first is None:
        raise ChainError("The file is empty; its first line must be week,kpi,value or week and the KPIs' names.")
    line, cells = first
    names = [cell.strip() for cell in cells]
    _check_header(line, names)
    language = "sv" if delimiter == ";" else "en"
    lowered = [name.casefold() for name in names]
    if set(_LONG) <= set(lowered) and set(lowered) <= {*_LONG, *_LONG_TOO}:
        return _long(rows, lowered, language)
    return _wide(rows, names, lowered.index("week"), language)


def _check_header(line: int, names: Sequence[str]) -> None:
    lowered = [name.casefold() for name in names]
    if "week" not in lowered:
        raise ChainError(f"Line {line}: there is no column week.")
    if not all(names):
        raise ChainError(f"Line {line}: a column has no name.")
    twice = next((name for name in names if lowered.count(name.casefold()) > 1), None)
    if twice is not None:
        raise ChainError(f"Line {line}: the column {twice} stands there twice.")
    if len(names) == 1:
        raise ChainError(f"Line {line}: there is no column beside week.")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    width = 0
    try:
        for cells in reader:
            if not any(map(str.strip, cells)):
                continue
            width = width or len(cells)
            if len(cells) != width:
                raise ChainError(f"Line {reader.line_num}: {len(cells)} columns instead of {width}.")
            yield reader.line_num, cells
    except csv.Error as error:
        raise ChainError(f"Line {reader.line_num}: this is not CSV: {error}.") from None


def _long(rows: Iterator[tuple[int, list[str]]], names: Sequence[str], language: str) -> Readings:
    readings: Readings = {}
    week_at, kpi_at, value_at = (names.index(name) for name in _LONG)
    for line, cells in rows:
        kpi = cells[kpi_at].strip()
        if not kpi:
            raise ChainError(f"Line {line}: the KPI has no name.")
        _put(readings.setdefault(kpi, {}), line, kpi, cells[week_at], cells[value_at], language)
    return _some(readings)


def _wide(rows: Iterator[tuple[int, list[str]]], names: Sequence[str], week_at: int, language: str) -> Readings:
    readings: Readings = {name: {} for place, name in enumerate(names) if place != week_at}
    seen: set[Period] = set()
    for line, cells in rows:
        week = _week(line, cells[week_at])
        if week in seen:
            raise ChainError(f"Line {line}: the week {week} stands there twice.")
        seen.add(week)
        for place, name in enumerate(names):
            if place != week_at:
                _put(readings[name], line, name, cells[week_at], cells[place], language)
    return _some(readings)


def _some(readings: Readings) -> Readings:
    if not any(readings.values()):
        raise ChainError("There are no readings in the file.")
    return readings


def _put(of_kpi: dict[Period, float], line: int, kpi: str, week: str, value: str, language: str) -> None:
    period = _week(line, week)
    if not value.strip():
        return
    if period in of_kpi:
        raise ChainError(f"Line {line}: {kpi} has two values for {period}.")
    of_kpi[period] = _number(line, kpi, value.strip(), language)


def _week(line: int, text: str) -> Period:
    try:
        return Period.of(date.fromisoformat(text.strip())) if _is_day(text.strip()) else Period.parse(text)
    except ValueError as error:
        raise ChainError(f"Line {line}: {error}") from None


def _is_day(text: str) -> bool:
    return text.count("-") == 2 and "w" not in text.casefold()  # noqa: PLR2004  # 2026-11-23


def _number(line: int, kpi: str, text: str, language: str) -> float:
    try:
        # As programs write it, an exponent included.
        plain = float(text) if text.isascii() and "_" not in text else None
    except ValueError:
        plain = None
    if plain is not None and math.isfinite(plain):
        return plain
    read = parse_number(text, whole=False, language=language)
    if plain is None and isinstance(read, Number):
        return float(read.value)
    raise ChainError(f"Line {line}: the value of {kpi}, “{text[:40]}”, is not a number that can be used.")
