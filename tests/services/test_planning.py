"""What is owed to whom, and what is not."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.services.sending.planning import Owed, Planner
from storage import Sessions
from storage.reporters import Reporter
from storage.tables import Delivery, Membership
from tests.support.builders import a_hat, a_kpi, a_workspace, added, owns, plays
from tests.support.week import (
    CHANNEL,
    FRIDAY_13,
    MONDAY_8,
    MONDAY_10,
    THIS_WEEK,
    TUESDAY,
    Player,
    a_player,
    a_playing_team,
    deliveries_of,
)


@pytest.fixture
def anna(sqlite_sessions: Sessions) -> Player:
    return a_player(sqlite_sessions, a_playing_team(sqlite_sessions), "Anna")


def plan(sessions: Sessions, *instants: datetime) -> list[Owed]:
    missed: list[Owed] = []
    planner = Planner(sessions, on_missed=missed.append)
    for now in instants:
        planner.plan(now)
    return missed


def owed(sessions: Sessions) -> list[tuple[str, str, str]]:
    return [(row.kind, row.recipient, row.state) for row in deliveries_of(sessions)]


def test_a_week_of_one_owner_owes_three_messages_at_their_times(sqlite_sessions: Sessions, anna: Player) -> None:
    plan(sqlite_sessions, FRIDAY_13, MONDAY_8, MONDAY_10)
    rows = [(row.kind, row.recipient, row.due_at, row.period) for row in deliveries_of(sqlite_sessions)]
    assert rows == [
        ("prompt", anna.id, FRIDAY_13, THIS_WEEK),
        ("reminder", anna.id, MONDAY_8, THIS_WEEK),
        ("digest", CHANNEL, MONDAY_10, THIS_WEEK),
    ]


def test_nothing_is_owed_a_moment_early(sqlite_sessions: Sessions, anna: Player) -> None:
    plan(sqlite_sessions, FRIDAY_13 - timedelta(microseconds=1))
    assert owed(sqlite_sessions) == []
    plan(sqlite_sessions, FRIDAY_13)
    assert owed(sqlite_sessions) == [("prompt", anna.id, "due")]


def test_an_owners_own_time_and_zone_come_before_the_teams(sqlite_sessions: Sessions, anna: Player) -> None:
    early = a_player(sqlite_sessions, anna.team, "Early", prompt_at="Thursday 09:00")
    grace = a_player(sqlite_sessions, anna.team, "Grace", timezone="America/New_York")
    plan(sqlite_sessions, FRIDAY_13 + timedelta(hours=6))
    due = {row.recipient: row.due_at for row in deliveries_of(sqlite_sessions)}
    assert due == {
        anna.id: FRIDAY_13,
        early.id: FRIDAY_13 - timedelta(days=1, hours=4),
        grace.id: FRIDAY_13 + timedelta(hours=6),
    }


def test_who_begins_after_the_time_owes_nothing_for_that_week(sqlite_sessions: Sessions, anna: Player) -> None:
    late = a_player(sqlite_sessions, anna.team, "Newcomer", since=FRIDAY_13 + timedelta(seconds=1))
    with sqlite_sessions.write() as session:
        for row in session.exec(select(Membership).where(Membership.member_id == late.member.id)):
            row.joined_at = FRIDAY_13 + timedelta(seconds=1)
    plan(sqlite_sessions, FRIDAY_13 + timedelta(hours=1))
    assert {recipient for _, recipient, _ in owed(sqlite_sessions)} == {anna.id}


@pytest.mark.parametrize("gone", ["member", "team", "workspace", "kpi and hat check"])
def test_nothing_is_owed_to_what_is_gone(sqlite_sessions: Sessions, anna: Player, gone: str) -> None:
    match gone:
        case "member":
            anna.member.deleted = True
        case "team":
            anna.team.archived_at = TUESDAY
        case "workspace":
            anna.workspace.uninstalled_at = TUESDAY
        case _:
            anna.kpi.archived_at, anna.team.hat_check = TUESDAY, False
    for row in (anna.member, anna.team, anna.workspace, anna.kpi):
        added(sqlite_sessions, row)
    plan(sqlite_sessions, FRIDAY_13, MONDAY_8)
    assert owed(sqlite_sessions) == []


def test_an_owner_in_two_teams_is_asked_by_each(sqlite_sessions: Sessions, anna: Player) -> None:
    south = a_playing_team(sqlite_sessions, workspace=anna.workspace, channel_id="C0SOUTH")
    plays(sqlite_sessions, anna.member, south)
    sweeper = a_hat(sqlite_sessions, south, "Sweeper")
    owns(sqlite_sessions, anna.member, sweeper, since=TUESDAY)
    a_kpi(sqlite_sessions, sweeper)
    plan(sqlite_sessions, MONDAY_8)
    asked = {row.team_id for row in deliveries_of(sqlite_sessions, recipient=anna.id, kind="reminder")}
    assert asked == {anna.team.id, south.id}


def test_a_team_without_a_channel_has_no_digest(sqlite_sessions: Sessions) -> None:
    a_playing_team(sqlite_sessions, channel_id=None)
    plan(sqlite_sessions, MONDAY_10)
    assert owed(sqlite_sessions) == []


def test_a_bot_that_was_down_owes_what_is_within_its_grace_and_tells_of_the_rest_once(
    sqlite_sessions: Sessions, anna: Player
) -> None:
    missed = plan(sqlite_sessions, MONDAY_10 + timedelta(hours=1))
    assert owed(sqlite_sessions) == [
        ("prompt", anna.id, "skipped"),
        ("reminder", anna.id, "skipped"),
        ("digest", CHANNEL, "due"),
    ]
    assert [(one.kind, one.period.week) for one in missed] == [("prompt", 48), ("reminder", 48)]
    assert plan(sqlite_sessions, MONDAY_10 + timedelta(hours=2), MONDAY_10 + timedelta(days=4)) == []


def test_a_restart_does_not_take_what_was_sent_for_missed(sqlite_sessions: Sessions, anna: Player) -> None:
    plan(sqlite_sessions, FRIDAY_13, MONDAY_8, MONDAY_10)
    next_friday = FRIDAY_13 + timedelta(days=7)
    assert plan(sqlite_sessions, next_friday) == []
    assert len(deliveries_of(sqlite_sessions, recipient=anna.id, period="2026-W49")) == 1


def test_another_workspaces_team_is_planned_beside(sqlite_sessions: Sessions, anna: Player) -> None:
    other = a_player(sqlite_sessions, a_playing_team(sqlite_sessions, workspace=a_workspace(sqlite_sessions)), "Other")
    plan(sqlite_sessions, FRIDAY_13)
    rows = {row.recipient: (row.workspace_id, row.team_id) for row in deliveries_of(sqlite_sessions)}
    assert rows == {
        anna.id: (anna.workspace.id, anna.team.id),
        other.id: (other.workspace.id, other.team.id),
    }


def test_a_tick_without_news_looks_at_nobody_again(sqlite_sessions: Sessions, anna: Player) -> None:
    planner = Planner(sqlite_sessions, on_missed=lambda _: None)
    looked: list[str] = []
    look = planner._to_reporter

    def noted(reporter: Reporter, now: datetime) -> Iterator[Owed]:
        looked.append(reporter.slack_user_id)
        yield from look(reporter, now)

    object.__setattr__(planner, "_to_reporter", noted)
    assert planner.plan(FRIDAY_13 - timedelta(seconds=10)) == 0
    assert planner.plan(FRIDAY_13 - timedelta(seconds=5)) == 0
    assert looked == [anna.id]
    assert planner.plan(FRIDAY_13) == 1, "her time has come"
    assert planner.plan(FRIDAY_13 + timedelta(seconds=5)) == 0
    assert looked == [anna.id] * 2
    late = a_player(sqlite_sessions, anna.team, "Newcomer", prompt_at="Friday 12:00")
    assert planner.plan(FRIDAY_13 + timedelta(seconds=10)) == 1, "somebody new"
    assert looked == [anna.id] * 3 + [late.id]
    assert planner.plan(FRIDAY_13 - timedelta(hours=1)) == 0
    assert looked == [anna.id] * 3 + [late.id] + [anna.id, late.id], "the clock was set back"


def test_a_digest_that_went_elsewhere_is_owed_as_soon_as_it_did_not_reach_that_channel(
    sqlite_sessions: Sessions, anna: Player
) -> None:
    planner = Planner(sqlite_sessions, on_missed=lambda _: None)
    planner.plan(MONDAY_10)
    anna.team.channel_id = "C0ELSEWHERE"
    added(sqlite_sessions, anna.team)
    for seconds in (5, 10):
        assert planner.plan(MONDAY_10 + timedelta(seconds=seconds)) == 0
    with sqlite_sessions.write() as session:
        (digest,) = session.exec(select(Delivery).where(Delivery.kind == "digest"))
        digest.state = "failed"
    assert planner.plan(MONDAY_10 + timedelta(seconds=15)) == 1
