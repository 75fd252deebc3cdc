"""As whom the bot speaks when something is told to it: the install of the workspace, or of its organisation."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.services.installs.installs import Installs

# Whom a request is for, noted before Bolt asks who may speak; it hands it on by this name.
TOLD_TO = "told_to"
ORGANISATION, WORKSPACE = "organisation", "workspace"


def before_authorize(
    body: dict[str, Any],
    context: BoltContext,
    next: Callable[[], Any],  # noqa: A002  # Bolt's name
) -> BoltResponse | None:
    """Be done with the app's own messages, and note whether it is news for an organisation's install.

    Slack tells the app of all that it posts. Bolt leaves its own messages out as well, once it has asked who may speak;
    on a Monday morning there are as many as there are digests and prompts.
    """
    event = body.get("event")
    if not isinstance(event, dict):
        event = {}
    if event.get("type") == "message" and event.get("app_id") and event["app_id"] == body.get("api_app_id"):
        return BoltResponse(status=200)
    # Slack may name a workspace that the app is not in yet.
    context[TOLD_TO] = ORGANISATION if event.get("type") == "team_access_granted" else WORKSPACE
    next()
    return None


def authorizer(installs: Installs, clock: Callable[[], datetime]) -> Callable[..., AuthorizeResult | None]:
    """Make what Bolt asks; it answers None with 'please install'."""

    def authorize(enterprise_id: str | None, team_id: str | None, told_to: str) -> AuthorizeResult | None:
        asked = told_to == ORGANISATION and enterprise_id
        voice = installs.voice(asked or team_id or enterprise_id or "", enterprise_id, now=clock())
        if voice is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=voice.token,
            bot_user_id=voice.bot_user_id,
            bot_id=voice.bot_id,
        )

    return authorize
