"""From an empty workspace to a team with a hat, a KPI and an owner, in Slack alone, with the real bot process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.playground.seed import ANNA, ERIK, GUEST, MARKETING, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import FRIDAY, World, buttons, fields, open_world, spoken

pytestmark = pytest.mark.scenario
POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("first hour on postgres"))
PLACES = [
    pytest.param("socket", "en", "sqlite", marks=pytest.mark.xdist_group("first hour on sqlite")),
    pytest.param("http", "sv", "postgres", marks=POSTGRES),
]


@dataclass(frozen=True)
class Said:
    """What is typed in a language, and what it says."""

    nothing: str
    welcome: str
    taken: str
    added: str
    owns: str
    join: str
    joined: str
    wear: str
    wearing: str
    guest: str
    six: str
    list_: str
    vacant: str
    kpi_edit: str
    agrees: str
    asked: str
    archive: str
    away: str
    back: str
    settings: str
    saved: str


SAID = {
    "en": Said(
        nothing="There is no team here yet.",
        welcome="has set up North here",
        taken="Write a weekday and a time, for example Friday 13:00",
        added="*Closing* is there now.",
        owns="This hat is yours",
        join="join",
        joined="Welcome to North!",
        wear="wear closing",
        wearing="You wear *Closing* now.",
        guest="Only full members of this workspace can do that",
        six="Hats that are new: 6.",
        list_="list",
        vacant="vacant",
        kpi_edit="kpi edit deals",
        agrees="owns the hat and agrees first.",
        asked="I have asked",
        archive="archive prospecting",
        away="*Prospecting* has been put away",
        back="*Prospecting* is back",
        settings="settings",
        saved="The settings of North are saved.",
    ),
    "sv": Said(
        nothing="Det finns inget lag här än.",
        welcome="har startat North här",
        taken="Skriv en veckodag och ett klockslag, till exempel fredag 13:00",
        added="*Closing* finns nu.",
        owns="Hatten är din",
        join="gå med",
        joined="Välkommen till North!",
        wear="bär closing",
        wearing="Du bär *Closing* nu.",
        guest="Bara ordinarie medlemmar i Slack kan göra det",
        six="Nya hattar: 6.",
        list_="lista",
        vacant="ledig",
        kpi_edit="nyckeltal ändra deals",
        agrees="äger hatten och säger ja först.",
        asked="Jag har frågat",
        archive="arkivera prospecting",
        away="*Prospektering* är undanlagd",
        back="*Prospektering* är tillbaka",
        settings="inställningar",
        saved="Inställningarna för North är sparade.",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with (
        new_database(engine, tmp_path) as url,
        open_world(url, tmp_path, language=language, mode=mode, seeded=False) as opened,
    ):
        opened.start()
        yield opened


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_a_team_begins_in_slack_alone(world: World) -> None:
    said = SAID[world.language]
    a_team_is_set_up_where_there_was_none(world, said)
    the_first_hat_comes_with_its_kpi_and_finds_an_owner(world, said)
    others_join_and_wear_it(world, said)
    the_other_hats_come_from_the_football_team(world, said)
    a_target_of_an_owned_hat_waits_for_its_owner(world, said)
    a_hat_is_put_away_and_brought_back(world, said)
    the_prompt_comes_when_the_settings_say(world, said)


def typed(world: World, user: str, text: str, channel: str = TEAM_CHANNEL) -> dict[str, Any]:
    """Type a command and return its answer, whatever else is posted in the channel meanwhile."""

    def answers() -> list[dict[str, Any]]:
        return [m for m in world.playground.messages(channel) if m.get("ephemeral_to") == user]

    before = len(answers())
    world.playground.command(user, channel, f"/hat {text}".strip())
    return world.eventually(lambda: answers()[before:])[0]


def form(world: World, user: str, text: str) -> dict[str, Any]:
    """Type a command and return the form that it opens, whatever stood or was posted there before."""
    before = world.playground.modal(user)

    def opened() -> dict[str, Any] | None:
        view = world.playground.modal(user)
        return view if view and (before is None or view["id"] != before["id"]) else None

    world.playground.command(user, TEAM_CHANNEL, f"/hat {text}")
    view: dict[str, Any] = world.eventually(opened)
    return view


def press(world: World, user: str, action_id: str, message: dict[str, Any]) -> dict[str, Any]:
    return world.playground.click(user, action_id, channel=message["channel"], message_ts=message["ts"], wait=15)


def submit(world: World, user: str, **values: str) -> dict[str, Any]:
    named = {f"{ids.FORM_BLOCK}{name}": value for name, value in values.items()}
    return world.playground.submit(user, named, wait=15)


def a_team_is_set_up_where_there_was_none(world: World, said: Said) -> None:
    offered = typed(world, ANNA, "")
    assert said.nothing in spoken(offered)
    view = press(world, ANNA, ids.TEAM_SET_UP, offered)["view"]
    assert {f["block_id"] for f in fields(view).values()} >= {"form_name", "form_channel", "form_digest"}
    wrong = submit(world, ANNA, name="North", prompt="whenever")
    assert said.taken in wrong["errors"]["form_prompt"]
    assert submit(world, ANNA, prompt="fre 14.00")["view"] is None
    (welcome,) = world.eventually(lambda: [m for m in world.posted() if said.welcome in spoken(m)])
    assert [b["action_id"] for b in buttons(welcome)] == [ids.STARTER_HATS, ids.HATS_ASK, ids.HAT_ADD]
    assert ids.STARTER_HATS in {b["action_id"] for b in buttons(typed(world, ANNA, "setup"))}


def answer_with(world: World, user: str, shown: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Return the last of what only one person sees in the channel that is such."""

    def answers() -> list[dict[str, Any]]:
        told = world.playground.messages(TEAM_CHANNEL)
        return [m for m in told if m.get("ephemeral_to") == user and shown(m)]

    found: dict[str, Any] = world.eventually(answers)[-1]
    return found


