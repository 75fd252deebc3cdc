"""Values from programs, with the real bot process: a token made in Slack, a POST, a sheet that fails and mends."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.playground.seed import ANNA, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.bot_process import BotProcess, start_bot
from tests.support.sources import SourceServer, a_source_server
from tests.support.world import MONDAY, World, open_world, spoken

pytestmark = pytest.mark.scenario
POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("programs on postgres"))
PLACES = [
    pytest.param("http", "en", "sqlite", marks=pytest.mark.xdist_group("programs on sqlite")),
    pytest.param("socket", "sv", "postgres", marks=POSTGRES),
]
TOKEN = re.compile(r"hat_[A-Za-z0-9_-]{43}")
SAID = {
    "en": {"tokens": "tokens", "source": "source visits", "fails": "can't read", "works": "again", "pulled": "4,444"},
    "sv": {
        "tokens": "nycklar",
        "source": "källa visits",
        "fails": "kan inte läsa",
        "works": "igen",
        "pulled": "4\u00a0444",
    },
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Path, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with (
        new_database(engine, tmp_path) as url,
        open_world(url, tmp_path, language=language, mode=mode) as opened,
    ):
        yield opened


def started(world: World, **settings: str) -> BotProcess:
    """Start a bot that has an address."""
    bot = start_bot(world.settings | settings, world.folder, mode=world.mode, api=True)
    world.bots.append(bot)
    if world.mode == "http":
        world.playground.deliver_to(f"{bot.address}/slack/events", retry_delays=[0.1, 0.5])
    return bot


def shown_to_anna(world: World) -> list[Any]:
    return [m for m in world.playground.messages(TEAM_CHANNEL) if m.get("ephemeral_to") == ANNA]


def a_token(world: World) -> str:
    """Make a token as an admin does."""
    slack = world.playground
    slack.command(ANNA, TEAM_CHANNEL, f"/hat {SAID[world.language]['tokens']}", wait=2)
    (listed,) = world.eventually(lambda: shown_to_anna(world))
    slack.click(ANNA, ids.TOKEN_NEW, channel=listed["channel"], message_ts=listed["ts"], wait=15)
    made = slack.submit(ANNA, {"form_name": "CRM"}, wait=15)["view"]
    (token,) = TOKEN.findall(spoken(made))
    return str(token)


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_what_a_program_sends_stands_in_the_digest(world: World) -> None:
    bot = started(world)
    token = a_token(world)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "week-48"}
    week = str(world.week)
    rows = [{"kpi": "visits", "week": week, "value": 4321, "note": "CRM"}, {"kpi": "leads", "week": week, "value": 99}]
    with httpx.Client(base_url=bot.address, trust_env=False) as program:
        first = program.post("/api/v1/readings", json=rows, headers=headers)
        again = program.post("/api/v1/readings", json=rows, headers=headers)
        assert (first.status_code, again.status_code) == (200, 200), first.text
        assert first.json() == again.json()
        refused = program.post("/api/v1/readings", json=rows, headers={"Authorization": f"Bearer {token[:-2]}xx"})
        assert refused.status_code == 401
        assert program.get("/api/docs").status_code == 200
        world.go_to(MONDAY, 10, weeks=1)
        digest = world.eventually(world.posted)
        assert "4,321" in spoken(digest) or "4\u00a0321" in spoken(digest)
        world.hattrick("token", "revoke", token[:10])
        assert program.get("/api/v1/kpis", headers=headers).status_code == 401
    assert token not in bot.log()
    exported = world.hattrick("export")
    assert exported.returncode == 0, exported.stderr
    assert token[10:] not in exported.stdout


@pytest.fixture
def sheet() -> Iterator[SourceServer]:
    with a_source_server() as server:
        yield server


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_a_source_is_read_and_its_owner_hears_once_that_it_fails_and_once_that_it_works(
    world: World, sheet: SourceServer
) -> None:
    said, slack = SAID[world.language], world.playground
    for _ in range(2):  # replicas share what is due
        bot = started(world, HATTRICK_SOURCE_ALLOW=f"127.0.0.1:{sheet.port}")
    address = sheet.shows("/weeks.csv", f"week,visits\n{world.week},4444\n")
    assert slack.command(ANNA, TEAM_CHANNEL, f"/hat {said['source']}", wait=15)["view"]
    slack.submit(ANNA, {"form_address": address, "form_expression": "visits"}, wait=15)
    world.eventually(lambda: (slack.modal(ANNA) or {}).get("callback_id") == ids.SOURCE_SAVE)
    assert said["pulled"] in spoken(slack.modal(ANNA))
    slack.submit(ANNA, {}, wait=15)
    world.eventually(lambda: bots_pulled(world) == 1)
    asked = len(sheet.asked)
    assert asked == 2, "once to try it, once to pull it"

    sheet.shows("/weeks.csv", "", status=404)
    slack.move_clock(world.at(4, 11, 1))  # two hours before the prompt
    world.eventually(lambda: about_the_sheet(world, said["fails"]))
    slack.advance_clock(timedelta(minutes=6).total_seconds())
    world.eventually(lambda: len(sheet.asked) >= asked + 2)
    sheet.shows("/weeks.csv", f"week,visits\n{world.week},4444\n")
    slack.advance_clock(timedelta(minutes=12).total_seconds())
    world.eventually(lambda: about_the_sheet(world, said["works"]))
    slack.post("/settle", seconds=5)
    assert len(about_the_sheet(world, said["fails"])) == 1
    assert len(about_the_sheet(world, said["works"])) == 1
    assert bot.events("source_crashed") == []


def bots_pulled(world: World) -> int:
    return sum(len(bot.events("source_pulled")) for bot in world.bots)


def about_the_sheet(world: World, words: str) -> list[Any]:
    return [m for m in world.told(ANNA) if "127.0.0.1" in spoken(m) and words in spoken(m)]
