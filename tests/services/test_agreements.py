"""Agreeing on a hat, from the offer to the announcement: what takes effect and what everybody hears (both engines)."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bot.domain.agreement import Later, State
from bot.domain.errors import Refused
from bot.services.agreements import agreement_answers, agreement_reviews, agreement_terms, agreements, ownership
from bot.services.agreements.agreement_chores import look_after_agreements
from bot.services.agreements.agreement_closing import left_behind
from bot.services.agreements.agreement_form import TermProblems, Typed
from bot.services.agreements.agreement_table import Made
from bot.services.hats import hat_archiving
from bot.services.people import leaving
from bot.slack.outcomes import InDoubt, NotSent, Outcome, Throttled
from messages.escaping import mrkdwn
from storage import Sessions, assignments, hats, kpis
from storage.proposals import Term
from storage.tables import Assignment, Hat, Kpi, Member, Proposal
from tests.support.builders import a_hat, a_kpi, a_member, a_target, wears
from tests.support.club import Club
from tests.support.database import at_once
from tests.support.fake_slack import texts
from tests.support.week import CHANNEL, TUESDAY, deliveries_of

HOSTILE = "<!channel> <@U0EVIL0001> *bold* `code` \u202eesrever שלום 🎩 " + "x" * 3000


@dataclass
class Room(Club):
    """The club with a vacant hat `sales` that has one KPI, deals, with a target of 10 since the start of the year."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.sales: Hat = a_hat(self.sessions, self.team, "Sales", position="forward", created_at=TUESDAY)
        self.deals: Kpi = a_kpi(self.sessions, self.sales, "Deals")
        a_target(self.sessions, self.deals, 10)
        self.maria = self.joins("Maria")
        self.made: Made | None = None

    def propose(self, by: Member, to: Member, hat: str = "sales") -> Made:
        return agreements.propose(
            self.sessions, self.directory, self.asker(by), hat, to.slack_user_id, now=self.now
        ).content

    def volunteers(self, member: Member, hat: str = "sales") -> Made:
        return agreements.volunteer(self.sessions, self.directory, self.asker(member), hat, now=self.now).content

    def accept(self, member: Member, made: Made, round_: int = 1) -> Made:
        key = f"{made.proposal_id}.{round_}"
        return agreement_answers.accept(self.sessions, self.asker(member), key, now=self.now).content

    def counter(
        self, member: Member, made: Made, target: str, round_: int = 1, why: str = "Fewer", extra: str = ""
    ) -> Made | TermProblems:
        typed = Typed({self.deals.id or 0: target}, extra, "3" if extra else "", why)
        key = f"{made.proposal_id}.{round_}"
        return agreement_answers.counter(self.sessions, self.asker(member), key, typed, now=self.now).content

    def decline(self, member: Member, made: Made, why: str = "", round_: int = 1) -> Made:
        key = f"{made.proposal_id}.{round_}"
        return agreement_answers.decline(self.sessions, self.asker(member), key, why, now=self.now).content

    def force(self, by: Member, to: Member, why: str, hat: str = "sales") -> ownership.Forced:
        return ownership.force(
            self.sessions, self.directory, self.asker(by), hat, to.slack_user_id, why, now=self.now
        ).content

    def channel(self) -> list[str]:
        self.replica.tick()
        return [said.words for said in self.slack.all_in(CHANNEL) if "for" in said.words]

    def shown(self, member: Member) -> list[tuple[str, bool]]:
        """Send what is owed, and return what a person's messages say by now, and whether each has buttons."""
        self.replica.tick()
        changed = {(channel, ts): message for _, channel, ts, message in self.slack.updates}
        standing = [
            changed.get((said.channel, said.ts), said.message) for said in self.slack.all_in(member.slack_user_id)
        ]
        return [(one.text, any(block["type"] == "actions" for block in one.blocks)) for one in standing]

    def target(self, week: str) -> Decimal | None:
        with self.sessions.read() as session:
            found = kpis.target_at(session, self.deals.id or 0, week)
            return found.value if found else None

    def history(self, hat: Hat) -> list[Assignment]:
        with self.sessions.read() as session:
            return [assignment for assignment, _ in assignments.of_hat(session, hat.id or 0)]

    def passes(self, **time: float) -> None:
        self.clock.forward(**time)
        look_after_agreements(self.sessions, self.now)


@pytest.fixture
def room(sessions: Sessions) -> Iterator[Room]:
    opened = Room(sessions)
    yield opened
    opened.close()


