"""Binding listeners to Bolt: what every listener is handed, and what happens when one refuses or crashes.

A listener is a plain function of a `Turn`: it parses, calls one service and answers. Refusals become a sentence where
the person is looking: under the command, in the modal, or in a small modal of its own.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog

from bot.domain.errors import Refused
from bot.following import CRASHED, REFUSED, WELL, followed
from bot.metrics import CRASHES
from bot.services.people.directory import HatDirectory
from bot.services.questions.topics import TopicDirectory
from bot.services.sending.texts import storable
from bot.services.sources.fetching import Fetcher
from bot.services.workspaces.scene import Asker, spoken_to, team_at
from bot.slack.port import Slack
from messages import catalog, ids
from messages.content import Message, Refusal
from storage import DatabaseFailed, Sessions, requests

log = structlog.get_logger()
LANGUAGE_WHEN_UNKNOWN = "en"
# Characters that Slack takes in a button's value and in a view's private_metadata.
LONGEST_VALUE, LONGEST_STATE = 2000, 3000
OK = 200
# Blocks that Slack takes in messages and not in modals.
NOT_IN_MODALS = frozenset({"data_visualization", "data_table", "table", "markdown", "container", "context_actions"})


@dataclass(frozen=True)
class Deps:
    """What listeners work with. `later` runs slow work on a worker, after the acknowledgement.

    `wake` makes the ticker send what has just become owed, without waiting for its next tick. `forget_installs` drops
    what is remembered of the tokens of the workspaces that it is given.
    """

    sessions: Sessions
    directory: HatDirectory
    slack: Slack
    clock: Callable[[], datetime]
    workers: ThreadPoolExecutor
    wake: Callable[[], None] = lambda: None
    topics: TopicDirectory = field(default_factory=TopicDirectory)
    fetcher: Fetcher = field(default_factory=Fetcher)
    forget_installs: Callable[..., None] = lambda *_: None

    def later(self, work: Callable[[], object]) -> None:
        """Run work after the acknowledgement, as part of the same request; what it raises is logged.

        While the bot ends, and its workers take nothing more, it is done at once: what a person has changed is stored
        already, and must not be told as a crash.
        """
        request = requests.current()
        if request is not None:
            request.leaves_work = True

        def run() -> None:
            try:
                work()
            # Nobody waits for this work any more: the log is the only place where its failure can be told.
            except Exception:
                log.exception("later_crashed")
                CRASHES.labels("afterwards").inc()

        context = copy_context()
        try:
            self.workers.submit(context.run, run)
        except RuntimeError:
            context.run(run)


@dataclass(frozen=True)
class Turn:
    """One thing that a person did: Slack's payload, how to acknowledge it, and how to answer later.

    `language` labels a modal in which a message is shown; without it, the person's own is looked up.
    """

    body: dict[str, Any]
    ack: Callable[..., Any]
    respond: Callable[..., Any]
    deps: Deps
    language: str = ""

    @property
    def spoken(self) -> str:
        """The language of whoever did it."""
        return self.language or spoken_to(self.deps.sessions, self.asker)

    @property
    def asker(self) -> Asker:
        """Who did it and where."""
        body = self.body
        if "user_id" in body:
            asker = Asker(body["team_id"], body["user_id"], body.get("channel_id"))
        else:
            workspace = (body.get("team") or {}).get("id") or body["user"].get("team_id", "")
            asker = Asker(workspace, body["user"]["id"], (body.get("channel") or {}).get("id"))
        # A Home, and what was opened from it, says whose team's it is.
        place = str((body.get("view") or {}).get("private_metadata") or "").partition(" ")[0]
        return asker if team_at(place) is None else asker.at(place)

    @property
    def action(self) -> dict[str, Any]:
        """The one action of a click."""
        action: dict[str, Any] = self.body["actions"][0]
        return action

    @property
    def value(self) -> str:
        """What the clicked button says of itself; '' when it says nothing."""
        return storable(str(self.action.get("value") or ""), LONGEST_VALUE)

    @property
    def chosen(self) -> str:
        """What was picked from the menu that was opened; '' when nothing was."""
        return storable(str((self.action.get("selected_option") or {}).get("value") or ""), LONGEST_VALUE)

    @property
    def clicked_ts(self) -> str:
        """The `ts` of the message that was clicked in; '' for a view."""
        return str((self.body.get("container") or {}).get("message_ts") or "")

    @property
    def view(self) -> dict[str, Any]:
        """The view that was submitted or clicked in; empty for a click in a message."""
        view: dict[str, Any] = self.body.get("view") or {}
        return view

    @property
    def state(self) -> str:
        """What the submitted view's opener left in it; '' when it left nothing."""
        return storable(str(self.view.get("private_metadata") or ""), LONGEST_STATE)

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return self.deps.clock()

    def ack_message(self, message: Message, *, overview: bool = False) -> None:
        """Answer a command at once, to the asker only; one that stood in the Home or in a form, in a modal.

        In a channel that is no team's, the answer names the team that it is about; an `overview` offers one there, too.
        """
        message = self.placed(message, overview=overview)
        if self.body.get("type") == "view_submission":
            self.ack(response_action="update", view=self._as_modal(message, self.spoken))
        elif "view" in self.body:
            self.ack()
            self.deps.later(lambda: self.show(message, language=self.spoken))
        else:
            self.ack(response_type="ephemeral", text=message.text, blocks=message.blocks)

    def replace(self, message: Message, *, language: str = LANGUAGE_WHEN_UNKNOWN) -> None:
        """Put a message in the place of the one whose button was clicked, for the asker only.

        A button in the App Home has no such place: there the message opens as a modal, which `language` labels.
        """
        if self.body.get("response_url"):
            self.respond(response_type="ephemeral", replace_original=True, text=message.text, blocks=message.blocks)
        else:
            self.show(message, language=language)

    def show(self, message: Message, *, language: str) -> None:
        """Show a message as a modal."""
        self.open_modal(self._as_modal(message, language))

    def _as_modal(self, message: Message, language: str) -> dict[str, Any]:
        blocks = message.blocks
        if message.older_blocks and any(block["type"] in NOT_IN_MODALS for block in blocks):
            blocks = message.older_blocks
        view = {**catalog.notice(message.text, language=language), "blocks": blocks}
        # Its buttons mean the team whose Home it was opened from.
        return {**view, "private_metadata": self.asker.place} if self.asker.team_id else view

    def put(self, message: Message) -> None:
        """Put a message in the place of the bot's own one whose button was clicked, or tell it where there is none."""
        where = self.body.get("container") or {}
        channel, ts = where.get("channel_id") or self.asker.channel, where.get("message_ts")
        if channel and ts:
            self.deps.slack.update(self.asker.workspace, channel, ts, message)
        else:
            self.tell(message)

    def tell(self, message: Message) -> None:
        """Answer after the acknowledgement, to the asker only; in older blocks where Slack does not know the newer.

        What was clicked in the App Home is answered in a modal.
        """
        message = self.placed(message)
        if not self.body.get("response_url") and self.body.get("view"):
            self.show(message, language=self.spoken)
            return

        def said(blocks: list[dict[str, Any]]) -> bool:
            answer = self.respond(response_type="ephemeral", replace_original=False, text=message.text, blocks=blocks)
            return answer.status_code == OK and "invalid_blocks" not in (answer.body or "")

        if not said(message.blocks) and not (message.older_blocks and said(message.older_blocks)):
            log.warning("answer_not_told", user=self.asker.user)

    def placed(self, message: Message, *, overview: bool = False) -> Message:
        """Give a command's answer with the team that it is about, where the channel does not tell that."""
        request = requests.current()
        if request is None or not request.elsewhere or "command" not in self.body or "view" in self.body:
            return message
        offered = self.asker.channel if overview else None
        return catalog.elsewhere(message, request.elsewhere, offered, language=self.spoken)

    def answer_click(self, message: Message) -> None:
        """Answer a click whose button has done what it is for: in the place of the message, if only they see it."""
        if (self.body.get("container") or {}).get("is_ephemeral"):
            self.replace(message, language=self.spoken)
        else:
            self.tell(message)

    def open_modal(self, view: dict[str, Any]) -> None:
        """Open a modal for the person; needs to come within three seconds.

        What follows on a button in a note takes the note's place: Slack has a modal changed, not a second one opened.
        """
        if self.view.get("callback_id") == ids.NOTICE:
            self.update_modal(view)
            return
        error = self.deps.slack.open_view(self.asker.workspace, self.body["trigger_id"], view)
        if error:
            log.warning("modal_not_opened", error=error, user=self.asker.user)

    def update_modal(self, view: dict[str, Any]) -> None:
        """Replace what the submitted modal shows, if the person still has it open."""
        error = self.deps.slack.update_view(self.asker.workspace, str(self.view.get("id") or ""), view)
        if error:
            log.info("modal_not_updated", error=error, user=self.asker.user)


