"""A workspace with rows in every table: what exports, restores and upgrades are tried with.

The rows lie in `every_table.json`, column by column, so that they can also be put into a database of an earlier
version: columns and tables that it does not have yet are left out.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, column, inspect, table, text

from storage import exports
from storage.tables import metadata
from storage.types import ExactNumber, UtcDateTime

SLACK_ID: Final = "T0EVERY"
ANNA: Final = "U0ANNA"
OSKAR: Final = "U0OSKAR"
Rows = dict[str, list[dict[str, Any]]]
Columns = dict[str, set[str]]


def every_row(*, more: int = 0, tag: str = SLACK_ID) -> Rows:
    """Give the rows of a workspace by table; `more` is added to every id, `tag` stands in what must be unique."""
    written = Path(__file__).with_suffix(".json").read_text(encoding="utf-8").replace(SLACK_ID, tag)
    return {
        name: [
            {field: _value(metadata.tables[name], field, value, more) for field, value in row.items()} for row in its
        ]
        for name, its in json.loads(written).items()
    }


def columns_of(connection: Connection) -> Columns:
    """Return the columns of each table that a database has."""
    inspector = inspect(connection)
    return {name: {one["name"] for one in inspector.get_columns(name)} for name in inspector.get_table_names()}


def put(connection: Connection, rows: Rows, known: Columns | None = None) -> Rows:
    """Insert rows into a database of any version; return them without the columns that it does not have.

    With `known` columns, those of an earlier version, they are inserted as that version would.
    """
    known = known or columns_of(connection)
    stored: Rows = {}
    for name, its in _in_order(rows):
        if name not in known:
            continue
        stored[name] = [{field: value for field, value in row.items() if field in known[name]} for row in its]
        for row in stored[name]:
            connection.execute(_bare(metadata.tables[name], row).insert(), row)
        if connection.dialect.name == "postgresql" and "id" in known[name]:
            numbers = {"name": name, "last": max(row["id"] for row in its)}
            connection.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), numbers)
    return stored


def found(connection: Connection, rows: Rows) -> Rows:
    """Read again what `put` stored: the columns of each row, in the order of the primary keys."""
    read: Rows = {}
    for name, its in rows.items():
        whole = metadata.tables[name]
        keys = [key.name for key in whole.primary_key.columns]
        for row in its:
            bare = _bare(whole, row)
            query = bare.select().where(*(bare.c[key] == row[key] for key in keys))
            read.setdefault(name, []).extend(dict(one) for one in connection.execute(query).mappings())
    return read


def missing() -> set[str]:
    """Return the tables of a workspace that `every_row` has no row for."""
    return {known.name for known in metadata.sorted_tables} - exports.unscoped() - set(every_row())


def _in_order(rows: Rows) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Give tables so that parents come before their children."""
    for known in metadata.sorted_tables:
        if known.name in rows:
            yield known.name, rows[known.name]


def _value(whole: Table, name: str, value: Any, more: int) -> Any:
    kind = whole.c[name].type
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, ExactNumber):
        return Decimal(value)
    is_id = name == "id" or bool(whole.c[name].foreign_keys)
    return value + more if is_id else value


def _bare(whole: Table, row: Mapping[str, Any]) -> Any:
    """Give a table of just these columns, without the defaults that current code adds of its own."""
    return table(whole.name, *(column(name, whole.c[name].type) for name in row))
