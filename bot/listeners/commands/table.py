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
    guessing,
    hat,
    listening,
    pitch,
    programs,
    questions,
    setup,
    team_life,
)
from bot.services.sending.texts import storable

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
    """Answer with what the first word calls. Without a known one, the words are taken for a hat's name.

    `help` behind a verb tells how it is written; words that are neither are answered with the nearest of both.
    """
    text = " ".join(storable(turn.body.get("text") or "", LONGEST_COMMAND).split())
    word, _, rest = text.partition(" ")
    verb = hat.verb_called(word)
    subcommand = SUBCOMMANDS.get(word.casefold()) or (SUBCOMMANDS[verb.name] if verb else None)
    if not text:
        hat.mine(turn, "")
    elif verb and hat.verb_called(rest) == hat.verb_called("help"):
        hat.usage(turn, verb.name)
    elif subcommand:
        subcommand(turn, rest)
    else:
        guessing.who_or_nearest(turn, text)
