"""`/hat listen`: how the bot listens in a channel."""

from typing import Final

from bot.domain.errors import Refused
from bot.listeners.binding import Turn
from bot.listeners.commands.hat import Subcommand
from bot.services.questions import listening
from bot.services.questions.listening import Mode
from messages import catalog
from messages.life_content import Done

WORDS: Final = {
    "answer": Mode.ANSWER,
    "svara": Mode.ANSWER,
    "offer": Mode.OFFER,
    "erbjud": Mode.OFFER,
    "mentions": Mode.MENTIONS,
    "omnämnanden": Mode.MENTIONS,
}


def listen(turn: Turn, rest: str) -> None:
    """Set how the bot listens here; without a word, tell how it does."""
    word = rest.casefold()
    if not word:
        answer = listening.how(turn.deps.sessions, turn.asker)
    elif word in WORDS:
        answer = listening.listen(turn.deps.sessions, turn.asker, WORDS[word], now=turn.now())
    else:
        raise Refused("listen_how")
    turn.ack_message(catalog.done(Done(f"listening_{answer.content}"), language=answer.language))


SUBCOMMANDS: dict[str, Subcommand] = {"listen": listen, "lyssna": listen}
