"""What people see of their chain, and what they may expect of a change."""

import time
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.services.chain import chain_view
from bot.services.chain.chain_view import Asked
from bot.services.workspaces.editing import Problems
from bot.services.workspaces.scene import Answer
from messages.chain_content import WhatIfFacts
from storage import Sessions
from storage.tables import Link
from tests.support.builders import a_kpi, a_link, a_member, a_workspace
from tests.support.linked_team import LinkedTeam


@pytest.fixture
def team(sessions: Sessions) -> LinkedTeam:
    return LinkedTeam(sessions)


def asked(team: LinkedTeam, written: str) -> Asked | None:
    return chain_view.ask(team.sessions, team.anna, written).content


def worked_out(team: LinkedTeam, written: str) -> WhatIfFacts:
    what = asked(team, written)
    assert what is not None
    return chain_view.work_out(team.sessions, team.anna, what, now=team.club.now).content


def test_a_chain_is_computed_when_it_is_first_looked_at_and_known_from_then_on(team: LinkedTeam) -> None:
    assert chain_view.known_chain(team.sessions, team.anna, now=team.club.now).content is None
    computed = chain_view.computed_chain(team.sessions, team.anna, now=team.club.now).content
    assert chain_view.known_chain(team.sessions, team.anna, now=team.club.now).content == computed
    told = [(link.source.name, link.target.name, link.verdict) for link in computed.links]
    assert told == [("Visits", "Leads", "holds_together"), ("Leads", "Deals", "holds_together")]
    assert (computed.goal, computed.period) == ("deals", "2026-W47")


def test_kpis_that_nobody_has_linked_are_named_and_nothing_is_computed(team: LinkedTeam) -> None:
    a_kpi(team.sessions, team.web, "Churn")
    with team.sessions.write() as session:
        for link in (team.first, team.second):
            session.delete(session.get_one(Link, link.id))
    shown = chain_view.known_chain(team.sessions, team.anna, now=team.club.now).content
    assert shown is not None
    assert [kpi.name for kpi in shown.unlinked] == ["Churn", "Visits", "Leads", "Deals"]
    assert shown.links == ()


@pytest.mark.parametrize(
    ("written", "slug", "percent"),
    [
        ("leads +10%", "leads", "10"),
        ("leads -5 %", "leads", "-5"),
        ("leads −5%", "leads", "-5"),
        ("leads 10", "leads", "10"),
        ("Leads: +12.5 percent", "leads", "12.5"),
        ("leads 2,5 procent", "leads", "2.5"),
        ("visits -100%", "visits", "-100"),
    ],
)
def test_a_change_is_read_as_people_write_it(team: LinkedTeam, written: str, slug: str, percent: str) -> None:
    what = asked(team, written)
    assert what is not None
    assert (what.slug, str(what.percent.normalize() + 0)) in {(slug, percent), (slug, f"{float(percent):.0E}")}


def test_a_row_of_numbers_is_put_aside_at_once(team: LinkedTeam) -> None:
    began = time.process_time()
    assert asked(team, "1 " * 5_000 + "x") is None
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("+10%", "whatif_kpi"),
        ("leads -101%", "whatif_range"),
        ("leads 1001%", "whatif_range"),
        ("leads 1.2.3%", "whatif_unreadable"),
        ("ghosts 10%", "kpi_not_found"),
    ],
)
def test_what_cannot_be_worked_out_is_refused_by_name(team: LinkedTeam, written: str, name: str) -> None:
    with pytest.raises(Refused, match=name):
        asked(team, written)


def test_without_a_percentage_a_form_asks(team: LinkedTeam) -> None:
    assert asked(team, "leads") is None
    assert asked(team, "") is None
    state, form = chain_view.prepare(team.sessions, team.anna, "leads", now=team.club.now).content
    assert (state, form.chosen, form.kpis[0].name) == (str(team.club.team.id), "leads", "Leads")
    with pytest.raises(Refused, match="kpi_not_found"):
        chain_view.prepare(team.sessions, team.anna, "ghosts", now=team.club.now)


def submitted(team: LinkedTeam, **typed: str) -> Answer[Any]:
    return chain_view.read_form(team.sessions, team.anna, str(team.club.team.id), typed)


def test_the_form_is_read_like_the_command(team: LinkedTeam) -> None:
    answer = submitted(team, kpi="visits", percent="+ 10 %").content
    assert (answer.slug, answer.percent) == ("visits", 10)
    for typed, name in (("much", "percent_unreadable"), ("", "percent_unreadable"), ("-101", "percent_range")):
        refused = submitted(team, kpi="visits", percent=typed).content
        assert isinstance(refused, Problems)
        assert [problem.name for problem in refused.by_field.values()] == [name]


def test_ten_per_cent_more_anywhere_in_a_plain_chain_is_worth_ten_per_cent_more_goals(team: LinkedTeam) -> None:
    visits, leads = worked_out(team, "visits +10%"), worked_out(team, "leads +10%")
    assert visits.goals_now == pytest.approx(leads.goals_now)
    assert visits.eventually == pytest.approx((visits.goals_now or 0) / 10, rel=0.05)
    assert leads.eventually == pytest.approx(visits.eventually, rel=0.05)
    assert (visits.per_week[0], visits.per_week[1] > 0) == (0, True)
    assert [(link.source.slug, link.target.slug) for link in visits.links] == [("visits", "leads"), ("leads", "deals")]


def test_a_kpi_that_leads_nowhere_says_so(team: LinkedTeam) -> None:
    a_kpi(team.sessions, team.web, "Churn")
    aside = a_kpi(team.sessions, team.web, "Followers")
    a_link(team.sessions, team.visits, aside)
    for name in ("churn", "followers"):
        assert worked_out(team, f"{name} +10%").lack == "no_way_to_goal"


def test_without_a_goal_nothing_can_be_told(sessions: Sessions) -> None:
    team = LinkedTeam(sessions)
    with sessions.write() as session:
        session.merge(team.deals).is_goal = False
    facts = worked_out(team, "visits +10%")
    assert (facts.lack, facts.goal) == ("no_goal", None)


def test_a_chain_without_links_cannot_be_asked(team: LinkedTeam) -> None:
    with team.sessions.write() as session:
        for link in (team.first, team.second):
            session.delete(session.get_one(Link, link.id))
    with pytest.raises(Refused, match="whatif_no_chain"):
        worked_out(team, "visits +10%")
    with pytest.raises(Refused, match="whatif_no_chain"):
        chain_view.prepare(team.sessions, team.anna, "", now=team.club.now)


def test_another_workspace_cannot_ask_with_a_teams_number(team: LinkedTeam) -> None:
    stranger = a_member(team.sessions, a_workspace(team.sessions))
    with team.sessions.read() as session:
        workspace = session.merge(stranger).workspace_id
    assert workspace != team.club.team.workspace_id
    asker = chain_view.Asker("T0STRANGE1", stranger.slack_user_id)
    with pytest.raises(Refused, match="form_outdated"):
        chain_view.read_form(team.sessions, asker, str(team.club.team.id), {"kpi": "visits", "percent": "10"})
