"""Queries about hat checks and evidence. Counts only."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, exists, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import Assignment, Evidence, Hat, HatCheck, HatCheckHat, Kpi, Member, Reading, Wearer


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
    """Store which hats a member wore in a week, in place of an earlier answer.

    The row of the answer stays: of two answers at the same instant the later one waits for the other and replaces it.
    """
    session.execute(
        insert_or_ignore(session, HatCheck).values(
            workspace_id=workspace_id, team_id=team_id, member_id=member_id, period=period, answered_at=now
        )
    )
    query = select(HatCheck).where(
        HatCheck.workspace_id == workspace_id,
        HatCheck.team_id == team_id,
        HatCheck.member_id == member_id,
        HatCheck.period == period,
    )
    answered = session.exec(query.with_for_update()).one()
    answered.answered_at = now
    session.execute(delete(HatCheckHat).where(col(HatCheckHat.hat_check_id) == answered.id))
    session.add_all(HatCheckHat(hat_check_id=answered.id or 0, hat_id=hat_id) for hat_id in sorted(set(hat_ids)))
    session.flush()


class Ticked(NamedTuple):
    """A member's answer for a week; no hats when it was 'none of them'."""

    period: str
    hat_ids: tuple[int, ...]


# Built once: building a statement costs more than running it.
_LAST = (
    select_columns(col(HatCheck.id), col(HatCheck.period))
    .where(
        col(HatCheck.team_id) == bindparam("team_id"),
        col(HatCheck.member_id) == bindparam("member_id"),
        col(HatCheck.period) <= bindparam("until"),
    )
    .order_by(col(HatCheck.period).desc())
    .limit(1)
    .subquery()
)
_LAST_TICKED = select_columns(_LAST.c.period, col(HatCheckHat.hat_id)).join(
    HatCheckHat, col(HatCheckHat.hat_check_id) == _LAST.c.id, isouter=True
)


def last_ticked(session: Session, team_id: int, member_id: int, *, until: str) -> Ticked | None:
    """Return a member's latest answer for a week, or for one before it; None when they never answered."""
    scope = {"team_id": team_id, "member_id": member_id, "until": until}
    rows = fetch(session, _LAST_TICKED, scope).all()
    return Ticked(rows[0][0], tuple(hat_id for _, hat_id in rows if hat_id is not None)) if rows else None


class Choice(NamedTuple):
    """A live hat that may be ticked; `is_theirs` when the member owns or wears it now."""

    id: int
    slug: str
    name: str
    is_theirs: bool


_IS_WORN = exists().where(
    col(Wearer.hat_id) == col(Hat.id), col(Wearer.member_id) == bindparam("member_id"), col(Wearer.until).is_(None)
)
_IS_OWNED = exists().where(
    col(Assignment.hat_id) == col(Hat.id),
    col(Assignment.member_id) == bindparam("member_id"),
    col(Assignment.ended_at).is_(None),
)
_CHOICES = (
    select_columns(col(Hat.id), col(Hat.slug), col(Hat.name), or_(_IS_WORN, _IS_OWNED))
    .where(col(Hat.team_id) == bindparam("team_id"), col(Hat.archived_at).is_(None))
    .order_by(col(Hat.name), col(Hat.id))
)


def choices(session: Session, team_id: int, member_id: int) -> list[Choice]:
    """Return the hats that a member may tick, by name."""
    return [Choice(*row) for row in fetch(session, _CHOICES, {"team_id": team_id, "member_id": member_id})]


def worn(session: Session, team_id: int, *, first: str, last: str) -> dict[str, dict[int, set[int]]]:
    """Return who ticked what, by week: member -> hats, none for 'none of them'. Both weeks are included."""
    query = (
        select_columns(col(HatCheck.period), col(HatCheck.member_id), col(HatCheckHat.hat_id))
        .join(HatCheckHat, col(HatCheckHat.hat_check_id) == col(HatCheck.id), isouter=True)
        .where(col(HatCheck.team_id) == team_id, col(HatCheck.period).between(first, last))
    )
    found: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for period, member_id, hat_id in session.execute(query):
        ticked = found[period][member_id]
        if hat_id is not None:
            ticked.add(hat_id)
    return found


def answered(session: Session, team_id: int, *, first: str, last: str) -> dict[int, int]:
    """Count the hat checks that each member answered within weeks, both included."""
    query = (
        select_columns(col(HatCheck.member_id), func.count())
        .where(col(HatCheck.team_id) == team_id, col(HatCheck.period).between(first, last))
        .group_by(col(HatCheck.member_id))
    )
    return dict(session.execute(query).all())


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
