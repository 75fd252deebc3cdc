"""Two bots on one database: every message goes out once, and every command is answered once."""

from collections import Counter
from collections.abc import Iterator

import pytest

from bot.domain.schedule import Kind
from bot.playground.seed import ANNA, JOHAN, MARIA, OSKAR, SARA, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import FRIDAY, MONDAY, World, open_world

pytestmark = pytest.mark.scenario
OWNERS = (ANNA, JOHAN, SARA, OSKAR)
ENGINES = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("replicas on sqlite")),
    pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("replicas on postgres")]),
]


@pytest.fixture(scope="module", params=ENGINES)
def world(
    request: pytest.FixtureRequest, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("replicas")
    with new_database(request.param, folder) as url, open_world(url, folder) as opened:
        for _ in range(2):
            opened.start()
        opened.eventually(lambda: opened.playground.app()["sockets"] == 2)
        yield opened


def test_commands_are_answered_once_by_one_of_them(world: World) -> None:
    for number in range(12):
        came = world.playground.command(ANNA, TEAM_CHANNEL, "/hat list" if number % 2 else "/hat who libero")
        assert came["ok"]
        assert len(came["messages"]) == 1


def test_three_weeks_of_messages_go_out_once_each(world: World) -> None:
    sent: Counter[str] = Counter()
    for _ in range(3):
        world.next_week()
        for weekday, hour, weeks, expected in ((FRIDAY, 13, 0, 1), (MONDAY, 8, 1, 2)):
            world.go_to(weekday, hour, weeks=weeks)
            for owner in OWNERS:
                world.eventually(lambda owner=owner, expected=expected: len(world.told(owner)) >= expected)
        world.go_to(MONDAY, 10, weeks=1)
        world.eventually(world.posted)
        heard = {owner: len(world.told(owner)) for owner in OWNERS}
        assert heard == dict.fromkeys(OWNERS, 2)
        assert len(world.posted()) == 1
        sent.update(heard)
    owed = sum(sent.values()) + 3
    world.eventually(lambda: len(_recorded(world)) >= owed)  # a message stands there before it is recorded
    recorded = _recorded(world)
    assert len(recorded) == len(set(recorded)) == owed
    assert all(bot.events("delivery_sent") for bot in world.bots), "both took part"


def _recorded(world: World) -> list[tuple[str, str, str]]:
    """Tell what the bots say they have sent of the weekly rhythm."""
    return [
        (event["kind"], event["recipient"], event["period"])
        for bot in world.bots
        for event in bot.events("delivery_sent")
        if event["kind"] in tuple(Kind)
    ]


def test_others_take_over_what_a_lost_one_held(world: World) -> None:
    world.next_week()
    world.playground.faults({"kind": "timeout_after", "method": "chat.postMessage"}, hold_seconds=3)
    world.go_to(FRIDAY, 13)
    for owner in OWNERS:
        world.eventually(lambda owner=owner: world.told(owner))
    lost, left = world.bots[:2]
    lost.kill()
    world.playground.faults()
    world.playground.advance_clock(100)
    # To one that runs that is a clock that was set, and no reason to take anything over; one that starts knows no more.
    takers = (left, world.start())
    sent = {(owner, str(world.week)) for owner in OWNERS}

    def recorded() -> bool:
        events = [event for bot in takers for event in bot.events("delivery_sent")]
        return {(event["recipient"], event["period"]) for event in events if event["kind"] == "prompt"} >= sent

    world.eventually(recorded)
    # Anna, who was the first to write to the bot, has been greeted as well.
    asked = {owner: sum(ids.REPORT_OPEN in str(said) for said in world.told(owner)) for owner in OWNERS}
    assert asked == dict.fromkeys(OWNERS, 1)
    assert world.playground.command(ANNA, TEAM_CHANNEL, "/hat list")["ok"]


def test_a_question_is_handed_over_once(world: World) -> None:
    """The last one: nobody answers, so that somebody else is asked a week later."""
    world.next_week()
    opened = world.playground.command(MARIA, TEAM_CHANNEL, "/hat ask email-nurturing", wait=10)
    assert world.playground.submit(MARIA, {ids.ASK_INPUT: "Once?"})["ok"], opened
    world.eventually(lambda: world.told(OSKAR))
    assert len(world.told(OSKAR)) == 1
