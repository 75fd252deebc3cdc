"""The question modal, submitted."""

import re
from uuid import uuid4

import structlog

from bot.listeners.binding import Listener, Turn
from bot.services import asking
from bot.services.asking import Asked
from bot.services.scene import Asker
from bot.slack.outcomes import Sent
from bot.slack.views import typed_text
from messages import catalog, ids
from messages.content import Refusal

log = structlog.get_logger()
_CHANNEL = re.compile(r"[A-Z0-9]{1,20}")


def submit(turn: Turn) -> None:
    """Store the question, say whom it reaches, and send it."""
    slug, _, channel = turn.state.partition(" ")
    asker = Asker(turn.asker.workspace, turn.asker.user, channel if _CHANNEL.fullmatch(channel) else None)
    text = typed_text(turn.view, ids.ASK_BLOCK, ids.ASK_INPUT)
    answer = asking.ask(
        turn.deps.sessions, asker, slug, text, key=str(turn.view.get("id") or uuid4().hex), now=turn.now()
    )
    if answer.content is None:
        turn.ack(response_action="clear")
        return
    asked = answer.content
    turn.ack(response_action="update", view=catalog.question_sent(asked.question, language=answer.language))
    turn.deps.later(lambda: _send(turn, asked, answer.language))


def _send(turn: Turn, asked: Asked, language: str) -> None:
    outcomes = [
        turn.deps.slack.post(turn.asker.workspace, person, catalog.question(asked.question, language=theirs))
        for person, theirs in asked.languages.items()
    ]
    if not any(isinstance(outcome, Sent) for outcome in outcomes):
        log.warning("question_not_sent", outcomes=[str(outcome) for outcome in outcomes])
        refusal = Refusal("question_not_sent", {"hat": asked.question.hat.name})
        turn.deps.slack.post(turn.asker.workspace, turn.asker.user, catalog.refusal(refusal, language=language))


VIEWS: dict[str, Listener] = {ids.ASK_SUBMIT: submit}
