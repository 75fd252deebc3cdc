"""The chain in Slack, with the real bot process: drawn and judged, edited, and asked what to expect of a change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import select

from bot.playground.seed import ANNA, TEAM_CHANNEL
from messages import ids
from storage.tables import ChainReport, Link
from tests.scenarios.conftest import NewDatabase
from tests.support.database import opened
from tests.support.world import World, open_world, spoken

pytestmark = pytest.mark.scenario
POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("chain on postgres"))
PLACES = [
    pytest.param("socket", "en", "sqlite", marks=pytest.mark.xdist_group("chain on sqlite")),
    pytest.param("http", "sv", "postgres", marks=POSTGRES),
]


@dataclass(frozen=True)
class Said:
    """What is typed in a language, and what it says."""

    chain: str
    title: str
    drawn: tuple[str, ...]
    together: str
    not_shown: str
    edit: str
    loop: str
    linked: str
    assumed: str
    what_if: str
    expected: str
    relies: str
    nothing: str
    form: str


SAID = {
    "en": Said(
        chain="chain",
        title="The chain of Football team",
        drawn=("Contacts on call lists", "└ 1 → Booked meetings", "↺ Booked meetings", "→ Closed deals (goal) ⤴"),
        together="the same week · 3% (the team's own) · hangs together (30 weeks, between +",
        not_shown="not shown yet: 27 weeks, between −",
        edit="chain edit nurtured-leads -> booked-meetings",
        loop="would take no time",
        linked="Nurtured leads",
        assumed="4 weeks later, until the numbers show more",
        what_if="whatif visits +10%",
        expected="With +10% on *Visits* from now on, expect about *+0.",
        relies="Visits → Leads · hangs together",
        nothing="I know no KPI called “ghosts”",
        form="An expectation, not a promise",
    ),
    "sv": Said(
        chain="kedja",
        title="Kedjan i Fotbollslaget",
        drawn=("└ 1 → Bokade möten", "↺ Bokade möten", "→ Stängda affärer (slutmål) ⤴"),
        together="samma vecka · 3 % (lagets egen) · hänger ihop (30 veckor, mellan +",
        not_shown="inte visat än: 27 veckor, mellan −",
        edit="kedja ändra nurtured-leads -> booked-meetings",
        loop="skulle inte ta någon tid",
        linked="Bearbetade leads",
        assumed="4 veckor senare, tills talen visar mer",
        what_if="tänk om visits +10 %",
        expected="Med +10 % på *Besök* från och med nu kan ungefär *+0,",
        relies="Besök → Leads · hänger ihop",
        nothing="Jag känner inte till något nyckeltal som heter ”ghosts”",
        form="En förväntan, inget löfte",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with (
        new_database(engine, tmp_path) as url,
        open_world(url, tmp_path, language=language, mode=mode) as opened_world,
    ):
        opened_world.start()
        yield opened_world


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_a_team_sees_how_its_numbers_hang_together_and_what_to_expect(world: World) -> None:
    said = SAID[world.language]
    the_chain_is_computed_before_anybody_asks(world)
    each_link_is_drawn_and_judged(world, said)
    a_loop_without_time_is_refused_and_an_unknown_lag_taken(world, said)
    a_change_is_an_expectation_with_its_links(world, said)
    what_if_has_a_form_as_well(world, said)


def typed(world: World, text: str) -> str:
    def answers() -> list[dict[str, Any]]:
        return [m for m in world.playground.messages(TEAM_CHANNEL) if m.get("ephemeral_to") == ANNA]

    before = len(answers())
    world.playground.command(ANNA, TEAM_CHANNEL, f"/hat {text}")
    return spoken(world.eventually(lambda: answers()[before:])[0]).replace("\u00a0", " ")


def submit(world: World, **values: Any) -> dict[str, Any]:
    return world.playground.submit(ANNA, {f"{ids.FORM_BLOCK}{name}": value for name, value in values.items()}, wait=15)


def the_chain_is_computed_before_anybody_asks(world: World) -> None:
    def computed() -> list[ChainReport]:
        with opened(world.database_url) as sessions, sessions.read() as session:
            return list(session.exec(select(ChainReport)))

    (report,) = world.eventually(computed)
    assert len(report.content["links"]) == 7


def each_link_is_drawn_and_judged(world: World, said: Said) -> None:
    shown = typed(world, said.chain)
    assert said.title in shown
    assert [line for line in (*said.drawn, said.together, said.not_shown) if line not in shown] == []


def a_loop_without_time_is_refused_and_an_unknown_lag_taken(world: World, said: Said) -> None:
    world.playground.command(ANNA, TEAM_CHANNEL, f"/hat {said.edit}", wait=15)
    # The way back from nurtured leads takes no time now; the way there still takes two weeks.
    done = submit(world, lag="0")
    assert said.linked in spoken(done["view"])
    world.playground.command(ANNA, TEAM_CHANNEL, "/hat link booked-meetings -> nurtured-leads", wait=15)
    assert said.loop in submit(world, lag="0")["errors"]["form_lag"]
    world.playground.command(ANNA, TEAM_CHANNEL, f"/hat {said.edit}", wait=15)
    assert said.linked in spoken(submit(world, lag="4", lag_unknown=["unknown"])["view"])
    with opened(world.database_url) as sessions, sessions.read() as session:
        assert [link.lag_weeks for link in session.exec(select(Link)) if not link.lag_known] == [4]
    assert said.assumed in typed(world, said.chain)


def a_change_is_an_expectation_with_its_links(world: World, said: Said) -> None:
    shown = typed(world, said.what_if)
    assert said.expected in shown
    assert said.relies in shown
    assert said.nothing in typed(world, "whatif ghosts 10")


def what_if_has_a_form_as_well(world: World, said: Said) -> None:
    world.playground.command(ANNA, TEAM_CHANNEL, "/hat whatif visits", wait=15)
    submit(world, percent="-5")
    assert world.eventually(lambda: said.form in spoken(world.playground.modal(ANNA)))
