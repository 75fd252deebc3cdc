"""Databases that a whole module shares, because a bot process lives in them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.support.database import copy_sqlite
from tests.support.postgres import PostgresServer

NewDatabase = Callable[[str, Path], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    """Make a migrated, empty database of an engine, given a folder to put a SQLite file into."""

    @contextmanager
    def made(engine: str, folder: Path) -> Iterator[str]:
        if engine == "sqlite":
            yield copy_sqlite(request.getfixturevalue("sqlite_template"), folder / "hattrick.db")
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            with server.database() as url:
                yield url

    return made
