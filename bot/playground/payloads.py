"""The payloads that Slack sends for commands and interactions."""

from bot.playground.inputs import initial_state
from bot.playground.model import Channel, Json, Message, User, View
from bot.playground.shapes import message_json, view_json
from bot.playground.state import Slack
from bot.playground.workspace import Workspace

_CHANNEL_NAMES = {"im": "directmessage", "private": "privategroup"}


class Payloads:
    """Build payloads; each brings a fresh trigger, and a response_url where Slack gives one."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def command(self, workspace: Workspace, user: User, channel: Channel, command: str, text: str) -> Json:
        """Return the form of a slash command."""
        return {
            "token": self._slack.app.verification_token,
            "team_id": workspace.id,
            "team_domain": workspace.domain,
            "channel_id": channel.id,
            "channel_name": _channel_name(channel),
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": self._slack.app.id,
            "is_enterprise_install": "true" if workspace.by_organisation else "false",
            "response_url": self._slack.new_response_url(workspace.id, user.id, channel.id),
            "trigger_id": self._slack.new_trigger(workspace.id, user.id).id,
        } | (self._enterprise(workspace) or {})

    def message_action(
        self, workspace: Workspace, user: User, channel: Channel, message: Message, action: Json
    ) -> Json:
        """Return the `block_actions` of an element in a message."""
        ephemeral = message.ephemeral_to is not None
        payload = self._interaction("block_actions", workspace, user) | {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": channel.id,
                "is_ephemeral": ephemeral,
            },
            "channel": {"id": channel.id, "name": _channel_name(channel)},
            "response_url": self._slack.new_response_url(workspace.id, user.id, channel.id, message_ts=message.ts),
            "state": {"values": initial_state(message.blocks)},
            "actions": [action],
        }
        if message.thread_ts:
            payload["container"]["thread_ts"] = message.thread_ts
        if not ephemeral:
            payload["message"] = message_json(workspace, message, metadata=True)
        return payload

    def view_action(self, workspace: Workspace, user: User, view: View, action: Json) -> Json:
        """Return the `block_actions` of an element in a modal or a Home tab."""
        return self._interaction("block_actions", workspace, user, view_id=view.id) | {
            "container": {"type": "view", "view_id": view.id},
            "view": view_json(workspace, view, self._slack.app.id),
            "actions": [action],
        }

    def submission(self, workspace: Workspace, user: User, view: View) -> Json:
        """Return a `view_submission`."""
        return self._interaction("view_submission", workspace, user, view_id=view.id) | {
            "view": view_json(workspace, view, self._slack.app.id),
            "response_urls": [],
        }

    def closing(self, workspace: Workspace, user: User, view: View, *, cleared: bool) -> Json:
        """Return a `view_closed`, which brings no trigger."""
        payload = self._common("view_closed", workspace, user, viewed=True)
        return payload | {
            "view": view_json(workspace, view, self._slack.app.id),
            "is_cleared": cleared,
        }

    def global_shortcut(self, workspace: Workspace, user: User, callback_id: str) -> Json:
        """Return a `shortcut`."""
        return self._interaction("shortcut", workspace, user) | {
            "callback_id": callback_id,
            "action_ts": f"{self._slack.clock.now().timestamp():.6f}",
        }

    def message_shortcut(
        self, workspace: Workspace, user: User, channel: Channel, message: Message, callback_id: str
    ) -> Json:
        """Return a `message_action`."""
        return self._interaction("message_action", workspace, user) | {
            "callback_id": callback_id,
            "action_ts": f"{self._slack.clock.now().timestamp():.6f}",
            "message_ts": message.ts,
            "message": message_json(workspace, message),
            "channel": {"id": channel.id, "name": _channel_name(channel)},
            "response_url": self._slack.new_response_url(workspace.id, user.id, channel.id, message_ts=message.ts),
        }

    def _interaction(self, kind: str, workspace: Workspace, user: User, *, view_id: str | None = None) -> Json:
        trigger = self._slack.new_trigger(workspace.id, user.id, view_id=view_id)
        viewed = view_id is not None
        return self._common(kind, workspace, user, viewed=viewed) | {"trigger_id": trigger.id}

    def _enterprise(self, workspace: Workspace) -> Json | None:
        organisation = self._slack.organisations.get(workspace.enterprise_id or "")
        return {"enterprise_id": organisation.id, "enterprise_name": organisation.name} if organisation else None

    def _common(self, kind: str, workspace: Workspace, user: User, *, viewed: bool = False) -> Json:
        named = self._enterprise(workspace)
        return {
            "type": kind,
            "token": self._slack.app.verification_token,
            # In a view of an organisation's app there is none: the person's own tells.
            "team": None if viewed and workspace.by_organisation else {"id": workspace.id, "domain": workspace.domain},
            "enterprise": {"id": named["enterprise_id"], "name": named["enterprise_name"]} if named else None,
            "is_enterprise_install": workspace.by_organisation,
            "api_app_id": self._slack.app.id,
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        }


def _channel_name(channel: Channel) -> str:
    return _CHANNEL_NAMES.get(channel.kind, channel.name)
