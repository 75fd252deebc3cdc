"""Events about people: their home, and changes of their profile."""

from typing import Any

from bot.listeners import home_tab
from bot.listeners.binding import Deps
from bot.services.installs.onboarding import greet_first
from bot.services.people.people import remember
from bot.services.workspaces.scene import Asker
from bot.slack.client import profile_of
from bot.slack.views import as_object, as_text


def home_opened(deps: Deps, body: dict[str, Any]) -> None:
    """Show a person their App Home, of the team and the hat that they last looked at."""
    event = body["event"]
    if event.get("tab") != "home" or not as_text(event.get("user")):
        return
    publish_home(deps, Asker(body["team_id"], event["user"]), state=home_tab.state_of(event))


def publish_home(deps: Deps, asker: Asker, *, state: str = "") -> None:
    """Render and publish one person's App Home; who is the first in a workspace without a team is greeted."""
    refused = home_tab.publish(deps, asker, state=state)
    if refused == "no_team" and greet_first(deps.sessions, asker, now=deps.clock()):
        deps.wake()


def user_changed(deps: Deps, body: dict[str, Any]) -> None:
    """Remember what changed about a member: name, zone, language, or that they left."""
    workspace, user, event_id = body["team_id"], as_object(body["event"].get("user")), as_text(body.get("event_id"))
    if not as_text(user.get("id")):
        return
    remember(deps.sessions, workspace, profile_of(user, workspace), now=deps.clock(), event_id=event_id)
    deps.wake()
