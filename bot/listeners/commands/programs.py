"""`/hat tokens` and `/hat source`: values that come from programs."""

from bot.listeners import agreeing
from bot.listeners.binding import Turn
from bot.listeners.commands.hat import Subcommand
from bot.services.sources import sources
from bot.services.workspaces import api_tokens
from messages import catalog


def tokens(turn: Turn, _rest: str) -> None:
    """List the team's tokens for an admin."""
    answer = api_tokens.listing(turn.deps.sessions, turn.asker)
    turn.ack_message(catalog.token_list(answer.content, language=answer.language))


def source(turn: Turn, named: str) -> None:
    """Open the form for where a KPI's values are pulled from."""

    def work() -> None:
        answer = sources.form(turn.deps.sessions, turn.asker, named)
        turn.open_modal(catalog.source_form(answer.content, language=answer.language))

    agreeing.afterwards(turn, work)


SUBCOMMANDS: dict[str, Subcommand] = {
    "tokens": tokens,
    "token": tokens,
    "nycklar": tokens,
    "source": source,
    "källa": source,
    "kalla": source,
}
