"""Queries about assignments: who owns a hat, who owned it, and when their agreement is looked at again."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Assignment, Hat, Member


def live(session: Session, hat_id: int) -> Assignment | None:
    """Return the hat's owner's assignment."""
    query = select(Assignment).where(Assignment.hat_id == hat_id, col(Assignment.ended_at).is_(None))
    return session.exec(query.execution_options(populate_existing=True)).first()


def assign(session: Session, hat: Hat, member_id: int | None, *, ending: str, now: datetime) -> bool:
    """Make a member the hat's one owner (None: nobody), ending the earlier assignment as `ending`.

    Who waited for another change to be stored brings an instant from before it: what follows it begins when it began.

    Returns:
        Whether anything changed.
    """
    earlier = live(session, hat.id or 0)
    if (earlier.member_id if earlier else None) == member_id:
        return False
    if earlier:
        now = max(now, earlier.started_at)
        earlier.ended_at, earlier.ending = now, ending
        session.flush()
    if member_id is not None:
        session.add(Assignment(workspace_id=hat.workspace_id, hat_id=hat.id or 0, member_id=member_id, started_at=now))
        session.flush()
    return True


def given_up(session: Session, team_id: int, member_id: int, *, at: datetime) -> Sequence[Hat]:
    """Return the live hats that a member ceased to own at an instant and that nobody owns now."""
    taken = select(Assignment.hat_id).where(col(Assignment.ended_at).is_(None))
    query = (
        select(Hat)
        .join(Assignment, col(Assignment.hat_id) == col(Hat.id))
        .where(
            Hat.team_id == team_id,
            Assignment.member_id == member_id,
            Assignment.ended_at == at,
            Assignment.ending == "left",
            col(Hat.archived_at).is_(None),
            col(Hat.id).not_in(taken),
        )
    )
    return session.exec(query.order_by(col(Hat.name), col(Hat.id))).all()


def reviews(session: Session, team_id: int) -> dict[int, datetime]:
    """Return when the agreement about each owned hat of the team is due for a review."""
    query = (
        select(Assignment.hat_id, Assignment.review_at)
        .join(Hat, col(Hat.id) == col(Assignment.hat_id))
        .where(Hat.team_id == team_id, col(Assignment.ended_at).is_(None), col(Assignment.review_at).is_not(None))
    )
    return {hat_id: review_at for hat_id, review_at in session.exec(query) if review_at is not None}


def one(session: Session, workspace_id: int, assignment_id: int) -> Assignment | None:
    """Return an assignment if it is this workspace's."""
    query = select(Assignment).where(Assignment.id == assignment_id, Assignment.workspace_id == workspace_id)
    return session.exec(query).first()


def of_hat(session: Session, hat_id: int) -> Sequence[tuple[Assignment, Member]]:
    """Return who owned a hat, oldest first."""
    query = (
        select(Assignment, Member)
        .join(Member, col(Member.id) == col(Assignment.member_id))
        .where(Assignment.hat_id == hat_id)
        .order_by(col(Assignment.started_at), col(Assignment.id))
    )
    return session.exec(query).all()


def owner_before(session: Session, later: Assignment) -> Member | None:
    """Return who owned the hat until an assignment began; None when nobody did at that moment."""
    query = (
        select(Assignment, Member)
        .join(Member, col(Member.id) == col(Assignment.member_id))
        .where(Assignment.hat_id == later.hat_id, col(Assignment.id) < later.id)
        .order_by(col(Assignment.id).desc())
    )
    row = session.exec(query).first()
    # Of assignments that began at one instant, the one before is the one stored before.
    return row[1] if row and row[0].ended_at == later.started_at else None


def to_review(session: Session, *, now: datetime) -> Sequence[tuple[Assignment, Hat, Member]]:
    """Return the live agreements, in all workspaces, whose review date has come, with hat and owner."""
    query = (
        select(Assignment, Hat, Member)
        .join(Hat, col(Hat.id) == col(Assignment.hat_id))
        .join(Member, col(Member.id) == col(Assignment.member_id))
        .where(
            col(Assignment.ended_at).is_(None),
            col(Assignment.review_at) <= now,
            col(Hat.archived_at).is_(None),
            col(Member.deleted).is_(False),
        )
        .order_by(col(Assignment.id))
    )
    return session.exec(query).all()
