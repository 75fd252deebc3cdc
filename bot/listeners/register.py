"""Which listener hears what."""

import re

from slack_bolt import App

from bot.listeners.actions import hats as hat_actions
from bot.listeners.actions import reports as report_actions
from bot.listeners.binding import Deps, bind, in_a_modal, in_the_modal, under_the_command
from bot.listeners.commands.hat import hat
from bot.listeners.events.people import bind_event, home_opened, user_changed
from bot.listeners.views import asking as ask_views
from bot.listeners.views import reports as report_views
from messages import ids


def register(app: App, deps: Deps) -> None:
    """Tell Bolt about every listener."""
    app.command("/hat")(bind(deps, hat, under_the_command))
    app.action(re.compile(f"^{ids.HAT_CHOOSE}"))(bind(deps, hat_actions.choose, in_a_modal))
    app.action(ids.HAT_LIST_OPEN)(bind(deps, hat_actions.show_list, in_a_modal))
    app.action(ids.HAT_ASK)(bind(deps, hat_actions.ask, in_a_modal))
    app.action(ids.REPORT_OPEN)(bind(deps, report_actions.open_form, in_a_modal))
    app.view(ids.REPORT_SUBMIT)(bind(deps, report_views.submit, in_the_modal))
    app.view(ids.ASK_SUBMIT)(bind(deps, ask_views.submit, in_the_modal))
    app.event("app_home_opened")(bind_event(deps, home_opened))
    app.event("user_change")(bind_event(deps, user_changed))
