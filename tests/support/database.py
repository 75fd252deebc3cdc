"""Databases for tests: migrated once, copied per test, closed when the test ends."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, event

from storage import Sessions, open_engine, schema

Result = TypeVar("Result")
_FIRST: dict[str, Engine] = {}


def sqlite_url(file: Path) -> str:
    """Return a SQLite file's address as the bot's settings take it."""
    return f"sqlite:///{file}"


def make_sqlite_template(file: Path) -> None:
    """Migrate the file that all others are copied from."""
    engine = open_engine(sqlite_url(file))
    schema.upgrade(engine)
    engine.dispose()


def copy_sqlite(template: Path, file: Path) -> str:
    """Copy a migrated file and return the copy's address. The template is closed, so its log is empty."""
    shutil.copyfile(template, file)
    return sqlite_url(file)


@contextmanager
def opened(url: str, *, pool_size: int = 20) -> Iterator[Sessions]:
    """Open the sessions of a database and close every connection afterwards."""
    sessions = Sessions(_warm(open_engine(url, pool_size=pool_size)))
    try:
        yield sessions
    finally:
        sessions.close()


def _warm(engine: Engine) -> Engine:
    """Let an engine use the statements that others of its kind have compiled, as a process does that lives for long.

    A third of the time of most tests would go into compiling the same statements for the next database.
    """
    kind = engine.dialect.name
    if kind not in _FIRST:
        engine.connect().close()  # asks the database what its dialect has to know
        _FIRST[kind] = engine
    first = _FIRST[kind]
    # Compiled statements are kept by the dialect that they were compiled for.
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
    return engine


@dataclass
class PutBack:
    """Puts a SQLite file back as it was; `needed` tells whether anything was written since."""

    file: sqlite3.Connection
    known: sqlite3.Connection
    _version: int = -1

    def needed(self) -> bool:
        """Tell whether another connection has written since the file was put back."""
        return self._now() != self._version

    def __call__(self) -> None:
        """Put it back, if it needs to be."""
        if self.needed():
            self.known.backup(self.file)
            self._version = self._now()

    def _now(self) -> int:
        number: int = self.file.execute("PRAGMA data_version").fetchone()[0]
        return number


@contextmanager
def put_back(sessions: Sessions) -> Iterator[PutBack]:
    """Remember what a SQLite database holds now."""
    file, known = sqlite3.connect(sessions.engine.url.database or ""), sqlite3.connect(":memory:")
    try:
        file.backup(known)
        yield PutBack(file, known)
    finally:
        file.close()
        known.close()


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    """Collect the SQL that reaches the database inside the block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def at_once(*jobs: Callable[[], Result]) -> list[Result]:
    """Run jobs in a thread each, started together; return their results in order, or raise the first error."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], Result]) -> Result:
        gate.wait(timeout=30)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, job) for job in jobs]]
