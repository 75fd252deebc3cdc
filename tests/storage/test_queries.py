"""What single queries promise beyond their scope: order, history, and how much they ask of the database."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from storage import Session, Sessions, assignments, hats, kpis, readings, teams
from storage.tables import Team
from tests.support.builders import (
    NOW,
    WEEK,
    a_hat,
    a_kpi,
    a_link,
    a_member,
    a_target,
    a_team,
    a_workspace,
    owns,
    plays,
    reads,
    wears,
)
from tests.support.database import counted_statements

# Which team is meant


def found(sessions: Sessions, workspace: str, channel: str | None, user: str) -> list[tuple[int, str]]:
    with sessions.read() as session:
        places = teams.places(session, workspace=workspace, channel=channel, user=user)
    return [(place.rank, place.team_name) for place in places]


def test_the_channel_s_team_comes_first_then_the_person_s_own_then_the_others(sessions: Sessions) -> None:
    workspace = a_workspace(sessions, "T1")
    a_team(sessions, workspace, "Elsewhere", channel_id="C8")
    own = a_team(sessions, workspace, "Own", channel_id="C9")
    a_team(sessions, workspace, "Here", channel_id="C1")
    a_member(sessions, own, slack_user_id="U1")
    a_team(sessions, a_workspace(sessions, "T2"), "Stranger", channel_id="C1")
    assert found(sessions, "T1", "C1", "U1") == [(0, "Here"), (1, "Own"), (2, "Elsewhere")]
    assert found(sessions, "T1", "C9", "U1") == [(0, "Own"), (2, "Elsewhere"), (2, "Here")]
    assert found(sessions, "T1", "C7", "U2") == [(2, "Elsewhere"), (2, "Own"), (2, "Here")]
    assert found(sessions, "T2", "C1", "U1") == [(0, "Stranger")]
    assert found(sessions, "T3", "C1", "U1") == []


def test_outside_a_channel_a_team_without_a_channel_is_not_preferred(sessions: Sessions) -> None:
    workspace = a_workspace(sessions, "T1")
    a_team(sessions, workspace, "Nowhere", channel_id=None)
    a_member(sessions, a_team(sessions, workspace, "Own", channel_id="C1"), slack_user_id="U1")
    assert found(sessions, "T1", None, "U1") == [(1, "Own"), (2, "Nowhere")]


def test_a_team_that_somebody_left_or_that_is_archived_is_not_theirs(sessions: Sessions) -> None:
    workspace = a_workspace(sessions, "T1")
    left, stayed = a_team(sessions, workspace, "Left"), a_team(sessions, workspace, "Stayed")
    archived = a_team(sessions, workspace, "Archived", archived_at=NOW, channel_id="C1")
    anna = a_member(sessions, left, slack_user_id="U1")
    plays(sessions, anna, stayed)
    plays(sessions, anna, archived)
    with sessions.write() as session:
        teams.remove_member(session, left.id, anna.id, now=NOW)
    assert found(sessions, "T1", "C1", "U1") == [(1, "Stayed"), (2, "Left")]


# Who owns and wears what


def test_handing_a_hat_over_keeps_who_owned_it_and_how_that_ended(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat, anna, bo = a_hat(sessions, team, "Hunter"), a_member(sessions, team), a_member(sessions, team)
    owns(sessions, anna, hat)
    later = NOW + timedelta(days=7)
    with sessions.write() as session:
        assert assignments.assign(session, hat, bo.id, ending="handed_over", now=later)
        assert not assignments.assign(session, hat, bo.id, ending="handed_over", now=later)
    with sessions.read() as session:
        row = hats.by_key(session, team.id, "hunter")
    assert row
    assert (row.owner_id, row.owner_since) == (bo.id, later)
    with sessions.write() as session:
        assert assignments.assign(session, hat, None, ending="stepped_down", now=later)
    with sessions.read() as session:
        row = hats.one(session, team.id, hat.id)
        assert assignments.live(session, hat.id) is None
    assert row
    assert (row.owner_id, row.owner_since) == (None, None)


def test_a_change_that_waited_for_another_follows_it_although_its_instant_is_earlier(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat, anna, bo = a_hat(sessions, team, "Hunter"), a_member(sessions, team), a_member(sessions, team)
    with sessions.write() as session:
        assignments.assign(session, hat, anna.id, ending="agreed", now=NOW)
    with sessions.write() as session:
        assignments.assign(session, hat, bo.id, ending="forced", now=NOW - timedelta(milliseconds=2))
    with sessions.read() as session:
        owner = assignments.live(session, hat.id)
        assert owner
        assert (owner.member_id, owner.started_at) == (bo.id, NOW)


def test_who_stops_wearing_a_hat_may_start_again(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat, anna, bo = a_hat(sessions, team), a_member(sessions, team, "Anna"), a_member(sessions, team, "Bo")
    wears(sessions, anna, hat, since=NOW - timedelta(days=9))
    wears(sessions, bo, hat)

    def worn() -> list[str]:
        with sessions.read() as session:
            assert hats.wearers_of_team(session, team.id).get(hat.id, []) == hats.wearers(session, hat.id)
            return [wearer.name for wearer in hats.wearers(session, hat.id)]

    assert worn() == ["Anna", "Bo"]
    with sessions.write() as session:
        hats.stop_wearing(session, hat.id, anna.id, now=NOW)
    assert worn() == ["Bo"]
    with sessions.write() as session:
        assert hats.start_wearing(session, hat, anna.id, now=NOW + timedelta(days=1))
        assert not hats.start_wearing(session, hat, anna.id, now=NOW + timedelta(days=2))
    assert worn() == ["Bo", "Anna"]


def test_an_archived_hat_is_not_found_by_any_name(sessions: Sessions) -> None:
    team = a_team(sessions)
    a_hat(sessions, team, "Jägare", aliases=["Hunter"], archived_at=NOW)
    libero = a_hat(sessions, team, "Libero", aliases=["Email", "Nurturing"])
    with sessions.read() as session:
        assert hats.by_key(session, team.id, "jagare") is None
        assert hats.id_by_key(session, team.id, "hunter") is None
        assert hats.id_by_key(session, team.id, "nurturing") == libero.id
        assert {name for name, _ in hats.names(session, team.id)} == {"Libero", "libero", "Email", "Nurturing"}
        assert hats.aliases(session, [libero.id]) == {libero.id: ["Email", "Nurturing"]}


def test_a_change_of_names_makes_caches_stale_in_that_team_only(sessions: Sessions) -> None:
    workspace = a_workspace(sessions, "T1")
    changed, same = a_team(sessions, workspace, "Changed"), a_team(sessions, workspace, "Same")
    with sessions.write() as session:
        teams.touch_directory(session, changed.id)
    with sessions.read() as session:
        places = teams.places(session, workspace="T1", channel=None, user="U1")
    assert {place.team_name: place.directory_version for place in places} == {
        changed.name: changed.directory_version + 1,
        same.name: same.directory_version,
    }


# What a digest asks


def a_grown_team(sessions: Sessions, kpi_count: int, weeks: int) -> Team:
    team = a_team(sessions)
    hat, anna = a_hat(sessions, team), a_member(sessions, team)
    owns(sessions, anna, hat)
    wears(sessions, anna, hat)
    chain = [a_kpi(sessions, hat, sequence=n) for n in range(kpi_count)]
    history = {f"{2024 + week // 52}-W{week % 52 + 1:02}": week for week in range(weeks)}
    for kpi in chain:
        reads(sessions, kpi, history)
        a_target(sessions, kpi, 10)
    for upstream, downstream in pairwise(chain):
        a_link(sessions, upstream, downstream)
    return team


@pytest.fixture
def small_and_grown(sessions: Sessions) -> tuple[Team, Team]:
    return a_grown_team(sessions, 2, 2), a_grown_team(sessions, 12, 104)


DIGEST = {
    "the KPIs as they stood": lambda session, team_id: kpis.of_team(session, team_id, period=WEEK),
    "the readings": readings.of_team,
    "the readings as a file": readings.export_rows,
    "the links": kpis.links,
    "the owners": kpis.owners_of_team,
    "the hats": hats.all_of_team,
    "the wearers": hats.wearers_of_team,
    "the names": hats.names,
}


def test_what_a_digest_asks_does_not_grow_with_kpis_or_weeks(
    sessions: Sessions, small_and_grown: tuple[Team, Team]
) -> None:
    def asked(query: Callable[[Session, int], object], team: Team) -> int:
        assert team.id
        with sessions.read() as session, counted_statements(sessions.engine) as statements:
            assert query(session, team.id)
        return len(statements)

    small, grown = small_and_grown
    counts = {what: (asked(query, small), asked(query, grown)) for what, query in DIGEST.items()}
    assert counts == {what: (2, 2) if what == "the names" else (1, 1) for what in DIGEST}


def test_the_kpis_of_a_team_are_one_row_each_in_the_chain_s_order(
    sessions: Sessions, small_and_grown: tuple[Team, Team]
) -> None:
    _, grown = small_and_grown
    with sessions.read() as session:
        rows = kpis.of_team(session, grown.id, period="2025-W52")
        history = readings.of_team(session, grown.id)
    assert [row.value for row in rows] == [103] * 12
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert {len(weeks) for weeks in history.values()} == {104}
