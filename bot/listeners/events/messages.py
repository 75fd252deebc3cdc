"""What is said where the bot is: who-owns questions are heard, everything else is left alone."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from bot.listeners.binding import Deps
from bot.listeners.commands.hat import show_found
from bot.listeners.questioning import refresh_cards
from bot.services.installs.onboarding import greet_channel
from bot.services.questions import listening
from bot.services.questions.heard import Heard, NotNowError, StillBusyError, finished
from bot.services.questions.question_answering import noticed_reply
from bot.services.questions.question_withdrawal import withdraw
from bot.services.readings import text_reports
from bot.services.sending import channels
from bot.services.workspaces.scene import Answer, Asker
from bot.slack.outcomes import THROTTLING_ERRORS, Refusal, Sent
from bot.slack.port import LookupFailed
from bot.slack.views import as_object, as_text
from messages import catalog
from messages.content import Message

log = structlog.get_logger()
# A message with another subtype is an edit, a deletion or news of the channel's own.
SUBTYPES_OF_PEOPLE: Final = (None, "thread_broadcast", "file_share")
SUBTYPES_OF_DELETING: Final = ("message_deleted", "message_changed")
# By which clocks may differ, when it is looked for what was posted after a message.
MARGIN: Final = timedelta(minutes=5)


def said(deps: Deps, body: dict[str, Any]) -> None:
    """Listen to one message, from a channel, a mention or a direct message."""
    if body["event"].get("subtype") in SUBTYPES_OF_DELETING:
        _withdraw(deps, body)
        return
    heard = _heard(body)
    if heard is None:
        return
    if heard.thread_ts and _notice_answer(deps, heard):
        return
    if heard.direct and _read_back(deps, heard):
        return
    where, root = heard.asker.channel or "", heard.thread_ts or ""
    answer = listening.hear(
        deps.sessions,
        deps.topics,
        heard,
        now=deps.clock(),
        parent=lambda: deps.slack.text_of(heard.asker.workspace, where, root),
    )
    if answer is None:
        return
    if answer.content is None:
        deps.wake()
        return
    message = show_found(Answer(answer.language, answer.content.content))
    error = deps.slack.whisper(heard.asker.workspace, where, heard.asker.user, message, thread_ts=heard.thread_ts)
    if error in THROTTLING_ERRORS:
        raise NotNowError
    if error:
        log.warning("whisper_failed", error=error, channel=where)
    finished(deps.sessions, heard)


def _read_back(deps: Deps, heard: Heard) -> bool:
    """Take a message for a report, if it is one, and ask whether it was read right."""
    answer = text_reports.read(deps.sessions, heard, now=deps.clock())
    if answer is None:
        return False
    if answer.content is not None:
        if not (answer.content.doubtful and _is_asked(deps, heard)):
            _ask(deps, heard, catalog.read_back(answer.content.content, language=answer.language))
        finished(deps.sessions, heard)
    return True


def _ask(deps: Deps, heard: Heard, message: Message) -> None:
    """Ask; where Slack did not take it now, or may not have, whoever is told of the message next asks."""
    workspace, where = heard.asker.workspace, heard.asker.channel or ""
    outcome = deps.slack.post(workspace, where, message, key=_key(heard), thread_ts=heard.thread_ts)
    if isinstance(outcome, Sent):
        return
    log.warning("read_back_not_posted", outcome=str(outcome), user=heard.asker.user)
    if not isinstance(outcome, Refusal):
        raise NotNowError


def _is_asked(deps: Deps, heard: Heard) -> bool:
    """Look whether the one who had taken the message up, and ended, had asked already."""
    workspace, where = heard.asker.workspace, heard.asker.channel or ""
    since = datetime.fromtimestamp(float(heard.ts), UTC) - MARGIN
    try:
        found = deps.slack.find(workspace, where, _key(heard), since=since, thread_ts=heard.thread_ts)
    except LookupFailed as failed:
        raise StillBusyError from failed
    return found is not None


def _key(heard: Heard) -> str:
    return f"read-{heard.asker.channel}-{heard.ts}"


def _withdraw(deps: Deps, body: dict[str, Any]) -> None:
    """Close the question that a deleted message asked; with replies under it, Slack leaves a tombstone there."""
    event, before = body["event"], as_object(body["event"].get("previous_message"))
    if event["subtype"] == "message_changed" and as_object(event.get("message")).get("subtype") != "tombstone":
        return
    workspace, channel = body["team_id"], as_text(event.get("channel"))
    ts, author = as_text(before.get("ts")), as_text(before.get("user"))
    if not (ts and author and channel):
        return
    found = withdraw(deps.sessions, workspace, channel, ts, author, now=deps.clock())
    if found is not None:
        refresh_cards(deps, workspace, found)


def _notice_answer(deps: Deps, heard: Heard) -> bool:
    """Take a reply in a question's thread for its answer, if it can be one."""
    workspace, channel = heard.asker.workspace, heard.asker.channel or ""
    question = noticed_reply(
        deps.sessions, workspace, channel, heard.thread_ts or "", heard.asker.user, heard.ts, now=deps.clock()
    )
    if question is None:
        return False
    refresh_cards(deps, workspace, question)
    deps.wake()
    return True


def joined(deps: Deps, body: dict[str, Any]) -> None:
    """Greet a channel that somebody has invited the bot to, and send there what has waited for that."""
    event = body["event"]
    inviter, channel = as_text(event.get("inviter")), as_text(event.get("channel"))
    if event.get("user") != _bot(body) or not channel:
        return
    event_id = as_text(body.get("event_id"))
    if channels.opened(deps.sessions, body["team_id"], channel, now=deps.clock(), event_id=event_id):
        deps.wake()
    if not inviter:
        return
    asker = Asker(body["team_id"], inviter, channel)
    if greet_channel(deps.sessions, asker, str(event.get("event_ts") or ""), now=deps.clock()):
        deps.wake()


def _heard(body: dict[str, Any]) -> Heard | None:
    event, workspace = body["event"], body["team_id"]
    user, text, ts, channel = (as_text(event.get(name)) for name in ("user", "text", "ts", "channel"))
    if event.get("subtype") not in SUBTYPES_OF_PEOPLE or event.get("bot_id") or event.get("hidden"):
        return None
    # Somebody from another workspace, in a channel that is shared with it.
    if event.get("user_team", workspace) != workspace or event.get("team", workspace) != workspace:
        return None
    if not (user and text and ts and channel) or user == _bot(body):
        return None
    thread = as_text(event.get("thread_ts")) or None
    return Heard(
        asker=Asker(workspace, user, channel),
        text=text,
        ts=ts,
        thread_ts=thread,
        direct=event.get("channel_type") == "im" or channel.startswith("D"),
        mentioned=f"<@{_bot(body)}" in text,
    )


def _bot(body: dict[str, Any]) -> str:
    authorized = body.get("authorizations") or [{}]
    return str(authorized[0].get("user_id") or "nobody")
