"""Buttons about agreements: offers and their answers, volunteering, proposing, reviews."""

from collections.abc import Callable
from typing import Any

from bot.listeners import agreeing
from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn, in_a_modal
from bot.services.agreements import agreement_answers, agreement_reviews
from bot.services.agreements.agreement_table import number_of
from bot.services.workspaces.scene import Answer
from messages import catalog, ids
from messages.agreement_content import AgreementNote, TermsForm
from messages.content import Refusal


def accept(turn: Turn) -> None:
    """Accept what is offered."""

    def change() -> Showing:
        answer = agreement_answers.accept(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        turn.deps.wake()

        def show() -> None:
            if not agreeing.closed_any(turn, answer.content.proposal_id):
                agreeing.tell(turn, Answer(answer.language, AgreementNote("agreed", answer.content.hat)))

        return show

    stored(turn, change, _too_late)


def _too_late(turn: Turn, language: str, refusal: Refusal) -> None:
    """Tell a refusal, and let the message that still has the button say so as well."""
    in_a_modal(turn, language, refusal)
    agreeing.close_offers(turn, number_of(turn.value))


def counter(turn: Turn) -> None:
    """Open the form for other terms."""
    _open(turn, catalog.counter_modal)


def decline(turn: Turn) -> None:
    """Open the form for a no."""
    _open(turn, catalog.decline_modal)


def later(turn: Turn) -> None:
    """Ask when to ask again."""
    _open(turn, catalog.later_modal)


def volunteer(turn: Turn) -> None:
    """Offer the one who pressed for the hat."""

    def work() -> None:
        slug, asker = agreeing.named_hat(turn, turn.value)
        agreeing.tell(turn, agreeing.volunteer(turn, asker, slug, exactly=True))

    agreeing.afterwards(turn, work)


def open_propose(turn: Turn) -> None:
    """Open the form in which somebody is chosen to own the hat."""

    def work() -> None:
        slug, asker = agreeing.named_hat(turn, turn.value)
        agreeing.open_propose(turn, asker, slug, exactly=True)

    agreeing.afterwards(turn, work)


def propose_to(turn: Turn) -> None:
    """Offer the hat to the person whom the button names; whoever finds their own name on it volunteers."""

    def work() -> None:
        slug, _, person = turn.value.partition(" ")
        if person == turn.asker.user:
            agreeing.tell(turn, agreeing.volunteer(turn, turn.asker, slug, exactly=True))
        else:
            agreeing.tell(turn, agreeing.offer(turn, turn.asker, slug, person, exactly=True))

    agreeing.afterwards(turn, work)


def keep(turn: Turn) -> None:
    """Keep the hat as agreed."""

    def change() -> Showing:
        answer = agreement_reviews.keep(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        message = catalog.review_done(answer.content, language=answer.language)
        return lambda: agreeing.put_in_place(turn, message, answer.language)

    stored(turn, change)


def change(turn: Turn) -> None:
    """Open the form in which an owner suggests other terms."""

    def work() -> None:
        answer = agreement_reviews.open_change(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        turn.open_modal(catalog.change_modal(answer.content, language=answer.language))

    agreeing.afterwards(turn, work)


def hand_over(turn: Turn) -> None:
    """Open the form in which an owner passes the hat on."""

    def work() -> None:
        named = agreement_reviews.hat_of_review(turn.deps.sessions, turn.asker, turn.value).content
        slug, asker = agreeing.named_hat(turn, " ".join(named))
        agreeing.open_step_down(turn, asker, slug, exactly=True)

    agreeing.afterwards(turn, work)


def _open(turn: Turn, form: Callable[..., dict[str, Any]]) -> None:
    def work(turn: Turn) -> None:
        answer: Answer[TermsForm] = agreement_answers.open_answer(
            turn.deps.sessions, turn.asker, turn.value, now=turn.now()
        )
        turn.open_modal(form(answer.content, language=answer.language))

    agreeing.clicked_late(turn, work)


ACTIONS: dict[str, Listener] = {
    ids.OFFER_ACCEPT: accept,
    ids.OFFER_COUNTER: counter,
    ids.OFFER_DECLINE: decline,
    ids.OFFER_LATER: later,
    ids.VOLUNTEER: volunteer,
    ids.PROPOSE_OPEN: open_propose,
    ids.PROPOSE_TO: propose_to,
    ids.REVIEW_KEEP: keep,
    ids.REVIEW_CHANGE: change,
    ids.REVIEW_HAND_OVER: hand_over,
}
