"""Everything that is stored of one workspace, table by table, without its tokens."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlmodel import Session

from storage.tables import metadata

# Columns with such a word in their name are secrets.
SECRET = ("token", "secret", "encrypted")


def everything(session: Session, workspace_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return every row of a workspace by table, in the order of their keys; values are those that JSON has.

    A table belongs to a workspace by its column `workspace_id`, or through the row that it cannot be without.
    """
    return {table.name: list(_rows(session, table, condition)) for table, condition in scopes(workspace_id)}


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


def _columns(table: Table) -> list[Any]:
    return [column for column in table.columns if not any(word in column.name for word in SECRET)]


def _rows(session: Session, table: Table, condition: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    query = select(*_columns(table)).where(condition).order_by(*table.primary_key.columns)
    for row in session.execute(query):
        yield {name: _plain(value) for name, value in row._mapping.items()}  # noqa: SLF001  # SQLAlchemy's public name for it


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
