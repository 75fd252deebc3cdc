"""How an offer of a hat ends when nobody says yes to it, and what an admin may do (both engines)."""

from datetime import timedelta

import pytest

from bot.domain.agreement import Later
from bot.services.agreements import agreement_answers, agreements
from bot.services.agreements.agreement_closing import left_behind
from bot.services.hats import hat_archiving
from bot.services.people import leaving
from bot.slack.outcomes import InDoubt, NotSent, Outcome, Throttled
from storage import hats
from storage.tables import Member
from tests.support.builders import wears
from tests.support.room import Room, pings, refused


def test_an_offer_about_an_archived_hat_ends_and_can_no_longer_be_answered(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    room.told(room.maria)
    with room.sessions.write() as session:
        hats.entity_by_id(session, room.team.id or 0, room.sales.id or 0).archived_at = room.now
    assert refused(room.accept, room.maria, made) == "hat_archived"
    room.passes(minutes=1)
    assert room.proposals()[0].state == "withdrawn"
    assert "is over" in room.told(room.maria)[-1]
    assert "is over" in room.told(room.anna)[-1]


def test_an_owner_who_is_deactivated_while_a_hand_over_waits_leaves_no_gap_but_a_vacant_one(room: Room) -> None:
    room.propose(room.oskar, room.maria, "email")
    room.slack_says(room.oskar, deleted=True)
    assert room.owner_of(room.email) is None
    room.passes(minutes=1)
    assert not [one for one in room.proposals() if one.state in ("offered", "countered")]
    assert room.told(room.oskar) == []


def test_a_candidate_who_is_deactivated_cannot_become_the_owner(room: Room) -> None:
    made = room.volunteers(room.maria)
    room.slack_says(room.maria, deleted=True)
    room.passes(minutes=1)
    assert refused(room.accept, room.anna, made) in ("cannot_own", "proposal_decided")
    assert room.owner_of(room.sales) is None
    assert not [words for words in room.channel() if "*Sales*" in words and "our" in words]


def test_an_admin_takes_the_seat_of_a_counterpart_who_has_left(room: Room) -> None:
    made = room.propose(room.maria, room.oskar)
    room.counter(room.oskar, made, "8")
    with room.sessions.write() as session:
        session.get_one(Member, room.maria.id).deleted = True
    room.passes(minutes=1)
    assert "suggests something else" in room.told(room.anna)[-1]
    room.accept(room.anna, made, round_=2)
    assert room.owner_of(room.sales) == room.oskar.id


def test_everyone_concerned_sees_what_an_admin_forces_and_why(room: Room) -> None:
    room.force(room.anna, room.maria, "Oskar is on leave", "email")
    assert room.owner_of(room.email) == room.maria.id
    for member, part in ((room.maria, "*Email* is yours"), (room.oskar, f"<@{room.maria.slack_user_id}> owns *Email*")):
        (words,) = room.told(member)
        assert part in words
        assert "> Oskar is on leave" in words
        assert f"<@{room.anna.slack_user_id}> has decided" in words
    (announced,) = room.channel()
    assert "Anna has decided" in announced
    assert "> Oskar is on leave" in announced
    assert set(pings(announced)) == {room.maria.slack_user_id}
    assert room.history(room.email)[0].ending == "forced"


def test_what_an_admin_forces_ends_the_offer_that_waits(room: Room) -> None:
    sara = room.joins("Sara")
    made = room.propose(room.oskar, room.maria, "email")
    room.told(room.maria)
    forced = room.force(room.anna, sara, "Settled", "email")
    assert forced.called_off == made.proposal_id
    assert refused(room.accept, room.maria, made) == "proposal_decided"
    (left,) = left_behind(room.sessions, room.workspace.slack_team_id, made.proposal_id, now=room.now)
    assert "is over" in left.message.text
    assert not [block for block in left.message.blocks if block["type"] == "actions"]


def test_only_an_admin_forces_and_only_with_a_reason(room: Room) -> None:
    assert refused(room.force, room.maria, room.maria, "I want it") == "not_admin"
    assert refused(room.force, room.anna, room.maria, " \x00 ") == "reason_missing"
    assert refused(room.force, room.anna, room.oskar, "Again", "email") == "owns_already"


def test_an_offer_is_reminded_of_once_and_then_runs_out(room: Room) -> None:
    room.propose(room.anna, room.maria)
    room.told(room.maria)
    for _ in range(13):
        room.passes(days=1)
        room.told(room.maria)
    assert len(room.told(room.maria)) == 2
    assert "A kind reminder" in room.told(room.maria)[-1]
    room.passes(days=1)
    assert "ran out" in room.told(room.anna)[-1]
    assert "ran out" in room.told(room.maria)[-1]
    assert room.proposals()[0].state == "expired"


def expired(room: Room) -> None:
    room.passes(days=8)
    room.told(room.maria)
    room.passes(days=6)


def archived(room: Room) -> None:
    state = f"{room.team.id} {room.sales.id}"
    hat_archiving.archive(room.sessions, room.asker(room.anna), state, now=room.now)


ENDINGS = {
    "it ran out": (expired, "ran out"),
    "the hat was archived": (archived, "is over: the hat, or somebody it was about, has changed since"),
    "the candidate left the team": (
        lambda room: leaving.leave(room.sessions, room.asker(room.maria), room.team.id or 0, now=room.now),
        "is over",
    ),
    "an admin decided": (lambda room: room.force(room.anna, room.oskar, "Settled"), "is over"),
    "it was taken back": (
        lambda room: agreements.withdraw(room.sessions, room.directory, room.asker(room.anna), "sales", now=room.now),
        "was taken back",
    ),
    "it was accepted": (lambda room: room.accept(room.maria, room.made), "Agreed: *Sales* is yours."),
    "it was declined": (lambda room: room.decline(room.maria, room.made), "You said no"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_offer_has_no_buttons_once_it_is_over_however_it_ended_and_whoever_was_there(
    room: Room, ending: str
) -> None:
    end, words = ENDINGS[ending]
    room.made = room.propose(room.anna, room.maria)
    assert room.shown(room.maria)[0][1]
    end(room)
    offers = [shown for shown in room.shown(room.maria) if shown[1] or words in shown[0]]
    assert words in offers[0][0]
    assert not any(has_buttons for _, has_buttons in offers)


@pytest.mark.parametrize("outcome", [InDoubt("TimeoutError"), Throttled(30), NotSent("ConnectionRefusedError")])
def test_a_change_that_did_not_get_through_is_made_later_without_looking_for_it(room: Room, outcome: Outcome) -> None:
    room.propose(room.anna, room.maria)
    assert room.shown(room.maria)[0][1]
    room.slack.failed_updates.append(outcome)
    room.passes(days=15)
    assert room.shown(room.maria)[0][1], "it has its buttons still"
    room.passes(minutes=1)
    assert not room.shown(room.maria)[0][1]
    assert room.slack.sought == []


def test_nothing_is_changed_for_who_has_left_slack(room: Room) -> None:
    room.propose(room.anna, room.maria)
    assert room.shown(room.maria)[0][1]
    room.slack_says(room.maria, deleted=True)
    assert room.shown(room.maria)[0][1]
    assert room.slack.updates == []


def test_ask_me_later_moves_the_reminder_every_time_it_is_pressed(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    key = f"{made.proposal_id}.1"
    room.told(room.maria)
    for reminders in (1, 2):
        put_off = agreement_answers.ask_later(
            room.sessions, room.asker(room.maria), key, Later.WEEK, now=room.now
        ).content
        assert put_off.until == (room.now + timedelta(days=7)).date()
        (left,) = left_behind(
            room.sessions, room.workspace.slack_team_id, made.proposal_id, now=room.now, remind_on=put_off.until
        )[-1:]
        assert "I ask again on" in str(left.message.blocks)
        room.passes(days=6)
        assert len(room.told(room.maria)) == reminders
        room.passes(days=1)
        assert len(room.told(room.maria)) == reminders + 1
    assert room.proposals()[0].state == "offered"


def test_the_one_who_offered_takes_it_back(room: Room) -> None:
    made = room.propose(room.oskar, room.maria, "email")
    room.told(room.maria)
    take_back = agreements.withdraw
    for member in (room.maria, room.joins("Bo")):
        assert (
            refused(
                lambda member=member: take_back(
                    room.sessions, room.directory, room.asker(member), "email", now=room.now
                )
            )
            == "not_your_offer"
        )
    take_back(room.sessions, room.directory, room.asker(room.oskar), "email", now=room.now)
    assert "took back the offer" in room.told(room.maria)[-1]
    assert refused(room.accept, room.maria, made) == "proposal_decided"


def test_an_owner_who_knows_nobody_lets_wearers_and_admins_know_once(room: Room) -> None:
    wears(room.sessions, room.maria, room.email)
    for _ in range(2):
        agreements.pass_on(room.sessions, room.directory, room.asker(room.oskar), "email", now=room.now)
    for member in (room.maria, room.anna):
        (words,) = room.told(member)
        assert "looks for somebody to pass the hat *Email* on to" in words
        assert "I'd like to own it" in words
    assert room.told(room.oskar) == []
    assert room.owner_of(room.email) == room.oskar.id
