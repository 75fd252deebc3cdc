"""Events about a team's channel: archived, deleted, brought back."""

from typing import Any

from bot.listeners.binding import Deps
from bot.services.sending import channels
from bot.slack.views import as_text


def archived(deps: Deps, body: dict[str, Any]) -> None:
    """Leave a channel alone that was archived."""
    _closed(deps, body, "is_archived")


def deleted(deps: Deps, body: dict[str, Any]) -> None:
    """Leave a channel alone that is gone."""
    _closed(deps, body, "channel_not_found")


def unarchived(deps: Deps, body: dict[str, Any]) -> None:
    """Try a channel again that was brought back."""
    channel, event_id = as_text(body["event"].get("channel")), as_text(body.get("event_id"))
    if channels.opened(deps.sessions, body["team_id"], channel, now=deps.clock(), event_id=event_id):
        deps.wake()


def _closed(deps: Deps, body: dict[str, Any], error: str) -> None:
    channel, event_id = as_text(body["event"].get("channel")), as_text(body.get("event_id"))
    channels.closed(deps.sessions, body["team_id"], channel, error, now=deps.clock(), event_id=event_id)
    deps.wake()


CHANNEL_EVENTS = {
    "channel_archive": archived,
    "channel_deleted": deleted,
    "channel_unarchive": unarchived,
    "group_archive": archived,
    "group_deleted": deleted,
    "group_unarchive": unarchived,
}
