"""`/hat pitch`: the team as a football formation."""

from bot.listeners import agreeing
from bot.listeners.binding import Turn
from bot.listeners.commands.hat import Subcommand
from bot.services.hats import pitch as pitches
from bot.services.sending import pictures


def pitch(turn: Turn, _rest: str) -> None:
    """Show the pitch, which takes a moment to draw."""

    def work() -> None:
        answer = pitches.pitch(turn.deps.sessions, turn.asker, now=turn.now())
        turn.tell(pictures.drawn(turn.deps.slack, turn.asker.workspace, answer))

    agreeing.afterwards(turn, work, agreeing.under_what_was_typed)


SUBCOMMANDS: dict[str, Subcommand] = {"pitch": pitch, "plan": pitch, "planen": pitch, "formation": pitch}
