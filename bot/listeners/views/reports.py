"""The report modal, submitted."""

from bot.listeners.binding import Listener, Turn
from bot.listeners.weekly import refresh
from bot.services import reports
from bot.services.reports import Problem, Problems, Reported
from bot.slack.views import typed_numbers
from messages import catalog, ids


def submit(turn: Turn) -> None:
    """Store what was typed and show the receipt, or mark each field that could not be read."""
    typed = typed_numbers(turn.view, block_prefix=ids.KPI_BLOCK, action_id=ids.KPI_INPUT)
    answer = reports.submit(turn.deps.sessions, turn.asker, turn.state, typed, now=turn.now())
    match answer.content:
        case Problems(by_kpi):
            turn.ack(response_action="errors", errors=_errors(by_kpi, answer.language))
        case Reported(receipt) as reported:
            turn.ack(response_action="update", view=catalog.receipt(receipt, language=answer.language))
            turn.deps.later(lambda: refresh(turn, reported.state))


def _errors(by_kpi: dict[int, Problem], language: str) -> dict[str, str]:
    return {
        f"{ids.KPI_BLOCK}{kpi_id}": catalog.number_problem(
            problem.name, problem.text, problem.choices, problem.kpi, language=language
        )
        for kpi_id, problem in by_kpi.items()
    }


VIEWS: dict[str, Listener] = {ids.REPORT_SUBMIT: submit}
