"""The CSV file of readings: `week,kpi,value[,note]`, its rows, and what is wrong with them."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.errors import UserFacingError

COLUMNS: Final = ("week", "kpi", "value", "note")
# Stands in an export that has values of KPIs with a formula too: whatever is in it, such a row is passed over.
COMPUTED: Final = "computed"
REQUIRED: Final = COLUMNS[:3]
MOST_PROBLEMS: Final = 20
# What a spreadsheet takes for a formula, whoever wrote it; with apostrophes before it, which come and go one by one.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_DELIMITERS: Final = (",", ";", "\t")


class ReadingsFileError(UserFacingError):
    """A file of readings cannot be used. `problems` names each bad row by its line; nothing was written."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is written; `note` is None in a file without notes. A computed value is nobody's report."""

    line: int
    week: str
    kpi: str
    value: str
    note: str | None
    computed: bool = False


class Problems(list[str]):
    """Problems of a file, as many as a person wants to read at once."""

    def add(self, line: int, text: str) -> None:
        """Remember what is wrong on a line.

        Raises:
            ReadingsFileError: It is the twentieth.
        """
        self.append(f"line {line}: {text}")
        if len(self) >= MOST_PROBLEMS:
            self.settle()

    def settle(self) -> None:
        """Refuse the file if anything is wrong with it.

        Raises:
            ReadingsFileError: Something is.
        """
        if self:
            raise ReadingsFileError(self)


def rows_of(source: Path | str, problems: Problems) -> Iterator[Row]:
    """Read a file, or a text, row by row; empty lines are skipped.

    Raises:
        ReadingsFileError: It cannot be read at all.
    """
    text = source if isinstance(source, str) else _text_of(source)
    text = text.removeprefix("\ufeff")
    header_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    places: dict[str, int] | None = None
    for line, cells in _numbered(reader):
        if not any(map(str.strip, cells)):
            continue
        if places is None:
            places = _header(line, cells)
            width = len(cells)
        elif len(cells) != width:
            advice = "; a value with commas in it goes in quotes" if delimiter == "," and len(cells) > width else ""
            problems.add(line, f"{len(cells)} columns instead of {width}{advice}")
        else:
            week, kpi, value = (cells[places[name]].strip() for name in REQUIRED)
            computed = COMPUTED in places and bool(cells[places[COMPUTED]].strip())
            yield Row(line, week, kpi, value, _note(cells, places), computed)
    if places is None:
        raise ReadingsFileError(
            ["line 1: the file is empty; its first line must be week,kpi,value or week,kpi,value,note"]
        )


def shown_note(note: str) -> str:
    """Write a note so that no spreadsheet computes it: what begins like a formula gets an apostrophe in front."""
    return f"'{note}" if _FORMULA.match(note) else note


def _note(cells: Sequence[str], places: dict[str, int]) -> str | None:
    """Read a note, without the apostrophe that `shown_note` may have put in front."""
    if "note" not in places:
        return None
    note = cells[places["note"]]
    return note[1:] if note.startswith("'") and _FORMULA.match(note) else note


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the line it begins on: a quoted note may go on over several."""
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1  # type: ignore[attr-defined]  # csv.reader's own attribute
    except csv.Error as error:
        raise ReadingsFileError([f"line {line}: this is not CSV: {error}"]) from None


def _header(line: int, cells: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().casefold() for cell in cells]
    problems = [f"there is no column {name}" for name in REQUIRED if name not in names]
    problems += [
        f"the column {name or '(without a name)'} is not known" for name in names if name not in (*COLUMNS, COMPUTED)
    ]
    problems += [f"the column {name} stands there twice" for name in (*COLUMNS, COMPUTED) if names.count(name) > 1]
    if problems:
        expected = "the columns are week, kpi, value and, if you like, note"
        raise ReadingsFileError([f"line {line}: {'; '.join(problems)}; {expected}"])
    return {name: place for place, name in enumerate(names)}


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReadingsFileError([f"{path} cannot be read: {error.strerror}"]) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ReadingsFileError([f"line {line}: this is not text in UTF-8; save the file as 'CSV UTF-8'"]) from None
