"""The app asks Slack for exactly what its code needs: the scopes of the methods it calls, the events it hears."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from slack_sdk import WebClient

from bot.listeners.events.installs import INSTALL_EVENTS
from bot.listeners.register import EVENTS, SHORTCUTS
from bot.manifest import bot_scopes, manifest_path

BOT: Final = Path(__file__).resolve().parents[2] / "bot"
# Where the code speaks to Slack. The playground is a Slack, and the benchmarks speak to it alone.
SPEAKING: Final = [
    file for file in BOT.rglob("*.py") if not {"playground", "bench", "demo"} & set(file.relative_to(BOT).parts)
]
# Conversations that the bot looks into: public and private channels, and its own direct ones.
HISTORY: Final = {"channels:history", "groups:history", "im:history"}
READ: Final = {"channels:read", "groups:read"}
# Source: each method's and event's page under docs.slack.dev/reference, for a bot token.
NEEDED_BY_METHOD: Final[dict[str, set[str]]] = {
    "api_test": set(),  # without a token
    "apps_connections_open": set(),  # with the app-level token
    "auth_teams_list": set(),
    "auth_test": set(),
    "chat_getPermalink": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": HISTORY,
    "conversations_info": {*READ, "im:read"},
    "conversations_join": {"channels:join"},
    "conversations_list": READ,
    "conversations_open": {"im:write"},
    "conversations_replies": HISTORY,
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "oauth_v2_access": set(),  # with the app's own credentials
    "users_info": {"users:read"},
    "users_list": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_update": set(),
}
NEEDED_BY_EVENT: Final[dict[str, set[str]]] = {
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "member_joined_channel": READ,
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "team_access_granted": set(),
    "team_access_revoked": set(),
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}
# One listener hears messages wherever the bot is; Slack tells of each kind of conversation apart.
KINDS_OF_MESSAGE: Final = {"message.channels", "message.groups", "message.im"}


def manifest() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(manifest_path().read_text("utf-8"))
    return content


def methods_of_slack(tree: ast.AST) -> Iterator[str]:
    """Yield what the SDK's client can do and the code mentions; the names are too special to mean anything else."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and not node.attr.startswith("_")
            and callable(getattr(WebClient, node.attr, None))
        ):
            yield node.attr


def used() -> set[str]:
    found = {name for file in SPEAKING for name in methods_of_slack(ast.parse(file.read_text("utf-8")))}
    return found - {"api_call"}


def heard() -> set[str]:
    names = {*EVENTS, *INSTALL_EVENTS}
    return (names - {"message"}) | (KINDS_OF_MESSAGE if "message" in names else set())


def test_the_methods_are_found_in_the_code() -> None:
    assert {"chat_postMessage", "views_open", "conversations_history", "files_upload_v2"} <= used()
    assert used() == set(NEEDED_BY_METHOD)


def test_the_events_are_those_that_listeners_hear() -> None:
    assert sorted(heard()) == manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert heard() == set(NEEDED_BY_EVENT)


def test_the_scopes_are_those_of_the_methods_the_events_and_the_command() -> None:
    needed = set[str]().union(*NEEDED_BY_METHOD.values(), *NEEDED_BY_EVENT.values(), {"commands"})
    assert bot_scopes() == sorted(needed)


def test_the_shortcuts_are_those_that_listeners_hear() -> None:
    declared = {shortcut["callback_id"] for shortcut in manifest()["features"]["shortcuts"]}
    assert declared == {callback_id for table in SHORTCUTS for callback_id in table}


@pytest.mark.parametrize("kind", ["user", "user_optional"])
def test_no_persons_own_token_is_asked_for(kind: str) -> None:
    assert kind not in manifest()["oauth_config"]["scopes"]
