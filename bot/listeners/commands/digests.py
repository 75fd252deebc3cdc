"""`/hat digest`: the last digest, any week's, or a preview of the coming one."""

from bot.listeners import agreeing
from bot.listeners.binding import Turn
from bot.listeners.commands.hat import Subcommand
from bot.services.digests import digest_showing
from messages import catalog


def digest(turn: Turn, rest: str) -> None:
    """Show a digest to the asker, in older blocks where Slack does not know the newer ones yet."""

    def work() -> None:
        answer = digest_showing.show(turn.deps.sessions, turn.asker, rest, now=turn.now())
        turn.tell(catalog.digest(answer.content, language=answer.language))

    agreeing.afterwards(turn, work, agreeing.under_what_was_typed)


SUBCOMMANDS: dict[str, Subcommand] = {"digest": digest, "sammanfattning": digest, "sammanfattningen": digest}
