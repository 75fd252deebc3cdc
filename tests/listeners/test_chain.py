"""`/hat chain` and `/hat whatif` as people type and see them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from messages import ids
from storage import Sessions
from tests.support.fake_slack import words
from tests.support.linked_team import LinkedTeam
from tests.support.listening import Phone

ROOT = Path(__file__).parents[2]


@pytest.fixture
def team(sqlite_sessions: Sessions) -> LinkedTeam:
    return LinkedTeam(sqlite_sessions)


@pytest.fixture
def phone(team: LinkedTeam) -> Phone:
    return Phone(team.sessions, team.club.clock, team.club.slack)


def typed(phone: Phone, team: LinkedTeam, text: str) -> str:
    return words(phone.types(team.anna, text).get("blocks", []))


def picked(kpi: str, percent: str) -> dict[str, Any]:
    return {
        f"{ids.FORM_BLOCK}kpi": {ids.FORM_INPUT: {"selected_option": {"value": kpi}}},
        f"{ids.FORM_BLOCK}percent": {ids.FORM_INPUT: {"value": percent}},
    }


def test_a_chain_that_has_to_be_computed_is_acknowledged_first(phone: Phone, team: LinkedTeam) -> None:
    said = typed(phone, team, "chain")
    assert phone.acks == [{}]
    assert "hangs together (39 weeks" in said
    again = typed(phone, team, "kedja")
    assert phone.acks[0]["response_type"] == "ephemeral"
    assert again == said


def test_edit_opens_the_form_for_a_link(phone: Phone, team: LinkedTeam) -> None:
    phone.types(team.anna, "chain edit visits -&gt; leads")
    _, _, view = phone.slack.modals[-1]
    assert view["callback_id"] == ids.LINK_SUBMIT
    boxes = next(block for block in view["blocks"] if block.get("block_id") == f"{ids.FORM_BLOCK}lag_unknown")
    assert "initial_options" not in boxes["element"]
    assert boxes["optional"]


def test_a_what_if_is_answered_after_the_acknowledgement(phone: Phone, team: LinkedTeam) -> None:
    said = typed(phone, team, "whatif visits +10%")
    assert phone.acks == [{}]
    assert "With +10% on *Visits* from now on, expect about" in said.replace("\u00a0", " ")
    assert "Visits → Leads · hangs together" in said
    assert "An expectation, not a promise" in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("whatif 10%", "Which KPI?"),
        ("whatif ghosts 10%", "I know no KPI called “ghosts”"),
        ("whatif visits -200%", "Between −100 and +1,000 per cent"),
    ],
)
def test_what_cannot_be_worked_out_is_said_in_words(phone: Phone, team: LinkedTeam, text: str, sentence: str) -> None:
    assert sentence in typed(phone, team, text)


def test_the_form_says_that_it_is_worked_out_and_then_what_came_of_it(phone: Phone, team: LinkedTeam) -> None:
    phone.types(team.anna, "whatif leads")
    _, _, view = phone.slack.modals[-1]
    assert view["callback_id"] == ids.WHAT_IF_SUBMIT
    acked = phone.submits(team.anna, ids.WHAT_IF_SUBMIT, view["private_metadata"], picked("leads", "+10"))
    assert "I am working it out" in words(acked["view"]["blocks"])
    shown = words(phone.slack.modals[-1][2]["blocks"])
    assert "*Leads* from now on, expect about" in shown


def test_a_percentage_that_is_none_is_marked_in_the_form(phone: Phone, team: LinkedTeam) -> None:
    acked = phone.submits(team.anna, ids.WHAT_IF_SUBMIT, str(team.club.team.id), picked("leads", "lots"))
    assert acked["errors"] == {f"{ids.FORM_BLOCK}percent": "Write a percentage, such as +10 or −5."}


def test_a_kpi_that_has_gone_meanwhile_is_said_in_the_form(phone: Phone, team: LinkedTeam) -> None:
    phone.submits(team.anna, ids.WHAT_IF_SUBMIT, str(team.club.team.id), picked("ghost", "10"))
    assert "That KPI is gone" in words(phone.slack.modals[-1][2]["blocks"])


def test_a_bot_that_has_computed_nothing_has_not_loaded_what_computes() -> None:
    script = (
        "import sys, bot.app, bot.services.chain.chain_view, bot.services.chain.chain_looking_back;"
        "sys.exit(bool({'numpy', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
