"""When Slack has troubles of its own: every message still goes out exactly once, and commands are answered."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.playground.seed import ANNA, JOHAN, MARIA, OSKAR, SARA, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import FRIDAY, MONDAY, World, fields, open_world, spoken

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("faults")]
OWNERS = (ANNA, JOHAN, SARA, OSKAR)
POST = "chat.postMessage"


@pytest.fixture(scope="module")
def shared_world(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("faults")
    with new_database("sqlite", folder) as url, open_world(url, folder) as opened:
        opened.start()
        yield opened


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    """A new week, with a bot."""
    shared_world.next_week()
    yield shared_world
    shared_world.playground.faults()


def everybody_is_recorded(world: World, kind: str = "prompt") -> bool:
    """Whether the bot knows of everybody that their message is there."""
    sent = [
        event["recipient"]
        for event in world.bots[-1].events("delivery_sent")
        if event["period"] == str(world.week) and event["kind"] == kind
    ]
    assert len(sent) == len(set(sent))
    return set(sent) == set(OWNERS)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"kind": "server_error", "times": 3}, id="Slack answers 500"),
        pytest.param({"kind": "ratelimited", "times": 3, "retry_after": 2}, id="Slack throttles"),
        pytest.param({"kind": "timeout_before", "times": 3}, id="Slack is late and has posted nothing"),
        pytest.param({"kind": "timeout_after", "times": 3}, id="Slack is late and has posted"),
        pytest.param({"kind": "error", "error": "fatal_error", "times": 3}, id="Slack says that it failed"),
    ],
)
def test_every_prompt_comes_once_although(world: World, trouble: dict[str, Any]) -> None:
    world.playground.faults({"method": POST, **trouble}, hold_seconds=0.2)
    world.go_to(FRIDAY, 13)
    assert world.playground.command(ANNA, TEAM_CHANNEL, "/hat list")["ok"], "commands are answered meanwhile"
    world.eventually(lambda: everybody_is_recorded(world))
    assert {owner: len(world.told(owner)) for owner in OWNERS} == dict.fromkeys(OWNERS, 1)


def test_a_call_that_is_given_up_after_slack_posted_is_not_repeated(world: World) -> None:
    world.playground.faults({"kind": "timeout_after", "method": POST, "times": 1}, hold_seconds=12)
    world.go_to(FRIDAY, 13)
    world.eventually(lambda: everybody_is_recorded(world), seconds=30)
    assert {owner: len(world.told(owner)) for owner in OWNERS} == dict.fromkeys(OWNERS, 1)


def test_a_digest_comes_once_in_older_blocks_where_slack_does_not_know_the_new_ones(world: World) -> None:
    new = ["data_table", "data_visualization"]
    world.playground.faults(reject_block_types=new)
    world.go_to(FRIDAY, 13)
    world.eventually(lambda: everybody_is_recorded(world))
    prompt = world.told(SARA)[0]
    where = {"channel": prompt["channel"], "message_ts": prompt["ts"]}
    form = world.playground.click(SARA, ids.REPORT_OPEN, **where, wait=10)["view"]
    *_, closed = fields(form).values()
    assert world.playground.submit(SARA, {closed["block_id"]: "11"})["ok"]
    world.go_to(MONDAY, 10, weeks=1)
    (digest,) = world.eventually(world.posted)
    kinds = {b["type"] for b in digest["blocks"]}
    assert kinds.isdisjoint(new)
    assert "Closed deals: 11" in spoken(digest).replace("*", "")
    assert all(word in spoken(digest) for word in ("Sara", "target 9", "Still to come", "Anna", "Johan", "Oskar"))
    calls = [c for c in world.playground.calls(POST) if c["args"].get("channel") == TEAM_CHANNEL]
    assert [c["error"] for c in calls[-2:]] == ["invalid_blocks", ""]


@pytest.mark.parametrize("hard", [False, True], ids=["asked to reconnect", "cut off"])
def test_commands_are_answered_again_at_once_when_the_connection_was(world: World, *, hard: bool) -> None:
    failures = []
    for _ in range(3):
        assert world.playground.post("/disconnect", hard=hard)["connections"] >= 1
        lost = time.monotonic()
        while not world.playground.command(ANNA, TEAM_CHANNEL, "/hat who libero")["ok"]:
            failures.append(time.monotonic() - lost)
            time.sleep(0.05)
        for _ in range(5):
            assert world.playground.command(MARIA, TEAM_CHANNEL, "/hat list")["ok"]
    assert max(failures, default=0) < 3


def test_events_that_come_three_times_change_things_once(world: World) -> None:
    world.playground.faults(duplicate_events=3)
    world.playground.act("change_user", MARIA, changes={"locale": "sv-SE"})

    def swedish() -> bool:
        return "Lista" in spoken(mine()) or "Du bär" in spoken(mine())

    def mine() -> Any:
        return world.playground.command(MARIA, TEAM_CHANNEL, "/hat mine")["messages"]

    world.eventually(swedish)
    assert world.playground.open_home(OSKAR, wait=10)
    world.playground.post("/settle", seconds=5)
    assert not world.told(OSKAR)
    assert not world.told(MARIA)
    assert not world.posted()
    world.playground.act("change_user", MARIA, changes={"locale": "en-US"})
    world.eventually(lambda: "You wear" in spoken(mine()))


def test_a_modal_that_was_open_while_the_connection_was_renewed_is_taken(world: World) -> None:
    # The last of this world's tests: in the weeks after it the question would be reminded of, and passed on.
    world.playground.command(MARIA, TEAM_CHANNEL, "/hat ask email-nurturing", wait=10)
    world.playground.post("/disconnect")
    world.eventually(lambda: world.playground.command(ANNA, TEAM_CHANNEL, "/hat list")["ok"])
    assert world.playground.submit(MARIA, {ids.ASK_INPUT: "Still here?"})["ok"]
    world.eventually(lambda: world.told(OSKAR))
    assert len(world.told(OSKAR)) == 1
