"""Buttons in the list of questions."""

from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn
from bot.listeners.questioning import refresh_cards
from bot.services.questions import question_answering, question_lists
from messages import catalog, ids


def solved(turn: Turn) -> None:
    """Close a question, and show the list without it."""
    deps = turn.deps

    def change() -> Showing:
        closed = question_answering.solved(deps.sessions, turn.asker, turn.value, now=turn.now())

        def show() -> None:
            answer = question_lists.questions_of(deps.sessions, turn.asker, now=turn.now())
            turn.replace(catalog.question_list(answer.content, language=answer.language), language=answer.language)
            refresh_cards(deps, turn.asker.workspace, closed.content)

        return show

    stored(turn, change)


ACTIONS: dict[str, Listener] = {ids.QUESTIONS_SOLVED: solved}