def welcome_of(world: World, said: Said) -> dict[str, Any]:
    (welcome,) = [m for m in world.posted() if said.welcome in spoken(m)]
    return welcome


def the_first_hat_comes_with_its_kpi_and_finds_an_owner(world: World, said: Said) -> None:
    press(world, ANNA, ids.HAT_ADD, welcome_of(world, said))
    done = submit(world, ANNA, name="Closing", position="forward", kpi="Deals", target="9")
    assert said.added in spoken(done["view"])
    card = typed(world, ANNA, "who closing")
    press(world, ANNA, ids.VOLUNTEER, card)
    world.eventually(lambda: said.owns in spoken(typed(world, ANNA, "who closing")))
    # Every hat has an owner: nothing is left to press.
    world.eventually(lambda: not buttons(welcome_of(world, said)))


def others_join_and_wear_it(world: World, said: Said) -> None:
    assert said.joined in spoken(typed(world, ERIK, said.join))
    assert said.wearing in spoken(typed(world, ERIK, said.wear))
    assert said.guest in spoken(typed(world, GUEST, said.join, MARKETING))
    assert f"<@{ERIK}>" in spoken(typed(world, ANNA, said.list_))


def the_other_hats_come_from_the_football_team(world: World, said: Said) -> None:
    earlier = answer_with(world, ANNA, lambda m: ids.STARTER_HATS in {b["action_id"] for b in buttons(m)})
    press(world, ANNA, ids.STARTER_HATS, earlier)
    # What comes next has taken its place, and stands in the welcome as well.
    assert answer_with(world, ANNA, lambda m: said.six in spoken(m))["ts"] == earlier["ts"]
    world.eventually(lambda: ids.PROPOSE_OPEN in {b["action_id"] for b in buttons(welcome_of(world, said))})
    assert spoken(typed(world, ERIK, said.list_)).count(said.vacant) == 6


def a_target_of_an_owned_hat_waits_for_its_owner(world: World, said: Said) -> None:
    assert said.agrees in spoken(form(world, ERIK, said.kpi_edit))
    assert said.asked in spoken(submit(world, ERIK, target="12", reason="The fair!")["view"])
    (offer,) = world.eventually(lambda: [m for m in world.told(ANNA) if "The fair!" in spoken(m)])
    press(world, ANNA, ids.OFFER_ACCEPT, offer)
    world.eventually(lambda: "12" in spoken(typed(world, ERIK, "who closing")))


def a_hat_is_put_away_and_brought_back(world: World, said: Said) -> None:
    asked = typed(world, ANNA, said.archive)
    press(world, ANNA, ids.HAT_ARCHIVE, asked)

    def shown(text: str) -> Any:
        return next((m for m in world.playground.messages(TEAM_CHANNEL) if text in spoken(m)), None)

    gone = world.eventually(lambda: shown(said.away))
    press(world, ANNA, ids.HAT_RESTORE, gone)
    world.eventually(lambda: shown(said.back))


def the_prompt_comes_when_the_settings_say(world: World, said: Said) -> None:
    form(world, ANNA, said.settings)
    assert said.saved in spoken(submit(world, ANNA, prompt="fredag 15.00")["view"])
    world.go_to(FRIDAY, 14, 30)
    prompts = [m for m in world.told(ANNA) if "Deals" in spoken(m) and "metadata" in m and buttons(m)]
    assert not [m for m in prompts if ids.REPORT_OPEN in {b["action_id"] for b in buttons(m)}]
    world.go_to(FRIDAY, 15)
    world.eventually(lambda: [m for m in world.told(ANNA) if ids.REPORT_OPEN in {b["action_id"] for b in buttons(m)}])
