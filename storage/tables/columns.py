"""Columns that many tables share."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.types import UtcDateTime

# Set before the first table is made: constraints that have names can be changed by a migration.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def instant(**options: Any) -> Any:
    """A required UTC instant."""
    return Field(sa_type=UtcDateTime, nullable=False, **options)


def instant_or_none(**options: Any) -> Any:
    """A UTC instant that may not have come yet."""
    return Field(default=None, sa_type=UtcDateTime, nullable=True, **options)


def one_of(column: str, *values: str) -> CheckConstraint:
    """Let the database refuse any other word in `column`."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_is_known")


def is_period(column: str) -> CheckConstraint:
    """Let the database refuse what is not written as `2026-W48`."""
    # In words that both engines know. LIKE would not do: it takes any letter, and on SQLite `w` for `W`.
    digits = f"substr({column}, 1, 4) || substr({column}, 7, 2)"
    return CheckConstraint(
        f"length({column}) = 8 AND substr({column}, 5, 2) = '-W' AND ltrim({digits}, '0123456789') = '' "
        f"AND substr({column}, 7, 2) BETWEEN '01' AND '53'",
        name=f"{column}_is_iso_week",
    )


__all__ = ["datetime", "instant", "instant_or_none", "is_period", "one_of"]
