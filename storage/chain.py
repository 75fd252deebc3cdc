"""Queries about what was computed of chains, and about what digests recommended."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import ChainReport, Kpi, Link, Reading, Recommendation, Team, Workspace


class Recommended(NamedTuple):
    """A link that a week's digest named as its focus, by its ends, and what looking back on it has found."""

    period: str
    upstream_id: int
    downstream_id: int
    outcome: dict[str, Any]


_REPORT = select_columns(col(ChainReport.fingerprint), col(ChainReport.content)).where(
    col(ChainReport.team_id) == bindparam("team_id"), col(ChainReport.period) == bindparam("period")
)
# In place of the fingerprint of a report whose numbers have changed since.
_OUTDATED = ""
_UP_TO_DATE = (col(ChainReport.period) == bindparam("period"), col(ChainReport.fingerprint) != _OUTDATED)
_IS_REPORTED = select_columns(col(ChainReport.id)).where(col(ChainReport.team_id) == bindparam("team_id"), *_UP_TO_DATE)
_OUTDATE: Any = (
    update(ChainReport)
    .where(
        col(ChainReport.team_id).in_(
            select_columns(col(Kpi.team_id)).where(col(Kpi.id).in_(bindparam("kpi_ids", expanding=True)))
        ),
        col(ChainReport.period) >= bindparam("since"),
    )
    .values(fingerprint=_OUTDATED)
    .execution_options(synchronize_session=False)
)
_WITHOUT_REPORT = (
    select_columns(col(Team.workspace_id), col(Team.id))
    .join(Workspace, col(Workspace.id) == col(Team.workspace_id))
    .where(
        col(Team.archived_at).is_(None),
        col(Workspace.uninstalled_at).is_(None),
        exists().where(col(Link.team_id) == col(Team.id)),
        ~exists().where(col(ChainReport.team_id) == col(Team.id), *_UP_TO_DATE),
        exists().where(
            col(Kpi.team_id) == col(Team.id),
            col(Reading.kpi_id) == col(Kpi.id),
            col(Reading.period) == bindparam("period"),
        ),
    )
    .order_by(col(Team.id))
    .limit(bindparam("most"))
)
_RECOMMENDATIONS = (
    select_columns(
        col(Recommendation.period),
        col(Recommendation.upstream_id),
        col(Recommendation.downstream_id),
        col(Recommendation.outcome),
    )
    .where(
        col(Recommendation.team_id) == bindparam("team_id"),
        col(Recommendation.period).between(bindparam("first"), bindparam("last")),
    )
    .order_by(col(Recommendation.period))
)


def report(session: Session, team_id: int, period: str) -> tuple[str, dict[str, Any]] | None:
    """Return (fingerprint, content) of the report on a team's chain in one week."""
    row = fetch(session, _REPORT, {"team_id": team_id, "period": period}).first()
    return (row[0], row[1]) if row else None


def keep_report(
    session: Session,
    *,
    workspace_id: int,
    team_id: int,
    period: str,
    fingerprint: str,
    content: Mapping[str, Any],
    now: datetime,
) -> None:
    """Store a report, in place of the one that the week has."""
    computed = {"fingerprint": fingerprint, "content": dict(content), "computed_at": now}
    scope = {"workspace_id": workspace_id, "team_id": team_id, "period": period}
    added = session.connection().execute(insert_or_ignore(session, ChainReport, returning="id"), scope | computed)
    if added.first() is None:
        session.execute(
            update(ChainReport)
            .where(
                col(ChainReport.workspace_id) == workspace_id,
                col(ChainReport.team_id) == team_id,
                col(ChainReport.period) == period,
            )
            .values(**computed)
        )


def without_report(session: Session, *, period: str, most: int) -> list[tuple[int, int]]:
    """Return (workspace id, team id) of teams with links and readings in a week, and no report made from these."""
    return [(row[0], row[1]) for row in fetch(session, _WITHOUT_REPORT, {"period": period, "most": most})]


def is_reported(session: Session, team_id: int, period: str) -> bool:
    """Tell whether there is a report on a team's chain in one week, made from the readings that there are."""
    return fetch(session, _IS_REPORTED, {"team_id": team_id, "period": period}).first() is not None


def outdate(session: Session, kpi_ids: Collection[int], *, since: str) -> None:
    """Note that readings of KPIs in a week have changed: reports on it, and on later ones, are to be made again.

    What is kept can still be read, as it was. Whoever reads by the fingerprint notices what else went into it as well.
    """
    session.connection().execute(_OUTDATE, {"kpi_ids": sorted(kpi_ids), "since": since})


def recommend(
    session: Session,
    *,
    workspace_id: int,
    team_id: int,
    period: str,
    upstream_id: int,
    downstream_id: int,
    rate: Decimal,
    norm: Decimal,
    goals: Decimal,
    now: datetime,
) -> bool:
    """Store what a week's digest recommends, unless something is stored for that week; tell whether it is new."""
    row = {
        "workspace_id": workspace_id,
        "team_id": team_id,
        "period": period,
        "upstream_id": upstream_id,
        "downstream_id": downstream_id,
        "rate": rate,
        "norm": norm,
        "goals": goals,
        "outcome": {},
        "made_at": now,
    }
    statement = insert_or_ignore(session, Recommendation, returning="id")
    return session.connection().execute(statement, row).first() is not None


def recommendations(session: Session, team_id: int, *, first: str, last: str) -> list[Recommended]:
    """Return what was recommended to a team in a span of weeks, both ends included, oldest first."""
    span = {"team_id": team_id, "first": first, "last": last}
    return [Recommended(*row) for row in fetch(session, _RECOMMENDATIONS, span)]


def look_back(session: Session, team_id: int, period: str, *, outcome: Mapping[str, Any]) -> None:
    """Store what looking back on a week's recommendation found."""
    session.execute(
        update(Recommendation)
        .where(col(Recommendation.team_id) == team_id, col(Recommendation.period) == period)
        .values(outcome=dict(outcome))
    )
