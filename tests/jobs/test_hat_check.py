"""Everybody in a team is asked once a week which hats they wore, in the one message that they get anyway."""

from datetime import timedelta
from typing import Any

import pytest

from bot.services.hats import hat_checks
from storage import Sessions, teams
from storage.tables import Member
from tests.support.builders import a_member, added, wears
from tests.support.checking import Dugout
from tests.support.fake_slack import FakeSlack
from tests.support.replica import StandingClock, replica
from tests.support.week import (
    FRIDAY_13,
    MONDAY_8,
    MONDAY_10,
    THIS_WEEK,
    TUESDAY,
    a_player,
    deliveries_of,
)

ALONE = "Which hats did you wear in week 48?"
BESIDE = "And which hats did you wear?"


@pytest.fixture
def dugout(sessions: Sessions) -> Dugout:
    return Dugout(sessions)


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack(StandingClock(FRIDAY_13 - timedelta(days=1)))


def lives(dugout: Dugout, slack: FakeSlack, *instants: Any) -> None:
    clock = slack.clock
    assert isinstance(clock, StandingClock)
    with replica(dugout.sessions, slack, clock) as bot:
        for now in instants or (FRIDAY_13 - timedelta(seconds=1), FRIDAY_13, MONDAY_8, MONDAY_10):
            bot.tick(now)
            bot.tick(now)
        assert bot.missed == []


def told(slack: FakeSlack, member: Member) -> list[str]:
    return [said.words for said in slack.all_in(member.slack_user_id)]


def test_members_without_kpis_get_one_message_and_no_reminder(dugout: Dugout, slack: FakeSlack) -> None:
    lives(dugout, slack)
    for member in (dugout.anna, dugout.erik, dugout.maria):
        (message,) = told(slack, member)
        assert ALONE in message
        assert "Report" not in message
    assert {row.state for row in deliveries_of(dugout.sessions)} == {"sent"}


def test_owners_get_numbers_and_hats_in_one_message_and_are_reminded_of_numbers_only(
    dugout: Dugout, slack: FakeSlack
) -> None:
    sara = a_player(dugout.sessions, dugout.team, "Sara")
    lives(dugout, slack)
    prompt, reminder = told(slack, sara.member)
    assert "Kpi of Sara" in prompt
    assert BESIDE in prompt
    assert ALONE not in prompt
    assert "friendly reminder" in reminder
    assert "hats did you wear" not in reminder


def test_an_owner_who_has_reported_is_asked_for_their_hats_only(dugout: Dugout, slack: FakeSlack) -> None:
    sara = a_player(dugout.sessions, dugout.team, "Sara")
    sara.reports(dugout.sessions, "12", THIS_WEEK, now=FRIDAY_13 - timedelta(hours=1))
    lives(dugout, slack)
    (message,) = told(slack, sara.member)
    assert ALONE in message
    assert "Kpi of Sara" not in message


def test_who_has_answered_already_is_not_asked(dugout: Dugout, slack: FakeSlack) -> None:
    sara = a_player(dugout.sessions, dugout.team, "Sara")
    for member in (dugout.erik, sara.member):
        dugout.ticks(member, dugout.sales, now=FRIDAY_13 - timedelta(hours=1))
    lives(dugout, slack, FRIDAY_13)
    assert told(slack, dugout.erik) == []
    (message,) = told(slack, sara.member)
    assert BESIDE not in message


def test_a_person_who_has_switched_it_off_gets_their_numbers_only(dugout: Dugout, slack: FakeSlack) -> None:
    sara = a_player(dugout.sessions, dugout.team, "Sara")
    for member in (dugout.erik, sara.member):
        hat_checks.switch_own(dugout.sessions, dugout.asker(member), on=False)
    lives(dugout, slack, FRIDAY_13)
    assert told(slack, dugout.erik) == []
    (message,) = told(slack, sara.member)
    assert BESIDE not in message
    assert told(slack, dugout.maria), "the others are asked"


def test_a_team_that_has_switched_it_off_is_not_asked(dugout: Dugout, slack: FakeSlack) -> None:
    hat_checks.switch_team(dugout.sessions, dugout.asker(dugout.anna), on=False, now=TUESDAY)
    sara = a_player(dugout.sessions, dugout.team, "Sara")
    lives(dugout, slack)
    assert {said.recipient for said in slack.said} == {sara.id, "C0NORTH"}
    assert all("hats did you wear" not in said.words for said in slack.said)


def test_who_switches_it_off_while_the_message_is_owed_does_not_get_it(dugout: Dugout, slack: FakeSlack) -> None:
    slack.clock = clock = StandingClock(FRIDAY_13)
    with replica(dugout.sessions, slack, clock) as bot:
        bot.planner.plan(FRIDAY_13)
        hat_checks.switch_own(dugout.sessions, dugout.asker(dugout.erik), on=False)
        bot.tick()
    assert told(slack, dugout.erik) == []
    assert [row.error for row in deliveries_of(dugout.sessions, state="skipped")] == ["nothing to ask any more"]


@pytest.mark.parametrize("what", ["is_bot", "is_restricted", "is_stranger", "deleted"])
def test_bots_guests_and_people_who_are_gone_are_not_asked(dugout: Dugout, slack: FakeSlack, what: str) -> None:
    other = dugout.joins("Ola", **{what: True})
    lives(dugout, slack, FRIDAY_13)
    assert told(slack, other) == []


def test_who_left_the_team_or_never_played_in_it_is_not_asked(dugout: Dugout, slack: FakeSlack) -> None:
    stranger = a_member(dugout.sessions, dugout.workspace, "Grace")
    wears(dugout.sessions, stranger, dugout.sales)
    with dugout.sessions.write() as session:
        teams.remove_member(session, dugout.team.id or 0, dugout.erik.id or 0, now=TUESDAY)
    lives(dugout, slack, FRIDAY_13)
    assert told(slack, stranger) == told(slack, dugout.erik) == []


def test_who_joins_after_the_time_is_asked_the_week_after(dugout: Dugout, slack: FakeSlack) -> None:
    late = a_member(dugout.sessions, dugout.workspace, "Ida")
    dugout.plays(late, since=FRIDAY_13 + timedelta(minutes=1))
    lives(dugout, slack, FRIDAY_13 + timedelta(minutes=2), MONDAY_10)
    assert told(slack, late) == []
    lives(dugout, slack, FRIDAY_13 + timedelta(weeks=1))
    assert len(told(slack, late)) == 1


def test_a_team_without_hats_is_not_asked(dugout: Dugout, slack: FakeSlack) -> None:
    for hat in (dugout.booking, dugout.prospecting, dugout.sales):
        hat.archived_at = TUESDAY
        added(dugout.sessions, hat)
    lives(dugout, slack, FRIDAY_13)
    assert slack.said == []


def test_each_is_asked_in_their_own_zone_and_language(dugout: Dugout, slack: FakeSlack) -> None:
    grace = dugout.joins("Grace", timezone="America/New_York", locale="sv-SE")
    lives(dugout, slack, FRIDAY_13, FRIDAY_13 + timedelta(hours=6))
    (said,) = slack.all_in(grace.slack_user_id)
    assert said.at == FRIDAY_13 + timedelta(hours=6)
    assert "Vilka hattar bar du under vecka 48?" in said.words
