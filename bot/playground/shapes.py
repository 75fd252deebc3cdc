"""How Slack writes its objects in JSON: users, conversations, messages, views and files."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.playground.model import Channel, File, Json, Message, User, View
from bot.playground.workspace import Workspace


def user_json(user: User, *, now: datetime, include_locale: bool = False) -> Json:
    """Return the user as `users.info` gives it. `tz_offset` is the zone's offset in seconds at `now`."""
    local = now.astimezone(ZoneInfo(user.tz))
    offset = local.utcoffset()
    shape: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": local.tzname() or user.tz,
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": _profile(user),
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }
    if user.is_stranger:
        shape["is_stranger"] = True
    if include_locale:
        shape["locale"] = user.locale
    if user.deleted:
        # Slack leaves the zone out for members that are gone.
        for key in ("tz", "tz_label", "tz_offset", "is_admin", "is_restricted", "is_ultra_restricted"):
            shape.pop(key)
    return shape


def _profile(user: User) -> Json:
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "first_name": first,
        "last_name": last,
        "team": user.team_id,
    }
    if user.bot_id:
        profile |= {"bot_id": user.bot_id, "api_app_id": user.app_id or ""}
    return profile


def channel_json(channel: Channel, reader_id: str) -> Json:
    """Return the conversation as `conversations.info` gives it to the reader."""
    common: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": channel.team_id,
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        other = next((u for u in channel.members if u != reader_id), reader_id)
        return common | {"user": other, "is_open": True, "is_user_deleted": False}
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_general": channel.is_general,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "is_member": reader_id in channel.members,
        "creator": channel.creator,
        "unlinked": 0,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "previous_names": [],
        "num_members": len(channel.members),
    }


def message_json(workspace: Workspace, message: Message, *, metadata: bool = False, replies: bool = True) -> Json:
    """Return the message as history and events give it; `metadata` only where the caller asked for it."""
    shape: Json = {
        "type": "message",
        "user": message.user_id,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.id,
    }
    optional: dict[str, Any] = {
        "subtype": message.subtype,
        "client_msg_id": message.client_msg_id,
        "thread_ts": message.thread_ts,
        "blocks": message.blocks or None,
        "attachments": message.attachments or None,
        "metadata": message.metadata if metadata else None,
    }
    shape |= {key: value for key, value in optional.items() if value is not None}
    if message.bot_id:
        shape |= {"bot_id": message.bot_id, "app_id": message.app_id or ""}
        shape["bot_profile"] = bot_profile(workspace, message.bot_id)
    if message.edited_ts:
        shape["edited"] = {"user": message.edited_by or message.user_id, "ts": message.edited_ts}
    if message.files:
        shape["files"] = [file_json(workspace.files[f]) for f in message.files if f in workspace.files]
    if message.is_reply:
        parent = workspace.channels[message.channel_id].messages.get(message.thread_ts or "")
        shape["parent_user_id"] = parent.user_id if parent else ""
    elif replies and message.thread_ts:
        shape |= _thread_summary(workspace, message)
    return shape


def _thread_summary(workspace: Workspace, parent: Message) -> Json:
    stored = workspace.channels[parent.channel_id].messages.values()
    answers = [m for m in stored if m.is_reply and m.thread_ts == parent.ts]
    if not answers:
        return {}
    people = list(dict.fromkeys(m.user_id for m in answers))
    return {
        "reply_count": len(answers),
        "reply_users_count": len(people),
        "latest_reply": max(m.ts for m in answers),
        "reply_users": people[:5],
        "is_locked": False,
        "subscribed": False,
    }


def bot_profile(workspace: Workspace, bot_id: str) -> Json:
    """Return the bot as `bots.info` and messages give it, or an empty mapping."""
    bot = workspace.installation
    if bot is not None and bot.bot_id == bot_id:
        user: User | None = workspace.users[bot.bot_user_id]
    else:
        user = next((u for u in workspace.users.values() if u.bot_id == bot_id), None)
    if user is None:
        return {}
    return {
        "id": bot_id,
        "app_id": user.app_id or "",
        "user_id": user.id,
        "name": user.name,
        "team_id": workspace.id,
        "deleted": user.deleted,
        "updated": user.updated,
        "icons": {},
    }


def view_json(workspace: Workspace, view: View, app_id: str) -> Json:
    """Return the view as `views.*` and interactions give it, with the person's state."""
    content = view.content
    bot = workspace.installation
    return {
        "id": view.id,
        "team_id": view.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": view.state},
        "hash": view.hash,
        "title": content.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": bool(content.get("clear_on_close", False)),
        "notify_on_close": bool(content.get("notify_on_close", False)),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id or view.id,
        "app_id": app_id,
        "external_id": view.external_id,
        "app_installed_team_id": workspace.enterprise_id if workspace.by_organisation else view.team_id,
        "bot_id": bot.bot_id if bot else "",
    }


def file_json(file: File) -> Json:
    """Return the file as `files.info` and messages give it."""
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype if file.looked_at else "",
        "user": file.user_id,
        "size": file.length,
        "channels": list(file.shared_in),
        "is_external": False,
        "mode": "hosted",
    }
