"""The forms for hats, KPIs, links and teams, submitted."""

from bot.domain.errors import Refused
from bot.listeners import home_tab
from bot.listeners.binding import Listener, Turn
from bot.services import hat_editing, kpi_editing, link_editing, team_setup
from bot.services.editing import FieldProblem, Problems
from bot.services.reports import Problem
from bot.services.scene import Answer
from bot.slack.views import form_values
from messages import catalog, ids
from messages.life_content import Done


def save_hat(turn: Turn) -> None:
    """Store a hat, or mark what could not be taken."""
    show(turn, hat_editing.save(turn.deps.sessions, turn.asker, turn.state, _typed(turn), now=turn.now()))


def save_kpi(turn: Turn) -> None:
    """Store a KPI, and let its owner be asked about what is theirs to agree to."""
    show(turn, kpi_editing.save(turn.deps.sessions, turn.asker, turn.state, _typed(turn), now=turn.now()))
    turn.deps.wake()


def save_link(turn: Turn) -> None:
    """Store a link."""
    show(turn, link_editing.save(turn.deps.sessions, turn.asker, turn.state, _typed(turn), now=turn.now()))


def save_team(turn: Turn) -> None:
    """Store a team's settings, or set a new team up and tell its channel."""
    sessions, typed = turn.deps.sessions, _typed(turn)
    if turn.state:
        show(turn, team_setup.change(sessions, turn.asker, turn.state, typed, now=turn.now()))
        turn.deps.wake()
        return
    show(turn, team_setup.create(sessions, turn.asker, typed, now=turn.now()))
    turn.deps.wake()


def _typed(turn: Turn) -> dict[str, str]:
    return form_values(turn.view, block_prefix=ids.FORM_BLOCK)


def show(turn: Turn, answer: Answer[Done | Problems] | Answer[Done] | Answer[Problems]) -> None:
    """Say in the form's place what was done, or at its fields what is wrong with them."""
    content, language = answer.content, answer.language
    if isinstance(content, Done):
        text = catalog.done_text(content, language=language)
        turn.ack(response_action="update", view=catalog.notice(text, language=language))
        home_tab.refresh_later(turn)
        return
    there = _typed(turn)
    shown = {
        f"{ids.FORM_BLOCK}{name}": _said(problem, language)
        for name, problem in content.by_field.items()
        if name in there
    }
    if not shown:  # the form was opened before what it is about has changed, and lacks the field
        raise Refused("form_outdated")
    turn.ack(response_action="errors", errors=shown)


def _said(problem: FieldProblem | Problem, language: str) -> str:
    if isinstance(problem, FieldProblem):
        return catalog.field_problem(problem.name, problem.values, language=language)
    return catalog.number_problem(problem.name, problem.text, problem.choices, problem.kpi, language=language)


VIEWS: dict[str, Listener] = {
    ids.HAT_SUBMIT: save_hat,
    ids.KPI_SUBMIT: save_kpi,
    ids.LINK_SUBMIT: save_link,
    ids.TEAM_SUBMIT: save_team,
}
