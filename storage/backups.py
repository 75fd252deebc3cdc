"""Copies of a SQLite database while it is written to, and putting one back."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, update
from sqlmodel import Session, col

from storage import schema
from storage.tables import Delivery

PAGES_AT_ONCE: Final = 2_000
Progress = Callable[[int, int], None]


class BackupError(ValueError):
    """A copy cannot be made or used; the text is a sentence for the person at the terminal."""


def is_sqlite(engine: Engine) -> bool:
    """Tell whether a database can be copied so; PostgreSQL has pg_dump."""
    return engine.dialect.name == "sqlite"


def save(engine: Engine, file: Path, *, progress: Progress | None = None) -> None:
    """Copy the database as it is at one instant to a new file, with SQLite's backup API; the bot may go on writing.

    The file has its name only once the copy is whole and was looked through.

    Raises:
        BackupError: The file exists, or the copy is damaged.
    """
    if file.exists():
        raise BackupError(f"{file} exists already.")
    partial = file.with_name(f"{file.name}.part")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(partial)) as target, _driver(engine) as source:
            _copy(source, target, progress)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, with none beside it
        check(partial)
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)


def restore(engine: Engine, file: Path, *, progress: Progress | None = None) -> None:
    """Put a copy in the place of the database's content, as one transaction.

    Raises:
        BackupError: The copy is damaged, or is no database of this version or an earlier one.
    """
    check(file)
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source, _driver(engine) as target:
        _copy(source, target, progress)
    engine.dispose()


def check(file: Path) -> None:
    """Look through a copy.

    Raises:
        BackupError: It is damaged, no database of ours, or a newer version's.
    """
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            found = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
            revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file} is no database of Hattrick's ({error}).") from error
    if found != ["ok"] or broken is not None:
        raise BackupError(f"{file} is damaged: {found[0] if found != ['ok'] else f'rows of {broken[0]} are lost'}.")
    if revision is None or revision[0] > schema.HEAD:
        raise BackupError(f"{file} was written by a newer version; upgrade this one first.")


def doubt(session: Session) -> int:
    """Let everything that is open be looked for in Slack before it is sent; return how many there are.

    What a restored database takes for open may have been sent after the copy was made.
    """
    open_ = col(Delivery.state).in_(("due", "claimed"))
    statement = update(Delivery).where(open_).values(state="due", doubtful=True).returning(col(Delivery.id))
    return len(session.connection().execute(statement).all())


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress | None) -> None:
    def told(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    source.backup(target, pages=PAGES_AT_ONCE, progress=told)


@contextmanager
def _driver(engine: Engine) -> Iterator[sqlite3.Connection]:
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        yield driver
    finally:
        connection.close()
