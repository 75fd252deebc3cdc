"""'Who owns this?' in a channel is answered by the real bot process, in both languages and transports.

Also when the process that Slack told of it is killed before it has worked on it.
"""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.playground.seed import ANNA, OSKAR, TEAM_CHANNEL
from tests.scenarios.conftest import NewDatabase
from tests.support.database import opened
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
        slack.faults()
        late = asked_of_one_who_is_killed(world, question)
        world.start()
        (answer,) = world.eventually(lambda: in_thread(world, late["ts"]), seconds=60)
        assert f"<@{OSKAR}>" in spoken(answer)
        slack.post("/settle", seconds=5)
        assert told_of(world, late)["outcome"] == "acked"
        assert len(in_thread(world, late["ts"])) == 1


def asked_of_one_who_is_killed(world: World, question: str) -> Any:
    """Ask while the database takes no writes, and kill the bot that has heard of it and can do nothing about it yet."""
    bot = world.bots[-1]
    # Slack would wait for a minute, and for five: then this one has started again. Here it has after a few seconds.
    address = world.playground.app()["request_url"]
    world.playground.post("/delivery", mode=world.mode, request_url=address, retry_delays=[0.1, 6.0, 30.0])
    with opened(world.database_url) as sessions, sessions.write() as session:
        if session.connection().dialect.name == "postgresql":  # on SQLite the transaction is enough
            session.execute(text("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE"))
        late = world.playground.say(ANNA, question, channel=TEAM_CHANNEL)
        world.eventually(lambda: told_of(world, late)["attempts"])
        # As long as one would need that acknowledges first.
        with pytest.raises(AssertionError, match="nothing came"):
            world.eventually(lambda: told_of(world, late)["outcome"] == "acked", seconds=1)
        bot.kill()
        session.rollback()
    return late


def told_of(world: World, message: Any) -> Any:
    """How the event that tells of a message was received."""
    told = world.playground.deliveries("events_api")
    return next(one for one in told if one["payload"]["event"].get("ts") == message["ts"])
