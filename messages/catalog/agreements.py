"""Messages about agreements on hats: offers, answers, announcements, reviews, and the forms for them."""

from typing import Any

from messages import environment, ids
from messages.agreement_content import (
    AgreementNote,
    Announcement,
    Decision,
    OwnerForm,
    PassingOn,
    ProposalCard,
    Review,
    TermsForm,
)
from messages.content import Message, Person
from messages.people import member_id

_MOST_TERMS = 60  # fields of a modal's 100 blocks


def proposal(card: ProposalCard, *, language: str) -> Message:
    """Offer a hat, or its terms, to the side whose turn it is."""
    sentence = environment.text("proposal", language, card=card)
    return environment.message("proposal", language, card=card, sentence=sentence)


def proposal_closed(decided: Decision, *, language: str) -> Message:
    """Say, in place of an offer, what has become of it."""
    sentence = environment.text("proposal_closed", language, decided=decided)
    return environment.message("proposal_closed", language, decided=decided, sentence=sentence)


def decision(decided: Decision, *, language: str) -> Message:
    """Tell a side how the offer ended that the other side, or time, has ended."""
    sentence = environment.text("decision", language, decided=decided)
    return environment.message("decision", language, decided=decided, sentence=sentence)


def announcement(told: Announcement, *, language: str) -> Message:
    """Tell the channel who owns a hat; only the new owner is pinged."""
    sentence = environment.text("announcement", language, told=told)
    return environment.message("announcement", language, told=told, sentence=sentence)


def forced(told: Announcement, *, language: str) -> Message:
    """Tell somebody concerned that an admin has decided who owns a hat, and why."""
    sentence = environment.text("forced", language, told=told)
    return environment.message("forced", language, told=told, sentence=sentence)


def passing_on(passing: PassingOn, *, language: str) -> Message:
    """Tell who may care that an owner looks for somebody to pass a hat on to."""
    sentence = environment.text("passing_on", language, passing=passing)
    return environment.message("passing_on", language, passing=passing, sentence=sentence)


def review(asked: Review, *, language: str) -> Message:
    """Ask an owner, months later, whether the hat still fits."""
    sentence = environment.text("review", language, review=asked)
    return environment.message("review", language, review=asked, sentence=sentence)


def review_done(kept: Review, *, language: str) -> Message:
    """Say, in place of the review, that the hat stays."""
    sentence = environment.text("review_done", language, review=kept)
    return environment.message("review_done", language, review=kept, sentence=sentence)


def agreement_note(done: AgreementNote, *, language: str) -> Message:
    """Say to somebody what they have just done about a hat."""
    return environment.message("agreement_note", language, done=done, sentence=agreement_text(done, language=language))


def agreement_text(done: AgreementNote, *, language: str) -> str:
    """Say the same as one mrkdwn sentence."""
    return environment.text("agreement_note", language, done=done)


def counter_modal(form: TermsForm, *, language: str) -> dict[str, Any]:
    """Give the form in which other terms are suggested in answer to an offer."""
    return _terms_modal(form, ids.COUNTER_SUBMIT, language)


def change_modal(form: TermsForm, *, language: str) -> dict[str, Any]:
    """Give the form in which an owner, at a review, suggests other terms."""
    return _terms_modal(form, ids.CHANGE_SUBMIT, language)


def decline_modal(form: TermsForm, *, language: str) -> dict[str, Any]:
    """Give the form for a no, with a reason that stays private."""
    return environment.view("decline_modal", language, form=form)


def later_modal(form: TermsForm, *, language: str) -> dict[str, Any]:
    """Ask when to ask again."""
    return environment.view("later_modal", language, form=form)


def propose_modal(form: OwnerForm, *, language: str) -> dict[str, Any]:
    """Ask to whom a hat is offered; who reaches for it naturally is chosen already."""
    return _owner_modal(form, "propose", ids.PROPOSE_SUBMIT, language)


def step_down_modal(form: OwnerForm, *, language: str) -> dict[str, Any]:
    """Ask an owner to whom they offer their hat; nobody is an answer too."""
    return _owner_modal(form, "step_down", ids.STEP_DOWN_SUBMIT, language)


def force_modal(form: OwnerForm, *, language: str) -> dict[str, Any]:
    """Ask an admin whom they make the owner, and why."""
    return _owner_modal(form, "force", ids.FORCE_SUBMIT, language)


def _terms_modal(form: TermsForm, callback: str, language: str) -> dict[str, Any]:
    terms = tuple(term for term in form.terms if term.kpi_id is not None)[:_MOST_TERMS]
    extra = next((term for term in form.terms if term.kpi_id is None and term.kpi.name.strip()), None)
    return environment.view("terms_modal", language, form=form, callback=callback, terms=terms, extra=extra)


def _owner_modal(form: OwnerForm, purpose: str, callback: str, language: str) -> dict[str, Any]:
    preselected = member_id(form.chosen) or (member_id(_likeliest(form, purpose)) if purpose != "force" else "")
    return environment.view(
        "owner_modal", language, form=form, purpose=purpose, callback=callback, preselected=preselected
    )


def _likeliest(form: OwnerForm, purpose: str) -> Person | None:
    """Return whom to choose beforehand: who reaches for the hat naturally, else the only one who wears it."""
    return form.natural or (form.alone if purpose == "propose" else None)
