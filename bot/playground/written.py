"""The playground's own records as JSON, for the control API: what a test or a page may want to know."""

from dataclasses import asdict
from typing import Any

from bot.playground.acting import Outcome
from bot.playground.model import Channel, Json, Message, User, View
from bot.playground.playground import Playground
from bot.playground.shapes import message_json, user_json, view_json
from bot.playground.workspace import Workspace


def message(workspace: Workspace, said: Message) -> Json:
    """Return a message with its metadata and with who alone sees it."""
    return message_json(workspace, said, metadata=True) | {
        "channel": said.channel_id,
        "ephemeral_to": said.ephemeral_to,
    }


def view(playground: Playground, workspace: Workspace, shown: View | None) -> Json | None:
    """Return a view with the errors beside its inputs, or None."""
    if shown is None:
        return None
    return view_json(workspace, shown, playground.slack.app.id) | {"errors": shown.errors}


def outcome(playground: Playground, workspace: Workspace, came: Outcome) -> Json:
    """Return what a person saw after a step."""
    return {
        "ok": came.ok,
        "error": came.error,
        "errors": came.errors,
        "messages": [message(workspace, said) for said in came.shown],
        "view": view(playground, workspace, came.modal),
        "answer": came.answer,
    }


def channel(shown: Channel) -> Json:
    """Return a conversation without its messages."""
    kept = ("id", "name", "kind", "archived", "is_general", "is_ext_shared", "posting_restricted")
    return {key: getattr(shown, key) for key in kept} | {"members": list(shown.members)}


def user(playground: Playground, shown: User) -> Json:
    """Return a member as `users.info` does, locale included."""
    return user_json(shown, now=playground.slack.clock.now(), include_locale=True)


def workspace(playground: Playground, shown: Workspace) -> Json:
    """Return a workspace with everything an app or a test needs to work in it."""
    bot = shown.installation
    return {
        "id": shown.id,
        "name": shown.name,
        "domain": shown.domain,
        "bot_token": bot.bot_token if bot else None,
        "bot_user_id": bot.bot_user_id if bot else None,
        "bot_id": bot.bot_id if bot else None,
        "users": [user(playground, member) for member in shown.users.values()],
        "channels": [channel(c) for c in shown.channels.values()],
    }


def app(playground: Playground) -> Json:
    """Return the app's secrets and how payloads reach it."""
    return asdict(playground.slack.app) | {
        "api_url": f"{playground.slack.url}/api/",
        "sockets": playground.hub.connected,
    }


def records(kept: Any) -> list[Json]:
    """Return dataclass records as mappings."""
    return [asdict(record) for record in kept]
