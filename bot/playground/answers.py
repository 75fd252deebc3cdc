"""What Slack does with the app's answers: command acks, view responses, and posts to a response_url."""

from datetime import timedelta
from typing import Any

from bot.playground.checks import check_blocks, check_text, check_view, with_ids
from bot.playground.errors import ApiError
from bot.playground.events import Events
from bot.playground.faults import FaultDice
from bot.playground.model import SLACKBOT, Channel, Json, Message, ResponseHook, View
from bot.playground.screens import Screens
from bot.playground.shapes import message_json
from bot.playground.state import Slack
from bot.playground.workspace import Workspace

__all__ = ["HOOK_LIFE", "MOST_USES", "SLACKBOT", "Answers"]

MOST_USES = 5
HOOK_LIFE = timedelta(minutes=30)


class Answers:
    """Carry out the app's answers. The sentence that Slack's client shows for a bad one is returned."""

    def __init__(self, slack: Slack, events: Events, screens: Screens, dice: FaultDice) -> None:
        self._slack = slack
        self._events = events
        self._screens = screens
        self._dice = dice

    def slackbot(self, channel: Channel, user_id: str, text: str) -> None:
        """Show the person what Slack itself says."""
        self._slack.keep(
            channel,
            Message(
                ts=self._slack.new_ts(channel),
                channel_id=channel.id,
                user_id=SLACKBOT,
                text=text,
                subtype="slackbot_response",
                ephemeral_to=user_id,
            ),
        )

    def command_ack(self, workspace: Workspace, channel: Channel, user_id: str, answer: Any) -> str:
        """Show what the ack of a command says; return an error code when Slack cannot."""
        if answer in (None, "", {}):
            return ""
        said: Json = {"text": answer} if isinstance(answer, str) else answer
        try:
            self._say(workspace, channel, user_id, said)
        except ApiError as refused:
            self.slackbot(channel, user_id, f'The app\'s answer was refused: "{refused.code}"')
            return refused.code
        return ""

    def submission_ack(self, workspace: Workspace, view: View, answer: Any) -> str:
        """Close, update, push or mark the modal as the ack says; return an error code when Slack cannot."""
        action = answer.get("response_action") if isinstance(answer, dict) else None
        try:
            if action == "errors":
                return self._mark(workspace, view, answer.get("errors"))
            if action == "clear":
                self._screens.close(workspace, view, whole_stack=True)
            elif action in ("update", "push"):
                content = check_view(answer.get("view"), self._dice, workspace.files, kind="modal")
                if action == "update":
                    self._screens.update(workspace, view, content)
                else:
                    self._screens.push(workspace, view.user_id, content)
            elif answer in (None, "", {}):
                self._screens.close(workspace, view)
            else:
                return "invalid_response_action"
        except ApiError as refused:
            return refused.code
        return ""

    def use_response_url(self, team_id: str, key: str, said: Any) -> None:
        """Carry out a post to a response_url. Raises `ApiError` with HTTP status 404 when it is used up or old."""
        hook = self._slack.response_hooks.get(key)
        if hook is None or hook.team_id != team_id:
            raise ApiError("invalid_url", status=404)
        if self._slack.clock.now() - hook.made > HOOK_LIFE:
            raise ApiError("expired_url", status=404)
        if hook.uses >= MOST_USES:
            raise ApiError("used_url", status=404)
        if not isinstance(said, dict):
            raise ApiError("invalid_payload", status=400)
        workspace = self._slack.workspaces[team_id]
        channel = workspace.channels[hook.channel_id]
        if said.get("delete_original"):
            self._delete_original(workspace, channel, hook)
        elif said.get("replace_original") and hook.message_ts:
            self._replace_original(workspace, channel, hook, said)
        else:
            self._say(workspace, channel, hook.user_id, said)
        hook.uses += 1

    def _say(self, workspace: Workspace, channel: Channel, user_id: str, said: Json) -> None:
        blocks = check_blocks(said.get("blocks"), self._dice, workspace.files)
        attachments = said.get("attachments") or []
        text = check_text(said.get("text"), blocks=blocks, attachments=attachments)
        public = said.get("response_type") == "in_channel"
        bot = workspace.installation
        message = Message(
            ts=self._slack.new_ts(channel),
            channel_id=channel.id,
            user_id=workspace.bot_user_id,
            text=text,
            blocks=with_ids(blocks, self._slack.ids),
            attachments=attachments,
            thread_ts=said.get("thread_ts"),
            bot_id=bot.bot_id if bot else None,
            app_id=self._slack.app.id,
            ephemeral_to=None if public else user_id,
        )
        self._slack.keep(channel, message)
        if public:
            self._events.posted(workspace, channel, message)

    def _replace_original(self, workspace: Workspace, channel: Channel, hook: ResponseHook, said: Json) -> None:
        message = workspace.find_message(channel.id, hook.message_ts or "")
        if message is None:
            raise ApiError("message_not_found", status=404)
        blocks = check_blocks(said.get("blocks"), self._dice, workspace.files)
        before = message_json(workspace, message)
        message.text = check_text(said.get("text"), blocks=blocks, attachments=said.get("attachments") or [])
        message.blocks = with_ids(blocks, self._slack.ids)
        message.attachments = said.get("attachments") or []
        message.edited_ts, message.edited_by = self._slack.new_ts(channel), message.user_id
        self._slack.touched(channel, message)
        if message.ephemeral_to is None:
            self._events.edited(workspace, channel, message, before)

    def _delete_original(self, workspace: Workspace, channel: Channel, hook: ResponseHook) -> None:
        message = workspace.find_message(channel.id, hook.message_ts or "")
        if message is None:
            raise ApiError("message_not_found", status=404)
        before = message_json(workspace, message)
        if message.ephemeral_to is not None:
            del channel.ephemerals[message.ts]
        else:
            del channel.messages[message.ts]
            self._events.deleted(workspace, channel, before)
        self._slack.changed("message", workspace.id, channel_id=channel.id, user_id=hook.user_id)

    def _mark(self, workspace: Workspace, view: View, errors: Any) -> str:
        blocks = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= blocks:
            # Slack shows "We had some trouble connecting" for an error that belongs to no input.
            return "invalid_errors"
        view.errors = {block_id: str(sentence) for block_id, sentence in errors.items()}
        self._slack.changed("view", workspace.id, user_id=view.user_id)
        return ""
