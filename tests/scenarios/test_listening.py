"""'Who owns this?' in a channel is answered by the real bot process, in both languages and transports."""

from pathlib import Path
from typing import Any

import pytest

from bot.playground.seed import ANNA, OSKAR, TEAM_CHANNEL
from tests.scenarios.conftest import NewDatabase
from tests.support.world import World, open_world, spoken

pytestmark = pytest.mark.scenario

SAID = {
    "en": ("listen answer", "who owns the newsletter?", "who owns a car?"),
    "sv": ("lyssna svara", "vem har hand om nyhetsbrevet?", "vem äger en bil?"),
}


def in_thread(world: World, ts: str) -> list[Any]:
    """What the bot said under a message."""
    told = world.playground.messages(TEAM_CHANNEL)
    return [one for one in told if one.get("thread_ts") == ts and one["ts"] != ts]


@pytest.mark.parametrize(("mode", "language", "engine"), [("socket", "en", "sqlite"), ("http", "sv", "postgres")])
def test_a_question_in_the_channel_reaches_the_owner(
    tmp_path: Path, new_database: NewDatabase, mode: Any, language: Any, engine: str
) -> None:
    listen, question, near_miss = SAID[language]
    with (
        new_database(engine, tmp_path) as url,
        open_world(url, tmp_path, language=language, mode=mode) as world,
    ):
        world.start()
        slack = world.playground
        slack.faults(duplicate_events=3)
        slack.command(ANNA, TEAM_CHANNEL, f"/hat {listen}")
        silent = slack.say(ANNA, near_miss, channel=TEAM_CHANNEL)
        asked = slack.say(ANNA, question, channel=TEAM_CHANNEL)
        (answer,) = world.eventually(lambda: in_thread(world, asked["ts"]))
        assert f"<@{OSKAR}>" in spoken(answer)
        slack.post("/settle", seconds=5)
        assert len(in_thread(world, asked["ts"])) == 1, "three deliveries of the event have one effect"
        assert in_thread(world, silent["ts"]) == []
