"""Looking deliveries up: what was sent, what may have been, and what is on its way."""

from collections.abc import Sequence

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from storage.tables import Delivery


def sent(session: Session, *, team_id: int, kind: str, recipient: str, period: str) -> Delivery | None:
    """Return a delivery that reached its recipient."""
    query = select(Delivery).where(
        Delivery.team_id == team_id,
        Delivery.kind == kind,
        Delivery.recipient == recipient,
        Delivery.period == period,
        Delivery.state == "sent",
    )
    return session.exec(query).first()


def last_sent(session: Session, *, team_id: int, kind: str) -> Delivery | None:
    """Return the last delivery of a kind that a team has sent, or is sending now."""
    query = select(Delivery).where(
        Delivery.team_id == team_id, Delivery.kind == kind, col(Delivery.state).in_(("sent", "claimed"))
    )
    return session.exec(query.order_by(col(Delivery.id).desc()).limit(1)).first()


def is_waiting(session: Session, team_id: int, kind: str) -> bool:
    """Tell whether a team owes something of a kind that no worker has taken; none does until the transaction ends.

    SQLite has one writer at a time and needs no lock.
    """
    query = select(Delivery.id).where(Delivery.team_id == team_id, Delivery.kind == kind, Delivery.state == "due")
    return session.exec(query.limit(1).with_for_update()).first() is not None


def one(session: Session, team_id: int, delivery_id: int) -> Delivery | None:
    """Return a delivery of a team's by its id, whatever became of it."""
    return session.exec(select(Delivery).where(Delivery.team_id == team_id, Delivery.id == delivery_id)).first()


def state(session: Session, *, team_id: int, kind: str, recipient: str, period: str) -> str | None:
    """Return the state of a delivery; None when there is none."""
    query = select(Delivery.state).where(
        Delivery.team_id == team_id,
        Delivery.kind == kind,
        Delivery.recipient == recipient,
        Delivery.period == period,
    )
    return session.exec(query).first()


def sent_about(session: Session, *, team_id: int, kinds: Sequence[str], about: str) -> Sequence[Delivery]:
    """Return every delivery of some kinds that was sent, is being sent or may have been, and whose name begins so.

    Oldest first.
    """
    query = select(Delivery).where(
        Delivery.team_id == team_id,
        col(Delivery.kind).in_(kinds),
        col(Delivery.period).startswith(about, autoescape=True),
        or_(col(Delivery.state).in_(("sent", "claimed")), and_(col(Delivery.state) == "due", col(Delivery.doubtful))),
    )
    return session.exec(query.order_by(col(Delivery.id))).all()


def number_about(session: Session, *, team_id: int, kind: str, about: str) -> int:
    """Return how many deliveries of a kind there are whose news' name begins so, whatever became of them."""
    query = select(func.count()).where(
        Delivery.team_id == team_id, Delivery.kind == kind, col(Delivery.period).startswith(about, autoescape=True)
    )
    return session.exec(query).one()


def owed_without_team(session: Session, workspace_id: int, kind: str) -> bool:
    """Tell whether a workspace owes, or has sent, anything of a kind that belongs to no team."""
    query = select(Delivery.id).where(
        Delivery.workspace_id == workspace_id, col(Delivery.team_id).is_(None), Delivery.kind == kind
    )
    return session.exec(query).first() is not None
