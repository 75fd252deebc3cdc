"""What Slack says of people is remembered, for those whom a team knows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services.people import people
from bot.services.people.people import MOST_AT_ONCE, REFRESH_AFTER, refresh, remember
from bot.services.sending.planning import Planner
from bot.slack.port import Profile
from storage import Sessions, members
from storage.tables import Member
from tests.support.builders import NOW, a_member, a_team, a_workspace, added
from tests.support.fake_slack import FakeSlack
from tests.support.replica import StandingClock
from tests.support.week import FRIDAY_13, a_player, a_playing_team

WORKSPACE = "T0NORTH"


def _profile(member: Member, **facts: object) -> Profile:
    plain = Profile(
        slack_user_id=member.slack_user_id,
        handle="anna",
        name="Anna L.",
        timezone="America/New_York",
        locale="sv-SE",
        is_bot=False,
        is_restricted=False,
        is_stranger=False,
        deleted=False,
    )
    return replace(plain, **facts)  # type: ignore[arg-type]


def _stored(sessions: Sessions, member: Member) -> Member:
    with sessions.read() as session:
        found = members.by_slack_id(session, member.workspace_id, member.slack_user_id)
    assert found is not None
    return found


@pytest.fixture
def anna(sessions: Sessions) -> Member:
    return a_member(sessions, a_team(sessions, a_workspace(sessions, WORKSPACE)), "Anna")


def test_a_members_name_zone_and_language_are_remembered(sessions: Sessions, anna: Member) -> None:
    assert remember(sessions, WORKSPACE, _profile(anna), now=NOW)
    stored = _stored(sessions, anna)
    assert (stored.name, stored.timezone, stored.locale) == ("Anna L.", "America/New_York", "sv-SE")
    assert stored.refreshed_at == NOW


def test_who_left_is_remembered_as_gone(sessions: Sessions, anna: Member) -> None:
    remember(sessions, WORKSPACE, _profile(anna, deleted=True), now=NOW)
    assert _stored(sessions, anna).deleted


def test_who_no_team_knows_is_not_remembered(sessions: Sessions, anna: Member) -> None:
    stranger = _profile(anna, slack_user_id="U0STRANGER")
    assert not remember(sessions, WORKSPACE, stranger, now=NOW)
    assert not remember(sessions, "T0ELSEWHERE", _profile(anna), now=NOW)
    assert _stored(sessions, anna).name == "Anna"


@pytest.mark.parametrize("zone", ["Atlantis/Capital", "", "../etc/passwd", "Europe", "x" * 70, "Europe/Stock\x00holm"])
def test_a_zone_that_nobody_knows_is_not_kept_so_that_the_teams_counts(
    sessions: Sessions, anna: Member, zone: str
) -> None:
    remember(sessions, WORKSPACE, _profile(anna, timezone=zone), now=NOW)
    stored = _stored(sessions, anna)
    assert stored.timezone is None
    assert stored.name == "Anna L."


def test_names_and_locales_of_any_length_fit(sessions: Sessions, anna: Member) -> None:
    remember(sessions, WORKSPACE, _profile(anna, name="Å" * 500, locale="x" * 40), now=NOW)
    stored = _stored(sessions, anna)
    assert stored.name == "Å" * 200
    assert stored.locale is None


def test_people_are_asked_about_again_after_half_a_day(sqlite_sessions: Sessions) -> None:
    slack = FakeSlack(StandingClock(NOW))
    member = a_member(sqlite_sessions, a_team(sqlite_sessions, a_workspace(sqlite_sessions, WORKSPACE)), "Anna")
    slack.profiles[WORKSPACE, member.slack_user_id] = _profile(member)
    assert refresh(sqlite_sessions, slack, now=NOW) == 1
    assert refresh(sqlite_sessions, slack, now=NOW + REFRESH_AFTER) == 0
    slack.profiles[WORKSPACE, member.slack_user_id] = _profile(member, name="Anna Ek")
    assert refresh(sqlite_sessions, slack, now=NOW + REFRESH_AFTER + timedelta(seconds=1)) == 1
    assert _stored(sqlite_sessions, member).name == "Anna Ek"


def test_people_whom_slack_does_not_know_do_not_keep_the_others_waiting(sqlite_sessions: Sessions) -> None:
    slack = FakeSlack(StandingClock(NOW))
    team = a_team(sqlite_sessions, a_workspace(sqlite_sessions, WORKSPACE))
    for number in range(MOST_AT_ONCE):
        a_member(sqlite_sessions, team, f"Ghost {number}")
    anna = a_member(sqlite_sessions, team, "Anna")
    slack.profiles[WORKSPACE, anna.slack_user_id] = _profile(anna)
    refresh(sqlite_sessions, slack, now=NOW)
    refresh(sqlite_sessions, slack, now=NOW + timedelta(minutes=30))
    assert _stored(sqlite_sessions, anna).name == "Anna L."


def test_a_workspace_without_the_app_is_not_asked_about(sqlite_sessions: Sessions) -> None:
    slack = FakeSlack(StandingClock(NOW))
    workspace = a_workspace(sqlite_sessions, WORKSPACE)
    member = a_member(sqlite_sessions, a_team(sqlite_sessions, workspace), "Anna")
    slack.profiles[WORKSPACE, member.slack_user_id] = _profile(member)
    workspace.uninstalled_at = NOW
    added(sqlite_sessions, workspace)
    assert refresh(sqlite_sessions, slack, now=NOW) == 0


def test_who_is_asked_soon_is_described_anew_within_the_hour_and_asked_where_they_are(
    sqlite_sessions: Sessions,
) -> None:
    anna = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), timezone="Europe/Stockholm")
    clock = StandingClock(FRIDAY_13 - timedelta(minutes=30))
    slack = FakeSlack(clock)
    planner = Planner(sqlite_sessions, on_missed=lambda _: None)

    def refreshed() -> int:
        soon = planner.asked_soon(clock.now, people.ASKED_WITHIN)
        return people.refresh_before_asking(sqlite_sessions, slack, soon, now=clock.now)

    assert refreshed() == 0, "Slack cannot tell, and that stops nothing"
    slack.profiles[anna.workspace.slack_team_id, anna.id] = _profile(anna.member, timezone="America/New_York")
    assert (refreshed(), refreshed()) == (1, 0), "once within the hour"
    assert planner.plan(FRIDAY_13) == 0, "it is morning where she is"
    assert planner.plan(FRIDAY_13 + timedelta(hours=6)) == 1


def test_whom_slack_described_longest_ago_is_described_first_in_whichever_workspace(sessions: Sessions) -> None:
    north, south = a_workspace(sessions), a_workspace(sessions)
    known = [(south, "U0ANNA", 3), (north, "U0ANNA", 2), (south, "U0ERIK", None), (north, "U0OSKAR", 0)]
    for workspace, user, hours in known:
        seen = None if hours is None else NOW - timedelta(hours=hours)
        added(sessions, Member(workspace_id=workspace.id or 0, slack_user_id=user, name=user, refreshed_at=seen))
    added(sessions, Member(workspace_id=north.id or 0, slack_user_id="U0ERIK", name="Somebody else"))
    with sessions.read() as session:
        soon = {(workspace.id or 0, user) for workspace, user, _ in known}
        stale = members.described_before(session, soon, before=NOW - timedelta(hours=1))
    assert stale == [
        (south.slack_team_id, "U0ERIK"),
        (south.slack_team_id, "U0ANNA"),
        (north.slack_team_id, "U0ANNA"),
    ]


def test_whoever_is_not_asked_soon_is_left_alone(sqlite_sessions: Sessions) -> None:
    a_player(sqlite_sessions, a_playing_team(sqlite_sessions))
    planner = Planner(sqlite_sessions, on_missed=lambda _: None)
    assert planner.asked_soon(FRIDAY_13 - timedelta(hours=2), people.ASKED_WITHIN) == set()
    assert len(planner.asked_soon(FRIDAY_13 - timedelta(minutes=59), people.ASKED_WITHIN)) == 1
