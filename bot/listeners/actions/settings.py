"""The button that opens one's own settings."""

from bot.listeners.binding import Listener
from bot.listeners.commands.setup import my_settings
from messages import ids

ACTIONS: dict[str, Listener] = {ids.MY_SETTINGS: my_settings}
