"""Queries about KPIs, their targets and links."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.rows import fetch
from storage.tables import Assignment, Hat, Kpi, Link, Member, Reading, Target, TargetOverride


class KpiRow(NamedTuple):
    """A live KPI with the target of a week and its last reading up to that week.

    `target`, `comparator` and `upper` are what was agreed for the week alone where something was (`overridden`).
    """

    id: int
    hat_id: int
    slug: str
    name: str
    unit: str
    currency: str | None
    decimals: int
    direction: str
    is_goal: bool
    target: Decimal | None
    value: Decimal | None
    period: str | None
    comparator: str | None = None
    upper: Decimal | None = None
    overridden: bool = False
    cadence: str = "weekly"
    formula: str = ""
    shown_as: str = "value"


class LinkRow(NamedTuple):
    """A link between two live KPIs of a team; the fields are those of `Link`."""

    id: int
    upstream_id: int
    downstream_id: int
    lag_weeks: int
    lag_known: bool
    rate: Decimal | None


_target = aliased(Target)
_override = aliased(TargetOverride)
_reading = aliased(Reading)


def _last(column: Any, kpi_id: Any, week: str) -> Any:
    """The newest row up to a week, so that there is one row for each KPI, however long the history."""
    up_to = col(column) <= bindparam(week)
    return (
        select_columns(func.max(col(column))).where(col(kpi_id) == col(Kpi.id), up_to).correlate(Kpi).scalar_subquery()
    )


def _agreed(override: Any, target: Any) -> Any:
    """What holds in the week: an override counts whole, so that no end of a range is left of the usual target."""
    return case((col(_override.id).is_not(None), col(override)), else_=col(target))


_ROWS = (
    select_columns(
        col(Kpi.id),
        col(Kpi.hat_id),
        col(Kpi.slug),
        col(Kpi.name),
        col(Kpi.unit),
        col(Kpi.currency),
        col(Kpi.decimals),
        col(Kpi.direction),
        col(Kpi.is_goal),
        _agreed(_override.value, _target.value),
        col(_reading.value),
        col(_reading.period),
        _agreed(_override.comparator, _target.comparator),
        _agreed(_override.upper, _target.upper),
        col(_override.id).is_not(None),
        col(Kpi.cadence),
        col(Kpi.formula),
        col(Kpi.shown_as),
    )
    .select_from(Kpi)
    .join(
        _target,
        and_(
            col(_target.kpi_id) == col(Kpi.id),
            col(_target.valid_from) == _last(Target.valid_from, Target.kpi_id, "agreed_in"),
        ),
        isouter=True,
    )
    .join(
        _override,
        and_(col(_override.kpi_id) == col(Kpi.id), col(_override.period) == bindparam("agreed_in")),
        isouter=True,
    )
    .join(
        _reading,
        and_(
            col(_reading.kpi_id) == col(Kpi.id),
            col(_reading.period) == _last(Reading.period, Reading.kpi_id, "period"),
        ),
        isouter=True,
    )
    .where(col(Kpi.archived_at).is_(None))
    .order_by(col(Kpi.sequence), col(Kpi.id))
)
# Built once: building a statement costs more than running it.
_OF_HATS = _ROWS.where(col(Kpi.hat_id).in_(bindparam("hat_ids", expanding=True)))
_OF_HAT = _ROWS.where(col(Kpi.hat_id) == bindparam("hat_id"))  # a list of values costs twice as much to write out
_OF_TEAM = _ROWS.where(col(Kpi.team_id) == bindparam("team_id"))

_FORMULAS = select_columns(col(Kpi.id), col(Kpi.slug), col(Kpi.formula), col(Kpi.unit), col(Kpi.decimals)).where(
    col(Kpi.team_id) == bindparam("team_id"), col(Kpi.archived_at).is_(None)
)

_up, _down = aliased(Kpi), aliased(Kpi)
# Both ends are the team's: without that a database that does not know its tables' sizes yet may pair all KPIs with all.
_LINKS = (
    select_columns(
        col(Link.id),
        col(Link.upstream_id),
        col(Link.downstream_id),
        col(Link.lag_weeks),
        col(Link.lag_known),
        col(Link.rate),
    )
    .join(_up, and_(col(_up.team_id) == bindparam("team_id"), col(_up.id) == col(Link.upstream_id)))
    .join(_down, and_(col(_down.team_id) == bindparam("team_id"), col(_down.id) == col(Link.downstream_id)))
    .where(col(Link.team_id) == bindparam("team_id"), col(_up.archived_at).is_(None), col(_down.archived_at).is_(None))
    .order_by(col(_down.sequence), col(_up.sequence), col(Link.id))
)


def of_hats(session: Session, hat_ids: Sequence[int], *, period: str, agreed_in: str | None = None) -> list[KpiRow]:
    """Return the live KPIs of hats, as they stood in `period`, in the chain's order.

    Their targets are those of `agreed_in`, where that is another week.
    """
    weeks = {"period": period, "agreed_in": agreed_in or period}
    if len(hat_ids) == 1:
        return [KpiRow(*row) for row in fetch(session, _OF_HAT, {"hat_id": hat_ids[0], **weeks})]
    return [KpiRow(*row) for row in fetch(session, _OF_HATS, {"hat_ids": list(hat_ids), **weeks})]


def of_team(session: Session, team_id: int, *, period: str) -> list[KpiRow]:
    """Return the team's live KPIs, as they stood in `period`, in the chain's order."""
    parameters = {"team_id": team_id, "period": period, "agreed_in": period}
    return [KpiRow(*row) for row in fetch(session, _OF_TEAM, parameters)]


def entities(session: Session, team_id: int) -> Sequence[Kpi]:
    """Return every KPI of the team, archived ones too, to change them."""
    return session.exec(select(Kpi).where(Kpi.team_id == team_id).order_by(col(Kpi.sequence), col(Kpi.id))).all()


def ids_owned_by(session: Session, team_id: int, member_id: int) -> set[int]:
    """Return the live KPIs of the team that a member reports."""
    query = (
        select(Kpi.id)
        .join(Hat, col(Hat.id) == col(Kpi.hat_id))
        .join(Assignment, and_(col(Assignment.hat_id) == col(Hat.id), col(Assignment.ended_at).is_(None)))
        .where(
            Kpi.team_id == team_id,
            Assignment.member_id == member_id,
            col(Kpi.archived_at).is_(None),
            col(Hat.archived_at).is_(None),
        )
    )
    return {kpi_id for kpi_id in session.exec(query) if kpi_id is not None}


def links(session: Session, team_id: int) -> list[LinkRow]:
    """Return the team's links between live KPIs, in order of the downstream KPI."""
    return [LinkRow(*row) for row in fetch(session, _LINKS, {"team_id": team_id})]


