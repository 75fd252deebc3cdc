"""What owners agree to beside the hat: its targets, and to look at them again (both engines)."""

from datetime import datetime
from decimal import Decimal

from bot.services.agreements import agreement_answers, agreement_reviews, agreement_terms
from bot.services.agreements.agreement_form import Typed
from storage.proposals import Term
from tests.support.builders import a_kpi
from tests.support.room import Room, refused


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
