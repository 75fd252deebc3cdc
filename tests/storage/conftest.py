from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import open_engine
from tests.support.database import sqlite_url
from tests.support.postgres import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, once per engine."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(migrated=False) as url:
        yield url


@pytest.fixture
def empty_engine(empty_url: str) -> Iterator[Engine]:
    """A database without any table, once per engine."""
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()
