"""The weekly report: the form, what was typed into it, and the receipt."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.domain.amounts import parse_amount
from bot.domain.cadence import is_due
from bot.domain.errors import Refused
from bot.domain.numbers import Ambiguous, Invalid
from bot.domain.period import Period
from bot.services.hats import kpi_value, names
from bot.services.rhythms import rhythm_of
from bot.services.scene import Answer, Asker, Scene, in_language, locate, locate_team
from messages.content import HatName, KpiValue, Receipt, ReportField, ReportForm
from storage import Session, Sessions, hats, kpis, members, readings, teams
from storage.kpis import KpiRow
from storage.tables import Member, Team

# Slack's modals end at 100 blocks; a field with its hat's heading takes at most two.
MOST_FIELDS = 45
# Numbers of a week as long ago as this come from an import, not from a form.
OLDEST_WEEKS = 104
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Duty:
    """What one person owes a team for one week: their hats, KPIs, and what has been said already."""

    team: Team
    member: Member
    period: Period
    hats: tuple[HatName, ...]
    hat_of: dict[int, HatName]
    rows: tuple[KpiRow, ...]
    stored: dict[int, Decimal]

    @property
    def state(self) -> str:
        """What travels in buttons and modals to find this duty again."""
        return write_state(self.team.id or 0, self.period)

    @property
    def done(self) -> bool:
        """Whether every KPI has a value for the week."""
        return all(row.id in self.stored for row in self.rows)

    def values(self, *, reported: bool) -> tuple[KpiValue, ...]:
        """Return the KPIs that have a value for the week, or those that have none yet."""
        return tuple(
            replace(kpi_value(row), value=self.stored.get(row.id), period=str(self.period))
            for row in self.rows
            if (row.id in self.stored) is reported
        )

    def digest_at(self) -> datetime | None:
        """Return when the team sees the week, in the member's zone; None when the digest is switched off."""
        due = rhythm_of(self.team, self.member).digest_due(self.period)
        return due.astimezone(ZoneInfo(self.member.timezone or self.team.timezone)) if due else None


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, and what it may have meant."""

    name: str
    text: str
    choices: tuple[Decimal, ...]
    kpi: KpiValue


@dataclass(frozen=True)
class Problems:
    """Fields that could not be read, by KPI. Nothing was stored."""

    by_kpi: dict[int, Problem]


@dataclass(frozen=True)
class Reported:
    """What was stored, and the state by which the message that asked for it is found again."""

    receipt: Receipt
    state: str


def write_state(team_id: int, period: Period) -> str:
    """Name a team and a week in a button's value."""
    return f"{team_id}:{period}"


def read_state(state: str) -> tuple[int, Period]:
    """Read what `write_state` wrote.

    Raises:
        Refused: `form_outdated`, when it is something else.
    """
    team, _, period = state.partition(":")
    try:
        team_id, week = int(team), Period.parse(period)
    except ValueError as error:
        raise Refused("form_outdated") from error
    if not 0 < team_id <= LARGEST_ID:
        raise Refused("form_outdated")
    return team_id, week


def duty_of(session: Session, team: Team, member: Member, period: Period, *, now: datetime) -> Duty:
    """Collect what a member owes a team for a week: for their own hats, and for those of owners who are away `now`."""
    owned = hats.reported_by(session, team.id or 0, member.id or 0, now=now)
    last_week = str(period.shift(-1))
    known = kpis.of_hats(session, [hat.id for hat in owned], period=last_week, agreed_in=str(period))
    rows = [row for row in known if not row.formula and is_due(row.cadence, period)]
    stored = readings.of_period(session, [row.id for row in rows], str(period))
    named = {hat.id: HatName(hat.slug, hat.name) for hat in owned}
    return Duty(
        team=team,
        member=member,
        period=period,
        hats=names([hat for hat in owned if any(row.hat_id == hat.id for row in rows)]),
        hat_of=named,
        rows=tuple(rows),
        stored=stored,
    )


