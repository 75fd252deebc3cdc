"""People are away, come back, leave, and are forgotten, with the real bot in both languages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.playground.seed import ANNA, ERIK, MARIA, OSKAR, SARA, TEAM, TEAM_CHANNEL
from bot.services.agreements import agreements
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.scene import Asker
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.database import opened
from tests.support.world import FRIDAY, MONDAY, World, buttons, open_world, spoken

pytestmark = pytest.mark.scenario

POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("people on postgres"))
PLACES = [
    pytest.param("socket", "en", "sqlite", marks=pytest.mark.xdist_group("people on sqlite")),
    pytest.param("http", "sv", "postgres", marks=POSTGRES),
]


@dataclass(frozen=True)
class Said:
    """What is typed in a language, and what it says."""

    deputy: str
    away: str
    back_on: str
    ask: str
    kpi: str
    left: str
    vacant: str
    admin: str
    leave: str
    gone: str
    offered: str


SAID = {
    "en": Said(
        deputy="deputy email-nurturing",
        away="away until next Monday",
        back_on="You are away until 30 November 2026",
        ask="Away until 30 November 2026: ask",
        kpi="Nurtured leads",
        left="does not play in Football team any more.",
        vacant="Nobody owns Email nurturing and Meeting booking now.",
        admin="You look after Football team as an admin now.",
        leave="leave",
        gone="You have left Football team.",
        offered="Prospecting",
    ),
    "sv": Said(
        deputy="ersättare email-nurturing",
        away="borta till nästa måndag",
        back_on="Du är borta till 30 november 2026",
        ask="Borta till 30 november 2026: fråga",
        kpi="Bearbetade leads",
        left="är inte längre med i Fotbollslaget.",
        vacant="Ingen äger Bearbetning via mejl och Mötesbokning nu.",
        admin="Du sköter Fotbollslaget som administratör nu.",
        leave="lämna",
        gone="Du har lämnat Fotbollslaget.",
        offered="Prospektering",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with new_database(engine, tmp_path) as url, open_world(url, tmp_path, language=language, mode=mode) as lived:
        lived.start()
        yield lived


def typed(world: World, user: str, text: str) -> dict[str, Any]:
    came = world.playground.command(user, TEAM_CHANNEL, f"/hat {text}", wait=10)
    (answer,) = came["messages"]
    assert answer["ephemeral_to"] == user
    return answer


def asked(world: World, user: str, said: Said) -> list[dict[str, Any]]:
    """Return the weekly messages that ask a person for the numbers of Oskar's hat."""
    return [
        message
        for message in world.told(user)
        if ids.REPORT_OPEN in str(buttons(message)) and said.kpi in spoken(message)
    ]


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_people_are_away_come_back_leave_and_are_forgotten(world: World) -> None:
    said = SAID[world.language]
    away_over_a_prompt(world, said)
    the_owner_is_back_on_monday(world, said)
    world.next_week()
    an_owner_is_deactivated_in_the_middle_of_the_week(world, said)
    the_last_admin_leaves(world, said)
    everything_is_exported_and_a_person_erased(world)


def away_over_a_prompt(world: World, said: Said) -> None:
    typed(world, OSKAR, f"{said.deputy} @sara")
    assert said.back_on in spoken(typed(world, OSKAR, said.away))
    card = typed(world, MARIA, "who email-nurturing")
    assert f"{said.ask} <@{SARA}>" in spoken(card)
    assert world.eventually(lambda: len(world.told(SARA)) == 2), "she hears of the task, and of the absence"
    world.go_to(FRIDAY, 13)
    world.eventually(lambda: asked(world, SARA, said))
    world.eventually(lambda: world.told(ANNA))
    assert world.told(OSKAR) == [], "who is away is left in peace"


def the_owner_is_back_on_monday(world: World, said: Said) -> None:
    world.go_to(MONDAY, 8, weeks=1)
    world.eventually(lambda: asked(world, OSKAR, said))
    assert len(asked(world, OSKAR, said)) == 1
    assert len(asked(world, SARA, said)) == 1, "the deputy is not reminded of what is the owner's again"
    assert said.ask not in spoken(typed(world, MARIA, "who email-nurturing"))


def an_owner_is_deactivated_in_the_middle_of_the_week(world: World, said: Said) -> None:
    """And in the middle of a proposal: the offer that he has got is the last that he hears."""
    with opened(world.database_url) as sessions:
        proposing = Asker(TEAM, ANNA, TEAM_CHANNEL)
        agreements.propose(sessions, HatDirectory(), proposing, "prospecting", OSKAR, now=world.now())
    (offer,) = world.eventually(lambda: world.told(OSKAR))
    world.playground.act("change_user", OSKAR, changes={"deleted": True})
    world.eventually(lambda: len(world.told(ANNA)) == 2)
    (told,) = [one for one in world.told(ANNA) if said.left in spoken(one)]
    assert said.vacant in spoken(told)
    assert {button["value"] for button in _accessories(told)} == {"email-nurturing", "booking"}
    (ended,) = [one for one in world.told(ANNA) if one is not told and said.left not in spoken(one)]
    assert said.offered in spoken(ended)
    world.go_to(FRIDAY, 13)
    world.eventually(lambda: len(world.told(ANNA)) == 3)
    assert [one["ts"] for one in world.told(OSKAR)] == [offer["ts"]]
    assert asked(world, SARA, said) == [], "there is nobody to stand in for"
    history = spoken(typed(world, MARIA, "history email-nurturing"))
    assert "Oskar" in history


def the_last_admin_leaves(world: World, said: Said) -> None:
    question = typed(world, ANNA, said.leave)
    (button,) = buttons(question)
    world.playground.click(ANNA, button["action_id"], channel=TEAM_CHANNEL, message_ts=question["ts"], wait=10)
    world.eventually(lambda: said.gone in spoken(world.playground.messages(TEAM_CHANNEL)))
    told = world.eventually(lambda: [one for one in world.told(ERIK) if said.admin in spoken(one)])
    assert len(told) == 1
    assert "Anna" in spoken(typed(world, ERIK, "audit"))


def everything_is_exported_and_a_person_erased(world: World) -> None:
    before = world.hattrick("export", "--workspace", TEAM)
    assert before.returncode == 0, before.stderr
    tables = json.loads(before.stdout)["tables"]
    assert {row["ending"] for row in tables["assignment"]} >= {"left", None}
    assert len(tables["reading"]) > 100
    assert OSKAR in before.stdout
    assert not any(secret in before.stdout for secret in ("xoxb", "xapp"))
    columns = {column for rows in tables.values() for row in rows for column in row}
    assert [column for column in columns if "token" in column] == [], (
        "the table of tokens is there, its secrets are not"
    )
    erased = world.hattrick("erase-member", OSKAR, "--workspace", TEAM)
    assert erased.stdout.startswith(f"Erased of {OSKAR} in {TEAM}: 1 member")
    after = world.hattrick("export", "--workspace", TEAM).stdout
    assert [trace for trace in (OSKAR, "Oskar Holm") if trace in after] == []
    assert len(json.loads(after)["tables"]["reading"]) == len(tables["reading"])
    again = world.hattrick("erase-member", OSKAR, "--workspace", TEAM)
    assert (again.returncode, again.stdout) == (0, f"Nothing is kept of {OSKAR} in {TEAM}.\n")


def _accessories(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [block["accessory"] for block in message["blocks"] if "accessory" in block]
