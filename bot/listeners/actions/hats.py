"""Buttons about hats."""

import re

from bot.listeners.binding import Listener, Turn, guarded, in_a_modal
from bot.listeners.commands.hat import open_ask, show_found
from bot.services.hats import hats
from messages import catalog, ids


def choose(turn: Turn) -> None:
    """Show the hat that was meant, in place of the question."""
    turn.ack()

    def show() -> None:
        answer = hats.who(turn.deps.sessions, turn.deps.directory, turn.asker, turn.value, now=turn.now())
        turn.replace(show_found(answer), language=answer.language)

    turn.deps.later(lambda: guarded(show, turn, in_a_modal))


def show_list(turn: Turn) -> None:
    """Show every hat, in place of what was shown."""
    turn.ack()

    def show() -> None:
        answer = hats.listing(turn.deps.sessions, turn.asker)
        turn.replace(
            catalog.hat_list(answer.content.team, answer.content.hats, language=answer.language),
            language=answer.language,
        )

    turn.deps.later(lambda: guarded(show, turn, in_a_modal))


def ask(turn: Turn) -> None:
    """Open the modal in which a hat's owner is asked."""
    turn.ack()
    turn.deps.later(lambda: guarded(lambda: open_ask(turn, turn.value), turn, in_a_modal))


ACTIONS: dict[str | re.Pattern[str], Listener] = {
    re.compile(f"^{ids.HAT_CHOOSE}"): choose,
    ids.HAT_LIST_OPEN: show_list,
    ids.HAT_ASK: ask,
}
