"""The forms for hats, KPIs, links and teams, submitted."""

from typing import Any, Final

from bot.domain.errors import Refused
from bot.listeners import home_tab
from bot.listeners.binding import Listener, Turn
from bot.services.chain import link_editing
from bot.services.hats import hat_editing
from bot.services.homes import next_steps
from bot.services.kpis import kpi_editing
from bot.services.readings.reports import Problem
from bot.services.teams import team_setup
from bot.services.workspaces.editing import FieldProblem, Problems, read_ids
from bot.services.workspaces.scene import Answer, team_place
from bot.slack.views import as_object, form_values
from messages import catalog, ids
from messages.life_content import Done

# What a team goes on from, to its next step.
_GOES_ON: Final = frozenset({"team_set_up", "hat_added", "hats_ticked", "hats_ticked_none", "kpi_added", "linked"})


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
    answer = team_setup.create(sessions, turn.asker, typed, now=turn.now())
    turn.deps.wake()
    if isinstance(answer.content, Done) and _is_welcomed_here(turn, typed.get("channel", "")):
        turn.ack(response_action="clear")
    else:
        show(turn, answer)


def _is_welcomed_here(turn: Turn, channel: str) -> bool:
    """Whether the person sees the welcome once the form is gone: it comes to the channel where they opened the form.

    The form was filled in with that channel, and says above its fields when nobody has let me in there.
    """
    blocks = [as_object(one) for one in turn.view.get("blocks") or ()]
    fields = [as_object(one.get("element")) for one in blocks if one.get("block_id") == f"{ids.FORM_BLOCK}channel"]
    is_here = any(field.get("initial_conversation") == channel for field in fields)
    return bool(channel) and is_here and not any(one.get("type") == "context" for one in blocks)


def _typed(turn: Turn) -> dict[str, str]:
    return form_values(turn.view, block_prefix=ids.FORM_BLOCK)


def show(turn: Turn, answer: Answer[Done | Problems] | Answer[Done] | Answer[Problems]) -> None:
    """Say in the form's place what was done, or at its fields what is wrong with them."""
    content, language = answer.content, answer.language
    if isinstance(content, Done):
        turn.ack(response_action="update", view=_note(turn, content, language))
        turn.deps.wake()
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


def _note(turn: Turn, done: Done, language: str) -> dict[str, Any]:
    """Say what was done, with the buttons of what the person can go on with."""
    team_id, coming = done.values.get("team_id"), None
    if done.name in _GOES_ON:
        team_id = team_id or read_ids(turn.state.split()[0], 1)[0]
        coming = next_steps.after(turn.deps.sessions, turn.asker, team_id, done, now=turn.now())
    place = team_place(team_id) if team_id else ""
    return catalog.notice(catalog.done_text(done, language=language), next_step=coming, place=place, language=language)


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
