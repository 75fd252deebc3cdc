"""The form of a what-if, submitted."""

from bot.listeners.binding import Listener, Turn, guarded
from bot.listeners.views.editing import show
from bot.services.chain import chain_view
from bot.services.workspaces.editing import Problems
from bot.services.workspaces.scene import Answer
from bot.slack.views import form_values
from messages import catalog, ids
from messages.content import Refusal


def work_out(turn: Turn) -> None:
    """Say that it is being worked out, and then put what came of it in the form's place."""
    typed = form_values(turn.view, block_prefix=ids.FORM_BLOCK)
    answer = chain_view.read_form(turn.deps.sessions, turn.asker, turn.state, typed)
    asked, language = answer.content, answer.language
    if isinstance(asked, Problems):
        show(turn, Answer(language, asked))
        return
    turn.ack(response_action="update", view=catalog.what_if_wait(language=language))

    def work() -> None:
        found = chain_view.work_out(turn.deps.sessions, turn.asker, asked, now=turn.now())
        turn.update_modal(catalog.what_if_notice(found.content, language=found.language))

    turn.deps.later(lambda: guarded(work, turn, _told_in_the_modal))


def _told_in_the_modal(turn: Turn, language: str, refusal: Refusal) -> None:
    text = catalog.refusal_text(refusal, language=language)
    turn.update_modal(catalog.notice(text, language=language))


VIEWS: dict[str, Listener] = {ids.WHAT_IF_SUBMIT: work_out}
