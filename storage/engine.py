"""Opening the database: SQLite in WAL by default, PostgreSQL for several replicas."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from storage.turns import Turns

BUSY_TIMEOUT_MS = 15_000
BEGIN = "hattrick_begin"


class DatabaseUnreachableError(ConnectionError):
    """There is no database at that address; the text is a sentence for the person who set it."""


def open_engine(url: str, *, pool_size: int = 20) -> Engine:
    """Connect lazily to `url` (SQLAlchemy's form; plain `postgresql://` uses psycopg 3).

    No error tells what a statement was about to store: it gets into the log, and what people wrote must not.

    Raises:
        DatabaseUnreachableError: The address is not one.
    """
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith("sqlite"):
        return _open_sqlite(url, pool_size)
    try:
        return create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnreachableError(
            "HATTRICK_DATABASE_URL is not a database's address, such as sqlite:///hattrick.db."
        ) from error


def _open_sqlite(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below: the driver would only do so late
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "synchronous=NORMAL",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock at once. One that read first and wrote later could be refused without waiting.
        connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))

    return engine


class Sessions:
    """Where sessions come from: `read()` for looking, `write()` for one transaction that commits or leaves no trace."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})
        # SQLite takes one writer at a time; PostgreSQL takes many.
        self._turns: AbstractContextManager[object] = Turns() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session whose work is thrown away."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits when the block ends well and rolls back when it raises."""
        with self._turns, Session(self._writing, expire_on_commit=False) as session:
            yield session
            session.commit()

    def answers(self) -> bool:
        """Tell whether the database can be reached."""
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        except (OperationalError, NoneFree):
            return False
        return True

    def take_stock(self) -> None:
        """Let PostgreSQL count what is in its tables, where many rows came at once; SQLite plans without that.

        By itself it does so within a minute or two, and may plan as if the tables were empty until then: a query can
        take a thousand times as long.
        """
        if self.engine.dialect.name == "postgresql":
            with self.engine.begin() as connection:
                connection.exec_driver_sql("ANALYZE")

    def in_use(self) -> int:
        """Return how many connections of the pool are in use."""
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
