"""Which listener hears what. Every module of commands, actions and views brings its own table."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot.domain.errors import Refused
from bot.listeners.actions import agreements as agreement_actions
from bot.listeners.actions import digests as digest_actions
from bot.listeners.actions import editing as editing_actions
from bot.listeners.actions import evidence as evidence_actions
from bot.listeners.actions import hats as hat_actions
from bot.listeners.actions import home as home_actions
from bot.listeners.actions import kpis as kpi_actions
from bot.listeners.actions import onboarding as onboarding_actions
from bot.listeners.actions import programs as program_actions
from bot.listeners.actions import question_lists as question_list_actions
from bot.listeners.actions import questions as question_actions
from bot.listeners.actions import reports as report_actions
from bot.listeners.actions import settings as settings_actions
from bot.listeners.actions import team_life as team_life_actions
from bot.listeners.binding import Deps, Turn, bind, in_a_modal, in_the_modal, under_the_command
from bot.listeners.commands.table import answer
from bot.listeners.events.channels import CHANNEL_EVENTS
from bot.listeners.events.hearing import bind_event
from bot.listeners.events.installs import INSTALL_EVENTS
from bot.listeners.events.messages import joined, said
from bot.listeners.events.people import home_opened, user_changed
from bot.listeners.shortcuts import asking as ask_shortcuts
from bot.listeners.views import agreements as agreement_views
from bot.listeners.views import asking as ask_views
from bot.listeners.views import chain as chain_views
from bot.listeners.views import editing as editing_views
from bot.listeners.views import evidence as evidence_views
from bot.listeners.views import home as home_views
from bot.listeners.views import onboarding as onboarding_views
from bot.listeners.views import programs as program_views
from bot.listeners.views import reports as report_views
from bot.listeners.views import settings as settings_views
from bot.listeners.views import shortcut as shortcut_views

ACTIONS = (
    hat_actions.ACTIONS,
    kpi_actions.ACTIONS,
    report_actions.ACTIONS,
    digest_actions.ACTIONS,
    question_actions.ACTIONS,
    question_list_actions.ACTIONS,
    settings_actions.ACTIONS,
    evidence_actions.ACTIONS,
    team_life_actions.ACTIONS,
    agreement_actions.ACTIONS,
    editing_actions.ACTIONS,
    program_actions.ACTIONS,
    home_actions.ACTIONS,
    onboarding_actions.ACTIONS,
)
VIEWS = (
    ask_views.VIEWS,
    shortcut_views.VIEWS,
    settings_views.VIEWS,
    report_views.VIEWS,
    evidence_views.VIEWS,
    agreement_views.VIEWS,
    editing_views.VIEWS,
    chain_views.VIEWS,
    program_views.VIEWS,
    home_views.VIEWS,
    onboarding_views.VIEWS,
)
SHORTCUTS = (ask_shortcuts.SHORTCUTS,)
EVENTS = {
    **CHANNEL_EVENTS,
    **INSTALL_EVENTS,
    "app_home_opened": home_opened,
    "app_mention": said,
    "member_joined_channel": joined,
    "message": said,
    "user_change": user_changed,
}


def register(app: App, deps: Deps) -> None:
    """Tell Bolt about every listener."""
    app.command("/hat")(bind(deps, answer, under_the_command, "command"))
    for table in ACTIONS:
        for action_id, listener in table.items():
            app.action(action_id)(bind(deps, listener, in_a_modal, "action"))
    for table in VIEWS:
        for callback_id, listener in table.items():
            app.view(callback_id)(bind(deps, listener, in_the_modal, "view"))
    for table in SHORTCUTS:
        for callback_id, listener in table.items():
            app.shortcut(callback_id)(bind(deps, listener, in_a_modal, "shortcut"))
    for name, told in EVENTS.items():
        app.event(name)(bind_event(deps, told))
    # Buttons and forms of earlier versions stay in people's conversations.
    app.action(re.compile(".*"))(bind(deps, _outdated, in_a_modal, "action"))
    app.view(re.compile(".*"))(bind(deps, _outdated, in_the_modal, "view"))
    app.shortcut(re.compile(".*"))(bind(deps, _outdated, in_a_modal, "shortcut"))
    # Slack repeats an event until it is acknowledged, also one that nobody here listens to.
    app.event(re.compile(".*"))(_acknowledge)


def _outdated(_turn: Turn) -> None:
    raise Refused("form_outdated")


def _acknowledge(ack: Callable[..., Any]) -> None:
    ack()
