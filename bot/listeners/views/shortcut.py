"""The form of the message shortcut, submitted."""

from bot.listeners.binding import Listener, Turn
from bot.listeners.questioning import key_of
from bot.listeners.views.editing import show
from bot.services.questions import question_shortcut
from bot.services.workspaces.editing import Problems
from bot.services.workspaces.scene import Answer
from bot.slack.views import form_values
from messages import catalog, ids


def ask(turn: Turn) -> None:
    """Ask about the message, and say whom it reaches and where the answer comes."""
    typed = form_values(turn.view, block_prefix=ids.FORM_BLOCK)
    answer = question_shortcut.ask(
        turn.deps.sessions, turn.asker, turn.state, typed, key=key_of(turn, "ask"), now=turn.now()
    )
    asked = answer.content
    if isinstance(asked, Problems):
        show(turn, Answer(answer.language, asked))
    elif asked is None:
        turn.ack(response_action="clear")
    else:
        where = "thread" if question_shortcut.read_spot(turn.state).reachable else "dm"
        turn.ack(response_action="update", view=catalog.question_sent(asked, language=answer.language, where=where))
        turn.deps.wake()


VIEWS: dict[str, Listener] = {ids.ASK_MESSAGE_SUBMIT: ask}
