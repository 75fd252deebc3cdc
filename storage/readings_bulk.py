"""Storing many readings at once, with the promise of `readings.store`: a correction keeps what was said before."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import Integer, literal, update
from sqlalchemy import insert as insert_rows
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from storage import late_values
from storage.inserts import insert_or_ignore
from storage.readings import Stored, store
from storage.tables import Reading, ReadingVersion
from storage.types import UtcDateTime

CHUNK: Final = 1_000  # rows: eight parameters each stay below SQLite's 32,766


class NewReading(NamedTuple):
    """One value for a KPI and a week. A note of None leaves the earlier one be."""

    kpi_id: int
    period: str
    value: Decimal
    note: str | None
    by: int | None
    at: datetime


class _Known(NamedTuple):
    id: int
    value: Decimal
    note: str


def store_many(
    session: Session, rows: Sequence[NewReading], *, source: str, progress: Callable[[int], None] | None = None
) -> Counter[Stored]:
    """Store readings, no two for the same KPI and week, and count what that did.

    Args:
        session: A writing session.
        rows: The readings.
        source: Where they come from, a word that the table knows.
        progress: Told after each chunk how many rows it had.
    """
    counted: Counter[Stored] = Counter()
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        counted += _store_chunk(session, chunk, source)
        if progress:
            progress(len(chunk))
    return counted


def _store_chunk(session: Session, chunk: Sequence[NewReading], source: str) -> Counter[Stored]:
    known = _known(session, chunk)
    new = [row for row in chunk if (row.kpi_id, row.period) not in known]
    corrected = [
        (known[row.kpi_id, row.period], row)
        for row in chunk
        if (row.kpi_id, row.period) in known and _differs(known[row.kpi_id, row.period], row)
    ]
    counted = Counter({Stored.SAME: len(chunk) - len(new) - len(corrected), Stored.CORRECTED: len(corrected)})
    if corrected:
        _correct(session, corrected, source)
    counted += _insert(session, new, source) if new else Counter()
    changed = [*new, *(row for _, row in corrected)]
    if changed:
        now = max(row.at for row in changed)
        late_values.changed(session, {row.kpi_id for row in changed}, {row.period for row in changed}, now)
    return counted


def _known(session: Session, chunk: Sequence[NewReading]) -> dict[tuple[int, str], _Known]:
    periods = {row.period for row in chunk}
    query = (
        select_columns(col(Reading.kpi_id), col(Reading.period), col(Reading.id), col(Reading.value), col(Reading.note))
        .where(
            col(Reading.kpi_id).in_({row.kpi_id for row in chunk}),
            col(Reading.period).between(min(periods), max(periods)),
        )
        .with_for_update()
    )
    return {(kpi_id, period): _Known(*rest) for kpi_id, period, *rest in session.execute(query)}


def _differs(known: _Known, row: NewReading) -> bool:
    return known.value != row.value or (row.note is not None and known.note != row.note)


def _insert(session: Session, rows: Sequence[NewReading], source: str) -> Counter[Stored]:
    values = [
        {
            "kpi_id": row.kpi_id,
            "period": row.period,
            "value": row.value,
            "note": row.note or "",
            "source": source,
            "reported_by": row.by,
            "reported_at": row.at,
        }
        for row in rows
    ]
    statement = insert_or_ignore(session, Reading).returning(Reading.kpi_id, Reading.period)
    done = {(kpi_id, period) for kpi_id, period in session.execute(statement, values)}
    counted = Counter({Stored.NEW: len(done)})
    for row in rows:
        if (row.kpi_id, row.period) not in done:  # somebody reported it this very moment
            fields = row._asdict()
            counted[store(session, now=fields.pop("at"), source=source, **fields)] += 1
    return counted


def _correct(session: Session, rows: Sequence[tuple[_Known, NewReading]], source: str) -> None:
    """Copy the earlier values to `reading_version`, then write the new ones, by primary key."""
    copied = ("id", "value", "note", "source", "reported_by", "reported_at")
    by_author: dict[tuple[int | None, datetime], list[int]] = {}
    for known, row in rows:
        by_author.setdefault((row.by, row.at), []).append(known.id)
    for (by, at), ids in by_author.items():
        earlier = select_columns(
            *(getattr(Reading, name) for name in copied), literal(by, Integer), literal(at, UtcDateTime)
        ).where(col(Reading.id).in_(ids))
        target = ["reading_id", *copied[1:], "replaced_by", "replaced_at"]
        session.execute(insert_rows(ReadingVersion).from_select(target, earlier))
    session.execute(
        update(Reading),
        [
            {
                "id": known.id,
                "value": row.value,
                "note": known.note if row.note is None else row.note,
                "source": source,
                "reported_by": row.by,
                "reported_at": row.at,
            }
            for known, row in rows
        ],
    )
