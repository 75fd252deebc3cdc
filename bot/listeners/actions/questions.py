"""Buttons about questions: replying, and what the asker says of an answer."""

from bot.listeners.agreeing import afterwards, put_in_place
from bot.listeners.binding import Listener, Turn
from bot.listeners.questioning import refresh_cards
from bot.services import question_answering, question_cards
from bot.services.scene import Answer
from messages import catalog, ids


def open_reply(turn: Turn) -> None:
    """Open the form for an answer."""

    def work() -> None:
        answer = question_answering.open_reply(turn.deps.sessions, turn.asker, turn.value)
        turn.open_modal(catalog.reply_modal(answer.content, language=answer.language))

    afterwards(turn, work)


def follow_link(turn: Turn) -> None:
    """Acknowledge a click on a link, which the person's Slack follows by itself."""
    turn.ack()


def solved(turn: Turn) -> None:
    """Close the question."""

    def work() -> None:
        answer = question_answering.solved(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        _judged(turn, answer, "solved")

    afterwards(turn, work)


def not_yet(turn: Turn) -> None:
    """Open the question again."""

    def work() -> None:
        answer = question_answering.not_yet(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        turn.deps.wake()
        _judged(turn, answer, "open")

    afterwards(turn, work)


def _judged(turn: Turn, answer: Answer[int], state: str) -> None:
    message = question_cards.answer_now(turn.deps.sessions, turn.asker.workspace, turn.value, state=state)
    if message is not None:
        put_in_place(turn, message, answer.language)
    refresh_cards(turn.deps, turn.asker.workspace, answer.content)


ACTIONS: dict[str, Listener] = {
    ids.QUESTION_REPLY: open_reply,
    ids.QUESTION_LINK: follow_link,
    ids.QUESTION_SOLVED: solved,
    ids.QUESTION_NOT_YET: not_yet,
}
