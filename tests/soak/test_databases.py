"""A database that restarts, and a disk that is full: the bots go on by themselves, and nothing is lost or doubled."""

import random
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.domain.schedule import Kind
from bot.playground.seed import ANNA, JOHAN, MARIA, OSKAR, SARA, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.accounts import assigned, open_deliveries, planned, settle_up
from tests.support.bot_process import STOP_SECONDS, BotProcess
from tests.support.crowd import Crowd, Ledger, wait_until
from tests.support.database import opened
from tests.support.postgres import PostgresServer
from tests.support.soaking import Artefact, setting
from tests.support.world import FRIDAY, MONDAY, World, open_world, spoken

pytestmark = pytest.mark.scenario
ALWAYS = (ANNA, JOHAN, SARA)
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
# When, and what is planned then.
STATIONS = ((FRIDAY, 13, 0, Kind.PROMPT), (MONDAY, 8, 1, Kind.REMINDER), (MONDAY, 10, 1, Kind.DIGEST))
SMALL_FILE = 64 * 1024
# Claims that could not be recorded are left for as long as a worker may need, in real time; longer if it is busy.
LEASE_SECONDS = 600
SORRY = "Something went wrong on my side, and nothing was changed."


@pytest.mark.postgres
def test_a_database_that_restarts_loses_nothing_and_needs_no_restart_of_the_bots(
    new_database: NewDatabase, postgres_server: PostgresServer, tmp_path: Path, artefact: Artefact
) -> None:
    chance, restarts = random.Random(f"{artefact.seed} restarts"), setting("restarts", 12)
    with new_database("postgres", tmp_path) as url, open_world(url, tmp_path) as world:
        world.playground.limits(enabled=False)
        with opened(url) as sessions:
            before = assigned(sessions)
        for _ in range(2):
            world.start()
        world.playground.faults(latency_ms=40, duplicate_events=3)
        world.week = world.week.shift(1)
        with Crowd(world.playground, artefact) as crowd:
            for weekday, hour, later, kind in STATIONS:
                world.go_to(weekday, hour, weeks=later)
                for _ in range(restarts // 3):
                    time.sleep(chance.uniform(0, 1.5))
                    postgres_server.stop()
                    time.sleep(chance.uniform(0, 1.5))
                    postgres_server.start()
                crowd.rest()
                wait_until(lambda kind=kind: _is_planned(world, kind), "the week planned", seconds=LEASE_SECONDS)
                _everything_goes_out(world)
                crowd.go_on()
        processes = [bot.process.poll() for bot in world.bots]
        _end(world.bots)
        accounts = settle_up(world, crowd.ledger, weeks=[str(world.week)], always=ALWAYS, before=before)
    artefact.record("database restarts", restarts=restarts, **accounts.figures, problems=accounts.problems)
    assert not accounts.problems
    assert processes == [None, None], "the same two went on"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_full_disk_is_told_kindly_and_forgotten_when_there_is_room_again(
    engine: str, new_database: NewDatabase, request: pytest.FixtureRequest, tmp_path: Path, artefact: Artefact
) -> None:
    with new_database(engine, tmp_path) as url, open_world(url, tmp_path) as world:
        with opened(url) as sessions:
            before = assigned(sessions)
        bot = world.start()
        world.week = world.week.shift(1)
        with _no_room(bot) if engine == "sqlite" else request.getfixturevalue("postgres_server").full_disk(url):
            refused = _asks_until_refused(world)
            assert SORRY in refused
            bot.wait_for("listener_crashed")
            world.go_to(FRIDAY, 13)
            bot.wait_for("tick_failed")
            wait_until(lambda: _who_looks(world), "who looks is answered", seconds=LEASE_SECONDS)
        _everything_goes_out(world)
        text = _asks_until_taken(world)
        world.eventually(lambda: text in spoken(world.told(OSKAR)), seconds=LEASE_SECONDS)
        for hour in (8, 10):
            world.go_to(MONDAY, hour, weeks=1)
            world.eventually(lambda: _is_planned(world, Kind.REMINDER), seconds=LEASE_SECONDS)
            _everything_goes_out(world)
        world.eventually(world.posted, seconds=LEASE_SECONDS)
        _end(world.bots)
        accounts = settle_up(world, Ledger(), weeks=[str(world.week)], always=ALWAYS, before=before)
    artefact.record(f"full disk on {engine}", **accounts.figures, problems=accounts.problems)
    assert not accounts.problems


@contextmanager
def _no_room(bot: BotProcess) -> Iterator[None]:
    """Let no file of the bot's grow."""
    before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (SMALL_FILE, before[1]))
    try:
        yield
    finally:
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)


def _asks(world: World, text: str) -> str:
    """Let Maria ask Oskar something; return what she reads of the bot's, nothing where Slack has given up on it."""
    came = world.playground.command(MARIA, TEAM_CHANNEL, "/hat ask email-nurturing", wait=10)
    if came["ok"] and came["view"]:
        came = world.playground.submit(MARIA, {ids.ASK_INPUT: text}, wait=10)
    return spoken(came["messages"], came["view"] or {}) if came["ok"] else ""


def _asks_until_refused(world: World) -> str:
    """Ask on: what the database has room for in files that it has already is stored."""
    for number in range(100):
        said = _asks(world, f"Question {number}?")
        if said and f"Question {number}?" not in said:
            return said
    raise AssertionError("there was always room")


def _asks_until_taken(world: World) -> str:
    """Ask until a question was taken; return its words."""
    for number in range(10):
        text = f"Is there room again, {number}?"
        said = _asks(world, text)
        assert SORRY not in said
        if text in said:
            return text
    raise AssertionError("no question was taken")


def _who_looks(world: World) -> bool:
    return bool(world.playground.command(ANNA, TEAM_CHANNEL, "/hat who libero")["ok"])


def _is_planned(world: World, kind: Kind) -> bool:
    with opened(world.database_url) as sessions:
        return planned(sessions, kind, str(world.week))


def _everything_goes_out(world: World) -> None:
    wait_until(lambda: _is_planned(world, Kind.PROMPT), "prompts planned", seconds=LEASE_SECONDS)
    with opened(world.database_url) as sessions:
        wait_until(lambda: not open_deliveries(sessions, world.now()), "everything sent", seconds=LEASE_SECONDS)


def _end(bots: list[BotProcess]) -> None:
    """End bots whose logs tell, rightly, of a database that was away."""
    for bot in bots:
        bot.process.terminate()
        assert bot.process.wait(timeout=STOP_SECONDS) == 0
