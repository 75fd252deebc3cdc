"""What Slack refuses has a consequence by its name, and holds up nobody else."""

from contextlib import ExitStack
from datetime import timedelta

import pytest

from bot.services.sending import channels
from bot.slack.outcomes import CHANNEL_ERRORS, TOKEN_ERRORS, Refusal, Throttled
from bot.slack.port import Profile
from storage import Sessions, teams
from storage.tables import Team, Workspace
from tests.support.fake_slack import FakeSlack
from tests.support.replica import Replica, StandingClock, replica
from tests.support.week import (
    CHANNEL,
    FRIDAY_13,
    MONDAY_10,
    Player,
    a_player,
    a_playing_team,
    deliveries_of,
)


@pytest.fixture
def anna(sessions: Sessions) -> Player:
    """Play with the team's only admin."""
    anna = a_player(sessions, a_playing_team(sessions, name="North"), "Anna", kpi={"name": "Leads"})
    with sessions.write() as session:
        if teams.membership(session, anna.team.id or 0, anna.member.id or 0) is None:
            teams.add_member(session, anna.team, anna.member.id or 0, now=FRIDAY_13)
        teams.set_admin(session, anna.team.id or 0, anna.member.id or 0, is_admin=True)
    return anna


def team_of(sessions: Sessions, player: Player) -> Team:
    with sessions.read() as session:
        return session.get_one(Team, player.team.id)


def told(slack: FakeSlack, player: Player) -> list[str]:
    return [said.words for said in slack.all_in(player.id) if "I can't post in" in said.words]


@pytest.mark.parametrize("error", sorted(CHANNEL_ERRORS))
def test_a_channel_that_takes_nothing_is_left_alone_and_one_admin_hears_once_how_to_mend_it(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player, error: str
) -> None:
    slack.answers(CHANNEL, *[Refusal(error)] * 9)
    for minutes in range(0, 120, 30):
        bot.tick(MONDAY_10 + timedelta(minutes=minutes))
    assert [recipient for recipient, _ in slack.tried].count(CHANNEL) == 1
    assert team_of(sessions, anna).channel_paused_for == error
    (words,) = told(slack, anna)
    mend = {"is_archived": "Unarchive it", "channel_not_found": "/invite", "not_in_channel": "/invite"}
    assert mend.get(error, "Only some people may post there") in words


