"""What a row of an exported table must be like, and how its values are read from what JSON has."""

import json
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import JSON, Boolean, Column, Integer, Table

from storage import exports
from storage.tables import metadata
from storage.types import ExactNumber, UtcDateTime, as_stored

LARGEST_ID: Final = 2**31 - 1


class BadRowError(ValueError):
    """A row cannot be taken; the text says which and why."""


@dataclass(frozen=True)
class Shape:
    """A table's columns in a file. `references` names the table that a column's numbers are ids of."""

    table: Table
    columns: Mapping[str, Column[Any]]
    references: Mapping[str, str]

    @classmethod
    def of(cls, table: Table) -> "Shape":
        """Describe a table."""
        columns = {column.name: column for column in exports.columns(table)}
        references = {name: target for name, column in columns.items() if (target := _target(column))}
        return cls(table, columns, references)

    @property
    def has_ids(self) -> bool:
        """Whether its rows have numbers of their own."""
        return "id" in self.columns

    def read(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Read a row's values.

        Raises:
            BadRowError: One is missing, not known here, or not what its column holds.
        """
        unknown = [name for name in row if name not in self.columns]
        if unknown:
            raise BadRowError(f"there is no column {unknown[0][:40]}")
        return {
            name: self._read(name, column, row) for name, column in self.columns.items() if self._is_given(column, row)
        }

    def _is_given(self, column: Column[Any], row: Mapping[str, Any]) -> bool:
        if column.name in row:
            return True
        if column.nullable or column.server_default is not None or column.default is not None:
            return False  # a column that the file's version did not have yet
        raise BadRowError(f"{column.name} is missing")

    def _read(self, name: str, column: Column[Any], row: Mapping[str, Any]) -> Any:
        value = row[name]
        if value is None:
            if not column.nullable:
                raise BadRowError(f"{name} is empty")
            return None
        try:
            read = _value(column, value)
        except (ValueError, TypeError, InvalidOperation) as error:
            raise BadRowError(f"{name}: {error}") from None
        if (name == "id" or name in self.references) and not 0 < read <= LARGEST_ID:
            raise BadRowError(f"{name}: {read} is no id")
        return read


def shapes() -> dict[str, Shape]:
    """Describe every table that belongs to a workspace."""
    outside = exports.unscoped()
    return {table.name: Shape.of(table) for table in metadata.sorted_tables if table.name not in outside}


@dataclass
class Known:
    """The ids of a table's rows, in ascending order."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))  # quoted: arrays take no parameter when they run

    def add(self, number: int) -> None:
        """Remember the next one.

        Raises:
            BadRowError: It is not greater than the one before.
        """
        if self.ids and number <= self.ids[-1]:
            raise BadRowError(f"id {number} comes after {self.ids[-1]}; rows stand in the order of their ids")
        self.ids.append(number)

    def __contains__(self, number: int) -> bool:
        place = bisect_left(self.ids, number)
        return place < len(self.ids) and self.ids[place] == number


def _target(column: Column[Any]) -> str | None:
    if column.name == "workspace_id":
        return "workspace"
    for key in sorted(column.foreign_keys, key=lambda key: key.target_fullname):
        parent = key.column
        if parent.name == "id":
            return parent.table.name
        if found := _target(parent):
            return found
    return None


def _value(column: Column[Any], value: Any) -> Any:
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return _instant(value)
    if isinstance(kind, ExactNumber):
        return as_stored(Decimal(_text(value, 40)))
    if isinstance(kind, Boolean):
        return _of(bool, value, "true or false")
    if isinstance(kind, Integer):
        if isinstance(value, bool) or abs(_of(int, value, "a whole number")) > LARGEST_ID:
            raise ValueError(f"{value} is no number that fits")
        return value
    if isinstance(kind, JSON):
        _text(json.dumps(value, ensure_ascii=False, allow_nan=False), None)
        return value
    return _text(value, getattr(kind, "length", None))


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(_text(value, 40))
    if instant.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return instant


def _text(value: Any, longest: int | None) -> str:
    text: str = _of(str, value, "text")
    if longest is not None and len(text) > longest:
        raise ValueError(f"longer than {longest} characters")
    if "\0" in text or (not text.isprintable() and _is_broken(text)):
        raise ValueError("holds characters that cannot be stored")
    return text


def _is_broken(text: str) -> bool:
    """Tell whether there is half a character in it, which no encoding can write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _of(kind: type, value: Any, wanted: str) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"must be {wanted}")
    return value
