"""The forms for tokens and sources, submitted."""

from bot.domain.source_links import host_of
from bot.listeners.binding import Listener, Turn, guarded
from bot.listeners.views.editing import show
from bot.services.sources import sources
from bot.services.sources.sources import Wanted
from bot.services.workspaces import api_tokens
from bot.services.workspaces.editing import Problems
from bot.services.workspaces.scene import Answer
from bot.slack.views import form_values
from messages import catalog, ids
from messages.api_content import SourceForm
from messages.content import Refusal
from messages.life_content import Done


def make_token(turn: Turn) -> None:
    """Make a token and show it in the form's place, this once."""
    name = form_values(turn.view, block_prefix=ids.FORM_BLOCK).get("name", "")
    answer = api_tokens.create(turn.deps.sessions, turn.asker, turn.state, name, now=turn.now())
    if isinstance(answer.content, Problems):
        show(turn, Answer(answer.language, answer.content))
    else:
        turn.ack(response_action="update", view=catalog.token_made(answer.content, language=answer.language))


def try_source(turn: Turn) -> None:
    """Read what the form names, after the acknowledgement, and show in its place what would be stored."""
    deps = turn.deps
    typed = form_values(turn.view, block_prefix=ids.FORM_BLOCK)
    answer = sources.typed(deps.sessions, turn.asker, turn.state, typed)
    wanted = answer.content
    if isinstance(wanted, Problems):
        show(turn, Answer(answer.language, wanted))
    elif not wanted.address:
        show(turn, sources.remove(deps.sessions, turn.asker, wanted, now=turn.now()))
    else:
        reading = Done("source_reading", {"host": host_of(wanted.address)})
        show(turn, Answer(answer.language, reading))
        deps.later(lambda: guarded(lambda: _try(turn, wanted), turn, _in_the_view))


def save_source(turn: Turn) -> None:
    """Keep a source that was tried."""
    show(turn, sources.save(turn.deps.sessions, turn.asker, turn.state, now=turn.now()))
    turn.deps.wake()


def _try(turn: Turn, wanted: Wanted) -> None:
    deps = turn.deps
    answer = sources.attempt(deps.sessions, deps.fetcher, turn.asker, wanted, now=turn.now())
    found = answer.content
    if isinstance(found, SourceForm):
        view = catalog.source_form(found, language=answer.language)
    else:
        view = catalog.source_preview(found, language=answer.language)
    turn.update_modal(view)


def _in_the_view(turn: Turn, language: str, refusal: Refusal) -> None:
    turn.update_modal(catalog.notice(catalog.refusal_text(refusal, language=language), language=language))


VIEWS: dict[str, Listener] = {
    ids.TOKEN_SUBMIT: make_token,
    ids.SOURCE_SUBMIT: try_source,
    ids.SOURCE_SAVE: save_source,
}