def test_what_waited_goes_out_once_the_channel_is_mended(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    slack.answers(CHANNEL, Refusal("is_archived"))
    bot.tick(MONDAY_10)
    workspace = anna.workspace.slack_team_id
    assert channels.opened(sessions, workspace, CHANNEL, now=MONDAY_10 + timedelta(hours=2))
    bot.tick(MONDAY_10 + timedelta(hours=2))
    assert "week 48" in slack.all_in(CHANNEL)[0].words
    assert team_of(sessions, anna).channel_paused_at is None
    assert not channels.opened(sessions, workspace, CHANNEL, now=MONDAY_10 + timedelta(hours=3))


def test_what_waited_too_long_is_not_sent(bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player) -> None:
    slack.answers(CHANNEL, Refusal("is_archived"))
    bot.tick(MONDAY_10)
    bot.tick(MONDAY_10 + timedelta(days=1, minutes=1))
    assert slack.all_in(CHANNEL) == []
    assert "skipped" in {row.state for row in deliveries_of(sessions) if row.recipient == CHANNEL}
    assert told(slack, anna)


def test_another_channel_gets_what_waited(bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player) -> None:
    slack.answers(CHANNEL, Refusal("not_in_channel"))
    bot.tick(MONDAY_10)
    with sessions.write() as session:
        team = session.get_one(Team, anna.team.id)
        team.channel_id = "C0ELSEWHERE"
        channels.resume(session, team, now=MONDAY_10, was=CHANNEL)
    bot.tick(MONDAY_10 + timedelta(minutes=1))
    assert "week 48" in slack.all_in("C0ELSEWHERE")[0].words


def test_news_that_the_channel_was_archived_pauses_it_before_anything_is_tried(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    channels.closed(sessions, anna.workspace.slack_team_id, CHANNEL, "is_archived", now=MONDAY_10)
    bot.tick(MONDAY_10)
    assert CHANNEL not in {recipient for recipient, _ in slack.tried}
    assert len(told(slack, anna)) == 1


@pytest.mark.parametrize("error", sorted(TOKEN_ERRORS))
def test_a_revoked_token_stops_its_workspace_and_no_other(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player, error: str
) -> None:
    other = a_player(sessions, a_playing_team(sessions, name="South"), "Sara", kpi={"name": "Calls"})
    slack.answers(anna.id, Refusal(error))
    slack.refused_tokens[anna.workspace.slack_team_id] = error
    bot.tick(FRIDAY_13)
    bot.tick(MONDAY_10)
    with sessions.read() as session:
        assert session.get_one(Workspace, anna.workspace.id).uninstalled_at == FRIDAY_13
    assert [recipient for recipient, _ in slack.tried].count(anna.id) == 1
    assert len(slack.all_in(other.id)) > 0


def test_a_token_that_holds_after_all_stops_nothing(bot: Replica, slack: FakeSlack, anna: Player) -> None:
    """Another replica has stored a new one: Slack is asked about that, and not about the one that was refused."""
    slack.answers(anna.id, Refusal("invalid_auth"))
    slack.refused_tokens[anna.workspace.slack_team_id] = "token_revoked"
    bot.dispatcher.doubted = slack.refused_tokens.pop
    bot.tick(FRIDAY_13)
    assert slack.refused_tokens == {}
    bot.tick(FRIDAY_13 + timedelta(seconds=10))
    assert len(slack.all_in(anna.id)) == 1


@pytest.mark.parametrize("deleted", [True, False])
def test_who_cannot_be_written_to_leaves_only_if_slack_says_that_they_are_gone(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player, *, deleted: bool
) -> None:
    slack.answers(anna.id, Refusal("user_disabled"))
    described = Profile(
        slack_user_id=anna.id,
        handle="anna",
        name="Anna",
        timezone="Europe/Stockholm",
        locale="en-US",
        is_bot=False,
        is_restricted=False,
        is_stranger=False,
        deleted=deleted,
    )
    slack.profiles[anna.workspace.slack_team_id, anna.id] = described
    bot.tick(FRIDAY_13)
    with sessions.read() as session:
        plays = teams.membership(session, anna.team.id or 0, anna.member.id or 0) is not None
    assert plays is not deleted
    assert [recipient for recipient, _ in slack.tried] == [anna.id]


def test_what_one_replica_is_told_to_wait_for_holds_for_the_other_and_not_for_other_workspaces(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock, anna: Player
) -> None:
    bo = a_player(sessions, anna.team, "Bo", kpi={"name": "Meetings"})
    sara = a_player(sessions, a_playing_team(sessions, name="South"), "Sara", kpi={"name": "Calls"})
    with ExitStack() as stack:
        first, second = (stack.enter_context(replica(sessions, slack, clock, workers=1)) for _ in range(2))
        slack.answers(anna.id, Throttled(30))
        first.tick(FRIDAY_13)
        before = [recipient for recipient, _ in slack.tried].count(bo.id)
        bo_again = a_player(sessions, anna.team, "Ben", kpi={"name": "Visits"})
        second.tick(FRIDAY_13 + timedelta(seconds=20))
        assert bo_again.id not in {recipient for recipient, _ in slack.tried}
        assert [recipient for recipient, _ in slack.tried].count(bo.id) == before
        second.tick(FRIDAY_13 + timedelta(seconds=31))
    assert [len(slack.all_in(player.id)) for player in (anna, bo_again, sara)] == [1, 1, 1]


def test_what_is_not_begun_when_the_bot_stops_is_given_back_at_once(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock, anna: Player
) -> None:
    with replica(sessions, slack, clock) as going, replica(sessions, slack, clock) as staying:
        going.planner.plan(clock())
        asked = iter([False])
        going.dispatcher.stopping = lambda: next(asked, True)
        going.dispatcher.dispatch()
        assert slack.tried == []
        (row,) = [row for row in deliveries_of(sessions) if row.recipient == anna.id]
        assert (row.state, row.doubtful, row.not_before) == ("due", False, FRIDAY_13)
        staying.tick()
    assert len(slack.all_in(anna.id)) == 1


def test_a_digest_that_stands_in_one_channel_does_not_come_to_the_next_one_as_well(
    bot: Replica, slack: FakeSlack, sessions: Sessions, anna: Player
) -> None:
    bot.tick(MONDAY_10)
    with sessions.write() as session:
        session.get_one(Team, anna.team.id).channel_id = "C0ELSEWHERE"
    bot.tick(MONDAY_10 + timedelta(minutes=30))
    assert ["week 48" in said.words for said in slack.all_in(CHANNEL)][:1] == [True]
    assert slack.all_in("C0ELSEWHERE") == []
    bot.tick(MONDAY_10 + timedelta(weeks=1))
    assert "week 49" in slack.all_in("C0ELSEWHERE")[0].words
