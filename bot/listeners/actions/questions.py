"""Buttons about questions: replying, taking, passing on, teaching, and what the asker says of an answer."""

from bot.listeners import home_tab
from bot.listeners.agreeing import afterwards, put_in_place
from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn, in_a_modal
from bot.listeners.questioning import refresh_cards
from bot.services.questions import (
    question_answering,
    question_cards,
    question_passing,
    question_taking,
    question_teaching,
)
from bot.services.workspaces.scene import Answer
from messages import catalog, ids
from messages.content import Refusal


def open_reply(turn: Turn) -> None:
    """Open the form for an answer."""

    def work() -> None:
        answer = question_answering.open_reply(turn.deps.sessions, turn.asker, turn.value)
        turn.open_modal(catalog.reply_modal(answer.content, language=answer.language))

    afterwards(turn, work)


def open_pass(turn: Turn) -> None:
    """Open the form in which the right hat or person is chosen."""

    def work() -> None:
        answer = question_passing.open_form(turn.deps.sessions, turn.asker, turn.value)
        turn.open_modal(catalog.pass_modal(answer.content, language=answer.language))

    afterwards(turn, work, _late)


def take(turn: Turn) -> None:
    """Let the question be with whoever pressed first; the others' cards say so."""

    def change() -> Showing:
        answer = question_taking.take(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        turn.deps.wake()

        def show() -> None:
            refresh_cards(turn.deps, turn.asker.workspace, answer.content)
            home_tab.refresh(turn)

        return show

    stored(turn, change, _late)


def teach(turn: Turn) -> None:
    """Make the asker's words another name of the hat."""

    def change() -> Showing:
        answer = question_teaching.teach(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        sentence = catalog.done_text(answer.content, language=answer.language)

        def show() -> None:
            turn.open_modal(catalog.notice(sentence, language=answer.language))
            refresh_cards(turn.deps, turn.asker.workspace, question_answering.read_value(turn.value)[0])

        return show

    stored(turn, change)


def _late(turn: Turn, language: str, refusal: Refusal) -> None:
    """Tell a refusal, and let the card that still has the button say how the question stands."""
    in_a_modal(turn, language, refusal)
    if refusal.name in {"question_moved", "question_taken", "question_closed"}:
        refresh_cards(turn.deps, turn.asker.workspace, question_answering.read_value(turn.value)[0])


def follow_link(turn: Turn) -> None:
    """Acknowledge a click on a link, which the person's Slack follows by itself."""
    turn.ack()


def solved(turn: Turn) -> None:
    """Close the question."""

    def change() -> Showing:
        answer = question_answering.solved(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        return lambda: _judged(turn, answer, "solved")

    stored(turn, change)


def not_yet(turn: Turn) -> None:
    """Open the question again."""

    def change() -> Showing:
        answer = question_answering.not_yet(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        turn.deps.wake()
        return lambda: _judged(turn, answer, "open")

    stored(turn, change)


def _judged(turn: Turn, answer: Answer[int], state: str) -> None:
    message = question_cards.answer_now(turn.deps.sessions, turn.asker.workspace, turn.value, state=state)
    if message is not None:
        put_in_place(turn, message, answer.language)
    refresh_cards(turn.deps, turn.asker.workspace, answer.content)


ACTIONS: dict[str, Listener] = {
    ids.QUESTION_REPLY: open_reply,
    ids.QUESTION_NOT_MINE: open_pass,
    ids.QUESTION_TAKE: take,
    ids.QUESTION_TEACH: teach,
    ids.QUESTION_LINK: follow_link,
    ids.QUESTION_SOLVED: solved,
    ids.QUESTION_NOT_YET: not_yet,
}
