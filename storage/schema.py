"""The schema's version: whether the database is as this code expects it, and how to bring it there."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from storage.engine import DatabaseUnreachableError

HEAD = "0010"
_LOCK = 4_281_973  # any number, the same in all replicas


def current(engine: Engine) -> str | None:
    """Return the revision that the database is at; None for an empty one."""
    with engine.connect() as connection:
        return _revision(connection)


def upgrade(engine: Engine) -> bool:
    """Bring the database to `HEAD`; return whether anything changed. Safe with several replicas starting at once.

    Raises:
        DatabaseUnreachableError: It does not answer, or is not a database.
    """
    try:
        revision = current(engine)
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise DatabaseUnreachableError(
            f"The database does not answer ({reason}). See HATTRICK_DATABASE_URL."
        ) from error
    # A newer version may have been here: migrations only add, so this one goes on running, and starts again, beside it.
    if revision is not None and revision >= HEAD:
        return False
    # Alembic is only imported when there is something to do: it would cost every start a fifth of a second.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    with engine.connect() as connection, _alone(connection):
        if (_revision(connection) or "") >= HEAD:
            return False
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "sqlite":
        # One transaction around all of it; a second starter waits for it and then finds nothing to do.
        connection.rollback()
        with _copying(connection):
            connection = connection.execution_options(hattrick_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield
                _all_refer_to_something(connection)
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    yield
    connection.commit()


@contextmanager
def _copying(connection: Connection) -> Iterator[None]:
    """Let SQLite's tables be copied although others refer to them (its documentation, ALTER TABLE, section 7).

    Otherwise dropping the old table would delete its rows first, and what refers to them forbids that.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # has no effect within a transaction, so SQLAlchemy must not begin one
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _all_refer_to_something(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"after the upgrade a row of {broken[0]} would refer to nothing in {broken[2]}")
