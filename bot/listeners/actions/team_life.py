"""Buttons about the life of a team: leaving it, what came earlier, and what mends a hat's health."""

from collections.abc import Callable

from bot.domain.errors import Refused
from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn, guarded, in_a_modal
from bot.services.hats import health, history
from bot.services.people import leaving
from bot.services.readings.duties import LARGEST_ID
from bot.services.workspaces import audit_log
from bot.services.workspaces.scene import Answer
from messages import catalog, ids
from messages.life_content import Done


def leave(turn: Turn) -> None:
    """Leave the team that the button names."""

    def change() -> Showing:
        team = turn.value
        if not team.isdecimal() or int(team) > LARGEST_ID:
            raise Refused("form_outdated")
        answer = leaving.leave(turn.deps.sessions, turn.asker, int(team), now=turn.now())
        turn.deps.wake()
        message = catalog.done(answer.content, language=answer.language)
        return lambda: turn.replace(message, language=answer.language)

    stored(turn, change)


def earlier_history(turn: Turn) -> None:
    """Show what happened to a hat before, in place of what is shown."""

    def show() -> None:
        slug, page = history.read_state(turn.value)
        answer = history.history(turn.deps.sessions, turn.deps.directory, turn.asker, slug, page=page, now=turn.now())
        turn.replace(catalog.hat_history(answer.content, language=answer.language), language=answer.language)

    _afterwards(turn, show)


def earlier_changes(turn: Turn) -> None:
    """Show the changes before, in place of what is shown."""

    def show() -> None:
        answer = audit_log.latest(turn.deps.sessions, turn.asker, page=audit_log.read_page(turn.value))
        turn.replace(catalog.audit_log(answer.content, language=answer.language), language=answer.language)

    _afterwards(turn, show)


def ask_for_volunteers(turn: Turn) -> None:
    """Let the channel be asked who would like to own the hat."""
    _ask(turn, health.ask_for_volunteers)


def ask_for_review(turn: Turn) -> None:
    """Let the owner be asked to look at the agreement again."""
    _ask(turn, health.ask_for_review)


def _ask(turn: Turn, ask: Callable[..., Answer[Done]]) -> None:
    """Let something be asked, and say so in a small modal: what was clicked stays, with its other buttons."""

    def change() -> Showing:
        answer = ask(turn.deps.sessions, turn.deps.directory, turn.asker, turn.value, now=turn.now())
        turn.deps.wake()
        sentence = catalog.done_text(answer.content, language=answer.language)
        return lambda: turn.open_modal(catalog.notice(sentence, language=answer.language))

    stored(turn, change)


def _afterwards(turn: Turn, work: Callable[[], None]) -> None:
    turn.ack()
    turn.deps.later(lambda: guarded(work, turn, in_a_modal))


ACTIONS: dict[str, Listener] = {
    ids.LEAVE_TEAM: leave,
    ids.HISTORY_PAGE: earlier_history,
    ids.AUDIT_PAGE: earlier_changes,
    ids.VOLUNTEERS_ASK: ask_for_volunteers,
    ids.REVIEW_ASK: ask_for_review,
}
