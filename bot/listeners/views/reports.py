"""The report modal, submitted, and the form for a week without numbers."""

from typing import Any

from bot.listeners.binding import Listener, Turn
from bot.listeners.weekly import refresh
from bot.services.readings import reports
from bot.services.readings.report_form import FormState
from bot.services.readings.reports import Problem, Problems, Remark, Reported
from bot.services.sending import putting_off
from bot.slack.views import form_values, is_id, typed_numbers, typed_text
from messages import catalog, ids
from messages.life_content import Done


def submit(turn: Turn) -> None:
    """Store what was typed and show the receipt, or mark each field that could not be read."""
    answer = reports.submit(
        turn.deps.sessions,
        turn.asker,
        FormState.read(turn.state).duty,
        typed_of(turn.view),
        remarks=remarks_of(turn.view),
        now=turn.now(),
    )
    match answer.content:
        case Problems(by_kpi):
            turn.ack(response_action="errors", errors=_errors(by_kpi, answer.language))
        case Reported(receipt) as reported:
            turn.ack(response_action="update", view=catalog.receipt(receipt, language=answer.language))
            turn.deps.later(lambda: refresh(turn, reported.state))


def skip(turn: Turn) -> None:
    """Note that the week has no numbers."""
    reason = typed_text(turn.view, ids.REASON_BLOCK, ids.REASON_INPUT)
    answer = putting_off.skip(turn.deps.sessions, turn.asker, turn.state, reason, now=turn.now())
    sentence = catalog.done_text(Done("week_skipped"), language=answer.language)
    turn.ack(response_action="update", view=catalog.notice(sentence, language=answer.language))
    turn.deps.later(lambda: refresh(turn, answer.content))


def typed_of(view: dict[str, Any]) -> dict[int, str]:
    """Return what stands in the form's fields for numbers, by KPI."""
    return typed_numbers(view, block_prefix=ids.KPI_BLOCK, action_id=ids.KPI_INPUT)


def remarks_of(view: dict[str, Any]) -> dict[int, Remark]:
    """Return the notes and confidences in the form, by KPI; none when it does not ask for them."""
    notes = typed_numbers(view, block_prefix=ids.NOTE_BLOCK, action_id=ids.NOTE_INPUT)
    chosen = form_values(view, block_prefix=ids.CONFIDENCE_BLOCK)
    confidences = {int(kpi_id): how for kpi_id, how in chosen.items() if is_id(kpi_id)}
    return {
        kpi_id: Remark(notes.get(kpi_id, ""), confidences.get(kpi_id, ""))
        for kpi_id in notes.keys() | confidences.keys()
    }


def _errors(by_kpi: dict[int, Problem], language: str) -> dict[str, str]:
    return {
        f"{ids.KPI_BLOCK}{kpi_id}": catalog.number_problem(
            problem.name, problem.text, problem.choices, problem.kpi, language=language
        )
        for kpi_id, problem in by_kpi.items()
    }


VIEWS: dict[str, Listener] = {ids.REPORT_SUBMIT: submit, ids.SKIP_SUBMIT: skip}
