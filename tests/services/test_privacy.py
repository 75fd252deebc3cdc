"""A workspace's data can be taken along, without its tokens; a person's can be erased."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bot.domain.errors import UserFacingError
from bot.services.agreements import agreements
from bot.services.people import absence, leaving, privacy
from bot.services.people.people import remember
from bot.services.team_file.team_apply import apply
from bot.services.team_file.team_file import load_team_file
from bot.slack.port import Profile
from storage import Sessions, audits, evidences, exports, kpis, members, questions, readings, weeks
from storage.tables import Install, Workspace, metadata
from tests.support.builders import WEEK, a_hat, a_kpi, added
from tests.support.club import Club
from tests.support.every_table import ANNA, SLACK_ID, every_row, put
from tests.support.team_yaml import SMALL_TEAM
from tests.support.week import MONDAY_10


@pytest.fixture
def club(sessions: Sessions) -> Iterator[Club]:
    club = Club(sessions)
    yield club
    club.close()


def written(club: Club) -> str:
    content = privacy.export(club.sessions, club.workspace.slack_team_id)
    return json.dumps(content, ensure_ascii=False)


def a_life(club: Club) -> None:
    """Let Oskar leave a trace of every kind."""
    leads = a_kpi(club.sessions, club.email, "Leads")
    a_hat(club.sessions, club.team, "Hunter")
    workspace_id, team_id, oskar = club.workspace.id or 0, club.team.id or 0, club.oskar.id or 0
    with club.sessions.write() as session:
        kpis.set_target(session, leads.id or 0, valid_from=WEEK, value=Decimal(5), now=club.now)
        for value in (4, 5):
            readings.store(
                session,
                kpi_id=leads.id or 0,
                period=WEEK,
                value=Decimal(value),
                by=oskar,
                source="modal",
                now=club.now,
                note=f"my secret note {value}",
            )
        questions.add(
            session,
            workspace_id=workspace_id,
            hat_id=club.email.id or 0,
            asker_id=oskar,
            text="my secret question",
            channel_id=None,
            key="k",
            now=club.now,
        )
        evidences.add(
            session,
            workspace_id=workspace_id,
            hat_id=club.email.id or 0,
            member_id=oskar,
            kind="took_it",
            key="e",
            now=club.now,
        )
        evidences.check(
            session,
            workspace_id=workspace_id,
            team_id=team_id,
            member_id=oskar,
            period=WEEK,
            hat_ids=[club.email.id or 0],
            now=club.now,
        )
    absence.go_away(club.sessions, club.asker(club.oskar), "24/12", now=club.now)
    agreements.propose(
        club.sessions, club.directory, club.asker(club.oskar), "hunter", club.anna.slack_user_id, now=club.now
    )


def test_the_export_has_every_table_and_no_token(club: Club) -> None:
    a_life(club)
    with club.sessions.write() as session:
        session.get_one(Workspace, club.workspace.id).bot_token_encrypted = "gAAAA-a-sealed-token"
    content = privacy.export(club.sessions, club.workspace.slack_team_id)
    assert set(content["tables"]) == {table.name for table in metadata.sorted_tables} - exports.unscoped()
    filled = {name for name, rows in content["tables"].items() if rows}
    assert filled >= {
        "workspace", "team", "member", "membership", "hat", "alias", "assignment", "wearer", "kpi", "target", "reading",
        "reading_version", "question", "evidence", "hat_check", "hat_check_hat", "absence", "proposal", "audit",
        "delivery",
    }  # fmt: skip
    assert "gAAAA-a-sealed-token" not in written(club)
    columns = {column for rows in content["tables"].values() for row in rows for column in row}
    assert {column for column in columns if "token" in column} <= {"api_token_id"}


def test_the_same_rows_are_exported_in_the_same_order(club: Club) -> None:
    a_life(club)
    assert written(club) == written(club)


def test_another_workspace_is_not_in_the_export(club: Club) -> None:
    other = Club(club.sessions)
    a_life(other)
    assert other.workspace.slack_team_id not in written(club)
    assert other.oskar.slack_user_id not in written(club)
    assert privacy.export(club.sessions, club.workspace.slack_team_id)["tables"]["question"] == []
    other.close()


def test_only_tables_that_belong_to_no_workspace_are_left_out() -> None:
    assert exports.unscoped() <= {"install", "install_state"}


def test_what_is_erased_is_gone_and_the_history_holds_together(club: Club) -> None:
    a_life(club)
    erased = privacy.erase_member(club.sessions, club.workspace.slack_team_id, club.oskar.slack_user_id, now=club.now)
    assert erased.rows["member"] == 1
    assert {what for what, number in erased.rows.items() if number} >= {
        "evidence", "hat checks", "absences", "questions", "notes", "changes",
    }  # fmt: skip
    after = written(club)
    for trace in ("Oskar", club.oskar.slack_user_id, "my secret"):
        assert trace not in after
    tables = privacy.export(club.sessions, club.workspace.slack_team_id)["tables"]
    assert [row["value"] for row in tables["reading"]] == ["5"]
    assert [(row["member_id"], row["ending"]) for row in tables["assignment"]] == [(club.oskar.id, "left")]
    assert {row["member_id"] for row in tables["evidence"] + tables["absence"] + tables["hat_check"]} == set()


def test_why_a_week_had_no_numbers_or_another_target_is_gone_too(club: Club) -> None:
    visits, leads = (a_kpi(club.sessions, club.email, name) for name in ("Visits", "Leads"))
    place = {"workspace_id": club.workspace.id or 0, "team_id": club.team.id or 0}
    target = {"period": WEEK, "value": Decimal(3), "comparator": "at_least", "upper": None, "now": club.now}
    with club.sessions.write() as session:
        weeks.skip(
            session, **place, member_id=club.oskar.id or 0, period=WEEK, reason="in bed with a fever", now=club.now
        )
        weeks.skip(session, **place, member_id=club.anna.id or 0, period=WEEK, reason="at a fair", now=club.now)
        for kpi, actor, reason in ((visits, club.oskar, "my operation"), (leads, club.anna, "everybody is away")):
            kpis.override_target(session, kpi.id or 0, **target, reason=reason)
            done = {"actor": actor.slack_user_id, "action": "kpi.target", "subject": kpi.slug, "now": club.now}
            audits.add(session, **place, **done, reason=reason)
    erased = privacy.erase_member(club.sessions, club.workspace.slack_team_id, club.oskar.slack_user_id, now=club.now)
    assert (erased.rows["skipped weeks"], erased.rows["reasons"]) == (1, 1)
    after = written(club)
    assert [trace for trace in ("fever", "operation") if trace in after] == []
    assert [kept for kept in ("at a fair", "everybody is away") if kept not in after] == []


def test_nor_is_it_known_who_installed_the_app(club: Club) -> None:
    workspace, other = club.workspace.slack_team_id, "T0ELSEWHERE"
    who = {"bot_user_id": "U0BOT", "bot_id": "B1", "installer_id": club.oskar.slack_user_id, "installed_at": club.now}
    for slack_id in (workspace, other):
        added(club.sessions, Install(slack_id=slack_id, is_org=False, **who))
    privacy.erase_member(club.sessions, workspace, club.oskar.slack_user_id, now=club.now)
    with club.sessions.read() as session:
        installers = {row.slack_id: row.installer_id for row in session.exec(select(Install))}
    assert installers == {workspace: "", other: club.oskar.slack_user_id}


def test_erasing_twice_finds_nothing_and_others_keep_theirs(club: Club) -> None:
    a_life(club)
    workspace = club.workspace.slack_team_id
    privacy.erase_member(club.sessions, workspace, club.oskar.slack_user_id, now=club.now)
    before = written(club)
    assert privacy.erase_member(club.sessions, workspace, club.oskar.slack_user_id, now=club.now).rows == {}
    assert written(club) == before
    assert "Anna" in before


def test_an_erased_person_who_comes_back_is_a_new_member(club: Club) -> None:
    privacy.erase_member(club.sessions, club.workspace.slack_team_id, club.oskar.slack_user_id, now=club.now)
    club.slack_says(club.oskar, deleted=False)
    assert "Oskar" not in written(club)
    assert club.owner_of(club.email) is None
    assert not club.plays(club.oskar)


def test_who_left_before_can_be_erased(club: Club) -> None:
    leaving.leave(club.sessions, club.asker(club.oskar), club.team.id or 0, now=club.now)
    privacy.erase_member(club.sessions, club.workspace.slack_team_id, club.oskar.slack_user_id, now=club.now)
    assert "Oskar" not in written(club)


def test_an_unknown_workspace_is_named(club: Club) -> None:
    with pytest.raises(UserFacingError, match="no workspace T404"):
        privacy.export(club.sessions, "T404")


def test_no_earlier_name_is_left_of_an_erased_person(club: Club) -> None:
    file = load_team_file(SMALL_TEAM)
    apply(club.sessions, "T0FOOTBALL", file, club.now)
    profile = Profile("U0OSKAR001", "oskar", "Ozzy", None, None, False, False, False, False)  # noqa: FBT003  # a profile's facts
    remember(club.sessions, "T0FOOTBALL", profile, now=club.now)
    privacy.erase_member(club.sessions, "T0FOOTBALL", "U0OSKAR001", now=club.now)
    after = json.dumps(privacy.export(club.sessions, "T0FOOTBALL"), ensure_ascii=False)
    assert [trace for trace in ("Oskar Holm", "Ozzy", "U0OSKAR001") if trace in after] == []
    assert "Anna Lindqvist" in after


def test_slack_is_not_asked_about_an_erased_person_again(club: Club) -> None:
    privacy.erase_member(club.sessions, club.workspace.slack_team_id, club.oskar.slack_user_id, now=club.now)
    with club.sessions.read() as session:
        stale = members.stale(session, club.workspace.id or 0, before=club.now + timedelta(days=9), limit=50)
    assert list(stale) == [club.anna.slack_user_id]


def test_of_somebody_with_a_row_in_every_table_only_counts_are_left(sqlite_sessions: Sessions) -> None:
    with sqlite_sessions.write() as session:
        put(session.connection(), every_row())
    before = json.dumps(privacy.export(sqlite_sessions, SLACK_ID), ensure_ascii=False)
    traces = ("Anna", "Åberg", ANNA, "I do", "Europe/Stockholm")
    assert [trace for trace in traces if trace not in before] == []
    tables = privacy.export(sqlite_sessions, SLACK_ID)["tables"]
    privacy.erase_member(sqlite_sessions, SLACK_ID, ANNA, now=MONDAY_10)
    erased = privacy.export(sqlite_sessions, SLACK_ID)["tables"]
    erased["team"] = []  # its zone is the team's
    after = json.dumps(erased, ensure_ascii=False)
    assert [trace for trace in traces if trace in after] == []
    for name in ("assignment", "question", "answer", "reading", "reading_version", "proposal", "wearer"):
        assert len(erased[name]) == len(tables[name])
