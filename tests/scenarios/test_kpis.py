"""KPIs in Slack, with the real bot process: the form, one week's target with the owner's consent, and how they go."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.playground.seed import ANNA, JOHAN, OSKAR, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import World, fields, open_world, spoken

pytestmark = pytest.mark.scenario
POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("kpis on postgres"))
PLACES = [
    pytest.param("socket", "en", "sqlite", marks=pytest.mark.xdist_group("kpis on sqlite")),
    pytest.param("http", "sv", "postgres", marks=POSTGRES),
]


@dataclass(frozen=True)
class Said:
    """What is typed in a language, and what it says."""

    add: str
    formula: str
    unknown: str
    range_needed: str
    added: str
    computed: str
    edit: str
    asked: str
    only: str
    changed: str
    before_after: str
    mine: str
    of: str
    streak: str
    nothing: str


SAID = {
    "en": Said(
        add="kpi add email-nurturing",
        formula="100 * Nurtured leads / Leads",
        unknown="I know no KPI “ghosts” in this team.",
        range_needed="should stay within a range",
        added="*Share* belongs to *Email nurturing* now.",
        computed="computed: 100 ∗ Nurtured leads / Leads",
        edit="kpi edit nurtured-leads",
        asked="about the new target of *Nurtured leads*",
        only="only week 50",
        changed="How often: Every week → Every two weeks",
        before_after="suggests to measure your hat",
        mine="kpis",
        of="kpis email-nurturing",
        streak="How the numbers of *Email nurturing* go",
        nothing="You own no hat with a KPI yet.",
    ),
    "sv": Said(
        add="nyckeltal ny email-nurturing",
        formula="100 * bearbetade leads / leads",
        unknown="Jag känner inte till något nyckeltal ”ghosts” i laget.",
        range_needed="ska hålla sig inom ett intervall",
        added="*Share* hör till *",
        computed="beräknas: 100 ∗ Bearbetade leads / Leads",
        edit="nyckeltal ändra nurtured-leads",
        asked="Jag har frågat",
        only="bara vecka 50",
        changed="Hur ofta: Varje vecka → Varannan vecka",
        before_after="föreslår att mäta din hatt",
        mine="nyckeltal",
        of="nyckeltal email-nurturing",
        streak="Så går det för *",
        nothing="Du äger ingen hatt med nyckeltal än.",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with (
        new_database(engine, tmp_path) as url,
        open_world(url, tmp_path, language=language, mode=mode) as opened,
    ):
        opened.start()
        yield opened


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_kpis_are_defined_agreed_on_and_looked_at(world: World) -> None:
    said = SAID[world.language]
    an_owner_adds_one_that_is_computed(world, said)
    one_weeks_target_waits_for_its_owner(world, said)
    another_way_of_measuring_is_shown_before_and_after(world, said)
    the_numbers_of_a_hat_are_charts(world, said)
    ones_own_are_there_without_a_name(world, said)


def typed(world: World, user: str, text: str) -> dict[str, Any]:
    def answers() -> list[dict[str, Any]]:
        return [m for m in world.playground.messages(TEAM_CHANNEL) if m.get("ephemeral_to") == user]

    before = len(answers())
    world.playground.command(user, TEAM_CHANNEL, f"/hat {text}")
    return world.eventually(lambda: answers()[before:])[0]


def form(world: World, user: str, text: str) -> dict[str, Any]:
    view = world.playground.command(user, TEAM_CHANNEL, f"/hat {text}", wait=15)["view"]
    assert view is not None
    return view


def submit(world: World, user: str, **values: str) -> dict[str, Any]:
    return world.playground.submit(user, {f"{ids.FORM_BLOCK}{name}": value for name, value in values.items()}, wait=15)


def press(world: World, user: str, message: dict[str, Any], action: str) -> dict[str, Any]:
    return world.playground.click(user, action, channel=message["channel"], message_ts=message["ts"], wait=15)


def kinds(message: dict[str, Any]) -> list[str]:
    return [block["type"] for block in message["blocks"]]


def an_owner_adds_one_that_is_computed(world: World, said: Said) -> None:
    view = form(world, OSKAR, said.add)
    assert {block["block_id"] for block in fields(view).values()} >= {"form_formula", "form_cadence", "form_shown_as"}
    wrong = submit(world, OSKAR, name="Share", unit="percent", formula="100 * ghosts", direction="within", target="12")
    assert said.unknown in wrong["errors"]["form_formula"]
    assert said.range_needed in wrong["errors"]["form_target"]
    # Everything else that was typed is kept: only what was wrong is written again.
    done = submit(world, OSKAR, formula=said.formula, target="10–40")
    assert said.added in spoken(done["view"])
    assert said.computed in spoken(typed(world, OSKAR, "kpi"))


def one_weeks_target_waits_for_its_owner(world: World, said: Said) -> None:
    form(world, ANNA, said.edit)
    done = submit(world, ANNA, target="12", holds="2026-W50", reason="The fair!")
    assert said.asked in spoken(done["view"])
    (offer,) = world.eventually(lambda: [m for m in world.told(OSKAR) if "The fair!" in spoken(m)])
    assert said.only in spoken(offer)
    press(world, OSKAR, offer, ids.OFFER_ACCEPT)
    assert world.eventually(lambda: "2026-W50" in world.hattrick("team", "export").stdout)


def another_way_of_measuring_is_shown_before_and_after(world: World, said: Said) -> None:
    form(world, ANNA, said.edit)
    submit(world, ANNA, cadence="biweekly", reason="Less work.")
    (offer,) = world.eventually(lambda: [m for m in world.told(OSKAR) if "Less work." in spoken(m)])
    assert said.before_after in spoken(offer)
    assert said.changed in spoken(offer)
    press(world, OSKAR, offer, ids.OFFER_DECLINE)
    world.playground.submit(OSKAR, {}, wait=15)
    assert "biweekly" not in world.hattrick("team", "export").stdout


def the_numbers_of_a_hat_are_charts(world: World, said: Said) -> None:
    shown = typed(world, JOHAN, said.of)
    assert said.streak in spoken(shown)
    assert kinds(shown).count("data_visualization") == 2
    chart = next(block for block in shown["blocks"] if block["type"] == "data_visualization")["chart"]
    assert [len(series["data"]) for series in chart["series"]] == [13, 13]
    assert len(shown["blocks"]) <= 50


def ones_own_are_there_without_a_name(world: World, said: Said) -> None:
    shown = typed(world, OSKAR, said.mine)
    assert kinds(shown).count("data_visualization") == 2
    further = next(block["accessory"] for block in shown["blocks"] if "accessory" in block)
    before = len(world.playground.messages(TEAM_CHANNEL, user=OSKAR))
    press(world, OSKAR, shown, further["action_id"])
    (one,) = world.eventually(lambda: world.playground.messages(TEAM_CHANNEL, user=OSKAR)[before:])
    assert kinds(one).count("data_visualization") == 1
    assert "Share" in spoken(one) or further["value"] != "share"
    world.hattrick("team", "apply", str(world.team_file()))
    assert said.nothing in spoken(typed(world, "U0ERIKBERG", said.mine))