def open_form(sessions: Sessions, asker: Asker, state: str | None, *, now: datetime) -> Answer[ReportForm]:
    """Prepare the report modal, for the week in `state` or the one that is due now.

    Raises:
        Refused: `nothing_to_report`, when the asker owns no hat with a KPI in the team; `form_outdated`.
    """
    with sessions.read() as session:
        scene, period = _scene_of(session, asker, state)
        with in_language(scene.language):
            duty = _duty(session, scene, period, now)
            fields = [
                ReportField(
                    kpi_id=row.id,
                    kpi=_with_last_week(row, duty.period),
                    hat=duty.hat_of[row.hat_id],
                    suggested=duty.stored.get(row.id, row.value),
                    reported=row.id in duty.stored,
                )
                for row in duty.rows
            ]
            form = ReportForm(
                team=duty.team.name,
                period=str(duty.period),
                fields=tuple(fields[:MOST_FIELDS]),
                state=duty.state,
                left_out=max(0, len(fields) - MOST_FIELDS),
            )
            return Answer(scene.language, form)


def submit(
    sessions: Sessions, asker: Asker, state: str, typed: dict[int, str], *, now: datetime
) -> Answer[Reported | Problems]:
    """Store what was typed, by KPI; an empty field leaves its KPI as it is. All or nothing.

    Raises:
        Refused: `nothing_to_report` when every field is empty, `not_owner` when a KPI is not the asker's (any more).
    """
    with sessions.write() as session:
        scene, period = _scene_of(session, asker, state)
        with in_language(scene.language):
            duty = _duty(session, scene, period, now)
            rows = {row.id: row for row in duty.rows}
            if not typed.keys() <= rows.keys():
                raise Refused("not_owner")
            filled = {kpi_id: text for kpi_id, text in typed.items() if text.strip()}
            if not filled:
                raise Refused("form_empty")
            values, problems = _read(filled, rows, scene.language)
            if problems:
                return Answer(scene.language, Problems(problems))
            for kpi_id, value in values.items():
                readings.store(
                    session,
                    kpi_id=kpi_id,
                    period=str(duty.period),
                    value=value,
                    by=duty.member.id,
                    source="modal",
                    now=now,
                )
            after = replace(duty, stored={**duty.stored, **values})
            return Answer(scene.language, Reported(receipt_of(after), after.state))


def receipt_of(duty: Duty) -> Receipt:
    """Say what is stored of a duty and what is not."""
    return Receipt(
        team=duty.team.name,
        period=str(duty.period),
        stored=duty.values(reported=True),
        missing=duty.values(reported=False),
        digest_at=duty.digest_at(),
    )


def _scene_of(session: Session, asker: Asker, state: str | None) -> tuple[Scene, Period | None]:
    if state is None:
        return locate(session, asker), None
    team_id, period = read_state(state)
    return locate_team(session, asker, team_id), period


def _duty(session: Session, scene: Scene, period: Period | None, now: datetime) -> Duty:
    team = teams.get(session, scene.workspace_id, scene.team_id)
    member = members.get(session, scene.workspace_id, scene.member_id) if scene.member_id else None
    if team is None or member is None:
        raise Refused("nothing_to_report")
    current = current_period(team, member, now)
    if period is not None and not current.shift(-OLDEST_WEEKS) <= period <= current.shift(1):
        raise Refused("form_outdated")
    duty = duty_of(session, team, member, period or current, now=now)
    if not duty.rows:
        raise Refused("nothing_to_report")
    return duty


def current_period(team: Team, member: Member, now: datetime) -> Period:
    """Return the week that a member reports on right now."""
    return rhythm_of(team, member).reporting_period(now)


def _with_last_week(row: KpiRow, period: Period) -> KpiValue:
    last_week = row.value if row.period == str(period.shift(-1)) else None
    return replace(kpi_value(row), previous=last_week)


def _read(
    filled: dict[int, str], rows: dict[int, KpiRow], language: str
) -> tuple[dict[int, Decimal], dict[int, Problem]]:
    values: dict[int, Decimal] = {}
    problems: dict[int, Problem] = {}
    for kpi_id, text in filled.items():
        row = rows[kpi_id]
        result = parse_amount(text, unit=row.unit, decimals=row.decimals, language=language)
        if isinstance(result, Ambiguous):
            problems[kpi_id] = Problem("ambiguous", text, result.choices, kpi_value(row))
        elif isinstance(result, Invalid):
            problems[kpi_id] = Problem(result.reason.value, text, (), kpi_value(row))
        else:
            values[kpi_id] = result.value
    return values, problems
