"""Whom the words about a hat ping, whatever it is called, and that nothing is said twice (both engines)."""

from collections.abc import Callable

from sqlmodel import select

from bot.services.agreements import agreement_answers, agreement_terms, agreements
from bot.services.agreements.agreement_table import Made
from messages.escaping import mrkdwn
from storage.proposals import Term
from storage.tables import Assignment, Hat, Kpi, Member, Proposal
from tests.support.fake_slack import texts
from tests.support.room import Room, pings, refused
from tests.support.week import CHANNEL, deliveries_of

HOSTILE = "<!channel> <@U0EVIL0001> *bold* `code` \u202eesrever שלום 🎩 " + "x" * 3000


def test_hostile_names_and_reasons_ping_nobody_but_the_one_addressed(room: Room) -> None:
    evil = room.joins("<!channel> *Eve* <@U0EVIL0001>")
    made = room.propose(room.anna, evil)
    room.counter(evil, made, "8", why=HOSTILE)
    room.decline(room.anna, made, HOSTILE, round_=2)
    room.force(room.anna, evil, HOSTILE)
    room.told(evil)
    allowed = {room.anna.slack_user_id, evil.slack_user_id}
    for said in room.slack.said:
        assert set(pings(said.words)) <= allowed
        assert "<!" not in said.words
    (announced,) = room.channel()
    assert set(pings(announced)) == {evil.slack_user_id}
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
        assert set(pings(words)) <= {room.anna.slack_user_id, evil.slack_user_id, away.slack_user_id}
        assert "<!" not in words
        assert "\u202e" not in words
    announced = [said.words for said in room.slack.all_in(CHANNEL)]
    assert {ping for words in announced for ping in pings(words)} == {evil.slack_user_id}


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
