"""`/hat ...`: which word calls what. Each module of this folder brings its own subcommands."""

from bot.listeners.binding import Turn
from bot.listeners.commands import agreements, evidence, hat, team_life
from bot.services.texts import storable

SUBCOMMANDS = {**hat.SUBCOMMANDS, **evidence.SUBCOMMANDS, **team_life.SUBCOMMANDS, **agreements.SUBCOMMANDS}

LONGEST_COMMAND = 10_000  # characters; Slack itself takes fewer


def answer(turn: Turn) -> None:
    """Answer `/hat ...`. Without a known subcommand, the words are taken for a hat's name."""
    text = " ".join(storable(turn.body.get("text") or "", LONGEST_COMMAND).split())
    word, _, rest = text.partition(" ")
    subcommand = SUBCOMMANDS.get(word.casefold())
    if not text:
        hat.mine(turn, "")
    elif subcommand:
        subcommand(turn, rest)
    else:
        hat.who(turn, text)
