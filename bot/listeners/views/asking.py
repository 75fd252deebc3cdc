"""The forms for a question and for its answer, submitted."""

import re

from bot.listeners.binding import Listener, Turn
from bot.listeners.questioning import key_of, refresh_cards
from bot.services import question_answering, question_asking
from bot.services.scene import Asker
from bot.slack.views import typed_text
from messages import catalog, ids

_CHANNEL = re.compile(r"[A-Z0-9]{1,20}")


def submit(turn: Turn) -> None:
    """Ask the question, and say whom it reaches."""
    slug, _, channel = turn.state.partition(" ")
    asker = Asker(turn.asker.workspace, turn.asker.user, channel if _CHANNEL.fullmatch(channel) else None)
    text = typed_text(turn.view, ids.ASK_BLOCK, ids.ASK_INPUT)
    answer = question_asking.ask(turn.deps.sessions, asker, slug, text, key=key_of(turn, "ask"), now=turn.now())
    if answer.content is None:
        turn.ack(response_action="clear")
        return
    turn.ack(response_action="update", view=catalog.question_sent(answer.content, language=answer.language))
    turn.deps.wake()


def reply(turn: Turn) -> None:
    """Send an answer to the question's thread."""
    text = typed_text(turn.view, ids.REPLY_BLOCK, ids.REPLY_INPUT)
    answer = question_answering.reply(
        turn.deps.sessions, turn.asker, turn.state, text, key=key_of(turn, "reply"), now=turn.now()
    )
    turn.ack()
    turn.deps.wake()
    turn.deps.later(lambda: refresh_cards(turn.deps, turn.asker.workspace, answer.content))


VIEWS: dict[str, Listener] = {ids.ASK_SUBMIT: submit, ids.REPLY_SUBMIT: reply}
