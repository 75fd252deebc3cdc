"""A bot that ends in the middle of the week, asked to or not: nothing is sent twice, and nothing is lost."""

import time
from collections.abc import Iterator

import pytest

from bot.playground.seed import ANNA, ERIK, JOHAN, MARIA, OSKAR, SARA, TEAM_CHANNEL
from tests.scenarios.conftest import NewDatabase
from tests.support.bot_process import BotProcess
from tests.support.world import FRIDAY, MONDAY, WEDNESDAY, World, open_world, spoken

pytestmark = [pytest.mark.scenario]
OWNERS = (ANNA, JOHAN, SARA, OSKAR)
LEASE_SECONDS = 100
SQLITE = pytest.param("sqlite", marks=pytest.mark.xdist_group("restarts on sqlite"))
POSTGRES = pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("restarts on postgres")])
on_sqlite = pytest.mark.parametrize("shared_world", [SQLITE], indirect=True)
on_both = pytest.mark.parametrize("shared_world", [SQLITE, POSTGRES], indirect=True)


@pytest.fixture(scope="module")
def shared_world(
    request: pytest.FixtureRequest, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("restarts")
    with new_database(request.param, folder) as url, open_world(url, folder) as opened:
        yield opened


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    """A new week, without a bot."""
    shared_world.next_week()
    yield shared_world
    shared_world.playground.faults()
    shared_world.stop_all()


def end(bot: BotProcess, how: str) -> None:
    bot.stop() if how == "asked to" else bot.kill()


def everybody_is_prompted(world: World) -> None:
    for owner in OWNERS:
        world.eventually(lambda owner=owner: world.told(owner))


def heard(world: World) -> dict[str, int]:
    """Count what everybody has heard, once no bot runs that could say more."""
    world.stop_all()
    people = {user: len(world.told(user)) for user in (*OWNERS, ERIK, MARIA)}
    return {user: count for user, count in people.items() if count} | {"team": len(world.posted())}


@on_both
@pytest.mark.parametrize("how", ["asked to", "killed"])
def test_a_bot_that_ends_before_and_after_the_prompts_sends_each_once(world: World, how: str) -> None:
    before = world.start()
    end(before, how)
    world.go_to(FRIDAY, 13)
    during = world.start()
    everybody_is_prompted(world)
    end(during, how)
    world.playground.advance_clock(LEASE_SECONDS)
    world.start()
    world.go_to(MONDAY, 10, weeks=1)
    world.eventually(world.posted)
    # A claim whose bot was killed is looked into again after its lease; the digest does not wait for that.
    assert heard(world) == {**dict.fromkeys(OWNERS, 1), "team": 1}


@on_both
def test_a_bot_killed_while_it_sends_leaves_nothing_out_and_repeats_nothing(world: World) -> None:
    bot = world.start()
    world.playground.faults({"kind": "timeout_after", "method": "chat.postMessage"}, hold_seconds=3)
    world.go_to(FRIDAY, 13)
    everybody_is_prompted(world)
    bot.kill()
    assert not bot.events("delivery_sent"), "all were posted and none was recorded"
    world.playground.faults()
    world.playground.advance_clock(LEASE_SECONDS)  # before it starts: to a running bot that is a clock that was set
    world.start()
    world.eventually(lambda: len(world.bots[-1].events("delivery_sent")) == len(OWNERS))
    assert heard(world) == {**dict.fromkeys(OWNERS, 1), "team": 0}


@on_sqlite
def test_prompts_missed_by_an_hour_come_late_and_say_so(world: World) -> None:
    world.go_to(FRIDAY, 14)
    world.start()
    everybody_is_prompted(world)
    assert all("Sorry that I ask later than usual." in spoken(world.told(owner)) for owner in OWNERS)
    assert heard(world) == {**dict.fromkeys(OWNERS, 1), "team": 0}


@on_sqlite
def test_after_a_lost_weekend_the_digest_comes_late_and_the_prompts_do_not(world: World) -> None:
    before = world.start()
    world.go_to(FRIDAY, 12)
    before.stop()
    world.go_to(MONDAY, 11, weeks=1)
    after = world.start()
    (digest,) = world.eventually(world.posted)
    assert "Sorry, this comes later than it should." in spoken(digest)
    missed = {(event["kind"], event["recipient"]) for event in after.events("missed")}
    assert missed >= {("prompt", owner) for owner in OWNERS}
    assert heard(world) == {"team": 1}


@on_sqlite
def test_a_digest_missed_by_more_than_a_day_is_left_out_and_logged(world: World) -> None:
    world.go_to(WEDNESDAY, 8, weeks=1)
    bot = world.start()
    missed = world.eventually(lambda: [e for e in bot.events("missed") if e["period"] == str(world.week)])
    assert ("digest", TEAM_CHANNEL) in {(event["kind"], event["recipient"]) for event in missed}
    assert heard(world) == {"team": 0}


@on_sqlite
def test_a_bot_that_is_asked_to_end_while_it_sends_finishes_first(world: World) -> None:
    bot = world.start()
    world.playground.faults(latency_ms=700)
    world.go_to(FRIDAY, 13)
    world.eventually(lambda: bot.events("planned"))
    started = time.monotonic()
    bot.stop()
    assert time.monotonic() - started < 10
    sent = {event["recipient"] for event in bot.events("delivery_sent")}
    assert sent == {owner for owner in OWNERS if world.told(owner)}, "what was posted is recorded"
    world.playground.faults()
    world.start()
    everybody_is_prompted(world)
    assert heard(world) == {**dict.fromkeys(OWNERS, 1), "team": 0}