def refused(work: object, *arguments: object) -> str:
    with pytest.raises(Refused) as caught:
        work(*arguments)  # type: ignore[operator]
    return caught.value.name


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
    assert set(_pings(announcement)) == {room.maria.slack_user_id}
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


@pytest.mark.parametrize("fact", ["is_bot", "is_restricted", "is_stranger", "deleted"])
def test_guests_bots_strangers_and_who_has_left_cannot_own(room: Room, fact: str) -> None:
    other = room.joins("Other", **{fact: True})
    assert refused(room.propose, room.anna, other) == "cannot_own"
    assert refused(room.volunteers, other) == "cannot_own"
    assert refused(room.force, room.anna, other, "Because") == "cannot_own"


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
    assert set(_pings(announced)) == {room.maria.slack_user_id}
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


def test_targets_of_an_owned_hat_change_with_the_owners_consent(room: Room) -> None:
    room.accept(room.maria, room.propose(room.anna, room.maria))
    terms = [Term(room.deals.id, "", Decimal(20))]
    done = agreement_terms.propose_terms(
        room.sessions, room.asker(room.anna), room.sales.id or 0, terms, "We grow", now=room.now
    ).content
    assert not done.at_once
    assert room.target("2026-W48") == 10
    offered = room.told(room.maria)[-1]
    assert "suggests other targets for your hat *Sales*" in offered
    (proposal,) = [one for one in room.proposals() if one.kind == "terms"]
    agreement_answers.accept(room.sessions, room.asker(room.maria), f"{proposal.id}.1", now=room.now)
    assert room.target("2026-W48") == 20
    assert room.target("2026-W47") == 10
    assert "hold from this week on" in room.told(room.anna)[-1]
    assert len(room.channel()) == 1, "only the owner was announced"


def test_the_owner_and_a_vacant_hat_need_nobodys_consent(room: Room) -> None:
    terms = [Term(room.deals.id, "", Decimal(12)), Term(None, "Meetings", Decimal(4))]
    vacant = agreement_terms.propose_terms(
        room.sessions, room.asker(room.anna), room.sales.id or 0, terms, "", now=room.now
    ).content
    assert vacant.at_once
    assert room.target("2026-W48") == 12
    room.accept(room.maria, room.propose(room.anna, room.maria))
    own = agreement_terms.propose_terms(
        room.sessions,
        room.asker(room.maria),
        room.sales.id or 0,
        [Term(room.deals.id, "", Decimal(15))],
        "",
        now=room.now,
    ).content
    assert own.at_once
    assert room.target("2026-W48") == 15


def test_terms_about_another_hats_kpi_are_refused(room: Room) -> None:
    other = a_kpi(room.sessions, room.email, "Opens")
    for terms, name in (([Term(other.id, "", Decimal(1))], "no_such_kpi"), ([Term(None, "Opens", None)], "kpi_taken")):
        assert (
            refused(
                lambda terms=terms: agreement_terms.propose_terms(
                    room.sessions, room.asker(room.anna), room.sales.id or 0, terms, "x", now=room.now
                )
            )
            == name
        )


def test_an_agreement_is_reviewed_after_half_a_year_and_kept_with_one_press(room: Room) -> None:
    room.accept(room.maria, room.propose(room.anna, room.maria))
    room.told(room.maria)
    room.clock.now = datetime.fromisoformat("2027-05-25T12:00:00+00:00")
    room.passes()
    room.passes(minutes=5)
    review = room.told(room.maria)[-1]
    assert "You have owned *Sales* since 24 November 2026. Does it still fit?" in review
    assert sum("Does it still fit?" in words for words in room.told(room.maria)) == 1
    key = str(room.history(room.sales)[0].id)
    assert (
        refused(lambda: agreement_reviews.keep(room.sessions, room.asker(room.oskar), key, now=room.now))
        == "review_over"
    )
    kept = agreement_reviews.keep(room.sessions, room.asker(room.maria), key, now=room.now).content
    assert kept.again_on is not None
    assert kept.again_on.isoformat() == "2027-11-25"
    assert (
        refused(lambda: agreement_reviews.keep(room.sessions, room.asker(room.maria), key, now=room.now))
        == "review_over"
    )


def test_an_owner_who_wants_other_targets_at_a_review_agrees_on_them_with_an_admin(room: Room) -> None:
    room.accept(room.maria, room.propose(room.anna, room.maria))
    key = str(room.history(room.sales)[0].id)
    typed = Typed({room.deals.id or 0: "7"}, "", "", "The market is slow")
    done = agreement_reviews.change(room.sessions, room.asker(room.maria), key, typed, now=room.now).content
    assert isinstance(done, agreement_terms.TermsProposed)
    assert not done.at_once
    assert "> The market is slow" in room.told(room.anna)[-1]
    assert room.target("2026-W48") == 10
    (proposal,) = [one for one in room.proposals() if one.kind == "terms"]
    agreement_answers.accept(room.sessions, room.asker(room.anna), f"{proposal.id}.1", now=room.now)
    assert room.target("2026-W48") == 7


