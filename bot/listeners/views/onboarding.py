"""The form in which hats are ticked, submitted."""

from bot.listeners.binding import Listener, Turn
from bot.listeners.views.editing import show
from bot.services.installs import onboarding
from bot.slack.views import form_values
from messages import ids


def save_ticks(turn: Turn) -> None:
    """Store which hats somebody wears."""
    typed = form_values(turn.view, block_prefix=ids.FORM_BLOCK)
    show(turn, onboarding.tick(turn.deps.sessions, turn.asker, turn.state, typed, now=turn.now()))


VIEWS: dict[str, Listener] = {ids.HATS_TICK_SUBMIT: save_ticks}
