"""How far deliveries and reports have come, in the whole database: figures for its operator, and no rows."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from storage.tables import ChainReport, Delivery


def counts(session: Session) -> dict[str, int]:
    """Return the number of deliveries by state."""
    query = select_columns(col(Delivery.state), func.count()).group_by(col(Delivery.state))
    return dict(session.execute(query).all())


def sent_by_kind(session: Session) -> dict[str, int]:
    """Return the number of deliveries that reached their recipients, by kind."""
    query = select_columns(col(Delivery.kind), func.count()).where(col(Delivery.state) == "sent")
    return dict(session.execute(query.group_by(col(Delivery.kind))).all())


class Backlog(NamedTuple):
    """How many deliveries could be sent now, since when the oldest could, and how many open ones are in doubt."""

    due: int
    oldest: datetime | None
    doubtful: int


def backlog(session: Session, *, now: datetime) -> Backlog:
    """Look at what is open, in all workspaces."""
    ready = and_(col(Delivery.state) == "due", col(Delivery.not_before) <= now)
    query = select_columns(
        func.count().filter(ready),
        func.min(col(Delivery.not_before)).filter(ready),
        func.count().filter(col(Delivery.doubtful)),
    ).where(col(Delivery.state).in_(("due", "claimed")))
    return Backlog(*session.execute(query).one())


class Course(NamedTuple):
    """When a delivery that reached its recipient was due, claimed (the last time) and sent."""

    kind: str
    due_at: datetime
    claimed_at: datetime
    sent_at: datetime


def courses(session: Session) -> list[Course]:
    """Return when each sent delivery was due, claimed and sent."""
    query = select_columns(
        col(Delivery.kind), col(Delivery.due_at), col(Delivery.claimed_at), col(Delivery.sent_at)
    ).where(col(Delivery.state) == "sent")
    return [Course(*row) for row in session.execute(query)]


def reports(session: Session) -> int:
    """Return how many reports on chains are kept, up to date or not."""
    return int(session.execute(select_columns(func.count(col(ChainReport.id)))).scalar_one())
