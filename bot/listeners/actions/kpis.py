"""Buttons about KPIs."""

import re

from bot.listeners.agreeing import afterwards
from bot.listeners.binding import Listener, Turn
from bot.listeners.commands.chain import show_courses
from messages import ids


def show_course(turn: Turn) -> None:
    """Show the chart of one KPI."""
    afterwards(turn, lambda: show_courses(turn, "", kpi=turn.value))


ACTIONS: dict[str | re.Pattern[str], Listener] = {ids.KPI_COURSE: show_course}
