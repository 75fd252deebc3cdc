"""Clicks that change something: the change is stored, then the click is acknowledged, then it is shown.

Slack does not tell of a click again. Acknowledged first, one would be lost without a word when its process is killed
before it is stored; like this the person sees Slack's own sign that it did not work, and clicks again.
"""

from collections.abc import Callable

from bot.listeners.binding import Telling, Turn, guarded, in_a_modal
from messages.content import Refusal

# What is to be shown once it is stored.
Showing = Callable[[], None]


def stored(turn: Turn, change: Callable[[], Showing], telling: Telling = in_a_modal) -> None:
    """Change something in the database alone, acknowledge, and show on a worker what came of it.

    What is refused is told as `telling` says, on a worker as well: it may have to be looked up or shown elsewhere too.
    """
    shown: list[Showing] = []
    refused: list[Showing] = []

    def keep(turn: Turn, language: str, refusal: Refusal) -> None:
        refused.append(lambda: telling(turn, language, refusal))

    guarded(lambda: shown.append(change()), turn, keep)
    turn.ack()
    (show,) = shown or refused
    crashed = "stored_not_shown" if shown else "something_failed"
    turn.deps.later(lambda: guarded(show, turn, telling, crashed))
