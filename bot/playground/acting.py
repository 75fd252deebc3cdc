"""What people do with the app: commands, buttons, modals, shortcuts, the Home tab."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.answers import Answers
from bot.playground.delivery import Delivery
from bot.playground.errors import NotPossibleError
from bot.playground.events import Events
from bot.playground.inputs import client_errors, find_element, state_value, with_values
from bot.playground.model import Change, Channel, Delivered, Json, Message, User, View
from bot.playground.payloads import Payloads
from bot.playground.people import People
from bot.playground.screens import Screens
from bot.playground.shapes import view_json
from bot.playground.state import Slack
from bot.playground.typed import as_sent
from bot.playground.workspace import Workspace

_COMMAND = re.compile(r"(/\S+)\s*(.*)", re.DOTALL)


@dataclass
class Outcome:
    """What came of a step, as the person saw it.

    `error` is empty, or what Slack's client showed (`operation_timeout`, `dispatch_failed`, a sentence). `shown`
    are the messages in that conversation that were not there before and that the person sees; `modal` is the one
    on top of the screen afterwards; `errors` stand beside inputs. `answer` is the app's raw ack.
    """

    error: str = ""
    shown: list[Message] = field(default_factory=list)
    modal: View | None = None
    errors: dict[str, str] = field(default_factory=dict)
    answer: Any = None

    @property
    def ok(self) -> bool:
        """Whether the app took the step in time and nothing was refused."""
        return not self.error and not self.errors


@dataclass
class Acting:
    """Use the app as a member. All coroutines run on the server's loop."""

    slack: Slack
    people: People
    delivery: Delivery
    events: Events
    screens: Screens
    answers: Answers

    def __post_init__(self) -> None:
        self._payloads = Payloads(self.slack)

    async def run_command(
        self, workspace: Workspace, user_id: str, channel_id: str, line: str, *, wait: float = 0
    ) -> Outcome:
        """Type a command such as `/hat who hunter`; wait up to `wait` seconds longer for something to see."""
        user = self.people.member(workspace, user_id)
        channel = self.people.channel(workspace, channel_id)
        match = _COMMAND.fullmatch(line.strip())
        if match is None or match[1] not in self.slack.manifest.commands:
            return Outcome(error=f"`{line.split(maxsplit=1)[0]}` is not a valid command")
        command, text = match.groups()
        if command in self.slack.manifest.escaped_commands:
            text = as_sent(workspace, text, labels=True)
        before = self._glance(workspace, user, channel)
        sent = await self.delivery.ask(
            "slash_commands", self._payloads.command(workspace, user, channel, command, text)
        )
        error = _failure(sent)
        if error:
            self.answers.slackbot(channel, user_id, f'{command} failed with the error "{error}"')
        else:
            error = self.answers.command_ack(workspace, channel, user_id, sent.answer)
        return await self._outcome(before, sent, error, wait)

    async def click(
        self,
        workspace: Workspace,
        user_id: str,
        action_id: str,
        *,
        channel_id: str = "",
        message_ts: str = "",
        view_id: str = "",
        block_id: str | None = None,
        value: Any = None,
        values: Mapping[str, Any] | None = None,
        wait: float = 0,
    ) -> Outcome:
        """Click a button, or choose `value` in a menu, on a message or in a view.

        `values` are what the person has entered in the view before. Without `view_id` the modal on top is meant,
        or else the Home tab.
        """
        user = self.people.member(workspace, user_id)
        if message_ts:
            channel = self.people.channel(workspace, channel_id)
            message = self._visible(workspace, channel, user, message_ts)
            block, element = _element(message.blocks, action_id, block_id)
            action = _action(block, element, value, self.slack)
            payload = self._payloads.message_action(workspace, user, channel, message, action)
        else:
            view = self._view(workspace, user, view_id)
            channel = self.people.open_dm(workspace, user_id)
            block, element = _element(view.blocks, action_id, block_id)
            self._enter(view, values or {})
            action = _action(block, element, value, self.slack)
            if element["action_id"] in view.state.get(block["block_id"], {}):
                view.state[block["block_id"]][action_id] = state_value(element, value)
            payload = self._payloads.view_action(workspace, user, view, action)
        before = self._glance(workspace, user, channel)
        sent = await self.delivery.ask("interactive", payload)
        return await self._outcome(before, sent, _failure(sent), wait)

    async def submit_view(
        self,
        workspace: Workspace,
        user_id: str,
        values: Mapping[str, Any],
        *,
        view_id: str = "",
        wait: float = 0,
    ) -> Outcome:
        """Fill in the modal and submit it.

        `values` name inputs by block id or action id. What Slack's client refuses itself (a required field left
        empty, letters in a number) comes back as `errors` without a word to the app.
        """
        user = self.people.member(workspace, user_id)
        view = self._view(workspace, user, view_id)
        if view.type != "modal" or not view.content.get("submit"):
            raise NotPossibleError("this view has no submit button")
        self._enter(view, values)
        view.errors = client_errors(view.blocks, view.state)
        if view.errors:
            self.slack.changed("view", workspace.id, user_id=user_id)
            return Outcome(errors=dict(view.errors), modal=view)
        channel = self.people.open_dm(workspace, user_id)
        before = self._glance(workspace, user, channel)
        sent = await self.delivery.ask("interactive", self._payloads.submission(workspace, user, view))
        error = _failure(sent) or self.answers.submission_ack(workspace, view, sent.answer)
        return await self._outcome(before, sent, error, wait)

    async def close_view(
        self, workspace: Workspace, user_id: str, *, view_id: str = "", whole_stack: bool = False
    ) -> Outcome:
        """Close the modal; the app hears of it if it asked to be notified."""
        user = self.people.member(workspace, user_id)
        view = self._view(workspace, user, view_id)
        error, answer = "", None
        for closed in self.screens.close(workspace, view, whole_stack=whole_stack):
            if closed.content.get("notify_on_close"):
                sent = await self.delivery.ask(
                    "interactive", self._payloads.closing(workspace, user, closed, cleared=whole_stack)
                )
                error, answer = _failure(sent), sent.answer
        return Outcome(error=error, answer=answer, modal=workspace.modal_of(user_id))

    async def shortcut(
        self,
        workspace: Workspace,
        user_id: str,
        callback_id: str,
        *,
        channel_id: str = "",
        message_ts: str = "",
        wait: float = 0,
    ) -> Outcome:
        """Start a global shortcut, or a message shortcut on a message."""
        user = self.people.member(workspace, user_id)
        kind = self.slack.manifest.shortcuts.get(callback_id)
        if kind is None or (kind == "message") != bool(message_ts):
            raise NotPossibleError(f"the app has no such shortcut {callback_id}")
        if message_ts:
            channel = self.people.channel(workspace, channel_id)
            message = self._visible(workspace, channel, user, message_ts)
            payload = self._payloads.message_shortcut(workspace, user, channel, message, callback_id)
        else:
            channel = self.people.open_dm(workspace, user_id)
            payload = self._payloads.global_shortcut(workspace, user, callback_id)
        before = self._glance(workspace, user, channel)
        sent = await self.delivery.ask("interactive", payload)
        return await self._outcome(before, sent, _failure(sent), wait)

    def open_home(self, workspace: Workspace, user_id: str, *, tab: str = "home") -> View | None:
        """Open the app's Home tab (or `messages`); return what is on it now. The app is told by an event."""
        self.people.member(workspace, user_id)
        if tab == "home" and not self.slack.manifest.home_tab:
            raise NotPossibleError("the app has no Home tab")
        channel = self.people.open_dm(workspace, user_id)
        view = workspace.home_of(user_id)
        shape = view_json(workspace, view, self.slack.app.id) if view and tab == "home" else None
        self.events.home_opened(workspace, user_id, tab=tab, channel_id=channel.id, view=shape)
        return view

    def _enter(self, view: View, values: Mapping[str, Any]) -> None:
        try:
            view.state = with_values(view.blocks, view.state, values)
        except ValueError as unknown:
            raise NotPossibleError(str(unknown)) from unknown

    def _view(self, workspace: Workspace, user: User, view_id: str) -> View:
        view = workspace.views.get(view_id) if view_id else workspace.modal_of(user.id)
        view = view or (None if view_id else workspace.home_of(user.id))
        if view is None or view.user_id != user.id:
            raise NotPossibleError("there is no such view on this person's screen")
        return view

    def _visible(self, workspace: Workspace, channel: Channel, user: User, ts: str) -> Message:
        message = workspace.find_message(channel.id, ts)
        hidden = message is None or message.ephemeral_to not in (None, user.id)
        if message is None or hidden or (channel.kind != "public" and user.id not in channel.members):
            raise NotPossibleError("there is no such message on this person's screen")
        return message

    def _glance(self, workspace: Workspace, user: User, channel: Channel) -> "_Glance":
        modal = workspace.modal_of(user.id)
        return _Glance(workspace, user, channel, self.slack.version, _identity(modal), _errors(modal))

    async def _outcome(self, before: "_Glance", sent: Delivered, error: str, wait: float) -> Outcome:
        workspace, user = before.workspace, before.user

        def something() -> bool:
            modal = workspace.modal_of(user.id)
            if (_identity(modal), _errors(modal)) != (before.modal, before.errors):
                return True
            return bool(before.fresh(self.slack))

        if wait and not error:
            await self.slack.wait_until(something, wait, concerns=before.concerned)
        top = workspace.modal_of(user.id)
        return Outcome(
            error=error,
            shown=before.fresh(self.slack),
            modal=top,
            errors=_errors(top),
            answer=sent.answer,
        )


