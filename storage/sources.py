"""Queries about the addresses from which KPIs' values are pulled. The database decides which replica pulls."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import delete, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage import late_values
from storage.inserts import insert_or_ignore
from storage.readings import Stored, store
from storage.tables import Hat, Kpi, Reading, Source, Team, Workspace
from storage.types import as_stored

PULL = "pull"


class Claimed(NamedTuple):
    """A source that this replica may pull now. `claimed_until` names the claim."""

    id: int
    workspace_id: int
    team_id: int
    kpi_id: int
    claimed_until: datetime


class Origin(NamedTuple):
    """Where a reading came from: the word of `Reading.source`, the address of its KPI's source, and when."""

    source: str
    address: str | None
    at: datetime


def of_kpi(session: Session, team_id: int, kpi_id: int) -> Source | None:
    """Return the source of a KPI of the team."""
    return session.exec(select(Source).where(Source.team_id == team_id, Source.kpi_id == kpi_id)).first()


def of_team(session: Session, team_id: int) -> Sequence[Source]:
    """Return the sources of the team's KPIs."""
    return session.exec(select(Source).where(Source.team_id == team_id).order_by(col(Source.id))).all()


def put(
    session: Session,
    *,
    workspace_id: int,
    team_id: int,
    kpi_id: int,
    address: str,
    format_: str,
    expression: str,
    week_expression: str,
    by: int | None,
    now: datetime,
) -> None:
    """Set where a KPI's values are pulled from, at once and every week; what was before is replaced."""
    columns = {
        "address": address,
        "format": format_,
        "expression": expression,
        "week_expression": week_expression,
        "created_by": by,
        "next_at": now,
        "failing_since": None,
        "told_at": None,
        "problem": "",
    }
    scope = {"workspace_id": workspace_id, "team_id": team_id, "kpi_id": kpi_id}
    statement = insert_or_ignore(session, Source).values(**scope, created_at=now, **columns).returning(Source.id)
    if session.execute(statement).first() is None:
        session.execute(
            update(Source)
            .where(*(getattr(Source, name) == value for name, value in scope.items()))
            .values(**columns)
            .execution_options(synchronize_session="fetch")
        )


def remove(session: Session, team_id: int, kpi_id: int) -> bool:
    """Pull a KPI's values no more; return whether they were."""
    statement = delete(Source).where(col(Source.team_id) == team_id, col(Source.kpi_id) == kpi_id)
    return session.execute(statement.returning(col(Source.id))).first() is not None


def any_due(session: Session, *, now: datetime) -> bool:
    """Tell whether the time of any source has come."""
    return session.execute(_due(now).limit(1)).first() is not None


def claim(session: Session, *, now: datetime, limit: int, lease: timedelta) -> list[Claimed]:
    """Take up to `limit` sources whose time has come. Two replicas never get the same one.

    A replica that dies with one leaves it to others when the lease is over.
    """
    ordered = _due(now).order_by(col(Source.next_at), col(Source.id)).limit(limit)
    chosen = ordered.with_for_update(of=Source, skip_locked=True).cte("chosen")
    until = now + lease
    statement = (
        update(Source)
        .where(col(Source.id).in_(select_columns(chosen.c.id)))
        .values(next_at=until, tried_at=now)
        .returning(col(Source.id), col(Source.workspace_id), col(Source.team_id), col(Source.kpi_id))
        .execution_options(synchronize_session=False)
    )
    return [Claimed._make((*row, until)) for row in session.execute(statement)]


def _due(now: datetime) -> Any:
    """Select the sources of live, reported KPIs whose time has come."""
    return (
        select_columns(col(Source.id))
        .join(Kpi, col(Kpi.id) == col(Source.kpi_id))
        .join(Hat, col(Hat.id) == col(Kpi.hat_id))
        .join(Team, col(Team.id) == col(Source.team_id))
        .join(Workspace, col(Workspace.id) == col(Source.workspace_id))
        .where(
            col(Source.next_at) <= now,
            col(Kpi.formula) == "",
            col(Kpi.archived_at).is_(None),
            col(Hat.archived_at).is_(None),
            col(Team.archived_at).is_(None),
            col(Workspace.uninstalled_at).is_(None),
        )
    )


def held(session: Session, claimed: Claimed) -> Source | None:
    """Return a claimed source to settle it; None when it was changed or removed meanwhile, or the claim is over."""
    query = select(Source).where(Source.id == claimed.id, Source.next_at == claimed.claimed_until)
    return session.exec(query.with_for_update()).first()


def store_pulled(session: Session, *, kpi_id: int, period: str, value: Decimal, now: datetime) -> Stored | None:
    """Store a pulled value; return None, and leave it, where a person or another program has said something else."""
    inserted = session.execute(
        insert_or_ignore(session, Reading)
        .values(kpi_id=kpi_id, period=period, value=as_stored(value), note="", source=PULL, reported_at=now)
        .returning(Reading.id)
    ).first()
    if inserted:
        late_values.changed(session, [kpi_id], [period], now)
        return Stored.NEW
    query = select(Reading).where(Reading.kpi_id == kpi_id, Reading.period == period).with_for_update()
    if session.exec(query).one().source != PULL:
        return None
    return store(session, kpi_id=kpi_id, period=period, value=value, by=None, source=PULL, now=now)


def origins(session: Session, kpi_ids: Sequence[int], period: str) -> dict[int, Origin]:
    """Return where the values of one week came from, by KPI."""
    query = (
        select_columns(col(Reading.kpi_id), col(Reading.source), col(Source.address), col(Reading.reported_at))
        .join(Source, col(Source.kpi_id) == col(Reading.kpi_id), isouter=True)
        .where(col(Reading.kpi_id).in_(kpi_ids), col(Reading.period) == period)
    )
    return {kpi_id: Origin(*rest) for kpi_id, *rest in session.execute(query)}
