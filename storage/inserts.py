"""INSERT that leaves an existing row alone, on either engine."""

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_or_ignore(session: Session, table: type[SQLModel], *, returning: str | None = None) -> Any:
    """Give `INSERT ... ON CONFLICT DO NOTHING` for the session's engine; `returning` names a column of what is new.

    Made once for each table: with its values handed in apart, it is not written out anew each time.
    """
    return _inserting(session.get_bind().dialect.name, table, returning)


@cache
def _inserting(dialect: str, table: type[SQLModel], returning: str | None) -> Any:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(table).on_conflict_do_nothing()
    return statement if returning is None else statement.returning(getattr(table, returning))
