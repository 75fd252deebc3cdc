"""Agreeing on a hat, from the offer to the announcement: what takes effect and what everybody hears (both engines)."""

import itertools
from functools import partial

import pytest

from bot.domain.agreement import State
from bot.domain.errors import Refused
from bot.services.agreements.agreement_form import TermProblems
from bot.services.hats import wearing
from bot.services.installs import onboarding
from bot.services.people import joining
from bot.services.people.people import knows
from bot.services.teams import team_setup
from storage import Sessions, kpis, members
from storage.tables import Member
from tests.support.builders import a_member, wears
from tests.support.database import at_once
from tests.support.room import Room, pings, refused


def test_an_offer_says_what_the_hat_means_and_what_it_does_not(room: Room) -> None:
    room.propose(room.anna, room.maria)
    (offer,) = room.told(room.maria)
    for part in ("would like you to own the hat *Sales*", "everyone goes to", "you keep your other work", "target 10"):
        assert part in offer
    assert "Accept" in offer
    assert room.owner_of(room.sales) is None


def test_a_hat_that_is_accepted_has_an_owner_and_the_channel_hears_it_once(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    room.told(room.maria)
    room.accept(room.maria, made)
    assert room.owner_of(room.sales) == room.maria.id
    (announcement,) = room.channel()
    assert f"<@{room.maria.slack_user_id}> is our forward for *Sales*." in announcement
    assert "accepted: *Sales* has an owner" in room.told(room.anna)[-1]
    assert len(room.channel()) == 1


def test_the_announcement_pings_the_new_owner_and_nobody_else(room: Room) -> None:
    made = room.propose(room.oskar, room.maria, "email")
    room.accept(room.maria, made)
    (announcement,) = room.channel()
    assert set(pings(announcement)) == {room.maria.slack_user_id}
    assert "Thank you, Oskar" in announcement


def test_an_owner_who_passes_a_hat_on_stays_until_it_is_accepted(room: Room) -> None:
    made = room.propose(room.oskar, room.maria, "email")
    assert room.owner_of(room.email) == room.oskar.id
    assert "pass the hat *Email* on to you" in room.told(room.maria)[0]
    room.accept(room.maria, made)
    first, second = room.history(room.email)
    assert (first.ended_at, first.ending) == (second.started_at, "handed_over")
    assert "Thank you for looking after it." in room.told(room.oskar)[-1]


def test_only_its_owner_passes_a_hat_on(room: Room) -> None:
    for asker in (room.anna, room.maria):
        assert refused(room.propose, asker, room.joins("Bo"), "email") == "hat_is_owned"
    assert refused(room.propose, room.oskar, room.oskar, "email") == "owns_already"
    assert refused(room.propose, room.maria, room.maria, "sales") == "propose_to_self"
    assert refused(room.propose, room.maria, room.oskar, "email") == "owns_already"


def test_a_counter_goes_back_until_both_agree(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    room.counter(room.maria, made, "8", why="Two of us left")
    answer = room.told(room.anna)[-1]
    assert "suggests something else" in answer
    assert "> Two of us left" in answer
    assert "target 8 · today 10" in answer
    room.counter(room.anna, made, "9", round_=2)
    room.accept(room.maria, made, round_=3)
    assert room.owner_of(room.sales) == room.maria.id
    assert room.target("2026-W48") == 9
    assert room.target("2026-W47") == 10, "old weeks keep what was agreed then"
    assert "target 9" in room.channel()[0]


def test_another_kpi_can_be_agreed_on(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    room.counter(room.maria, made, "", extra="Visits to customers")
    assert "*Visits to customers*  target 3 · new" in room.told(room.anna)[-1]
    room.accept(room.anna, made, round_=2)
    with room.sessions.read() as session:
        rows = {row.name: row.target for row in kpis.of_hats(session, [room.sales.id or 0], period="2026-W48")}
    assert rows == {"Deals": 10, "Visits to customers": 3}


def test_a_counter_needs_a_reason_and_a_difference_and_numbers_that_can_be_read(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    assert refused(room.counter, room.maria, made, "8", 1, "  ") == "reason_missing"
    assert refused(room.counter, room.maria, made, "10") == "nothing_countered"
    assert refused(room.counter, room.maria, made, "", 1, "x", "!!") == "kpi_unnamed"
    assert refused(room.counter, room.maria, made, "", 1, "x", "DEALS") == "kpi_taken"
    problems = room.counter(room.maria, made, "many")
    assert isinstance(problems, TermProblems)
    assert list(problems.by_kpi) == [room.deals.id]
    assert room.proposals()[0].round == 1


def test_the_reason_of_a_no_is_for_the_other_side_alone(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    room.told(room.maria)
    room.decline(room.maria, made, "My father is ill")
    answer = room.told(room.anna)[-1]
    assert "> My father is ill" in answer
    assert "for you alone" in answer
    heard = [*room.told(room.oskar), *room.told(room.maria), *room.channel()]
    assert not any("father" in words for words in heard)
    assert not any("father" in change.reason for change in room.changes())


def test_everybody_who_pressed_late_reads_a_sentence(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    assert refused(room.accept, room.anna, made) == "proposal_not_your_turn"
    assert refused(room.accept, room.oskar, made) == "not_your_proposal"
    room.accept(room.maria, made)
    assert refused(room.accept, room.maria, made) == "proposal_decided"
    assert refused(room.decline, room.maria, made) == "proposal_decided"
    assert len(room.channel()) == 1


def test_one_offer_at_a_time(room: Room) -> None:
    room.propose(room.anna, room.maria)
    assert refused(room.volunteers, room.oskar) == "proposal_live"


def test_a_volunteer_for_a_vacant_hat_is_answered_by_any_admin(room: Room) -> None:
    sara = room.joins("Sara", is_admin=True)
    made = room.volunteers(room.maria)
    assert [len(room.told(admin)) for admin in (room.anna, sara)] == [1, 1]
    room.accept(sara, made)
    assert room.owner_of(room.sales) == room.maria.id
    assert f"<@{sara.slack_user_id}> agreed" in room.told(room.maria)[-1]


def test_two_admins_who_accept_at_the_same_instant_make_one_owner_and_one_announcement(room: Room) -> None:
    sara = room.joins("Sara", is_admin=True)
    made = room.volunteers(room.maria)

    def accepting(admin: Member) -> str:
        try:
            return room.accept(admin, made).state
        except Refused as late:
            return late.name

    outcomes = at_once(*(lambda admin=admin: accepting(admin) for admin in (room.anna, sara)))  # type: ignore[misc]
    assert sorted(outcomes) == ["accepted", "proposal_decided"]
    assert len(room.history(room.sales)) == 1
    assert len(room.channel()) == 1


def test_a_double_click_has_one_effect(room: Room) -> None:
    made = room.propose(room.anna, room.maria)

    def pressing() -> str:
        try:
            return room.accept(room.maria, made).state
        except Refused as late:
            return late.name

    assert sorted(at_once(*[pressing] * 6)) == ["accepted", *["proposal_decided"] * 5]
    assert len(room.history(room.sales)) == len(room.channel()) == 1


def test_an_accept_and_a_force_at_the_same_instant_leave_one_owner_and_no_gap(room: Room) -> None:
    made = room.propose(room.oskar, room.maria, "email")

    def attempt(work: object) -> str:
        try:
            work()  # type: ignore[operator]
        except Refused as late:
            return late.name
        return "done"

    at_once(
        lambda: attempt(lambda: room.accept(room.maria, made)),
        lambda: attempt(lambda: room.force(room.anna, room.anna, "Now", "email")),
    )
    history = room.history(room.email)
    assert [one.ended_at is None for one in history].count(True) == 1
    assert room.owner_of(room.email) == room.anna.id, "what the admin decided comes last, or alone"
    assert all(a.ended_at == b.started_at for a, b in itertools.pairwise(history))


def test_a_volunteer_for_an_owned_hat_is_answered_by_its_owner(room: Room) -> None:
    made = room.volunteers(room.maria, "email")
    assert room.told(room.anna) == []
    assert "take over your hat *Email*" in room.told(room.oskar)[0]
    assert refused(room.accept, room.anna, made) == "not_your_proposal"
    room.accept(room.oskar, made)
    assert room.owner_of(room.email) == room.maria.id


def test_the_only_admin_who_volunteers_is_answered_by_who_wears_the_hat(room: Room) -> None:
    wears(room.sessions, room.maria, room.sales)
    made = room.volunteers(room.anna)
    assert "would like to own the hat *Sales*" in room.told(room.maria)[0]
    room.accept(room.maria, made)
    assert room.owner_of(room.sales) == room.anna.id


def test_who_is_alone_in_a_team_just_owns_the_hat(sessions: Sessions) -> None:
    room = Room(sessions)
    for member in (room.oskar, room.maria):
        room.slack_says(member, deleted=True)
    assert room.volunteers(room.anna).state is State.ACCEPTED
    assert room.owner_of(room.sales) == room.anna.id
    assert len(room.channel()) >= 1
    room.close()


def test_a_colleague_who_is_new_to_the_team_joins_by_accepting(room: Room) -> None:
    grace = a_member(room.sessions, room.workspace, "Grace")
    made = room.propose(room.anna, grace)
    assert not room.plays(grace)
    room.accept(grace, made)
    assert room.plays(grace)
    assert room.wearing(grace) == [room.sales.id]


def test_nobody_gets_a_right_before_slack_has_said_who_they_are(room: Room) -> None:
    """Whoever has asked a question is stored, and may be a guest as long as Slack could not be asked."""
    with room.sessions.write() as session:
        workspace_id = room.workspace.id or 0
        unknown = members.ensure(session, workspace_id, "U0UNKNOWN")
        members.describe(session, workspace_id, "U0UNKNOWN", now=room.now)  # as Slack's silence is noted
    asker = room.asker(unknown)
    assert refused(room.volunteers, unknown) == "slack_silent_about"
    assert refused(room.propose, room.anna, unknown) == "slack_silent_about"
    assert refused(room.force, room.anna, unknown, "Because") == "slack_silent_about"
    now = {"now": room.now}
    assert refused(partial(joining.join, room.sessions, asker, **now)) == "slack_silent"
    assert refused(partial(wearing.wear, room.sessions, room.directory, asker, "sales", **now)) == "slack_silent"
    assert refused(onboarding.open_ticks, room.sessions, asker, str(room.team.id)) == "slack_silent"
    assert refused(team_setup.blank, room.sessions, asker, None) == "slack_silent"
    assert refused(partial(team_setup.create, room.sessions, asker, {}, **now)) == "slack_silent"
    assert not knows(room.sessions, room.workspace.slack_team_id, "U0UNKNOWN"), "Slack is asked again"


@pytest.mark.parametrize("fact", ["is_bot", "is_restricted", "is_stranger", "deleted"])
def test_guests_bots_strangers_and_who_has_left_cannot_own(room: Room, fact: str) -> None:
    other = room.joins("Other", **{fact: True})
    assert refused(room.propose, room.anna, other) == "cannot_own"
    assert refused(room.volunteers, other) == "cannot_own"
    assert refused(room.force, room.anna, other, "Because") == "cannot_own"
