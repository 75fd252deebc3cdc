"""Buttons about reports."""

from bot.listeners.binding import Listener, Turn, guarded, in_a_modal
from bot.listeners.commands.hat import open_report
from messages import ids


def open_form(turn: Turn) -> None:
    """Open the report modal for the week that the button names."""
    turn.ack()
    state = turn.value or None
    turn.deps.later(lambda: guarded(lambda: open_report(turn, state), turn, in_a_modal))


ACTIONS: dict[str, Listener] = {ids.REPORT_OPEN: open_form}
