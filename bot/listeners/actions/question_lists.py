"""Buttons in the list of questions."""

from bot.listeners.agreeing import afterwards
from bot.listeners.binding import Listener, Turn
from bot.listeners.questioning import refresh_cards
from bot.services import question_answering, question_lists
from messages import catalog, ids


def solved(turn: Turn) -> None:
    """Close a question, and show the list without it."""

    def work() -> None:
        deps = turn.deps
        closed = question_answering.solved(deps.sessions, turn.asker, turn.value, now=turn.now())
        answer = question_lists.questions_of(deps.sessions, turn.asker, now=turn.now())
        turn.replace(catalog.question_list(answer.content, language=answer.language), language=answer.language)
        refresh_cards(deps, turn.asker.workspace, closed.content)

    afterwards(turn, work)


ACTIONS: dict[str, Listener] = {ids.QUESTIONS_SOLVED: solved}
