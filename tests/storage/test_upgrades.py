"""A database of any age goes through every migration whole, and code of the version before still runs beside it."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from bot.domain.period import Period
from bot.services.digests.digests import preview_of
from bot.services.hats.hats import who
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.scene import Asker
from messages import catalog
from storage import Sessions, schema
from tests.support.every_table import ANNA, SLACK_ID, Columns, Rows, columns_of, every_row, found, put
from tests.support.week import MONDAY_10

WEEK: Final = "2026-W47"
# What became stricter before there was a release: nothing older runs anywhere. A new entry would be a mistake.
# 0005 numbers the messages that ask about a week, and refuses one without a number.
WITHOUT_NUMBERS: Final = ("0001", "0002", "0003", "0004")
# 0006 lets a delivery have no team.
ALWAYS_WITH_A_TEAM: Final = (*WITHOUT_NUMBERS, "0005")


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def revisions() -> list[str]:
    """Return every revision, the first one first."""
    return [one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]


def step(engine: Engine, run: Callable[..., None], revision: str) -> None:
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        run(config, revision)


def of_version(revision: str, *, numbered: bool) -> Rows:
    """Give the rows that code of a version would write."""
    rows = every_row()
    if revision in ALWAYS_WITH_A_TEAM:
        rows["delivery"] = [row for row in rows["delivery"] if row["team_id"] is not None]
    if revision in WITHOUT_NUMBERS and numbered:
        rows["delivery"] = [row for row in rows["delivery"] if row["slot"] is None]
    return rows


def test_a_database_of_the_first_version_goes_through_every_migration_whole(empty_engine: Engine) -> None:
    step(empty_engine, command.upgrade, "0001")
    with empty_engine.begin() as connection:
        tables = set(columns_of(connection)) - {"alembic_version"}
        before = put(connection, of_version("0001", numbered=False))
    assert set(before) == tables
    assert schema.upgrade(empty_engine)
    assert schema.current(empty_engine) == schema.HEAD
    with empty_engine.connect() as connection:
        assert found(connection, before) == before
    sessions = Sessions(empty_engine)
    answer = who(sessions, HatDirectory(), Asker(SLACK_ID, ANNA), "hunter", now=MONDAY_10)
    assert "Anna Åberg" in repr(answer.content)
    shown = preview_of(sessions, SLACK_ID, None, Period.parse(WEEK))
    assert "Deals" in catalog.digest_text(shown.content, language="en")


@pytest.fixture
def columns_by_version(empty_engine: Engine) -> dict[str, Columns]:
    """The tables and columns of each version before the newest; the database is at the newest afterwards."""
    known = {}
    for revision in revisions():
        step(empty_engine, command.upgrade, revision)
        with empty_engine.connect() as connection:
            known[revision] = columns_of(connection)
    del known[schema.HEAD]
    return known


def test_code_of_every_earlier_version_writes_and_reads_the_newest_schema(
    empty_engine: Engine, columns_by_version: dict[str, Columns]
) -> None:
    """Nothing is dropped or renamed, and a new column has a default: replicas are upgraded one after the other."""
    assert len(columns_by_version) == len(revisions()) - 1
    for revision, known in columns_by_version.items():
        with empty_engine.connect() as connection:
            written = put(connection, of_version(revision, numbered=True), known)
            assert set(written) == set(known) - {"alembic_version", "install", "install_state"}, revision
            assert found(connection, written) == written, revision
            connection.rollback()


def test_a_stricter_rule_for_running_code_would_be_noticed(empty_engine: Engine) -> None:
    """The one that there was: a prompt as version 0004 wrote it."""
    step(empty_engine, command.upgrade, "0004")
    with empty_engine.connect() as connection:
        known = columns_of(connection)
    schema.upgrade(empty_engine)
    with empty_engine.connect() as connection, pytest.raises(Exception, match="two_slots_for_what_asks"):
        put(connection, of_version("0004", numbered=False), known)


def test_the_newest_code_reads_what_the_version_before_wrote(
    empty_engine: Engine, columns_by_version: dict[str, Columns]
) -> None:
    before: Any = columns_by_version[revisions()[-2]]
    with empty_engine.begin() as connection:
        put(connection, of_version(revisions()[-2], numbered=True), before)
    shown = preview_of(Sessions(empty_engine), SLACK_ID, None, Period.parse(WEEK))
    assert "Deals" in catalog.digest_text(shown.content, language="sv")


def test_a_version_starts_on_the_schema_of_a_newer_one(empty_engine: Engine) -> None:
    """A replica of the version before may have to start again after the first new one has upgraded the database."""
    schema.upgrade(empty_engine)
    with empty_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not schema.upgrade(empty_engine)
    assert schema.current(empty_engine) == "9999"
