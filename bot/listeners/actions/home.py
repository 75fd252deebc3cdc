"""The App Home's buttons and menus. Most of them stand for a command, which is run as if it had been typed."""

import re
from dataclasses import replace

from bot.domain.errors import Refused
from bot.listeners import home_tab
from bot.listeners.agreeing import afterwards
from bot.listeners.binding import Listener, Turn
from bot.listeners.commands.table import SUBCOMMANDS
from bot.services.agreements import offers_shown
from bot.services.homes import home_forms
from bot.services.people.people import get_to_know
from messages import catalog, ids

FORM = "?"  # begins a value that opens a form, in which the rest of the command is chosen
LOOK = "hat"  # the one that shows a hat in the Home itself


def run(turn: Turn) -> None:
    """Do what the command on the button does, or open the form that makes it whole."""
    text = turn.value or turn.chosen
    word, _, rest = text.partition(" ")
    if word == FORM + LOOK:
        _look(turn, rest)
    elif word.startswith(FORM):
        afterwards(turn, lambda: _open_form(turn, word.removeprefix(FORM), rest))
    else:
        run_command(turn, text)


def run_command(turn: Turn, text: str) -> None:
    """Run a command, and then show in the Home what it has changed."""
    word, _, rest = text.partition(" ")
    subcommand = SUBCOMMANDS.get(word)
    if subcommand is None:
        raise Refused("form_outdated")
    speaking = turn.spoken
    subcommand(replace(turn, language=speaking), rest)
    home_tab.refresh_later(turn)


def choose_hat(turn: Turn) -> None:
    """Show the chosen hat in the Home."""
    _look(turn, _chosen(turn))


def choose_team(turn: Turn) -> None:
    """Show the chosen team's Home."""
    place = _chosen(turn)
    turn.ack()
    _publish_later(turn, place)


def show_offer(turn: Turn) -> None:
    """Show the offer that waits for the reader, with the buttons that answer it."""

    def work() -> None:
        answer = offers_shown.offer(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        turn.show(catalog.proposal(answer.content, language=answer.language), language=answer.language)

    afterwards(turn, work)


def _chosen(turn: Turn) -> str:
    if not turn.chosen:
        raise Refused("form_outdated")
    return turn.chosen


def _look(turn: Turn, slug: str) -> None:
    turn.ack()
    place = turn.asker.place
    _publish_later(turn, f"{place} {slug}".strip())


def _publish_later(turn: Turn, state: str) -> None:
    def work() -> None:
        home_tab.publish(turn.deps, turn.asker, state=state)

    turn.deps.later(work)


def _open_form(turn: Turn, name: str, about: str) -> None:
    deps, asker = turn.deps, turn.asker
    get_to_know(deps.sessions, deps.slack, asker.workspace, asker.user, now=turn.now())
    answer = home_forms.form(deps.sessions, asker, name, about)
    turn.open_modal(catalog.home_form(answer.content, language=answer.language))


ACTIONS: dict[str | re.Pattern[str], Listener] = {
    re.compile(f"^{ids.HOME_RUN}"): run,
    ids.HOME_HAT: choose_hat,
    ids.HOME_TEAM: choose_team,
    ids.OFFER_SHOW: show_offer,
}