Listener = Callable[[Turn], None]
Telling = Callable[[Turn, str, Refusal], None]


def bind(deps: Deps, listener: Listener, telling: Telling, kind: str = "other") -> Callable[..., None]:
    """Make a function that Bolt can call, which always acknowledges and never lets an error out.

    `kind` is what metrics and the log call it: command, action, view, shortcut.
    """

    def bound(ack: Callable[..., Any], body: dict[str, Any], respond: Callable[..., Any]) -> None:
        turn = Turn(body, ack, respond, deps)
        followed(kind, lambda: guarded(lambda: listener(turn), turn, telling), lambda: _who(turn))

    return bound


def _who(turn: Turn) -> dict[str, Any]:
    return {"name": _name(turn.body), "workspace": turn.asker.workspace, "user": turn.asker.user}


def _name(body: dict[str, Any]) -> str:
    """Name the command, the button or the form, and nothing that somebody has written."""
    actions = body.get("actions") or [{}]
    named = body.get("command") or actions[0].get("action_id") or body.get("callback_id")
    return str(named or (body.get("view") or {}).get("callback_id") or "")


def guarded(work: Callable[[], None], turn: Turn, telling: Telling, crashed: str = "something_failed") -> str:
    """Run work; tell the person, in their language, when it is refused or crashes. Return its outcome.

    `crashed` is the refusal that they are told of a crash.
    """
    try:
        work()
    except Refused as refused:
        # What is refused before the team is known has no language yet.
        language = refused.language or _language(turn, refused)
        telling(replace(turn, language=language), language, Refusal(refused.name, refused.values))
        return REFUSED
    # The person must get an answer whatever went wrong; the log has the rest under the same reference.
    except Exception as error:
        reference = uuid4().hex[:8]
        log.exception("listener_crashed", reference=reference, user=turn.asker.user)
        CRASHES.labels("listener").inc()
        language = _language(turn, error)
        telling(replace(turn, language=language), language, Refusal(crashed, {"reference": reference}))
        return CRASHED
    return WELL


def _language(turn: Turn, error: Exception) -> str:
    """Return the person's language if it is known already, or if the database can be asked: that may be what failed."""
    request = requests.current()
    known = turn.language or (request.language if request else "")
    if known or isinstance(error, DatabaseFailed):
        return known or LANGUAGE_WHEN_UNKNOWN
    try:
        return turn.spoken
    except DatabaseFailed:
        return LANGUAGE_WHEN_UNKNOWN


def under_the_command(turn: Turn, language: str, refusal: Refusal) -> None:
    """Tell it as the command's answer."""
    turn.ack_message(catalog.refusal(refusal, language=language))


def in_the_modal(turn: Turn, language: str, refusal: Refusal) -> None:
    """Tell it in the modal that was submitted."""
    turn.ack(response_action="update", view=_notice(refusal, language))


def in_a_modal(turn: Turn, language: str, refusal: Refusal) -> None:
    """Tell it in a small modal of its own, after a click."""
    turn.ack()
    turn.show(turn.placed(catalog.refusal(refusal, language=language)), language=language)


def _notice(refusal: Refusal, language: str) -> dict[str, Any]:
    return catalog.notice(catalog.refusal_text(refusal, language=language), language=language)