@dataclass(frozen=True)
class _Glance:
    """What a person saw before a step, so that afterwards the new can be told from the old."""

    workspace: Workspace
    user: User
    channel: Channel
    version: int
    modal: tuple[str, str] | None
    errors: dict[str, str]

    def fresh(self, slack: Slack) -> list[Message]:
        """Return what is new or changed on the person's screen."""
        reads = self.channel.kind == "public" or self.user.id in self.channel.members
        touched = slack.touched_since(self.version, self.channel)
        return [m for m in touched if m.ephemeral_to == self.user.id or (reads and m.ephemeral_to is None)]

    def concerned(self, change: Change) -> bool:
        """Whether a change may be on the person's screen."""
        return change.channel_id == self.channel.id or change.user_id == self.user.id


def _identity(view: View | None) -> tuple[str, str] | None:
    return (view.id, view.hash) if view else None


def _errors(view: View | None) -> dict[str, str]:
    return dict(view.errors) if view else {}


def _failure(sent: Delivered) -> str:
    """Return the error that Slack's client shows: the app was late, or could not be reached or refused."""
    if sent.outcome == "acked":
        return ""
    return "operation_timeout" if sent.outcome == "timeout" else "dispatch_failed"


def _element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    found = find_element(blocks, action_id, block_id)
    if found is None:
        raise NotPossibleError(f"there is nothing to click named {action_id!r}")
    return found


def _action(block: Json, element: Json, value: Any, slack: Slack) -> Json:
    now = f"{slack.clock.now().timestamp():.6f}"
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": now,
    }
    if element["type"] == "button":
        return action | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    try:
        return action | state_value(element, value)
    except ValueError as unknown:
        raise NotPossibleError(str(unknown)) from unknown
