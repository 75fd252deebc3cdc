import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, inspect, text

from storage import open_engine, schema
from storage.tables import metadata
from tests.support.database import at_once

UPGRADE = """
import sys
from storage import open_engine, schema
engine = open_engine(sys.argv[1])
print(schema.upgrade(engine))
engine.dispose()
"""


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def run(engine: Engine, step: Callable[..., None], revision: str) -> None:
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        step(config, revision)


def described(engine: Engine) -> dict[str, dict[str, list[str]]]:
    """Return the names of all that a database holds, by table."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": sorted(column["name"] for column in inspector.get_columns(table)),
            "checks": sorted(str(check["name"]) for check in inspector.get_check_constraints(table)),
            "foreign keys": sorted(str(key["name"]) for key in inspector.get_foreign_keys(table)),
            "unique": sorted(str(rule["name"]) for rule in inspector.get_unique_constraints(table)),
            "indexes": sorted(str(index["name"]) for index in inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
    }


def triggers(engine: Engine) -> set[str]:
    queries = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        return set(connection.execute(text(queries[engine.dialect.name])).scalars())


def test_the_migrations_lead_to_the_tables_that_the_code_knows(empty_engine: Engine) -> None:
    assert schema.upgrade(empty_engine)
    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_lead_to_the_same_checks_too(empty_engine: Engine) -> None:
    """Alembic's comparison does not look at CHECK constraints."""
    schema.upgrade(empty_engine)
    migrated = {
        (table, str(check["name"]), words(check["sqltext"]))
        for table in metadata.tables
        for check in inspect(empty_engine).get_check_constraints(table)
    }
    run(empty_engine, command.downgrade, "base")
    with empty_engine.begin() as connection:
        metadata.create_all(connection)
    declared = {
        (table, str(check["name"]), words(check["sqltext"]))
        for table in metadata.tables
        for check in inspect(empty_engine).get_check_constraints(table)
    }
    assert migrated == declared
    in_code = sum(isinstance(rule, CheckConstraint) for table in metadata.tables.values() for rule in table.constraints)
    assert len(migrated) == in_code


def words(condition: Any) -> str:
    return " ".join(str(condition).split())


def test_the_way_back_leaves_nothing_and_the_way_up_again_is_the_same(empty_engine: Engine) -> None:
    schema.upgrade(empty_engine)
    before, guards = described(empty_engine), triggers(empty_engine)
    assert guards
    run(empty_engine, command.downgrade, "base")
    assert set(described(empty_engine)) == {"alembic_version"}
    assert triggers(empty_engine) == set()
    assert schema.current(empty_engine) is None
    assert schema.upgrade(empty_engine)
    assert described(empty_engine) == before
    assert triggers(empty_engine) == guards


def test_the_code_expects_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [schema.HEAD]


def test_an_upgrade_says_whether_it_did_anything(empty_engine: Engine) -> None:
    assert schema.current(empty_engine) is None
    assert schema.upgrade(empty_engine)
    assert schema.current(empty_engine) == schema.HEAD
    assert not schema.upgrade(empty_engine)


def test_eight_threads_may_upgrade_at_once(empty_url: str) -> None:
    engines = [open_engine(empty_url) for _ in range(8)]
    try:
        assert sorted(at_once(*(partial(schema.upgrade, engine) for engine in engines))) == [False] * 7 + [True]
        assert schema.current(engines[0]) == schema.HEAD
    finally:
        for engine in engines:
            engine.dispose()


def test_four_replicas_may_start_at_once_on_an_empty_database(empty_url: str) -> None:
    replicas = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADE, empty_url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    answers = [replica.communicate(timeout=60) for replica in replicas]
    assert [replica.returncode for replica in replicas] == [0] * 4, answers
    assert sorted(out.strip() for out, _ in answers) == ["False"] * 3 + ["True"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_failed_upgrade_can_be_repeated(empty_engine: Engine, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Whatever a revision did before it failed is rolled back with it."""
    upgrade = command.upgrade

    def failing(config: Config, revision: str) -> None:
        if moment == "after":
            upgrade(config, revision)
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", failing)
        with pytest.raises(RuntimeError, match="disk is full"):
            schema.upgrade(empty_engine)
    assert schema.current(empty_engine) is None
    assert inspect(empty_engine).get_table_names() == []
    assert schema.upgrade(empty_engine)
