"""As whom the bot speaks when something is told to it: the install of the workspace, or of its organisation."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult

from bot.services.installs.installs import Installs

# Whom a request is for, noted before Bolt asks who may speak; it hands it on by this name.
TOLD_TO = "told_to"
ORGANISATION, WORKSPACE = "organisation", "workspace"


def note_whose(body: dict[str, Any], context: BoltContext, next: Callable[[], Any]) -> None:  # noqa: A002  # Bolt's name
    """Note whether it is news for an organisation's install: Slack may name a workspace that the app is not in yet."""
    event = body.get("event")
    granted = isinstance(event, dict) and event.get("type") == "team_access_granted"
    context[TOLD_TO] = ORGANISATION if granted else WORKSPACE
    next()


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
