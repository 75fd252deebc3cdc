"""Fixtures for every room: databases that are fresh per test, and no way out of the machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from storage import Sessions
from tests.support.database import copy_sqlite, make_sqlite_template, opened
from tests.support.loopback import only_loopback
from tests.support.postgres import PostgresMissingError, PostgresServer, running_postgres

# How long an example takes is the machine's business; what has to be quick is measured in processor time.
hypothesis.settings.register_profile("without deadlines", deadline=None)
hypothesis.settings.load_profile("without deadlines")

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_configure(config: pytest.Config) -> None:
    """Let what failed be remembered under its own name, so that it is found again where nothing runs in groups."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(OwnNames())


class OwnNames:
    """Takes the name of a test's group, which pytest-xdist puts behind its own, off what workers report."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Change the report before anybody reads it."""
        name, _, group = report.nodeid.rpartition("@")
        if name and "]" not in group:  # what is in brackets is an example with an @
            report.nodeid = name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it when the others are done."""
    items.sort(key=lambda item: not any(item.iter_markers("scenario")) and not any(item.iter_markers("timeout")))


@pytest.fixture(scope="session", autouse=True)
def _no_outgoing_sockets() -> Iterator[None]:
    with only_loopback():
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    make_sqlite_template(file)
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """PostgreSQL of this session's own; skipped where it is not installed, unless everything must be tested."""
    try:
        with running_postgres() as server:
            yield server
    except PostgresMissingError as missing:
        if os.environ.get("HATTRICK_TEST_ALL") == "1":
            raise
        pytest.skip(str(missing))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a migrated, empty SQLite file."""
    return copy_sqlite(sqlite_template, tmp_path / "hattrick.db")


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database, for a process that opens it itself: once per engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def sessions(database_url: str) -> Iterator[Sessions]:
    """Sessions on a migrated, empty database: the test runs once per engine."""
    with opened(database_url) as ready:
        yield ready


@pytest.fixture
def sqlite_sessions(sqlite_url: str) -> Iterator[Sessions]:
    """Sessions on a migrated, empty SQLite file."""
    with opened(sqlite_url) as ready:
        yield ready


@pytest.fixture
def postgres_sessions(postgres_url: str) -> Iterator[Sessions]:
    """Sessions on a migrated, empty PostgreSQL database."""
    with opened(postgres_url) as ready:
        yield ready
