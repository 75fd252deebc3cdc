"""What people type without having read a manual, and bots that nobody has set up yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground.seed import ANNA, ERIK, GENERAL, GRACE, GUEST, MARKETING, OSKAR, OTHER_BOT, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import World, buttons, open_world, spoken

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("bad input")]


@pytest.fixture(scope="module")
def world(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("bad-input")
    with new_database("sqlite", folder) as url, open_world(url, folder, mode="http") as opened:
        opened.start()
        yield opened


def answer(world: World, user: str, text: str, *, channel: str = TEAM_CHANNEL) -> str:
    came = world.playground.command(user, channel, text, wait=5)
    assert came["ok"], came
    (said,) = came["messages"]
    assert said["ephemeral_to"] == user
    return spoken(said)


ODD = [
    "/hat who",
    "/hat who   ",
    "/hat WHO Email-Nurturing",
    "/hat who 🎩🎩🎩",
    "/hat who <!channel> & <script>",
    "/hat who ' OR 1=1 --",
    "/hat who %s %(x)s {{ 7 * 7 }}",
    "/hat who \x00\x07",
    "/hat " + "very long words " * 400,
    "/hat who " + "x" * 3900,
    "/hat who *bold* _and_ `code`",
    "/hat \u202eevil\u202c",
    "/hat of",
    "/hat of nobody",
    "/hat of <@U0NOSUCHONE>",
    "/hat of @anna @erik",
    "/hat of <#C0HATTRICK|team-hattrick>",
    "/hat list everything please",
    "/hat 12345",
    "/hat email-nurturing",
]


@pytest.mark.parametrize("text", ODD, ids=[text[:24].encode("unicode_escape").decode() for text in ODD])
def test_odd_texts_get_a_sentence(world: World, text: str) -> None:
    said = answer(world, ANNA, text)
    assert said.strip()
    assert "Something went wrong" not in said
    assert "<!channel>" not in said
    assert "49" not in said


def test_what_was_typed_is_told_back_harmlessly(world: World) -> None:
    assert "“&lt;!channel&gt;" in answer(world, ANNA, "/hat who <!channel> qqq").replace("\u200b", "")


def test_an_unknown_hat_is_offered_the_nearest_or_the_list(world: World) -> None:
    assert "`/hat list`" in answer(world, ANNA, "/hat who curling")


def test_who_has_several_names_is_shown_by_a_mention_or_refused_kindly(world: World) -> None:
    assert "`/hat list` shows who is." in answer(world, ANNA, "/hat of nobody")
    assert "owns no hat" in answer(world, ANNA, f"/hat of <@{OTHER_BOT}>")


def test_a_guest_and_a_member_of_no_team_can_ask_who_owns_what(world: World) -> None:
    for stranger, channel in ((GUEST, MARKETING), (GRACE, GENERAL)):
        assert f"<@{OSKAR}>" in answer(world, stranger, "/hat who email-nurturing", channel=channel)
        assert "You own no hat" in answer(world, stranger, "/hat", channel=channel)
        opened = world.playground.command(stranger, channel, "/hat report", wait=10)
        assert "You have nothing to report" in spoken(opened["view"])


def test_an_owner_who_asks_themselves_is_told_so(world: World) -> None:
    opened = world.playground.command(OSKAR, TEAM_CHANNEL, "/hat ask email-nurturing", wait=10)
    assert "This hat is yours" in spoken(opened["view"])


def test_an_empty_question_stays_in_the_modal(world: World) -> None:
    world.playground.command(ERIK, TEAM_CHANNEL, "/hat ask email-nurturing", wait=10)
    assert world.playground.submit(ERIK, {})["errors"]
    blank = world.playground.submit(ERIK, {ids.ASK_INPUT: "   "})
    assert "Write your question first" in spoken(blank["view"])
    assert not world.told(OSKAR)


def test_a_form_without_numbers_is_told_so(world: World) -> None:
    opened = world.playground.command(ANNA, TEAM_CHANNEL, "/hat report", wait=10)["view"]
    (field,) = (b["block_id"] for b in opened["blocks"] if b["type"] == "input")
    emptied = world.playground.submit(ANNA, {field: ""})
    assert "No number was filled in." in spoken(emptied["view"])


@pytest.mark.parametrize(
    ("number", "told"),
    [("-5", "can't be below zero"), ("3.5", "whole numbers"), ("1e99", "can't read"), ("9" * 40, "larger")],
)
def test_a_number_that_cannot_be_is_marked_at_its_field(world: World, number: str, told: str) -> None:
    opened = world.playground.command(ANNA, TEAM_CHANNEL, "/hat report", wait=10)["view"]
    (field,) = (b["block_id"] for b in opened["blocks"] if b["type"] == "input")
    assert told in world.playground.submit(ANNA, {field: number})["errors"][field]


def test_somebody_elses_form_is_not_taken(world: World) -> None:
    world.playground.command(ANNA, TEAM_CHANNEL, "/hat report", wait=10)
    applied = world.hattrick("team", "apply", str(file_without_anna(world)))
    assert applied.returncode == 0, applied.stderr
    refused = world.playground.submit(ANNA, {ids.KPI_INPUT: "4000"})
    assert "nothing to report" in spoken(refused["view"])
    assert world.hattrick("team", "apply", str(world.team_file())).returncode == 0


def file_without_anna(world: World) -> Path:
    file = world.team_file()
    text = file.read_text(encoding="utf-8").replace(f"owner: {ANNA}", "owner: null")
    file.write_text(text, encoding="utf-8")
    return file


def test_where_there_is_no_team_every_door_says_how_to_go_on(new_database: NewDatabase, tmp_path: Any) -> None:
    with new_database("sqlite", tmp_path) as url, open_world(url, tmp_path, seeded=False) as fresh:
        fresh.start()
        for text in ("/hat", "/hat who hunter", "/hat list", "/hat of @erik"):
            assert "no team here yet" in answer(fresh, ANNA, text)
        assert "who owns which hat" in answer(fresh, ANNA, "/hat help")
        for text in ("/hat report", "/hat ask hunter"):
            assert "no team here yet" in spoken(fresh.playground.command(ANNA, TEAM_CHANNEL, text, wait=10)["view"])
        assert "no team here yet" in spoken(fresh.playground.open_home(ANNA, wait=10))
        applied = fresh.hattrick("team", "apply", str(fresh.team_file()))
        assert applied.returncode == 0, applied.stderr
        assert f"<@{OSKAR}>" in answer(fresh, ANNA, "/hat who email-nurturing"), "the bot knows the team at once"
        card = fresh.playground.command(ANNA, TEAM_CHANNEL, "/hat who email-nurturing")["messages"][0]
        assert buttons(card)
