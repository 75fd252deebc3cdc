"""Replicas of the version before and of this one run at once on one PostgreSQL, through an upgrade and three weeks."""

import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.schedule import Kind
from bot.playground.seed import ANNA, JOHAN, SARA, TEAM
from storage import schema
from tests.support.accounts import assigned, open_deliveries, planned, settle_up
from tests.support.bot_process import start_bot
from tests.support.crowd import Crowd, wait_until
from tests.support.database import opened
from tests.support.old_version import OldVersion, checked_out, old_ref
from tests.support.postgres import PostgresServer
from tests.support.soaking import Artefact
from tests.support.world import FRIDAY, MONDAY, World, open_world

pytestmark = [pytest.mark.scenario, pytest.mark.postgres]
ALWAYS = (ANNA, JOHAN, SARA)
WEEKS = 3
PATIENCE = 600
SECONDS_OF_ACTING = 3
SEED = """
import sys
from datetime import datetime
from bot.demo.seed import seed_demo
from storage import Sessions, open_engine
engine = open_engine(sys.argv[1])
seed_demo(Sessions(engine), sys.argv[2], "en", datetime.fromisoformat(sys.argv[3]))
engine.dispose()
"""


def test_old_and_new_replicas_share_a_database(
    postgres_server: PostgresServer, tmp_path: Path, artefact: Artefact
) -> None:
    with (
        postgres_server.database(migrated=False) as url,
        checked_out(old_ref(), tmp_path) as old,
        open_world(url, tmp_path, seeded=False) as world,
    ):
        world.playground.limits(enabled=False)
        before = _seeded_by(old, world)
        world.bots += [old.start(world.settings, tmp_path / f"old-{number}.log") for number in (1, 2)]
        with Crowd(world.playground, artefact) as crowd:
            weeks = []
            for number in range(WEEKS):
                weeks.append(str(world.week))
                _live_until(world, crowd, FRIDAY, 13, Kind.PROMPT)
                if number == 0:
                    # The first replica of this version upgrades the schema under the feet of the old ones.
                    assert schema_of(url) != schema.HEAD
                    world.bots += [start_bot(world.settings, tmp_path) for _ in range(2)]
                _live_until(world, crowd, MONDAY, 8, Kind.REMINDER, weeks=1)
                if number == 1:
                    # And the first old one goes, as in a deployment.
                    world.bots[0].stop()
                _live_until(world, crowd, MONDAY, 10, Kind.DIGEST, weeks=1)
                crowd.rest()
                world.next_week()
        world.playground.post("/settle", seconds=20)
        with opened(url) as sessions:
            assert schema_of(url) == schema.HEAD
            wait_until(lambda: not open_deliveries(sessions, world.now()), "everything sent", seconds=PATIENCE)
        sent = {bot.log_file.name: len(bot.events("delivery_sent")) for bot in world.bots}
        world.stop_all()
        accounts = settle_up(world, crowd.ledger, weeks=weeks, always=ALWAYS, before=before)
        artefact.record("side by side", ref=old.ref, sent=sent, **accounts.figures, problems=accounts.problems)
        assert accounts.problems == []
        assert all(sent.values()), sent


def schema_of(url: str) -> str | None:
    with opened(url) as sessions:
        return schema.current(sessions.engine)


def _seeded_by(old: OldVersion, world: World) -> Counter[int]:
    """Let the old version make the database and the demo's team; return how often each hat was assigned."""
    old.python("-m", "bot.cli", "db", "upgrade", settings=world.settings)
    old.python("-c", SEED, world.database_url, TEAM, world.now().isoformat(), settings=world.settings)
    with opened(world.database_url) as sessions, sessions.engine.begin() as connection:
        connection.execute(text("UPDATE team SET hat_check = false"))
    with opened(world.database_url) as sessions:
        return assigned(sessions)


def _live_until(world: World, crowd: Crowd, weekday: int, hour: int, kind: Kind, *, weeks: int = 0) -> None:
    """Go to a time at which something is planned, and see it off; people act until then and afterwards."""
    crowd.rest()
    world.go_to(weekday, hour, 1, weeks=weeks)
    with opened(world.database_url) as sessions:
        wait_until(
            lambda: planned(sessions, kind, str(world.week)), f"{kind} of {world.week} planned", seconds=PATIENCE
        )
        wait_until(lambda: not open_deliveries(sessions, world.now()), f"{kind} of {world.week} sent", seconds=PATIENCE)
    crowd.go_on()
    time.sleep(SECONDS_OF_ACTING)