def test_hostile_names_and_reasons_ping_nobody_but_the_one_addressed(room: Room) -> None:
    evil = room.joins("<!channel> *Eve* <@U0EVIL0001>")
    made = room.propose(room.anna, evil)
    room.counter(evil, made, "8", why=HOSTILE)
    room.decline(room.anna, made, HOSTILE, round_=2)
    room.force(room.anna, evil, HOSTILE)
    room.told(evil)
    allowed = {room.anna.slack_user_id, evil.slack_user_id}
    for said in room.slack.said:
        assert set(_pings(said.words)) <= allowed
        assert "<!" not in said.words
    (announced,) = room.channel()
    assert set(_pings(announced)) == {evil.slack_user_id}
    assert mrkdwn("<!channel>") in announced


def test_whatever_happens_around_a_hat_of_hostile_names_pings_only_its_two_sides(room: Room) -> None:
    evil = room.joins("<!here> \u202eevE <@U0EVIL0001> 🎩 *x*")
    away = room.joins("<!everyone> שלום")
    with room.sessions.write() as session:
        for row in (session.get_one(Hat, room.sales.id), session.get_one(Kpi, room.deals.id)):
            row.name = "<!channel> <@U0EVIL0001> `x`"
    removal = [Term(room.deals.id, "", None, change="remove")]
    offered: list[Made] = []
    steps: tuple[Callable[[], object], ...] = (
        lambda: offered.append(room.propose(room.anna, evil)),
        lambda: room.counter(evil, offered[-1], "8", why=HOSTILE, extra="<!subteam^S0EVIL0001>"),
        lambda: agreements.withdraw(room.sessions, room.directory, room.asker(evil), "sales", now=room.now),
        lambda: offered.append(room.propose(room.anna, evil)),
        lambda: room.accept(evil, offered[-1]),
        lambda: agreement_terms.propose_terms(
            room.sessions, room.asker(room.anna), room.sales.id or 0, removal, HOSTILE, now=room.now
        ),
        lambda: agreement_answers.decline(
            room.sessions, room.asker(evil), f"{room.proposals()[-1].id}.1", HOSTILE, now=room.now
        ),
        lambda: agreements.pass_on(room.sessions, room.directory, room.asker(evil), "sales", now=room.now),
        lambda: offered.append(room.propose(evil, away)),
        lambda: room.decline(away, offered[-1], HOSTILE),
        lambda: room.propose(evil, away),
        lambda: room.slack_says(evil, name="<!channel> gone", deleted=True),
    )
    for step in steps:
        step()
        room.passes(minutes=1)
        room.told(evil)
    assert len(room.slack.said) >= len(steps)
    assert room.slack.updates
    changed = ["\n".join([said.text, *texts(said.blocks)]) for *_, said in room.slack.updates]
    for words in [said.words for said in room.slack.said] + changed:
        assert set(_pings(words)) <= {room.anna.slack_user_id, evil.slack_user_id, away.slack_user_id}
        assert "<!" not in words
        assert "\u202e" not in words
    announced = [said.words for said in room.slack.all_in(CHANNEL)]
    assert {ping for words in announced for ping in _pings(words)} == {evil.slack_user_id}


def test_each_announcement_is_owed_once(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    room.accept(room.maria, made)
    room.force(room.anna, room.oskar, "Why")
    owed = deliveries_of(room.sessions, kind="announcement")
    assert len({one.period for one in owed}) == len(owed) == 2


def test_an_answer_that_the_database_refuses_leaves_no_trace(room: Room) -> None:
    made = room.propose(room.anna, room.maria)
    with room.sessions.write() as session:
        session.get_one(Proposal, made.proposal_id).candidate_id = room.oskar.id or 0
        session.get_one(Member, room.oskar.id).is_restricted = True
    assert refused(room.accept, room.oskar, made) == "cannot_own"
    assert room.proposals()[0].state == "offered"
    with room.sessions.read() as session:
        assert session.exec(select(Assignment).where(Assignment.hat_id == room.sales.id)).all() == []


def _pings(words: str) -> list[str]:
    return [part.split(">")[0] for part in words.split("<@")[1:]]
