"""Replicas are killed at random moments while Slack has troubles and people act: nothing is lost, nothing doubled."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.domain.schedule import Kind
from bot.playground.seed import ANNA, JOHAN, SARA, TEAM_CHANNEL
from storage import Sessions
from tests.scenarios.conftest import NewDatabase
from tests.support.accounts import assigned, open_deliveries, planned, settle_up
from tests.support.crowd import Crowd, wait_until
from tests.support.database import opened
from tests.support.fleet import Fleet
from tests.support.ledger import Moved
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
    (FRIDAY, 13, 0, Kind.PROMPT),
    (MONDAY, 8, 1, Kind.REMINDER),
    (MONDAY, 10, 1, Kind.DIGEST),
    (WEDNESDAY, 9, 1, None),
)
KILLS_PER_STATION = 8
# How often all connections are cut without a word just before a kill.
CUT_OFF = 0.2
# How long, at most, a kill waits when both have moved: it strikes while they are worked on, or a little later.
AFTER_MOVING = 0.6
SETTLE_ROUNDS = 20
# A busy machine sends one message in this time, in seconds.
STANDING_STILL = 3
# Between two kills; a machine may be so busy that each step takes seconds.
PATIENCE = 600


@pytest.mark.parametrize("engine", ENGINES)
def test_replicas_killed_at_random_moments_lose_and_double_nothing(
    engine: str, new_database: NewDatabase, tmp_path: Path, artefact: Artefact
) -> None:
    chance, kills = random.Random(f"{artefact.seed} {engine}"), setting("kills", 200)
    began = time.monotonic()
    with new_database(engine, tmp_path) as url, open_world(url, tmp_path) as world:
        world.playground.limits(enabled=False)
        before = _assigned(world)
        world.week = world.week.shift(-1)
        fleet = Fleet(world, REPLICAS, chance, artefact)
        try:
            fleet.fill()
            wait_until(lambda: _listens(world), "the bot listens", seconds=PATIENCE)
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
    assert crowd.ledger.moved().readings >= kills, "numbers moved at each of them"
    assert accounts.figures["hats passed on"] >= kills, "and hats"


def _listens(world: World) -> bool:
    """Let the bot answer whoever asks in the channel who has a hat."""
    return bool(world.playground.command(ANNA, TEAM_CHANNEL, "/hat listen answer")["ok"])


def _trouble(world: World, seed: int) -> None:
    world.playground.faults(
        *TROUBLES, seed=seed, latency_ms=15, hold_seconds=0.3, duplicate_events=3, disconnect_every_seconds=3
    )


def _live(world: World, fleet: Fleet, crowd: Crowd, chance: random.Random, kills: int, artefact: Artefact) -> list[str]:
    """Live weeks, with some kills at each station, until there were enough; return the weeks that were lived."""
    weeks: list[str] = []
    while fleet.counts["kills"] < kills:
        world.week = world.week.shift(1)
        for number, (weekday, hour, later, kind) in enumerate(STATIONS):
            seen = crowd.ledger.moved()
            if weeks or number:
                _wait_for_movement(crowd, seen)
            world.go_to(weekday, hour, weeks=later)
            _kill_some(world, fleet, crowd, chance)
            crowd.rest()
            if kind:
                _wait_for_plan(world, kind)
            _settle(world, fleet, artefact)
            crowd.go_on()
            artefact.say(f"{world.week} {weekday}: {dict(fleet.counts)} {dict(crowd.ledger.counts)}")
        weeks.append(str(world.week))
    return weeks


def _kill_some(world: World, fleet: Fleet, crowd: Crowd, chance: random.Random) -> None:
    """Kill again and again, the first while what has just been planned goes out, each when numbers and hats moved."""
    seen: Moved | None = None
    for _ in range(KILLS_PER_STATION):
        if seen:
            _wait_for_movement(crowd, seen)
        time.sleep(chance.uniform(0, AFTER_MOVING))
        if chance.random() < CUT_OFF:
            world.playground.post("/disconnect", hard=True)
            fleet.counts["connections cut"] += 1
        seen = crowd.ledger.moved()
        fleet.kill_someone()


def _wait_for_movement(crowd: Crowd, seen: Moved) -> None:
    """Wait until people have sent numbers, and accepted a hat, since this was seen."""

    def both() -> bool:
        now = crowd.ledger.moved()
        return now.readings > seen.readings and now.offers > seen.offers

    wait_until(both, "numbers and hats moved", seconds=PATIENCE)


def _wait_for_plan(world: World, kind: Kind) -> None:
    with opened(world.database_url) as sessions:
        wait_until(
            lambda: planned(sessions, kind, str(world.week)), f"{kind} of {world.week} planned", seconds=PATIENCE
        )


def _settle(world: World, fleet: Fleet, artefact: Artefact) -> None:
    """Let what is owed go out, before the next station makes it outdated; what stands still has to be taken over."""
    with opened(world.database_url) as sessions:
        for _ in range(SETTLE_ROUNDS):
            if not (left := _standing_still(world, sessions)):
                return
            fleet.take_over()
    artefact.say(f"{left} deliveries are still open")


def _standing_still(world: World, sessions: Sessions) -> int:
    """Wait until nothing is open, or nothing of it has moved for a while; return how much is open."""
    left, since = open_deliveries(sessions, world.now()), time.monotonic()
    while left and time.monotonic() < since + STANDING_STILL:
        time.sleep(0.05)
        if (now := open_deliveries(sessions, world.now())) != left:
            left, since = now, time.monotonic()
    return left


def _assigned(world: World) -> Counter[int]:
    with opened(world.database_url) as sessions:
        return assigned(sessions)
