"""Replicas are killed at random moments while Slack has troubles and people act: nothing is lost, nothing doubled."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.domain.schedule import Kind
from bot.playground.seed import ANNA, JOHAN, SARA
from tests.scenarios.conftest import NewDatabase
from tests.support.accounts import assigned, open_deliveries, planned, settle_up
from tests.support.crowd import Crowd, wait_until
from tests.support.database import opened
from tests.support.fleet import Fleet
from tests.support.soaking import Artefact, setting
from tests.support.world import FRIDAY, MONDAY, WEDNESDAY, World, open_world

pytestmark = pytest.mark.scenario
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
REPLICAS = 2
# They keep their hats, and are asked every week.
ALWAYS = (ANNA, JOHAN, SARA)
TROUBLES = (
    {"kind": "ratelimited", "rate": 0.05, "retry_after": 1},
    {"kind": "server_error", "rate": 0.05},
    {"kind": "timeout_after", "rate": 0.02},
)
# When, and what is planned then.
STATIONS = (
    (WEDNESDAY, 9, 0, None),
    (FRIDAY, 13, 0, Kind.PROMPT),
    (MONDAY, 8, 1, Kind.REMINDER),
    (MONDAY, 10, 1, Kind.DIGEST),
)
KILLS_PER_STATION = 4
SETTLE_ROUNDS = 20


@pytest.mark.parametrize("engine", ENGINES)
def test_replicas_killed_at_random_moments_lose_and_double_nothing(
    engine: str, new_database: NewDatabase, tmp_path: Path, artefact: Artefact
) -> None:
    chance, kills = random.Random(f"{artefact.seed} {engine}"), setting("kills", 200)
    began = time.monotonic()
    with new_database(engine, tmp_path) as url, open_world(url, tmp_path) as world:
        world.playground.limits(enabled=False)
        before = _assigned(world)
        fleet = Fleet(world, REPLICAS, chance, artefact)
        try:
            fleet.fill()
            _trouble(world, artefact.seed)
            with Crowd(world.playground, artefact) as crowd:
                weeks = _live(world, fleet, crowd, chance, kills, artefact)
                crowd.rest()
            world.playground.faults()
            world.playground.post("/settle", seconds=20)
            _settle(world, fleet, artefact)
        finally:
            fleet.stop()
        accounts = settle_up(world, crowd.ledger, weeks=weeks, always=ALWAYS, before=before)
    seconds = round(time.monotonic() - began, 1)
    figures = {"weeks": len(weeks), **fleet.counts, **accounts.figures, "seconds": seconds}
    artefact.record(f"kills on {engine}", **figures, problems=[*accounts.problems, *fleet.bugs])
    assert not accounts.problems
    assert not fleet.bugs
    assert fleet.counts["kills"] >= kills


def _trouble(world: World, seed: int) -> None:
    world.playground.faults(
        *TROUBLES, seed=seed, latency_ms=15, hold_seconds=0.3, duplicate_events=3, disconnect_every_seconds=3
    )


def _live(world: World, fleet: Fleet, crowd: Crowd, chance: random.Random, kills: int, artefact: Artefact) -> list[str]:
    """Live weeks, with some kills at each station, until there were enough; return the weeks that were lived."""
    weeks = []
    while fleet.counts["kills"] < kills:
        world.week = world.week.shift(1)
        for weekday, hour, later, kind in STATIONS:
            world.go_to(weekday, hour, weeks=later)
            for _ in range(KILLS_PER_STATION):
                time.sleep(chance.uniform(0, 0.8))
                fleet.kill_someone()
            crowd.rest()
            if kind:
                _wait_for_plan(world, kind)
            _settle(world, fleet, artefact)
            crowd.go_on()
        weeks.append(str(world.week))
        artefact.say(f"{world.week}: {dict(fleet.counts)} {dict(crowd.ledger.counts)}")
    return weeks


def _wait_for_plan(world: World, kind: Kind) -> None:
    with opened(world.database_url) as sessions:
        wait_until(lambda: planned(sessions, kind, str(world.week)), f"{kind} of {world.week} planned", seconds=60)


def _settle(world: World, fleet: Fleet, artefact: Artefact) -> None:
    """Let what is owed go out, before the next station makes it outdated."""
    with opened(world.database_url) as sessions:
        for round_ in range(SETTLE_ROUNDS):
            patience = time.monotonic() + 1.5 + round_
            while (left := open_deliveries(sessions, world.now())) and time.monotonic() < patience:
                time.sleep(0.05)
            if not left:
                return
            fleet.take_over()
    artefact.say(f"{left} deliveries are still open")


def _assigned(world: World) -> Counter[int]:
    with opened(world.database_url) as sessions:
        return assigned(sessions)
