"""Events about the app itself: taken out of a workspace or an organisation, or let into one again."""

from datetime import UTC, datetime
from typing import Any, Final

from bot.listeners.binding import Deps
from bot.services.installs.uninstalling import access_changed, ended
from bot.slack.views import as_object, as_text

# The last moment that can be told apart; a later one is no time.
_LATEST: Final = 2**32


def uninstalled(deps: Deps, body: dict[str, Any]) -> None:
    """Stop everything where the app was taken out."""
    slack_id = _install(body)
    names = ended(deps.sessions, slack_id, happened_at=_moment(body), now=deps.clock())
    deps.forget_installs(slack_id, *names)


def tokens_revoked(deps: Deps, body: dict[str, Any]) -> None:
    """Stop everything where the bot's own token was revoked; the app asks for no tokens of people."""
    if as_object(body["event"].get("tokens")).get("bot"):
        uninstalled(deps, body)


def access_granted(deps: Deps, body: dict[str, Any]) -> None:
    """Let workspaces of an organisation that had lost the app use it again."""
    _change_access(deps, body, granted=True)


def access_revoked(deps: Deps, body: dict[str, Any]) -> None:
    """Stop everything in workspaces that an organisation has taken the app from."""
    _change_access(deps, body, granted=False)


INSTALL_EVENTS: Final = {
    "app_uninstalled": uninstalled,
    "tokens_revoked": tokens_revoked,
    "team_access_granted": access_granted,
    "team_access_revoked": access_revoked,
}


def _change_access(deps: Deps, body: dict[str, Any], *, granted: bool) -> None:
    told = body["event"].get("team_ids")
    names = [name for name in told if isinstance(name, str)] if isinstance(told, list) else []
    authorized = (body.get("authorizations") or [{}])[0]
    enterprise = str(body.get("enterprise_id") or authorized.get("enterprise_id") or "")
    event_id = as_text(body.get("event_id"))
    access_changed(deps.sessions, enterprise, names, granted=granted, now=deps.clock(), event_id=event_id)
    deps.forget_installs(*names)


def _install(body: dict[str, Any]) -> str:
    """Tell whose install an event is about, Slack's id: an organisation's, or the workspace's."""
    org_wide = any(one.get("is_enterprise_install") for one in body.get("authorizations") or ())
    if body.get("enterprise_id") and (org_wide or not body.get("team_id")):
        return str(body["enterprise_id"])
    return str(body.get("team_id") or "")


def _moment(body: dict[str, Any]) -> datetime:
    told = body.get("event_time")
    return datetime.fromtimestamp(told if isinstance(told, int) and 0 < told <= _LATEST else 0, UTC)
