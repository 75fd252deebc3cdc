"""Messages about questions, and about what could not be done."""

from decimal import Decimal
from typing import Any

from messages import environment, refusals
from messages.catalog.onboarding import next_of
from messages.content import HatName, KpiValue, Message, Person, QuestionAsked, Refusal
from messages.next_step import NextStep
from messages.question_content import AnswerGiven, PassForm, QuestionCard, QuestionMoved, QuestionNote
from messages.refusals.problems import problem


def ask_modal(
    hat: HatName, state: str, recipients: tuple[Person, ...] = (), *, language: str, vacant: bool = False
) -> dict[str, Any]:
    """Give the form for a question. `state` goes into private_metadata; `vacant` when nobody owns the hat."""
    return environment.view("ask_modal", language, hat=hat, state=state, recipients=recipients, vacant=vacant)


def question(card: QuestionCard, *, language: str) -> Message:
    """Hand a question to one of those whom it goes to, or show them how it stands."""
    return environment.message("question", language, card=card)


def question_mention(card: QuestionCard, person: Person, *, language: str) -> Message:
    """Call somebody into the thread of a question."""
    text = environment.text("question_mention", language, card=card, person=person)
    return environment.message("question_mention", language, card=card, person=person, text=text)


def question_note(note: QuestionNote, *, language: str) -> Message:
    """Tell the asker who has the question now; nobody is pinged."""
    sentence = environment.text("question_note", language, note=note)
    return environment.message("question_note", language, note=note, sentence=sentence)


def reply_modal(card: QuestionCard, *, language: str) -> dict[str, Any]:
    """Give the form for an answer."""
    return environment.view("reply_modal", language, card=card)


def pass_modal(form: PassForm, *, language: str) -> dict[str, Any]:
    """Ask whose question it is: a hat, or a person."""
    return environment.view("pass_modal", language, form=form)


def question_moved(moved: QuestionMoved, *, language: str) -> dict[str, Any]:
    """Tell who passed a question on who has it now; with a phrase, offer to teach it."""
    return environment.view("question_moved", language, moved=moved)


def answer(given: AnswerGiven, *, language: str) -> Message:
    """Give an answer under its question, and ask the asker whether it is one."""
    return environment.message("answer", language, given=given)


def question_sent(asked: QuestionAsked, *, language: str, where: str = "") -> dict[str, Any]:
    """Tell the asker who has the question now, and for one about a message where the answer comes: thread or dm."""
    return environment.view("question_sent", language, asked=asked, where=where)


def refusal(refused: Refusal, *, language: str) -> Message:
    """Say what could not be done and how to go on."""
    return environment.message("refusal", language, sentence=refusals.sentence(refused, language))


def refusal_text(refused: Refusal, *, language: str) -> str:
    """Say the same as one mrkdwn sentence."""
    return refusals.sentence(refused, language)


def notice(
    text: str, title: str = "Hattrick", next_step: NextStep | None = None, place: str = "", *, language: str
) -> dict[str, Any]:
    """Say it where a modal is open. `text` is mrkdwn as `refusal_text` gives it, not a person's own text.

    With `next_step` its buttons follow; `place` tells which team they mean.
    """
    told = next_of(next_step, language)
    return environment.view("notice", language, sentence=text, title=title, place=place, **told)


def number_problem(name: str, text: str, choices: tuple[Decimal, ...], kpi: KpiValue, *, language: str) -> str:
    """Say at a field what is wrong with its number, and how to write it so that it is accepted.

    Args:
        name: empty, not_a_number, not_whole, negative, too_large or ambiguous.
        text: What the person typed.
        choices: What an ambiguous text could mean.
        kpi: The field's KPI.
        language: The reader's language.
    """
    return problem(name, text, choices, kpi, language)
