"""Events about people: their home, and changes of their profile."""

from collections.abc import Callable
from typing import Any

import structlog

from bot.domain.errors import Refused
from bot.listeners.binding import LANGUAGE_WHEN_UNKNOWN, Deps
from bot.services import homes
from bot.services.onboarding import greet_first
from bot.services.people import remember
from bot.services.scene import Asker
from bot.slack.client import profile_of
from messages import catalog
from messages.content import Refusal

log = structlog.get_logger()


def home_opened(deps: Deps, body: dict[str, Any]) -> None:
    """Show a person their App Home."""
    event = body["event"]
    if event.get("tab") != "home" or not event.get("user"):
        return
    publish_home(deps, Asker(body["team_id"], event["user"]))


def publish_home(deps: Deps, asker: Asker) -> None:
    """Render and publish one person's App Home."""
    try:
        answer = homes.home(deps.sessions, asker, now=deps.clock())
        view = catalog.home(answer.content, language=answer.language)
    except Refused as refused:
        if refused.name == "no_team" and greet_first(deps.sessions, asker, now=deps.clock()):
            deps.wake()
        refusal = Refusal(refused.name, refused.values)
        view = catalog.home_notice(refusal, language=refused.language or LANGUAGE_WHEN_UNKNOWN)
    error = deps.slack.publish_home(asker.workspace, asker.user, view)
    if error:
        log.warning("home_not_published", error=error, user=asker.user)


def user_changed(deps: Deps, body: dict[str, Any]) -> None:
    """Remember what changed about a member: name, zone, language, or that they left."""
    workspace, user = body["team_id"], body["event"].get("user") or {}
    if "id" not in user:
        return
    remember(deps.sessions, workspace, profile_of(user, workspace), now=deps.clock())
    deps.wake()


def bind_event(deps: Deps, listener: Callable[[Deps, dict[str, Any]], None]) -> Callable[..., None]:
    """Make a function that Bolt can call: the event is acknowledged at once and worked on afterwards."""

    def bound(ack: Callable[..., Any], body: dict[str, Any]) -> None:
        ack()
        deps.later(lambda: listener(deps, body))

    return bound
