"""`/hat setup` and `/hat settings`: a team from nothing, and how it is set."""

from dataclasses import replace

from bot.listeners import agreeing
from bot.listeners.binding import Turn
from bot.listeners.commands.hat import Subcommand, show_steps
from bot.services.homes import next_steps
from bot.services.installs import onboarding
from bot.services.people import personal_settings
from bot.services.people.people import get_to_know
from bot.services.teams import team_setup
from messages import catalog

# Stands for no channel in a button: Slack wants a value.
NO_CHANNEL = "-"
_ONES_OWN = {"me", "my", "mine", "mig", "mina"}


def setup(turn: Turn, _rest: str) -> None:
    """Open the form for a new team in this channel; where it has one, show how far that has come."""
    if next_steps.has_team_here(turn.deps.sessions, turn.asker):
        show_steps(turn)
        return
    agreeing.afterwards(turn, lambda: open_new(turn, turn.asker.channel))


def open_new(turn: Turn, channel: str | None) -> None:
    """Open the form for a new team; Slack is asked who the person is: guests set up none."""
    deps, asker = turn.deps, turn.asker
    get_to_know(deps.sessions, deps.slack, asker.workspace, asker.user, now=turn.now())
    answer = team_setup.blank(deps.sessions, asker, channel)
    form = answer.content
    shut_out = bool(form.channel) and deps.slack.is_shut_out(asker.workspace, form.channel)
    turn.open_modal(catalog.team_form(replace(form, shut_out=shut_out), language=answer.language))


def settings(turn: Turn, rest: str) -> None:
    """Open the form for the team's settings, or with `me` the one for the asker's own."""
    if rest.casefold() in _ONES_OWN:
        my_settings(turn)
        return

    def work() -> None:
        answer = team_setup.filled(turn.deps.sessions, turn.asker)
        turn.open_modal(catalog.team_form(answer.content, language=answer.language))

    agreeing.afterwards(turn, work)


def my_settings(turn: Turn) -> None:
    """Open the form for the asker's own settings, once Slack has described them."""

    def work() -> None:
        deps, asker = turn.deps, turn.asker
        get_to_know(deps.sessions, deps.slack, asker.workspace, asker.user, now=turn.now())
        answer = personal_settings.filled(deps.sessions, asker)
        turn.open_modal(catalog.my_settings_modal(answer.content, language=answer.language))

    agreeing.afterwards(turn, work)


def offer(turn: Turn) -> None:
    """Say, in the asker's language, that there is no team yet, and offer to set one up here."""
    deps, asker = turn.deps, turn.asker

    def work() -> None:
        get_to_know(deps.sessions, deps.slack, asker.workspace, asker.user, now=turn.now())
        if onboarding.greet_first(deps.sessions, asker, now=turn.now()):
            deps.wake()
        turn.tell(catalog.no_team(asker.channel or NO_CHANNEL, language=turn.spoken))

    agreeing.afterwards(turn, work)


SUBCOMMANDS: dict[str, Subcommand] = {
    "setup": setup,
    "starta": setup,
    "settings": settings,
    "inställningar": settings,
    "installningar": settings,
}
