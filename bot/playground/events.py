"""Tell the app what happened: only what its manifest subscribes to, and only where its bot is."""

from bot.playground.delivery import Delivery
from bot.playground.model import Channel, Installation, Json, Message, Organisation, User
from bot.playground.shapes import channel_json, message_json, user_json
from bot.playground.state import Slack
from bot.playground.workspace import Workspace

_MESSAGE_EVENTS = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
_CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}


class Events:
    """Build Slack's events and hand them to the delivery."""

    def __init__(self, slack: Slack, delivery: Delivery) -> None:
        self._slack = slack
        self._delivery = delivery

    def posted(self, workspace: Workspace, channel: Channel, message: Message) -> None:
        """Tell of a new message, and of the mention of the bot in it."""
        shape = message_json(workspace, message, replies=False)
        self._message(workspace, channel, shape | {"event_ts": message.ts})
        mention = f"<@{workspace.bot_user_id}>"
        if mention in message.text and channel.kind != "im" and message.user_id != workspace.bot_user_id:
            wanted = {k: v for k, v in shape.items() if k != "subtype"}
            self._emit(
                workspace,
                "app_mention",
                wanted | {"type": "app_mention", "channel": channel.id, "event_ts": message.ts},
                channel,
            )

    def edited(self, workspace: Workspace, channel: Channel, message: Message, before: Json) -> None:
        """Tell that a message reads differently now."""
        stamp = message.edited_ts or message.ts
        self._message(
            workspace,
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "message": message_json(workspace, message),
                "previous_message": before,
                "ts": stamp,
                "event_ts": stamp,
                "hidden": True,
            },
        )

    def deleted(self, workspace: Workspace, channel: Channel, before: Json) -> None:
        """Tell that a message is gone."""
        stamp = self._slack.new_ts(channel)
        self._message(
            workspace,
            channel,
            {
                "type": "message",
                "subtype": "message_deleted",
                "deleted_ts": before["ts"],
                "previous_message": before,
                "ts": stamp,
                "event_ts": stamp,
                "hidden": True,
            },
        )

    def membership(
        self, workspace: Workspace, channel: Channel, user_id: str, *, joined: bool, inviter: str = ""
    ) -> None:
        """Tell that somebody came to a channel or left it."""
        event: Json = {
            "type": "member_joined_channel" if joined else "member_left_channel",
            "user": user_id,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "public" else "G",
            "team": workspace.id,
            "event_ts": self._slack.new_ts(channel),
        }
        if inviter:
            event["inviter"] = inviter
        self._emit(workspace, event["type"], event, channel)

    def user(self, workspace: Workspace, user: User, kind: str) -> None:
        """Tell of a changed member (`user_change`) or a new one (`team_join`)."""
        shape = user_json(user, now=self._slack.clock.now(), include_locale=True)
        event = {"type": kind, "user": shape, "event_ts": f"{self._slack.epoch()}.000000"}
        self._emit(workspace, kind, event | {"cache_ts": user.updated})

    def channel(self, workspace: Workspace, channel: Channel, kind: str, *, user_id: str) -> None:
        """Tell of `archive`, `unarchive`, `rename` or `convert_to_private`. A private channel's are group events."""
        private = channel.kind == "private" and kind != "convert_to_private"
        name = f"{'group' if private else 'channel'}_{kind}"
        event: Json = {"type": name, "event_ts": self._slack.new_ts(channel)}
        if kind == "rename":
            shape = channel_json(channel, workspace.bot_user_id)
            event["channel"] = {k: shape[k] for k in ("id", "name", "created", "is_channel")}
        else:
            event |= {"channel": channel.id, "user": user_id}
        self._emit(workspace, name, event, channel if channel.kind == "private" else None)

    def home_opened(self, workspace: Workspace, user_id: str, *, tab: str, channel_id: str, view: Json | None) -> None:
        """Tell that a person looks at the app's Home or Messages tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": user_id,
            "channel": channel_id,
            "tab": tab,
            "event_ts": f"{self._slack.clock.now().timestamp():.6f}",
        }
        if view is not None:
            event["view"] = view
        self._emit(workspace, "app_home_opened", event)

    def gone(self, workspace: Workspace) -> None:
        """Tell that the app was taken out of the workspace."""
        self.token_revoked(workspace)
        self._emit(workspace, "app_uninstalled", {"type": "app_uninstalled"})

    def token_revoked(self, workspace: Workspace) -> None:
        """Tell that the bot's token is dead."""
        bot = [workspace.bot_user_id]
        self._emit(workspace, "tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bot}})

    def _message(self, workspace: Workspace, channel: Channel, event: Json) -> None:
        placed = event | {"channel": channel.id, "channel_type": _CHANNEL_TYPES[channel.kind]}
        self._emit(workspace, _MESSAGE_EVENTS[channel.kind], placed, channel)

    def _emit(self, workspace: Workspace, subscription: str, event: Json, channel: Channel | None = None) -> None:
        installation = workspace.installation
        if installation is None or installation.revoked:
            return
        if subscription not in self._slack.manifest.events:
            return
        if channel is not None and installation.bot_user_id not in channel.members:
            return
        whose = _authorized(workspace.enterprise_id, workspace.id, installation)
        shared = bool(channel and channel.is_ext_shared)
        self._announce(event, whose, shared=shared, team_id=workspace.id, context_team_id=workspace.id)

    def access(self, organisation: Organisation, names: list[str], *, granted: bool) -> None:
        """Tell that an organisation has let the app into workspaces, or taken it out of them."""
        kind = "team_access_granted" if granted else "team_access_revoked"
        stamp = f"{self._slack.clock.now().timestamp():.6f}"
        self._of_organisation(organisation, kind, {"type": kind, "team_ids": names, "event_ts": stamp})

    def org_gone(self, organisation: Organisation) -> None:
        """Tell that the app was taken out of a whole organisation."""
        bot = [organisation.installation.bot_user_id] if organisation.installation else []
        tokens = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bot}}
        self._of_organisation(organisation, "tokens_revoked", tokens)
        self._of_organisation(organisation, "app_uninstalled", {"type": "app_uninstalled"})

    def _of_organisation(self, organisation: Organisation, subscription: str, event: Json) -> None:
        installation = organisation.installation
        if installation is not None and subscription in self._slack.manifest.events:
            whose = _authorized(organisation.id, None, installation)
            self._announce(event, whose, team_id=None, enterprise_id=organisation.id)

    def _announce(self, event: Json, whose: Json, *, shared: bool = False, **outer: str | None) -> None:
        self._delivery.announce(
            {
                "token": self._slack.app.verification_token,
                "context_enterprise_id": whose["enterprise_id"],
                **outer,
                "api_app_id": self._slack.app.id,
                "event": event,
                "type": "event_callback",
                "event_id": self._slack.ids.new("Ev"),
                "event_time": self._slack.epoch(),
                "authorizations": [whose],
                "is_ext_shared_channel": shared,
                "event_context": f"4-{self._slack.ids.hexes(24)}",
            }
        )


def _authorized(enterprise_id: str | None, team_id: str | None, installation: Installation) -> Json:
    """Return for which install an event is told."""
    return {
        "enterprise_id": enterprise_id,
        "team_id": team_id,
        "user_id": installation.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": not installation.team_id,
    }
