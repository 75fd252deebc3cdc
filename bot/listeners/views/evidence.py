"""The hat check's form, submitted."""

from bot.listeners.binding import Listener, Turn
from bot.listeners.weekly import refresh
from bot.services.hats import hat_checks
from bot.slack.views import chosen
from messages import catalog, ids


def submit(turn: Turn) -> None:
    """Store which hats were ticked, and show the receipt."""
    written = chosen(turn.view, ids.HATS_BLOCK, ids.HATS_INPUT)
    answer = hat_checks.answer(
        turn.deps.sessions,
        turn.asker,
        turn.state,
        [int(hat_id) for hat_id in written if hat_id.isdecimal()],
        now=turn.now(),
        stop_asking="stop" in chosen(turn.view, ids.ASKING_BLOCK, ids.ASKING_INPUT),
    )
    ticked = answer.content
    turn.ack(response_action="update", view=catalog.hat_checked(ticked.checked, language=answer.language))
    turn.deps.later(lambda: refresh(turn, ticked.state))


VIEWS: dict[str, Listener] = {ids.HAT_CHECK_SUBMIT: submit}
