"""Buttons and menus about reports."""

from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn, guarded, in_a_modal
from bot.listeners.commands.hat import open_report
from bot.listeners.views.reports import remarks_of, typed_of
from bot.listeners.weekly import refresh
from bot.services.readings import report_form, text_reports
from bot.services.readings.report_form import Step
from bot.services.sending import putting_off
from messages import catalog, ids
from messages.life_content import Done

SKIP = "skip"  # what the menu says besides the times


def open_form(turn: Turn) -> None:
    """Open the report modal for the week that the button names."""
    turn.ack()
    state = turn.value or None
    turn.deps.later(lambda: guarded(lambda: open_report(turn, state), turn, in_a_modal))


def later(turn: Turn) -> None:
    """Ask again when the person said, or open the form for a week without numbers."""
    state, _, choice = turn.chosen.partition("|")
    if choice != SKIP:
        stored(turn, lambda: _snooze(turn, state, choice))
        return
    turn.ack()
    turn.deps.later(lambda: guarded(lambda: _skip(turn, state), turn, in_a_modal))


def open_skip(turn: Turn) -> None:
    """Open the form for a week without numbers."""
    turn.ack()
    state = turn.value
    turn.deps.later(lambda: guarded(lambda: _skip(turn, state), turn, in_a_modal))


def unskip(turn: Turn) -> None:
    """Take back that a week has no numbers."""
    answer = putting_off.unskip(turn.deps.sessions, turn.asker, turn.value)

    def work() -> None:
        # Where no message can say it, the form shows that the week has its numbers to come.
        if not refresh(turn, answer.content):
            open_report(turn, answer.content)

    turn.ack()
    turn.deps.later(lambda: guarded(work, turn, in_a_modal))


def turn_to(step: Step) -> Listener:
    """Make the listener of a button in the form that shows another page of it, or the fields for notes."""

    def shown(turn: Turn) -> None:
        answer = report_form.change(
            turn.deps.sessions,
            turn.asker,
            turn.state,
            step,
            typed_of(turn.view),
            remarks_of(turn.view),
            now=turn.now(),
        )
        turn.update_modal(catalog.report_modal(answer.content, language=answer.language))

    def listener(turn: Turn) -> None:
        turn.ack()
        turn.deps.later(lambda: guarded(lambda: shown(turn), turn, in_a_modal))

    return listener


def confirm(turn: Turn) -> None:
    """Store what was read from a message, and say so in the place of the question."""
    answer = text_reports.confirm(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
    turn.ack()
    receipt, state = answer.content.receipt, answer.content.state
    turn.deps.later(lambda: turn.put(catalog.prompt_done(receipt, state, language=answer.language)))
    turn.deps.later(lambda: refresh(turn, state))


def drop(turn: Turn) -> None:
    """Store nothing of what was read from a message."""
    turn.ack()
    language = text_reports.reader(turn.deps.sessions, turn.asker, turn.value)
    turn.deps.later(lambda: turn.put(catalog.done(Done("reading_dropped"), language=language)))


def _snooze(turn: Turn, state: str, choice: str) -> Showing:
    putting_off.snooze(turn.deps.sessions, turn.asker, state, choice, now=turn.now())

    def show() -> None:
        refresh(turn, state)

    return show


def _skip(turn: Turn, state: str) -> None:
    answer = putting_off.open_skip(turn.deps.sessions, turn.asker, state, now=turn.now())
    turn.open_modal(catalog.skip_modal(answer.content, language=answer.language))


ACTIONS: dict[str, Listener] = {
    ids.REPORT_OPEN: open_form,
    ids.REPORT_LATER: later,
    ids.REPORT_SKIP: open_skip,
    ids.REPORT_UNSKIP: unskip,
    ids.REPORT_NEXT: turn_to("next"),
    ids.REPORT_PREVIOUS: turn_to("previous"),
    ids.REPORT_NOTES: turn_to("notes"),
    ids.READ_CONFIRM: confirm,
    ids.READ_DROP: drop,
}
