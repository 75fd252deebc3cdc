"""Listeners called as Bolt calls them, with what each person saw afterwards. No Bolt, no Slack, no waiting."""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from bot.listeners import register
from bot.listeners.binding import Deps, Listener, bind, in_a_modal, in_the_modal, under_the_command
from bot.listeners.commands.table import answer
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.scene import Asker
from storage import Sessions
from tests.support.fake_slack import FakeSlack, Json
from tests.support.replica import StandingClock


class AtOnce(ThreadPoolExecutor):
    """Runs work where it is handed over."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        fn(*args, **kwargs)
        return Future()


@dataclass(frozen=True)
class Response:
    """How Slack answers a post to a response URL."""

    status_code: int
    body: str


@dataclass
class Phone:
    """What people type, press and submit, and what they see. `modals` are in the fake Slack.

    `unknown_blocks` are block types that the response URL refuses.
    """

    sessions: Sessions
    clock: StandingClock
    slack: FakeSlack
    unknown_blocks: set[str] = field(default_factory=set)
    seen: list[Json] = field(default_factory=list)
    acks: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deps = Deps(self.sessions, HatDirectory(), self.slack, self.clock, AtOnce(1))

    def types(self, asker: Asker, text: str) -> Json:
        """Type `/hat <text>`; return the answer that the person sees, empty when it is a modal."""
        body = {"team_id": asker.workspace, "user_id": asker.user, "channel_id": asker.channel, "text": text}
        body |= {"command": "/hat", "trigger_id": "t", "response_url": "https://hooks.invalid/1"}
        self._call(answer, under_the_command, body)
        return (self.seen or [{}])[-1]

    def presses(self, asker: Asker, action_id: str, value: str = "", **where: Any) -> Json:
        """Press a button; return what took its message's place, empty when nothing did.

        `where` it stood: `container`, as Slack tells it of a message, or the `view`.
        """
        action = {"action_id": action_id, "value": value}
        body = {**self._who(asker), "actions": [action], "trigger_id": "t", **where}
        if "view" not in where:
            body["response_url"] = "https://hooks.invalid/1"
        tables = {name: listener for table in register.ACTIONS for name, listener in table.items()}
        patterns = [one for one in tables if isinstance(one, re.Pattern) and one.match(action_id)]
        self._call(tables[patterns[0] if patterns else action_id], in_a_modal, body)
        return (self.seen or [{}])[-1]

    def submits(
        self, asker: Asker, callback_id: str, state: str, values: Json, blocks: list[Json] | None = None
    ) -> Json:
        """Submit a modal, of these blocks or of what its values need; return the acknowledgement."""
        shown = blocks or [{"type": "input", "block_id": block_id} for block_id in values]
        view = {"id": "V1", "private_metadata": state, "state": {"values": values}, "blocks": shown}
        tables = {name: listener for table in register.VIEWS for name, listener in table.items()}
        self._call(tables[callback_id], in_the_modal, {**self._who(asker), "view": view})
        return self.acks[-1]

    def picks(self, asker: Asker, callback_id: str, message: Json) -> None:
        """Choose a shortcut in a message's menu."""
        body = {**self._who(asker), "trigger_id": "t", "response_url": "https://hooks.invalid/1", "message": message}
        body |= {"team": {"id": asker.workspace, "domain": "football"}, "channel": {"id": asker.channel}}
        tables = {name: listener for table in register.SHORTCUTS for name, listener in table.items()}
        self._call(tables[callback_id], in_a_modal, body)

    def _who(self, asker: Asker) -> Json:
        return {"team": {"id": asker.workspace}, "user": {"id": asker.user}}

    def _call(self, listener: Listener, telling: Any, body: Json) -> None:
        self.seen.clear()
        self.acks.clear()

        def ack(**said: Any) -> None:
            self.acks.append(said)
            if said.get("response_type"):
                self.seen.append(said)

        def respond(**said: Any) -> Response:
            if self.unknown_blocks & {block["type"] for block in said["blocks"]}:
                return Response(400, "invalid_blocks")
            self.seen.append(said)
            return Response(200, "ok")

        bind(self.deps, listener, telling)(ack, body, respond)
        assert self.acks, "Slack waits for an acknowledgement"
