"""Buttons about reports."""

from bot.listeners.binding import Turn, guarded, in_a_modal
from bot.listeners.commands.hat import open_report


def open_form(turn: Turn) -> None:
    """Open the report modal for the week that the button names."""
    turn.ack()
    state = turn.action.get("value") or None
    turn.deps.later(lambda: guarded(lambda: open_report(turn, state), turn, in_a_modal))
