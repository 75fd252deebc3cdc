"""`/hat questions`: what waits for whom."""

from bot.listeners.binding import Turn
from bot.listeners.commands.hat import Subcommand
from bot.services.questions import question_lists
from messages import catalog


def listing(turn: Turn, _rest: str) -> None:
    """List the asker's questions and those of their team."""
    answer = question_lists.questions_of(turn.deps.sessions, turn.asker, now=turn.now())
    turn.ack_message(catalog.question_list(answer.content, language=answer.language))


SUBCOMMANDS: dict[str, Subcommand] = {"questions": listing, "frågor": listing, "fragor": listing}
