"""Reports that are written to the bot: read, read back, and stored once the person says that it was read right."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from bot.domain.errors import Refused
from bot.domain.numbers import MAX_DIGITS
from bot.domain.period import Period
from bot.domain.written_numbers import Pair, meant, pairs
from bot.services.questions.heard import OLDEST, Heard, take_up
from bot.services.readings.duties import Duty, duty_in, read_state
from bot.services.readings.reports import Problem, Reported, read_amount, receipt_of, store_values
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team
from messages.content import KpiValue, Misread, ReadBack, Unclear
from storage import Session, Sessions, members, teams, weeks
from storage.hearing import Hold
from storage.kpis import KpiRow

MOST_PAIRS: Final = 60  # so that they fit into a button


@dataclass(frozen=True)
class Understood:
    """What was read, to be confirmed. `doubtful` when somebody may have asked already, and was not heard of again."""

    content: ReadBack
    doubtful: bool


def read(sessions: Sessions, heard: Heard, *, now: datetime) -> Answer[Understood | None] | None:
    """Take a direct message for a report, if it consists of the writer's own KPIs with their numbers.

    In the thread of a prompt it is about that week, anywhere else about the one that is due.

    Returns:
        None when it is no report; what was read, and `heard.finished` is to be told once it is asked about; an
        answer of None when it was asked about before.

    Raises:
        StillBusyError: When somebody is asking just now.
    """
    # Most messages end here, without a query.
    has_number = any(character.isdigit() for character in heard.text)
    if not has_number or now.timestamp() - _instant(heard.ts) > OLDEST.total_seconds():
        return None
    with sessions.write() as session:
        for scene, duty in _duties(session, heard, now):
            found = pairs(heard.text, [name for row in duty.rows for name in (row.name, row.slug)])[:MOST_PAIRS]
            content = _read(duty, found, scene.language)
            if content is None:
                continue
            hold = take_up(session, scene.workspace_id, heard, now=now)
            understood = Understood(content, doubtful=hold is Hold.LEFT)
            return Answer(scene.language, None if hold is Hold.DONE else understood)
    return None


def confirm(sessions: Sessions, asker: Asker, value: str, *, now: datetime) -> Answer[Reported]:
    """Store what was read back.

    Raises:
        Refused: `form_outdated`, `nothing_to_report`, `not_owner`.
    """
    state, *written = value.split(" ")
    team_id, period = read_state(state)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            duty = duty_in(session, scene, period, now)
            after = store_values(session, duty, _values(written), {}, source="thread", now=now)
            return Answer(scene.language, Reported(receipt_of(session, after), after.state))


def reader(sessions: Sessions, asker: Asker, state: str) -> str:
    """Return the language in which to answer somebody about a week.

    Raises:
        Refused: `form_outdated`.
    """
    team_id, _ = read_state(state)
    with sessions.read() as session:
        return locate_team(session, asker, team_id).language


def _duties(session: Session, heard: Heard, now: datetime) -> Iterable[tuple[Scene, Duty]]:
    """Yield what the writer owes: for the prompt whose thread they write in, or for each of their teams."""
    workspace_id = teams.workspace_id(session, heard.asker.workspace)
    member = members.by_slack_id(session, workspace_id or 0, heard.asker.user)
    if workspace_id is None or member is None:
        return
    asked = weeks.asked_in(session, workspace_id, heard.asker.user, heard.thread_ts) if heard.thread_ts else None
    places: list[tuple[int, Period | None]]
    if asked is not None:
        places = [(asked.team_id or 0, Period.parse(asked.period))]
    else:
        places = [(team.id or 0, None) for team in teams.concerning(session, workspace_id, member.id or 0)]
    for team_id, period in places:
        try:
            scene = locate_team(session, heard.asker, team_id)
            yield scene, duty_in(session, scene, period, now)
        except Refused:  # nothing to report there, or not any more: then it is no report for that team
            continue


def _read(duty: Duty, found: tuple[Pair, ...], language: str) -> ReadBack | None:
    """Put together what was read; None when no name is one of the duty's KPIs, or may be."""
    known = {row.id: (row.name, row.slug) for row in duty.rows}
    rows = {row.id: row for row in duty.rows}
    values: dict[int, KpiValue] = {}
    unclear: list[Unclear] = []
    for pair in found:
        which = meant(pair.name, known)
        if isinstance(which, tuple):
            unclear.append(Unclear(pair.name, nearest=which))
            continue
        value = _value(rows[which], pair.number, language)
        if isinstance(value, Unclear) or which in values:
            unclear.append(value if isinstance(value, Unclear) else Unclear(pair.name, nearest=(rows[which].name,)))
        else:
            values[which] = value
    if not values and not any(part.kpi or part.nearest for part in unclear):
        return None
    written = " ".join(f"{kpi_id}={kpi.value:f}" for kpi_id, kpi in values.items())
    return ReadBack(
        team=duty.team.name,
        period=str(duty.period),
        kpis=tuple(values.values()),
        value=f"{duty.state} {written}",
        state=duty.state,
        unclear=tuple(unclear),
    )


def _value(row: KpiRow, number: str, language: str) -> KpiValue | Unclear:
    read_as = read_amount(row, number, language)
    if isinstance(read_as, Problem):
        return Unclear(row.name, read_as.kpi, Misread(read_as.name, read_as.text, read_as.choices))
    return replace(_shown(row), value=read_as)


def _shown(row: KpiRow) -> KpiValue:
    return KpiValue(row.slug, row.name, row.unit, row.currency, row.decimals, row.direction)


def _values(written: list[str]) -> dict[int, Decimal]:
    values: dict[int, Decimal] = {}
    for part in written:
        kpi_id, _, number = part.partition("=")
        try:
            values[int(kpi_id)] = Decimal(number)
        except (ValueError, InvalidOperation) as error:
            raise Refused("form_outdated") from error
    if not values or not all(value.is_finite() and value.adjusted() < MAX_DIGITS for value in values.values()):
        raise Refused("form_outdated")
    return values


def _instant(ts: str) -> float:
    try:
        return float(ts)
    except ValueError:
        return 0.0
