"""Applying a team's file: what changes is said, a second time nothing does, and history stays."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bot.services.team_file.team_apply import apply, plan
from bot.services.team_file.team_export import export_team
from bot.services.team_file.team_file import TeamFileError, load_team_file
from bot.services.teams.which_team import TeamNotFoundError
from storage import Sessions, hats, kpis, members, team_state, teams, workspaces
from storage.tables import Assignment, Team
from tests.support.builders import NOW, a_hat, a_kpi, a_link, a_member, a_target, a_team, a_workspace, owns, wears
from tests.support.team_yaml import SMALL_TEAM, changed

WORKSPACE = "T0FOOTBALL"
NEXT_WEEK = NOW + timedelta(weeks=1)
WEEK_OF_NOW = "2026-W48"


def applied(sessions: Sessions, *replacements: tuple[str, str], now: object = NOW) -> list[str]:
    file = load_team_file(changed(*replacements))
    foreseen = plan(sessions, WORKSPACE, file, now)
    done = apply(sessions, WORKSPACE, file, now)
    assert foreseen == done
    return [str(change) for change in done]


def the_team(sessions: Sessions) -> Team:
    with sessions.read() as session:
        workspace = workspaces.by_slack_id(session, WORKSPACE)
        team = teams.by_slug(session, workspace.id, "football") if workspace else None
        assert team
        return team


def owner_of(sessions: Sessions, slug: str) -> str | None:
    with sessions.read() as session:
        row = hats.by_key(session, the_team(sessions).id, slug.replace("-", " "))
        return row.owner_slack_id if row else None


def test_makes_a_workspace_and_a_team_from_nothing(sessions: Sessions) -> None:
    said = applied(sessions)

    assert said[0] == "team football added (Football team, channel C0TEAMHAT1, Europe/Stockholm)"
    assert owner_of(sessions, "email-nurturing") == "U0OSKAR001"
    assert owner_of(sessions, "campaigns") is None
    team = the_team(sessions)
    with sessions.read() as session:
        wearers = {hat: [m.name for m in worn] for hat, worn in team_state.wearers(session, team.id).items()}
        nurturing = hats.id_by_key(session, team.id, "newsletter")
        rows = {row.slug: row for row in kpis.of_team(session, team.id, period="2020-W10")}
    assert sorted(wearers[nurturing]) == ["Anna Lindqvist", "Oskar Holm"]
    assert rows["nurtured-leads"].is_goal
    assert rows["cost-per-lead"].target == Decimal("250.5"), "the first target holds for imported weeks too"
    assert (team.prompt_at, team.reminder_at) == ("Friday 13:00", "")


def test_a_second_time_there_is_nothing_to_change(sessions: Sessions) -> None:
    applied(sessions)
    version = the_team(sessions).directory_version

    assert applied(sessions, now=NEXT_WEEK) == []
    assert the_team(sessions).directory_version == version


def test_what_a_change_tells_gives_the_terminal_no_orders(sessions: Sessions) -> None:
    applied(sessions)
    with sessions.write() as session:
        hat = hats.entity(session, the_team(sessions).id, "email-nurturing")
        hat.ask_about = "flows\x1b]0;renamed\x07\x1b[2Jand\nmore"

    told = applied(sessions, now=NEXT_WEEK)

    assert "hat email-nurturing: ask about flows ]0;renamed  [2Jand more → lead nurturing" in told
    assert all(line.isprintable() for line in told)


def test_a_plan_changes_nothing(sessions: Sessions) -> None:
    assert plan(sessions, WORKSPACE, load_team_file(SMALL_TEAM), NOW)

    with sessions.read() as session:
        assert workspaces.by_slack_id(session, WORKSPACE) is None


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("name: Football team", "name: A-laget", "team football: name Football team → A-laget"),
        ('reminder: ""', "reminder: Monday 9:00", "team football: reminder none → Monday 09:00"),
        ("C0TEAMHAT1", "null", "team football: channel C0TEAMHAT1 → none"),
        ("name: Oskar Holm}", "name: Oskar Holm, admin: true}", "member Oskar Holm: admin no → yes"),
        ("name: Oskar Holm", "name: Oskar H", "member Oskar Holm: name Oskar Holm → Oskar H"),
        ("[newsletter]", "[mail]", "hat email-nurturing: aliases newsletter → mail"),
        ("name: Email nurturing", "name: Nurturing", "hat email-nurturing: name Email nurturing → Nurturing"),
        ("owner: U0OSKAR001", "owner: U0ANNA0001", "hat email-nurturing: owner Oskar Holm → Anna Lindqvist"),
        ("owner: U0OSKAR001", "owner: null", "hat email-nurturing: owner Oskar Holm → nobody"),
        (
            "owner: U0OSKAR001\n    wearers: [U0ANNA0001]",
            "owner: U0OSKAR001",
            "hat email-nurturing: wearers Anna Lindqvist, Oskar Holm → Oskar Holm",
        ),
        ("target: 25}", "target: 30}", "KPI nurtured-leads: target from 2026-W48 on 25 → 30"),
        ("direction: lower", "direction: higher", "KPI cost-per-lead: direction lower → higher"),
        ("lag: 4", "lag: 5", "link nurtured-leads → leads: feeds 4 weeks later, rate 0.2 → 5 weeks later, rate 0.2"),
        (
            "lag: 4",
            "lag: 4, lag_known: false",
            (
                "link nurtured-leads → leads: feeds 4 weeks later, rate 0.2 → "
                "4 weeks later until the numbers show more, rate 0.2"
            ),
        ),
        ("  - {from: visits, to: leads, lag: 0, rate: 0.03}\n", "", "link visits → leads removed"),
        ("goal: nurtured-leads", "goal: leads", "team football: goal nurtured-leads → leads"),
        ("goal: nurtured-leads", "goal: null", "team football: goal nurtured-leads → none"),
    ],
)
def test_says_each_change_in_one_line(sessions: Sessions, old: str, new: str, line: str) -> None:
    applied(sessions)

    said = applied(sessions, (old, new))

    assert line in said
    assert applied(sessions, (old, new)) == []


def test_the_weekly_hat_check_is_a_setting_of_the_file(sessions: Sessions) -> None:
    said = "schedule: {prompt: Friday 13:00"
    applied(sessions, (said, f"hat_check: false\n  {said}"))

    text = export_team(sessions, WORKSPACE, None, NOW)
    assert "hat_check: false" in text
    assert plan(sessions, WORKSPACE, load_team_file(text), NOW) == []
    assert applied(sessions) == [], "what is left out stays as it is"
    assert applied(sessions, (said, f"hat_check: true\n  {said}")) == ["team football: hat check no → yes"]


def test_changes_make_every_cache_of_names_stale(sessions: Sessions) -> None:
    applied(sessions)
    version = the_team(sessions).directory_version

    applied(sessions, ("[newsletter]", "[mail]"))

    assert the_team(sessions).directory_version > version


def test_a_changed_target_leaves_earlier_weeks_theirs(sessions: Sessions) -> None:
    applied(sessions)

    applied(sessions, ("target: 25}", "target: 30}"))
    applied(sessions, ("target: 25}", "target: 28}"))
    applied(sessions, ("target: 25}", "target: 40}"), now=NEXT_WEEK)

    with sessions.read() as session:
        kpi = next(kpi for kpi in kpis.entities(session, the_team(sessions).id) if kpi.slug == "nurtured-leads")
        by_week = {week: kpis.target_at(session, kpi.id, week) for week in ("2026-W47", WEEK_OF_NOW, "2026-W49")}
    assert {week: target and target.value for week, target in by_week.items()} == {
        "2026-W47": Decimal(25),
        WEEK_OF_NOW: Decimal(28),
        "2026-W49": Decimal(40),
    }


def test_another_owner_ends_the_earlier_ownership_as_applied(sessions: Sessions) -> None:
    applied(sessions)

    applied(sessions, ("owner: U0OSKAR001", "owner: U0ANNA0001"), now=NEXT_WEEK)

    with sessions.read() as session:
        earlier = session.exec(select(Assignment).order_by(Assignment.id)).first()
    assert (earlier.ending, earlier.started_at, earlier.ended_at) == ("applied", NOW, NEXT_WEEK)


def without_nurturing() -> str:
    head, _, rest = SMALL_TEAM.partition("  - slug: email-nurturing")
    return head + rest[rest.index("links:") : rest.index("  - {from: leads")] + "goal: leads\n"


def test_what_the_file_lacks_is_archived_and_comes_back_with_its_history(sessions: Sessions) -> None:
    applied(sessions)
    team_id = the_team(sessions).id

    gone = [str(change) for change in apply(sessions, WORKSPACE, load_team_file(without_nurturing()), NOW)]
    assert owner_of(sessions, "email-nurturing") is None
    back = applied(sessions, now=NEXT_WEEK)

    assert "hat email-nurturing archived (its history stays)" in gone
    assert "KPI nurtured-leads archived (its readings stay)" in gone
    assert "hat email-nurturing restored" in back
    assert "KPI nurtured-leads restored" in back
    assert "hat email-nurturing: owner nobody → Oskar Holm" in back
    assert owner_of(sessions, "email-nurturing") == "U0OSKAR001"
    assert the_team(sessions).id == team_id
    with sessions.read() as session:
        assert session.exec(select(Assignment).order_by(Assignment.id)).first().ending == "archived"
    assert applied(sessions, now=NEXT_WEEK) == []


def test_a_name_of_an_archived_hat_is_free(sessions: Sessions) -> None:
    applied(sessions)
    file = load_team_file(without_nurturing().replace("[ads, Jägaren]", "[email nurturing, newsletter]"))

    apply(sessions, WORKSPACE, file, NOW)

    with sessions.read() as session:
        team_id = the_team(sessions).id
        campaigns = hats.id_by_key(session, team_id, "campaigns")
        assert hats.id_by_key(session, team_id, "email nurturing") == campaigns
    assert "hat email-nurturing restored" in applied(sessions, now=NEXT_WEEK)
    with sessions.read() as session:
        assert hats.id_by_key(session, team_id, "email nurturing") != campaigns


def test_aliases_can_be_swapped_between_hats(sessions: Sessions) -> None:
    applied(sessions)

    applied(
        sessions,
        ("[ads, Jägaren]", "[newsletter]"),
        ("[newsletter]\n    side: marketing\n    position: libero", "[ads]\n    side: marketing\n    position: libero"),
    )

    with sessions.read() as session:
        team_id = the_team(sessions).id
        assert hats.id_by_key(session, team_id, "newsletter") == hats.id_by_key(session, team_id, "campaigns")
        assert hats.id_by_key(session, team_id, "ads") == hats.id_by_key(session, team_id, "email nurturing")


def test_a_lag_can_move_to_another_link_of_its_loop(sessions: Sessions) -> None:
    applied(sessions, ("lag: 1, rate: null", "lag: 0"))

    moved = (("lag: 1, rate: null", "lag: 4"), ("lag: 4, rate: 0.2", "lag: 0, rate: 0.2"))

    assert len(applied(sessions, *moved)) == 2


def test_a_kpi_moves_to_another_hat_with_its_readings(sessions: Sessions) -> None:
    applied(sessions)
    line = "      - {slug: leads, name: Leads, target: 120}\n"
    moved = ((line, ""), ("    kpis:\n      - {slug: nurtured", f"    kpis:\n{line}      - {{slug: nurtured"))

    assert applied(sessions, *moved) == ["KPI leads: hat campaigns → email-nurturing"]


def test_a_member_who_is_not_listed_leaves_the_team(sessions: Sessions) -> None:
    applied(sessions)
    anna = ("  - {id: U0ANNA0001, name: Anna Lindqvist, admin: true}\n", "")
    rest = (
        ("    position: midfielder\n    wearers: [U0ANNA0001]\n", "    position: midfielder\n"),
        ("owner: U0OSKAR001\n    wearers: [U0ANNA0001]\n", "owner: U0OSKAR001\n"),
    )

    said = applied(sessions, anna, *rest, now=NEXT_WEEK)

    assert "member Anna Lindqvist removed (leaves the team)" in said
    assert "hat campaigns: wearers Anna Lindqvist → none" in said
    with sessions.read() as session:
        assert [member.name for member, _ in teams.members(session, the_team(sessions).id)] == ["Oskar Holm"]
    assert "member Anna Lindqvist added" in applied(sessions, now=NEXT_WEEK)


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        ("is_bot", "is a bot"),
        ("is_restricted", "is a guest"),
        ("is_stranger", "is from another company's workspace"),
        ("deleted", "has been deactivated in Slack"),
    ],
)
def test_a_hat_goes_to_colleagues_only(sessions: Sessions, fact: str, reason: str) -> None:
    a_member(sessions, a_workspace(sessions, WORKSPACE), "Robot", slack_user_id="U0OSKAR001", **{fact: True})

    with pytest.raises(TeamFileError) as refused:
        apply(sessions, WORKSPACE, load_team_file(changed(("name: Oskar Holm", "name: Robot"))), NOW)

    assert refused.value.problems == (f"hats › email-nurturing › owner: Robot (U0OSKAR001) {reason}",)
    with sessions.read() as session:
        assert not teams.of_workspace(session, workspaces.by_slack_id(session, WORKSPACE).id), "nothing is half-written"


def test_a_team_is_looked_after_by_colleagues_only(sessions: Sessions) -> None:
    a_member(sessions, a_workspace(sessions, WORKSPACE), "Anna", slack_user_id="U0ANNA0001", is_restricted=True)

    with pytest.raises(TeamFileError) as refused:
        apply(sessions, WORKSPACE, load_team_file(changed()), NOW)

    assert "members › U0ANNA0001 › admin: Anna Lindqvist (U0ANNA0001) is a guest" in refused.value.problems


def test_what_slack_says_of_a_member_wins(sessions: Sessions) -> None:
    applied(sessions)
    with sessions.write() as session:
        workspace_id = the_team(sessions).workspace_id
        members.describe(session, workspace_id, "U0OSKAR001", now=NOW, name="Oskar Holm-Ek", timezone="Europe/Oslo")

    assert applied(sessions) == []
    with sessions.read() as session:
        assert members.by_slack_id(session, workspace_id, "U0OSKAR001").name == "Oskar Holm-Ek"


def test_teams_of_other_workspaces_stay_as_they_are(sessions: Sessions) -> None:
    applied(sessions)

    apply(sessions, "T0OTHER", load_team_file(changed(("owner: U0OSKAR001", "owner: U0ANNA0001"))), NOW)

    assert owner_of(sessions, "email-nurturing") == "U0OSKAR001"
    assert applied(sessions) == []


def test_an_exported_team_applies_as_nothing_to_change(sessions: Sessions) -> None:
    applied(sessions)

    text = export_team(sessions, WORKSPACE, None, NOW)

    assert plan(sessions, WORKSPACE, load_team_file(text), NEXT_WEEK) == []
    assert apply(sessions, "T0COPY", load_team_file(text), NOW)
    assert export_team(sessions, "T0COPY", "football", NOW) == text


def test_a_team_that_grew_in_slack_exports_as_it_is(sessions: Sessions) -> None:
    workspace = a_workspace(sessions, WORKSPACE)
    team = a_team(sessions, workspace, "Fotboll: 'laget' #1", slug="football", digest_at="")
    owner = a_member(sessions, team, "yes", locale="sv-SE", refreshed_at=NOW)
    first = a_hat(sessions, team, "Null", aliases=["#1", "@home", "12"], ask_about="rad 1\nrad 2: ja")
    second = a_hat(sessions, team, "No", slug="no")
    owns(sessions, owner, first)
    wears(sessions, owner, first)
    early = a_kpi(sessions, first, "Early", sequence=1)
    middle = a_kpi(sessions, second, "Middle", sequence=2, unit="ratio", decimals=3)
    late = a_kpi(sessions, first, "Late", sequence=3, is_goal=True)
    a_link(sessions, early, middle, rate="0.000001", lag_known=False)
    a_link(sessions, middle, late, lag=52, rate=12)
    a_link(sessions, late, late, lag=1)
    a_target(sessions, middle, "0.125")
    with sessions.write() as session:
        teams.set_admin(session, team.id or 0, owner.id or 0, is_admin=True)

    file = load_team_file(export_team(sessions, WORKSPACE, "football", NOW))

    assert [str(change) for change in plan(sessions, WORKSPACE, file, NOW)] == []
    assert file.hats[0].aliases == ("#1", "@home", "12")
    assert file.order == ("early", "middle", "late")
    assert {link.source for link in file.links if not link.lag_known} == {"early"}


def test_export_names_the_teams_there_are(sessions: Sessions) -> None:
    with pytest.raises(TeamNotFoundError, match="has no team yet"):
        export_team(sessions, WORKSPACE, None, NOW)
    applied(sessions)

    with pytest.raises(TeamNotFoundError, match="no team fotball; did you mean football"):
        export_team(sessions, WORKSPACE, "fotball", NOW)
