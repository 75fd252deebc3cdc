"""The form for one's own settings, submitted."""

from bot.listeners.binding import Listener, Turn
from bot.listeners.views.editing import show
from bot.services.people import personal_settings
from bot.slack.views import form_values
from messages import ids


def save_mine(turn: Turn) -> None:
    """Store the person's own settings."""
    typed = form_values(turn.view, block_prefix=ids.FORM_BLOCK)
    show(turn, personal_settings.save(turn.deps.sessions, turn.asker, turn.state, typed, now=turn.now()))
    turn.deps.wake()


VIEWS: dict[str, Listener] = {ids.MY_SETTINGS_SUBMIT: save_mine}
