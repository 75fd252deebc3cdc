"""Events about a team's channel: archived, deleted, brought back."""

from typing import Any

from bot.listeners.binding import Deps
from bot.services import channels


def archived(deps: Deps, body: dict[str, Any]) -> None:
    """Leave a channel alone that was archived."""
    _closed(deps, body, "is_archived")


def deleted(deps: Deps, body: dict[str, Any]) -> None:
    """Leave a channel alone that is gone."""
    _closed(deps, body, "channel_not_found")


def unarchived(deps: Deps, body: dict[str, Any]) -> None:
    """Try a channel again that was brought back."""
    if channels.opened(deps.sessions, body["team_id"], str(body["event"].get("channel") or ""), now=deps.clock()):
        deps.wake()


def _closed(deps: Deps, body: dict[str, Any], error: str) -> None:
    channels.closed(deps.sessions, body["team_id"], str(body["event"].get("channel") or ""), error, now=deps.clock())
    deps.wake()


CHANNEL_EVENTS = {
    "channel_archive": archived,
    "channel_deleted": deleted,
    "channel_unarchive": unarchived,
    "group_archive": archived,
    "group_deleted": deleted,
    "group_unarchive": unarchived,
}
