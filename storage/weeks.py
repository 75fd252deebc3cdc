"""Queries about one person's week: that they skip it, when they are asked again, and what has asked them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, delete, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage import deliveries
from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import Delivery, SkippedWeek

# Built once: every message about a week asks, and building a statement costs more than running it.
_REASON = select_columns(col(SkippedWeek.reason)).where(
    col(SkippedWeek.team_id) == bindparam("team_id"),
    col(SkippedWeek.member_id) == bindparam("member_id"),
    col(SkippedWeek.period) == bindparam("period"),
)
_SKIPPERS = select_columns(col(SkippedWeek.member_id), col(SkippedWeek.reason)).where(
    col(SkippedWeek.team_id) == bindparam("team_id"), col(SkippedWeek.period) == bindparam("period")
)


def skip(
    session: Session, *, workspace_id: int, team_id: int, member_id: int, period: str, reason: str, now: datetime
) -> None:
    """Note that a member has nothing to report for a week, in place of the reason that they gave before."""
    row = {"workspace_id": workspace_id, "team_id": team_id, "member_id": member_id, "period": period}
    added = session.execute(
        insert_or_ignore(session, SkippedWeek)
        .values(**row, reason=reason, skipped_at=now)
        .returning(col(SkippedWeek.id))
    ).first()
    if not added:
        session.execute(update(SkippedWeek).where(*_of(team_id, member_id, period)).values(reason=reason))


def unskip(session: Session, team_id: int, member_id: int, period: str) -> bool:
    """Take that back; return whether there was anything to take back."""
    gone = delete(SkippedWeek).where(*_of(team_id, member_id, period)).returning(col(SkippedWeek.id))
    return session.execute(gone.execution_options(synchronize_session=False)).first() is not None


def skipped(session: Session, team_id: int, member_id: int, period: str) -> str | None:
    """Return why a member skips a week, "" when they gave no reason; None when they do not skip it."""
    scope = {"team_id": team_id, "member_id": member_id, "period": period}
    row = fetch(session, _REASON, scope).first()
    return row[0] if row else None


def skippers(session: Session, team_id: int, period: str) -> dict[int, str]:
    """Return the members of a team who skip a week, and why ("" without a reason)."""
    return dict(fetch(session, _SKIPPERS, {"team_id": team_id, "period": period}).all())


def ask_again(session: Session, *, workspace_id: int, team_id: int, recipient: str, period: str, at: datetime) -> bool:
    """Owe a person one more message about a week, at an instant; one that waits already moves there.

    Returns:
        False when they have had, or are getting, their second message: there is no third.
    """
    waiting = update(Delivery).where(*_snoozed(team_id, recipient, period)).values(due_at=at, not_before=at)
    if session.execute(waiting.returning(col(Delivery.id)).execution_options(synchronize_session=False)).first():
        return True
    row = {
        "workspace_id": workspace_id,
        "team_id": team_id,
        "kind": "snooze",
        "recipient": recipient,
        "period": period,
        "key": uuid4().hex,
        "state": "due",
        "due_at": at,
        "not_before": at,
        "late": False,
        "doubtful": False,
        "attempts": 0,
    }
    return deliveries.owe(session, [row]) == 1


def asked_again_at(session: Session, team_id: int, recipient: str, period: str) -> datetime | None:
    """Return when a person will be asked again about a week, because they said so."""
    return session.exec(select(Delivery.due_at).where(*_snoozed(team_id, recipient, period))).first()


def asked(session: Session, team_id: int, recipient: str, period: str) -> Sequence[Delivery]:
    """Return the messages that asked a person about a week and reached them, oldest first."""
    query = select(Delivery).where(
        Delivery.team_id == team_id,
        Delivery.recipient == recipient,
        Delivery.period == period,
        col(Delivery.kind).in_(deliveries.SLOTS),
        Delivery.state == "sent",
    )
    return session.exec(query.order_by(col(Delivery.slot))).all()


def asked_in(session: Session, workspace_id: int, recipient: str, ts: str) -> Delivery | None:
    """Return the message with Slack's `ts` that asked a person about a week."""
    query = select(Delivery).where(
        Delivery.workspace_id == workspace_id,
        Delivery.recipient == recipient,
        Delivery.message_ts == ts,
        col(Delivery.kind).in_(deliveries.SLOTS),
    )
    return session.exec(query).first()


def _of(team_id: int, member_id: int, period: str) -> tuple[Any, ...]:
    return (
        col(SkippedWeek.team_id) == team_id,
        col(SkippedWeek.member_id) == member_id,
        col(SkippedWeek.period) == period,
    )


def _snoozed(team_id: int, recipient: str, period: str) -> tuple[Any, ...]:
    return (
        col(Delivery.team_id) == team_id,
        col(Delivery.kind) == "snooze",
        col(Delivery.recipient) == recipient,
        col(Delivery.period) == period,
        col(Delivery.state) == "due",
    )
