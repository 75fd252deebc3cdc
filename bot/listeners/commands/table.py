"""`/hat ...`: which word calls what. Each module of this folder brings its own subcommands."""

from bot.domain.errors import Refused
from bot.listeners.binding import Turn
from bot.listeners.commands import (
    agreements,
    chain,
    chain_report,
    digests,
    editing,
    evidence,
    hat,
    listening,
    pitch,
    programs,
    questions,
    setup,
    team_life,
)
from bot.services.texts import storable

SUBCOMMANDS = {
    **hat.SUBCOMMANDS,
    **evidence.SUBCOMMANDS,
    **team_life.SUBCOMMANDS,
    **listening.SUBCOMMANDS,
    **questions.SUBCOMMANDS,
    **agreements.SUBCOMMANDS,
    **editing.SUBCOMMANDS,
    **chain.SUBCOMMANDS,
    **chain_report.SUBCOMMANDS,
    **digests.SUBCOMMANDS,
    **setup.SUBCOMMANDS,
    **programs.SUBCOMMANDS,
    **pitch.SUBCOMMANDS,
}

LONGEST_COMMAND = 10_000  # characters; Slack itself takes fewer


def answer(turn: Turn) -> None:
    """Answer `/hat ...`; where there is no team yet, offer to set one up."""
    try:
        _answer(turn)
    except Refused as refused:
        if refused.name != "no_team":
            raise
        setup.offer(turn)


def _answer(turn: Turn) -> None:
    """Answer with what the first word calls. Without a known subcommand, the words are taken for a hat's name."""
    text = " ".join(storable(turn.body.get("text") or "", LONGEST_COMMAND).split())
    word, _, rest = text.partition(" ")
    subcommand = SUBCOMMANDS.get(word.casefold())
    if not text:
        hat.mine(turn, "")
    elif subcommand:
        subcommand(turn, rest)
    else:
        hat.who(turn, text)
