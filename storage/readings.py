"""Queries about readings. A correction keeps what was said before."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage import late_values
from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import Kpi, Reading, ReadingVersion
from storage.types import as_stored

# Built once: building a statement costs more than running it.
_OF_PERIOD = select_columns(col(Reading.kpi_id), col(Reading.value)).where(
    col(Reading.kpi_id).in_(bindparam("kpi_ids", expanding=True)), col(Reading.period) == bindparam("period")
)
_REMARKS = select_columns(col(Reading.kpi_id), col(Reading.note), col(Reading.confidence)).where(
    col(Reading.kpi_id).in_(bindparam("kpi_ids", expanding=True)), col(Reading.period) == bindparam("period")
)
_OF_TEAM = (
    select_columns(col(Reading.kpi_id), col(Reading.period), col(Reading.value))
    .join(Kpi, col(Kpi.id) == col(Reading.kpi_id))
    .where(
        col(Kpi.team_id) == bindparam("team_id"),
        col(Kpi.archived_at).is_(None),
        col(Reading.period).between(bindparam("first"), bindparam("last")),
    )
    .order_by(col(Reading.period))
)


class Stored(StrEnum):
    """What storing a value did."""

    NEW = "new"
    CORRECTED = "corrected"
    SAME = "same"


def store(
    session: Session,
    *,
    kpi_id: int,
    period: str,
    value: Decimal,
    by: int | None,
    source: str,
    now: datetime,
    note: str | None = None,
    confidence: str | None = None,
) -> Stored:
    """Store one value for a KPI and a week; an earlier value is kept as a version.

    A note or a confidence of None leaves it be; an empty one takes it away.
    """
    value = as_stored(value)
    inserted = session.execute(
        insert_or_ignore(session, Reading)
        .values(
            kpi_id=kpi_id,
            period=period,
            value=value,
            note=note or "",
            confidence=confidence or None,
            source=source,
            reported_by=by,
            reported_at=now,
        )
        .returning(Reading.id)
    ).first()
    if inserted:
        late_values.changed(session, [kpi_id], [period], now)
        return Stored.NEW
    query = select(Reading).where(Reading.kpi_id == kpi_id, Reading.period == period).with_for_update()
    reading = session.exec(query).one()
    note = reading.note if note is None else note
    confidence = reading.confidence if confidence is None else confidence or None
    if (reading.value, reading.note, reading.confidence) == (value, note, confidence):
        return Stored.SAME
    session.add(
        ReadingVersion(
            reading_id=reading.id or 0,
            value=reading.value,
            note=reading.note,
            confidence=reading.confidence,
            source=reading.source,
            reported_by=reading.reported_by,
            reported_at=reading.reported_at,
            replaced_by=by,
            replaced_at=now,
        )
    )
    reading.value, reading.note, reading.confidence, reading.source = value, note, confidence, source
    reading.reported_by, reading.reported_at = by, now
    session.flush()
    late_values.changed(session, [kpi_id], [period], now)
    return Stored.CORRECTED


def of_period(session: Session, kpi_ids: Sequence[int], period: str) -> dict[int, Decimal]:
    """Return the values of one week by KPI."""
    return dict(fetch(session, _OF_PERIOD, {"kpi_ids": list(kpi_ids), "period": period}).all())


def remarks_of_period(session: Session, kpi_ids: Sequence[int], period: str) -> dict[int, tuple[str, str | None]]:
    """Return (note, confidence) of one week by KPI."""
    rows = fetch(session, _REMARKS, {"kpi_ids": list(kpi_ids), "period": period})
    return {kpi_id: (note, confidence) for kpi_id, note, confidence in rows}


def of_team(
    session: Session, team_id: int, *, first: str = "0000-W00", last: str = "9999-W99"
) -> dict[int, dict[str, Decimal]]:
    """Return the values of the team's live KPIs by KPI and week, weeks in order, both ends included."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for kpi_id, period, value in fetch(session, _OF_TEAM, {"team_id": team_id, "first": first, "last": last}):
        found[kpi_id][period] = value
    return found


def export_rows(session: Session, team_id: int) -> list[tuple[str, str, Decimal, str]]:
    """Return (week, KPI's slug, value, note) of every reading of the team, by week and chain.

    What was reported for a KPI before it was computed from others is left out: it takes no values any more.
    """
    query = (
        select_columns(col(Reading.period), col(Kpi.slug), col(Reading.value), col(Reading.note))
        .join(Kpi, col(Kpi.id) == col(Reading.kpi_id))
        .where(col(Kpi.team_id) == team_id, col(Kpi.formula) == "")
        .order_by(col(Reading.period), col(Kpi.sequence), col(Kpi.id))
    )
    return [(week, slug, value, note) for week, slug, value, note in session.execute(query)]


def versions(session: Session, kpi_id: int, period: str) -> Sequence[ReadingVersion]:
    """Return what a reading said before, oldest first."""
    query = (
        select(ReadingVersion)
        .join(Reading, col(Reading.id) == col(ReadingVersion.reading_id))
        .where(Reading.kpi_id == kpi_id, Reading.period == period)
        .order_by(col(ReadingVersion.id))
    )
    return session.exec(query).all()
