"""People leave: their hats are vacant at once, nothing is sent to them, the admins hear it once, history stays."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.services.agreements import agreements, ownership
from bot.services.hats import history
from bot.services.people import leaving
from bot.services.teams import team_admins
from bot.services.workspaces import api_tokens
from storage import Sessions
from storage.tables import Member
from tests.support.builders import a_hat, a_kpi, a_team, owns, plays, wears
from tests.support.club import Club
from tests.support.week import FRIDAY_13, deliveries_of


@pytest.fixture
def club(sessions: Sessions) -> Iterator[Club]:
    club = Club(sessions)
    a_kpi(sessions, club.email, "Nurtured leads")
    yield club
    club.close()


def test_an_owner_who_is_deactivated_in_the_middle_of_the_week_leaves_a_vacant_hat(club: Club) -> None:
    club.clock.now = FRIDAY_13
    club.replica.planner.plan(club.now)
    club.slack_says(club.oskar, deleted=True)
    club.slack_says(club.oskar, deleted=True)
    assert club.owner_of(club.email) is None
    assert not club.plays(club.oskar)
    assert club.wearing(club.oskar) == []
    assert club.told(club.oskar) == []
    told = [text for text in club.told(club.anna) if "Oskar" in text]
    assert len(told) == 1
    assert "Oskar does not play in" in told[0]
    assert "Nobody owns Email now." in told[0]
    assert {row.state for row in deliveries_of(club.sessions, recipient=club.oskar.slack_user_id)} <= {"skipped"}
    entries = history.history(club.sessions, club.directory, club.asker(club.anna), "email", now=club.now).content
    assert [(entry.kind, entry.how) for entry in entries.entries] == [("vacant", ""), ("owned", "left")]


def test_the_last_two_admins_who_leave_at_the_same_time_leave_the_team_to_somebody(club: Club) -> None:
    sara = club.joins("Sara", is_admin=True)
    with ThreadPoolExecutor(1) as other:
        with club.sessions.write() as session:
            anna = session.get_one(Member, club.anna.id)
            anna.deleted = True
            leaving.follow(session, anna, now=club.now)
            gone = other.submit(club.slack_says, sara, deleted=True)
            wait([gone], timeout=0.5)
        gone.result(timeout=10)
    assert club.admins() == {"Oskar"}


def test_coming_back_restores_nothing_but_they_can_be_given_a_hat_again(club: Club) -> None:
    club.slack_says(club.oskar, deleted=True)
    club.slack_says(club.oskar, deleted=False)
    assert club.owner_of(club.email) is None
    assert not club.plays(club.oskar)
    club.clock.forward(hours=1)
    ownership.force(
        club.sessions,
        club.directory,
        club.asker(club.anna),
        "email",
        club.oskar.slack_user_id,
        "He is back",
        now=club.now,
    )
    assert club.owner_of(club.email) == club.oskar.id
    assert club.plays(club.oskar)


def test_a_proposal_ends_when_one_of_its_two_leaves(club: Club) -> None:
    sara = club.joins("Sara")
    a_hat(club.sessions, club.team, "Hunter")
    agreements.propose(
        club.sessions, club.directory, club.asker(club.oskar), "hunter", sara.slack_user_id, now=club.now
    )
    club.slack_says(sara, deleted=True)
    assert [proposal.state for proposal in club.proposals()] == ["withdrawn"]
    assert club.told(sara) == []
    assert any("Hunter" in text for text in club.told(club.oskar))


def test_leaving_is_asked_about_first_and_a_second_click_leaves_nothing_twice(club: Club) -> None:
    question = leaving.question(club.sessions, club.asker(club.oskar)).content
    assert [hat.name for hat in question.hats] == ["Email"]
    assert question.next_admin is None
    assert club.plays(club.oskar)
    leaving.leave(club.sessions, club.asker(club.oskar), int(question.state), now=club.now)
    with pytest.raises(Refused) as refused:
        leaving.leave(club.sessions, club.asker(club.oskar), int(question.state), now=club.now)
    assert refused.value.name == "not_a_member"
    assert club.owner_of(club.email) is None
    assert len(club.told(club.anna)) == 1


def test_only_an_admin_takes_somebody_out_of_the_team(club: Club) -> None:
    with pytest.raises(Refused) as refused:
        leaving.remove(club.sessions, club.asker(club.oskar), club.anna.slack_user_id, now=club.now)
    assert refused.value.name == "not_admin"
    bo = club.joins("Bo", is_admin=True)
    answer = leaving.remove(club.sessions, club.asker(club.anna), club.oskar.slack_user_id, now=club.now)
    assert (answer.content.name, answer.content.values["hats"]) == ("removed_with_hats", ["Email"])
    assert club.told(club.anna) == [], "who did it was answered at once"
    assert len(club.told(bo)) == 1


@pytest.mark.parametrize("fact", ["is_restricted", "is_stranger"])
def test_an_owner_who_becomes_a_guest_owns_nothing_any_more_and_still_plays(club: Club, fact: str) -> None:
    club.slack_says(club.oskar, **{fact: True})
    club.slack_says(club.oskar, **{fact: True})
    assert club.owner_of(club.email) is None
    assert club.plays(club.oskar)
    assert club.wearing(club.oskar) == [club.email.id]
    told = club.told(club.anna)
    assert len(told) == 1
    assert "cannot own hats" in told[0]


@pytest.mark.parametrize("fact", ["is_restricted", "is_stranger", "is_bot"])
def test_an_admin_who_becomes_a_guest_decides_nothing_any_more(club: Club, fact: str) -> None:
    bo = club.joins("Bo", is_admin=True)
    club.slack_says(bo, **{fact: True})
    club.slack_says(bo, **{fact: True})
    assert club.admins() == {"Anna"}
    assert club.plays(bo)
    told = [text for text in club.told(club.anna) if "Bo" in text]
    assert len(told) == 1
    assert "cannot own hats in" in told[0]
    assert "look after it" in told[0]
    with pytest.raises(Refused, match="not_admin"):
        api_tokens.listing(club.sessions, club.asker(bo))
    club.slack_says(bo, **{fact: False})
    assert club.admins() == {"Anna"}, "coming back restores nothing"


def test_when_the_last_admin_becomes_a_guest_the_longest_standing_member_looks_after_the_team(club: Club) -> None:
    eva = club.joins("Eva", days_ago=300)
    club.slack_says(club.anna, is_restricted=True)
    assert club.admins() == {"Eva"}
    told = club.told(eva)
    assert any("You look after" in text for text in told)
    assert any("Anna is not a full member" in text for text in told)
    assert club.told(club.anna) == []


def test_a_guest_whom_nobody_has_looked_at_since_decides_nothing_either(club: Club) -> None:
    """As in a database of an earlier version, until Slack is asked about the guest again."""
    guest = club.joins("Guest", days_ago=500, is_admin=True, is_restricted=True)
    with pytest.raises(Refused, match="not_admin") as refused:
        leaving.remove(club.sessions, club.asker(guest), club.anna.slack_user_id, now=club.now)
    assert refused.value.values["admins"] == ["Anna"]
    with pytest.raises(Refused, match="last_admin"):
        team_admins.dismiss(club.sessions, club.asker(club.anna), club.anna.slack_user_id, now=club.now)


def test_when_the_last_admin_leaves_the_longest_standing_member_looks_after_the_team(club: Club) -> None:
    club.joins("Newcomer")
    eva = club.joins("Eva", days_ago=300)
    club.joins("Guest", days_ago=500, is_restricted=True)
    assert leaving.question(club.sessions, club.asker(club.anna)).content.next_admin is not None
    club.slack_says(club.anna, deleted=True)
    assert club.admins() == {"Eva"}
    told = club.told(eva)
    assert any("You look after" in text for text in told)
    assert any("Anna does not play in" in text for text in told)
    assert len(told) == 2


def test_there_is_always_an_admin(club: Club) -> None:
    with pytest.raises(Refused) as refused:
        team_admins.dismiss(club.sessions, club.asker(club.anna), club.anna.slack_user_id, now=club.now)
    assert refused.value.name == "last_admin"
    team_admins.appoint(club.sessions, club.asker(club.anna), club.oskar.slack_user_id, now=club.now)
    team_admins.dismiss(club.sessions, club.asker(club.oskar), club.anna.slack_user_id, now=club.now)
    assert club.admins() == {"Oskar"}
    assert any("You look after" in text for text in club.told(club.oskar))


def test_leaving_one_team_leaves_the_other_as_it_is(club: Club) -> None:
    other = Club(club.sessions)
    there = a_hat(club.sessions, other.team, "Elsewhere")
    assert other.workspace.id != club.workspace.id
    owns(club.sessions, other.anna, there)
    club.slack_says(club.oskar, deleted=True)
    assert other.owner_of(there) == other.anna.id
    assert other.owner_of(other.email) == other.oskar.id
    other.close()


def test_all_teams_of_a_workspace_are_left_by_who_is_deactivated(club: Club) -> None:
    second = a_team(club.sessions, club.workspace, "Second")
    plays(club.sessions, club.oskar, second)
    hat = a_hat(club.sessions, second, "Of the second")
    owns(club.sessions, club.oskar, hat, since=club.now - timedelta(days=3))
    wears(club.sessions, club.oskar, hat)
    club.slack_says(club.oskar, deleted=True)
    assert (club.owner_of(hat), club.owner_of(club.email), club.wearing(club.oskar)) == (None, None, [])


def test_every_departure_is_in_the_audit_log(club: Any) -> None:
    club.slack_says(club.oskar, deleted=True)
    assert [(change.actor, change.action, change.subject) for change in club.changes()] == [
        ("bot", "hat.owner", "email"),
        ("bot", "member.deactivated", club.oskar.slack_user_id),
    ]
