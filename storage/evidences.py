"""Queries about hat checks and evidence. Counts only."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.tables import Assignment, Evidence, Hat, HatCheck, HatCheckHat, Kpi, Member, Reading


def add(
    session: Session, *, workspace_id: int, hat_id: int, member_id: int, kind: str, key: str, now: datetime
) -> bool:
    """Store that a member did something for a hat, once for each `key`; return whether it is new."""
    statement = insert_or_ignore(session, Evidence).values(
        workspace_id=workspace_id, hat_id=hat_id, member_id=member_id, kind=kind, key=key, occurred_at=now
    )
    return session.execute(statement.returning(Evidence.id)).first() is not None


def check(
    session: Session,
    *,
    workspace_id: int,
    team_id: int,
    member_id: int,
    period: str,
    hat_ids: Sequence[int],
    now: datetime,
) -> None:
    """Store which hats a member wore in a week, in place of an earlier answer."""
    session.execute(
        delete(HatCheck).where(
            col(HatCheck.team_id) == team_id, col(HatCheck.member_id) == member_id, col(HatCheck.period) == period
        )
    )
    answered = HatCheck(workspace_id=workspace_id, team_id=team_id, member_id=member_id, period=period, answered_at=now)
    session.add(answered)
    session.flush()
    session.add_all(HatCheckHat(hat_check_id=answered.id or 0, hat_id=hat_id) for hat_id in sorted(set(hat_ids)))
    session.flush()


def ticked(session: Session, team_id: int, member_id: int, period: str) -> list[int] | None:
    """Return the hats that a member ticked for a week; None when they have not answered."""
    answered = session.exec(
        select(HatCheck.id).where(
            HatCheck.team_id == team_id, HatCheck.member_id == member_id, HatCheck.period == period
        )
    ).first()
    if answered is None:
        return None
    return list(session.exec(select(HatCheckHat.hat_id).where(HatCheckHat.hat_check_id == answered)).all())


def last_answered(session: Session, team_id: int, member_id: int, *, before: str) -> str | None:
    """Return the latest week, before another, for which a member answered."""
    query = select(func.max(HatCheck.period)).where(
        HatCheck.team_id == team_id, HatCheck.member_id == member_id, HatCheck.period < before
    )
    return session.exec(query).one()


def worn(session: Session, team_id: int, *, first: str, last: str) -> dict[str, dict[int, set[int]]]:
    """Return who ticked what, by week: member -> hats. Both weeks are included."""
    query = (
        select_columns(col(HatCheck.period), col(HatCheck.member_id), col(HatCheckHat.hat_id))
        .join(HatCheckHat, col(HatCheckHat.hat_check_id) == col(HatCheck.id))
        .where(col(HatCheck.team_id) == team_id, col(HatCheck.period).between(first, last))
    )
    found: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for period, member_id, hat_id in session.execute(query):
        found[period][member_id].add(hat_id)
    return found


def counts(session: Session, team_id: int, *, since: datetime) -> dict[tuple[int, int], dict[str, int]]:
    """Count what each member did for each hat of the team since an instant: (hat, member) -> kind -> number.

    Kinds: `hat_checks`, `readings`, `answered`, `passed_on`, `took_it`. What a member has deleted does not count.
    """
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    counted = func.count()
    events = (
        select_columns(col(Evidence.hat_id), col(Evidence.member_id), col(Evidence.kind), counted)
        .join(Hat, col(Hat.id) == col(Evidence.hat_id))
        .where(col(Hat.team_id) == team_id, col(Evidence.occurred_at) >= since)
        .group_by(col(Evidence.hat_id), col(Evidence.member_id), col(Evidence.kind))
    )
    for hat_id, member_id, kind, number in session.execute(events):
        found[hat_id, member_id][kind] = number
    checks = (
        select_columns(col(HatCheckHat.hat_id), col(HatCheck.member_id), counted)
        .join(HatCheck, col(HatCheck.id) == col(HatCheckHat.hat_check_id))
        .where(col(HatCheck.team_id) == team_id, col(HatCheck.answered_at) >= since)
        .group_by(col(HatCheckHat.hat_id), col(HatCheck.member_id))
    )
    for hat_id, member_id, number in session.execute(checks):
        found[hat_id, member_id]["hat_checks"] = number
    filed = (
        select_columns(col(Kpi.hat_id), col(Reading.reported_by), counted)
        .join(Kpi, col(Kpi.id) == col(Reading.kpi_id))
        .join(Member, col(Member.id) == col(Reading.reported_by))
        .where(
            col(Kpi.team_id) == team_id,
            col(Reading.reported_at) >= since,
            col(Reading.source).in_(("modal", "thread")),
            col(Member.evidence_since).is_(None) | (col(Reading.reported_at) >= col(Member.evidence_since)),
        )
        .group_by(col(Kpi.hat_id), col(Reading.reported_by))
    )
    for hat_id, reporter, number in session.execute(filed):
        if reporter is not None:
            found[hat_id, reporter]["readings"] = number
    return found


def forget(session: Session, workspace_id: int, member_id: int, *, now: datetime) -> None:
    """Delete a member's evidence: events and hat checks are gone, readings stay but count no more."""
    session.execute(
        delete(Evidence).where(col(Evidence.workspace_id) == workspace_id, col(Evidence.member_id) == member_id)
    )
    session.execute(
        delete(HatCheck).where(col(HatCheck.workspace_id) == workspace_id, col(HatCheck.member_id) == member_id)
    )
    member = session.exec(select(Member).where(Member.id == member_id, Member.workspace_id == workspace_id)).one()
    member.evidence_since = now
    session.flush()


def last_worn(session: Session, team_id: int) -> dict[int, str]:
    """Return the latest week in which each owned hat was ticked by its owner, by hat."""
    query = (
        select_columns(col(HatCheckHat.hat_id), func.max(col(HatCheck.period)))
        .join(HatCheck, col(HatCheck.id) == col(HatCheckHat.hat_check_id))
        .join(
            Assignment,
            and_(
                col(Assignment.hat_id) == col(HatCheckHat.hat_id),
                col(Assignment.member_id) == col(HatCheck.member_id),
                col(Assignment.ended_at).is_(None),
            ),
        )
        .where(col(HatCheck.team_id) == team_id)
        .group_by(col(HatCheckHat.hat_id))
    )
    return dict(session.execute(query).all())
