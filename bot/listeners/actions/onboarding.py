"""Buttons of a team's first hour, and the ones that stand for a command."""

import re

from bot.listeners import agreeing
from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn, guarded, under_the_command
from bot.listeners.commands import table
from bot.listeners.commands.guessing import as_command
from bot.services.installs import onboarding
from bot.services.people.people import get_to_know
from messages import catalog, ids


def run(turn: Turn) -> None:
    """Do what the command on the button does."""
    turn.ack()
    typed = as_command(turn, turn.value)
    turn.deps.later(lambda: guarded(lambda: table.answer(typed), typed, under_the_command))


def ask_for_hats(turn: Turn) -> None:
    """Ask the team's channel who wears which hats."""

    def change() -> Showing:
        answer = onboarding.ask_for_hats(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        turn.deps.wake()
        return lambda: turn.tell(catalog.done(answer.content, language=answer.language))

    stored(turn, change)


def open_ticks(turn: Turn) -> None:
    """Open the form in which hats are ticked, once Slack has described the one who ticks."""

    def work() -> None:
        deps, asker = turn.deps, turn.asker
        get_to_know(deps.sessions, deps.slack, asker.workspace, asker.user, now=turn.now())
        answer = onboarding.open_ticks(deps.sessions, asker, turn.value)
        turn.open_modal(catalog.tick_form(answer.content, language=answer.language))

    agreeing.afterwards(turn, work)


ACTIONS: dict[str | re.Pattern[str], Listener] = {
    re.compile(f"^{ids.COMMAND_RUN}"): run,
    ids.HATS_ASK: ask_for_hats,
    ids.HATS_TICK: open_ticks,
}
