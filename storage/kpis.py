"""Queries about KPIs, their targets and links."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.rows import fetch
from storage.tables import Assignment, Hat, Kpi, Link, Member, Reading, Target


class KpiRow(NamedTuple):
    """A live KPI with the target of a week and its last reading up to that week."""

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


_target = aliased(Target)
_reading = aliased(Reading)


def _last(column: Any, kpi_id: Any) -> Any:
    """The newest row up to `period`, so that there is one row for each KPI, however long the history."""
    up_to = col(column) <= bindparam("period")
    return (
        select_columns(func.max(col(column))).where(col(kpi_id) == col(Kpi.id), up_to).correlate(Kpi).scalar_subquery()
    )


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
        col(_target.value),
        col(_reading.value),
        col(_reading.period),
    )
    .select_from(Kpi)
    .join(
        _target,
        and_(col(_target.kpi_id) == col(Kpi.id), col(_target.valid_from) == _last(Target.valid_from, Target.kpi_id)),
        isouter=True,
    )
    .join(
        _reading,
        and_(col(_reading.kpi_id) == col(Kpi.id), col(_reading.period) == _last(Reading.period, Reading.kpi_id)),
        isouter=True,
    )
    .where(col(Kpi.archived_at).is_(None))
    .order_by(col(Kpi.sequence), col(Kpi.id))
)
# Built once: building a statement costs more than running it.
_OF_HATS = _ROWS.where(col(Kpi.hat_id).in_(bindparam("hat_ids", expanding=True)))
_OF_HAT = _ROWS.where(col(Kpi.hat_id) == bindparam("hat_id"))  # a list of values costs twice as much to write out
_OF_TEAM = _ROWS.where(col(Kpi.team_id) == bindparam("team_id"))


def of_hats(session: Session, hat_ids: Sequence[int], *, period: str) -> list[KpiRow]:
    """Return the live KPIs of hats, as they stood in `period`, in the chain's order."""
    if len(hat_ids) == 1:
        return [KpiRow(*row) for row in fetch(session, _OF_HAT, {"hat_id": hat_ids[0], "period": period})]
    return [KpiRow(*row) for row in fetch(session, _OF_HATS, {"hat_ids": list(hat_ids), "period": period})]


def of_team(session: Session, team_id: int, *, period: str) -> list[KpiRow]:
    """Return the team's live KPIs, as they stood in `period`, in the chain's order."""
    return [KpiRow(*row) for row in fetch(session, _OF_TEAM, {"team_id": team_id, "period": period})]


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


def links(session: Session, team_id: int) -> Sequence[Link]:
    """Return the team's links between live KPIs, in order of the downstream KPI."""
    up, down = aliased(Kpi), aliased(Kpi)
    query = (
        select(Link)
        .join(up, col(up.id) == col(Link.upstream_id))
        .join(down, col(down.id) == col(Link.downstream_id))
        .where(Link.team_id == team_id, col(up.archived_at).is_(None), col(down.archived_at).is_(None))
        .order_by(col(down.sequence), col(up.sequence), col(Link.id))
    )
    return session.exec(query).all()


def target_at(session: Session, kpi_id: int, period: str) -> Target | None:
    """Return the target that holds in `period`."""
    query = select(Target).where(Target.kpi_id == kpi_id, Target.valid_from <= period)
    return session.exec(query.order_by(col(Target.valid_from).desc())).first()


def set_target(session: Session, kpi_id: int, *, valid_from: str, value: Decimal, now: datetime) -> None:
    """Let a target hold from a week on, in place of one that began in the same week."""
    same = session.exec(select(Target).where(Target.kpi_id == kpi_id, Target.valid_from == valid_from)).first()
    if same is not None:
        same.value, same.agreed_at = value, now
    else:
        session.add(Target(kpi_id=kpi_id, valid_from=valid_from, value=value, agreed_at=now))
    session.flush()


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