def target_at(session: Session, kpi_id: int, period: str) -> Target | None:
    """Return the target that holds in `period`."""
    query = select(Target).where(Target.kpi_id == kpi_id, Target.valid_from <= period)
    return session.exec(query.order_by(col(Target.valid_from).desc())).first()


def set_target(
    session: Session,
    kpi_id: int,
    *,
    valid_from: str,
    value: Decimal,
    now: datetime,
    comparator: str = "at_least",
    upper: Decimal | None = None,
) -> None:
    """Let a target hold from a week on, in place of one that began in the same week."""
    row = session.exec(select(Target).where(Target.kpi_id == kpi_id, Target.valid_from == valid_from)).first()
    if row is None:
        row = Target(kpi_id=kpi_id, valid_from=valid_from, value=value, agreed_at=now)
        session.add(row)
    row.value, row.comparator, row.upper, row.agreed_at = value, comparator, upper, now
    session.flush()


def override_at(session: Session, kpi_id: int, period: str) -> TargetOverride | None:
    """Return what was agreed for a KPI for one week only."""
    query = select(TargetOverride).where(TargetOverride.kpi_id == kpi_id, TargetOverride.period == period)
    return session.exec(query).first()


def override_target(
    session: Session,
    kpi_id: int,
    *,
    period: str,
    value: Decimal,
    comparator: str,
    upper: Decimal | None,
    reason: str,
    now: datetime,
) -> None:
    """Let a target hold in one week only, in place of what was agreed for that week before."""
    row = override_at(session, kpi_id, period)
    if row is None:
        row = TargetOverride(kpi_id=kpi_id, period=period, value=value, agreed_at=now)
        session.add(row)
    row.value, row.comparator, row.upper, row.reason, row.agreed_at = value, comparator, upper, reason, now
    session.flush()


def overrides(session: Session, kpi_ids: Sequence[int]) -> Sequence[TargetOverride]:
    """Return everything that was agreed for KPIs for single weeks, oldest week first."""
    query = select(TargetOverride).where(col(TargetOverride.kpi_id).in_(kpi_ids))
    return session.exec(query.order_by(col(TargetOverride.period), col(TargetOverride.id))).all()


def formulas(session: Session, team_id: int) -> dict[str, tuple[int, str, str, int]]:
    """Return (id, formula, unit, decimals) of each live KPI of the team, by slug; a reported one's formula is empty."""
    rows = fetch(session, _FORMULAS, {"team_id": team_id})
    return {slug: (kpi_id, formula, unit, decimals) for kpi_id, slug, formula, unit, decimals in rows}


def add(session: Session, *, now: datetime, **columns: Any) -> Kpi:
    """Insert a KPI; `columns` are those of `Kpi`."""
    kpi = Kpi(created_at=now, **columns)
    session.add(kpi)
    session.flush()
    return kpi


def targets(session: Session, kpi_ids: Sequence[int]) -> Sequence[Target]:
    """Return every target that was agreed for KPIs, oldest first."""
    query = select(Target).where(col(Target.kpi_id).in_(kpi_ids)).order_by(col(Target.valid_from), col(Target.id))
    return session.exec(query).all()


def owners_of_team(session: Session, team_id: int) -> dict[int, tuple[str, str]]:
    """Return (Slack id, name) of the owner by hat."""
    query = (
        select(Assignment.hat_id, Member.slack_user_id, Member.name)
        .join(Hat, col(Hat.id) == col(Assignment.hat_id))
        .join(Member, col(Member.id) == col(Assignment.member_id))
        .where(Hat.team_id == team_id, col(Assignment.ended_at).is_(None), col(Hat.archived_at).is_(None))
    )
    return {hat_id: (slack_id, name) for hat_id, slack_id, name in session.exec(query)}
