"""Buttons about hat checks and evidence."""

from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn, guarded, in_a_modal
from bot.listeners.commands.evidence import open_check
from bot.listeners.weekly import refresh
from bot.services.hats import evidence, hat_checks
from messages import catalog, ids


def same(turn: Turn) -> None:
    """Store the answer that the button says, and show it in place of the question."""

    def change() -> Showing:
        state, hat_ids = hat_checks.read_tap(turn.value)
        hat_checks.answer(turn.deps.sessions, turn.asker, state, hat_ids, now=turn.now())

        def show() -> None:
            refresh(turn, state)

        return show

    stored(turn, change)


def open_form(turn: Turn) -> None:
    """Open the form for the week that the button names."""
    turn.ack()
    turn.deps.later(lambda: guarded(lambda: open_check(turn, turn.value), turn, in_a_modal))


def switch(turn: Turn) -> None:
    """Switch the hat check on or off for the person, in place of what they were shown."""
    on = turn.action["action_id"] == ids.HAT_CHECK_ON

    def change() -> Showing:
        answer = hat_checks.switch_own(turn.deps.sessions, turn.asker, on=on)
        message = catalog.check_switched(answer.content, language=answer.language)
        return lambda: turn.replace(message, language=answer.language)

    stored(turn, change)


def forget(turn: Turn) -> None:
    """Delete what is kept of the person, and say so in its place."""

    def change() -> Showing:
        answer = evidence.forget(turn.deps.sessions, turn.asker, now=turn.now())
        return lambda: turn.replace(catalog.evidence_forgotten(language=answer.language))

    stored(turn, change)


ACTIONS: dict[str, Listener] = {
    ids.HAT_CHECK_SAME: same,
    ids.HAT_CHECK_OPEN: open_form,
    ids.HAT_CHECK_ON: switch,
    ids.HAT_CHECK_OFF: switch,
    ids.EVIDENCE_FORGET: forget,
}
