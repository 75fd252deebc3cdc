"""Everything that is stored of one workspace, table by table, without its tokens."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, select
from sqlmodel import Session

from storage.tables import metadata

# Columns with such a word in their name are secrets.
SECRET = ("token", "secret", "encrypted")
ROWS_AT_ONCE = 1_000


def everything(session: Session, workspace_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return every row of a workspace by table, in the order of their keys; values are those that JSON has.

    A table belongs to a workspace by its column `workspace_id`, or through the row that it cannot be without.
    """
    return {name: list(rows) for name, rows in by_table(session, workspace_id)}


def by_table(session: Session, workspace_id: int) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Yield each table's name with its rows as in `everything`, of which few are in memory at a time."""
    for table, condition in scopes(workspace_id):
        yield table.name, _rows(session, table, condition)


def hold_still(session: Session) -> None:
    """Let a session that has not asked for anything yet see the database as it is now, however long it reads."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite's readers always do
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def unscoped() -> set[str]:
    """Return the tables that belong to no workspace, and so are never exported."""
    return {table.name for table in metadata.sorted_tables} - {table.name for table, _ in scopes(0)}


def scopes(workspace_id: int) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield each table with what its rows of the workspace have in common; parents come before their children."""
    known: dict[str, ColumnElement[bool]] = {}
    for table in metadata.sorted_tables:
        condition = _scope(table, workspace_id, known)
        if condition is not None:
            known[table.name] = condition
            yield table, condition


def columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that are exported: all but secrets. A token's id is none."""
    return [
        column for column in table.columns if column.foreign_keys or not any(word in column.name for word in SECRET)
    ]


def _scope(table: Table, workspace_id: int, known: dict[str, ColumnElement[bool]]) -> ColumnElement[bool] | None:
    if table.name == "workspace":
        return table.c.id == workspace_id
    if "workspace_id" in table.c:
        return table.c.workspace_id == workspace_id
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        parent = key.column.table
        if not key.parent.nullable and parent.name in known and key.column.primary_key:
            return key.parent.in_(select(key.column).where(known[parent.name]))
    return None


def _rows(session: Session, table: Table, condition: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    query = select(*columns(table)).where(condition).order_by(*table.primary_key.columns)
    for row in session.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}):
        yield {name: _plain(value) for name, value in row._mapping.items()}  # noqa: SLF001  # SQLAlchemy's public name for it


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
