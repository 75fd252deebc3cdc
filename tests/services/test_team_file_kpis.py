"""KPIs in a team's file: ranges, single weeks, cadences, formulas and views, applied, exported and refused."""

from decimal import Decimal

import pytest
import yaml

from bot.services.team_file.team_apply import apply, plan
from bot.services.team_file.team_export import export_team
from bot.services.team_file.team_file import TeamFileError, load_team_file
from storage import Sessions, kpis, teams, workspaces
from storage.kpis import KpiRow
from tests.support.builders import NOW
from tests.support.team_yaml import changed

WORKSPACE = "T0FOOTBALL"
LEADS = "{slug: leads, name: Leads, target: 120}"
NURTURED = "{slug: nurtured-leads, name: Nurtured leads, target: 25}"
WEEKS = "[{week: 2026-W52, target: 10, reason: Christmas}, {week: 2026-W53, target: '> 5'}]"
SHARE = "{slug: share, name: Share, unit: percent, formula: 100 * Leads / visits, shown_as: average, target: 3}"
FURTHER = f"""direction: lower, decimals: 2, target: under 250.5}}
      - {SHARE}
      - {{slug: twice, name: Twice, formula: 2*share, cadence: monthly}}"""
RICH = (
    (LEADS, "{slug: leads, name: Leads, direction: within, target: 100–140, cadence: biweekly}"),
    (NURTURED, f"{{slug: nurtured-leads, name: Nurtured leads, target: 25, weeks: {WEEKS}}}"),
    ("direction: lower, decimals: 2, target: 250.5}", FURTHER),
)


def applied(sessions: Sessions, *replacements: tuple[str, str]) -> list[str]:
    file = load_team_file(changed(*replacements))
    foreseen = plan(sessions, WORKSPACE, file, NOW)
    done = apply(sessions, WORKSPACE, file, NOW)
    assert foreseen == done
    return [str(change) for change in done]


def rows(sessions: Sessions, week: str = "2026-W48") -> dict[str, KpiRow]:
    with sessions.read() as session:
        workspace = workspaces.by_slack_id(session, WORKSPACE)
        team = teams.by_slug(session, workspace.id, "football") if workspace else None
        assert team is not None
        return {row.slug: row for row in kpis.of_team(session, team.id or 0, period=week)}


def test_everything_about_a_kpi_is_applied_exported_and_the_same_the_second_time(sessions: Sessions) -> None:
    said = applied(sessions, *RICH)
    assert any("KPI share added" in line and "computed: 100 * leads / visits" in line for line in said)
    assert "KPI nurtured-leads: target in 2026-W52 none → 10" in said
    found = rows(sessions)
    assert (found["leads"].comparator, found["leads"].target, found["leads"].upper) == ("between", 100, 140)
    assert (found["leads"].cadence, found["twice"].cadence, found["share"].shown_as) == (
        "biweekly",
        "monthly",
        "average",
    )
    assert (found["cost-per-lead"].comparator, found["cost-per-lead"].target) == ("less_than", Decimal("250.5"))
    assert found["twice"].formula == "2 * share"
    christmas = rows(sessions, "2026-W52")["nurtured-leads"]
    assert (christmas.target, christmas.overridden, rows(sessions, "2026-W51")["nurtured-leads"].target) == (
        10,
        True,
        25,
    )
    assert rows(sessions, "2026-W53")["nurtured-leads"].comparator == "more_than"

    assert applied(sessions, *RICH) == []
    written = export_team(sessions, WORKSPACE, None, NOW)
    assert [str(change) for change in plan(sessions, WORKSPACE, load_team_file(written), NOW)] == []
    listed = {kpi["slug"]: kpi for hat in yaml.safe_load(written)["hats"] for kpi in hat["kpis"]}
    assert (listed["leads"]["target"], listed["cost-per-lead"]["target"]) == ("100–140", "< 250.5")
    assert listed["share"]["formula"] == "100 * leads / visits"
    assert listed["nurtured-leads"]["weeks"][0] == {"week": "2026-W52", "target": 10, "reason": "Christmas"}


def test_what_changes_is_said_with_both_values(sessions: Sessions) -> None:
    applied(sessions)
    said = applied(sessions, *RICH)
    for line in (
        "KPI leads: direction higher → within",
        "KPI leads: cadence weekly → biweekly",
        "KPI leads: target from 2026-W48 on >= 120 → 100–140",
        "KPI cost-per-lead: target from 2026-W48 on 250.5 → < 250.5",
    ):
        assert line in said
    assert rows(sessions, "2026-W40")["leads"].target == 120, "earlier weeks keep what was agreed then"


def test_a_target_that_is_left_out_turns_with_its_direction_or_is_asked_for(sessions: Sessions) -> None:
    applied(sessions)
    assert applied(sessions, (LEADS, "{slug: leads, name: Leads, direction: lower}")) == [
        "KPI leads: direction higher → lower"
    ]
    assert rows(sessions)["leads"].comparator == "at_most"
    with pytest.raises(TeamFileError, match="its target does not go with the direction within; give another"):
        applied(sessions, (LEADS, "{slug: leads, name: Leads, direction: within}"))
    assert rows(sessions)["leads"].direction == "lower", "nothing is applied then"


@pytest.mark.parametrize(
    ("kpi", "problem"),
    [
        ("target: 10–20", "target: is a range, which goes with the direction within"),
        ("direction: within, target: 15", "target: must be a range such as 10–20: the direction is within"),
        ("direction: lower, target: at least 5", "target: says the opposite of the direction"),
        ("target: soon", "target: must be a number, or a text such as at most 5"),
        ("target: true", "target: must be a number, or a text such as at most 5"),
        ("weeks: [{week: 2026-W54, target: 5}]", "There is no week 54 in 2026"),
        ("weeks: [{week: 2026-W50, target: 5–6}]", "weeks: is a range, which goes with the direction within"),
        ("weeks: [{week: 2026-W50, target: 5}, {week: 2026-W50, target: 6}]", "weeks: has a week twice"),
        ("weeks: [{week: 2026-W50, goal: 5}]", "goal: is not known here"),
        ("unit: money, currency: XQQ", "currency: must be a currency's code such as SEK"),
        ("formula: leads / ghosts", "formula: there is no KPI ghosts"),
        ("formula: visits ** 2", "formula: “visits * * 2” cannot be computed"),
        ("formula: 2 + 2", "formula: is made of no KPI"),
        ("formula: 2 * leads", "the KPIs are computed from each other in a circle: leads → leads"),
        ("shown_as: pie", "shown_as: must be value, cumulative or average"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(kpi: str, problem: str) -> None:
    with pytest.raises(TeamFileError) as refused:
        load_team_file(changed((LEADS, f"{{slug: leads, name: Leads, {kpi}}}")))
    assert any(problem in said for said in refused.value.problems), refused.value.problems
    assert all("hats › campaigns › kpis › leads" in said for said in refused.value.problems)
