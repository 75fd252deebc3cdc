"""Queries about who stands in for whom, and who is away."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.tables import Absence, Deputy, Hat, Member


class DeputyRow(NamedTuple):
    """Who stands in for a hat's owner."""

    hat_id: int
    member_id: int
    slack_id: str
    name: str


def deputy_of(session: Session, hat_id: int) -> DeputyRow | None:
    """Return the hat's deputy."""
    row = session.execute(_DEPUTIES.where(col(Deputy.hat_id) == hat_id)).first()
    return DeputyRow(*row) if row else None


def deputies_of_team(session: Session, team_id: int) -> dict[int, DeputyRow]:
    """Return the deputies of the team's hats, by hat."""
    query = _DEPUTIES.join(Hat, col(Hat.id) == col(Deputy.hat_id)).where(col(Hat.team_id) == team_id)
    return {row[0]: DeputyRow(*row) for row in session.execute(query)}


_DEPUTIES = (
    select_columns(col(Deputy.hat_id), col(Member.id), col(Member.slack_user_id), col(Member.name))
    .join(Member, col(Member.id) == col(Deputy.member_id))
    .where(col(Deputy.until).is_(None), col(Member.deleted).is_(False))
)


def set_deputy(session: Session, hat: Hat, member_id: int | None, *, now: datetime) -> None:
    """Make a member the hat's deputy; None: nobody."""
    session.execute(update(Deputy).where(col(Deputy.hat_id) == hat.id, col(Deputy.until).is_(None)).values(until=now))
    if member_id is not None:
        session.add(Deputy(workspace_id=hat.workspace_id, hat_id=hat.id or 0, member_id=member_id, since=now))
        session.flush()


def end_deputyships(session: Session, workspace_id: int, member_id: int, *, now: datetime) -> None:
    """Let a member stand in for nobody any more."""
    session.execute(
        update(Deputy)
        .where(
            col(Deputy.workspace_id) == workspace_id, col(Deputy.member_id) == member_id, col(Deputy.until).is_(None)
        )
        .values(until=now)
    )


def leave_deputyships(session: Session, team_id: int, member_id: int, *, now: datetime) -> None:
    """Let a member stand in for nobody of one team any more."""
    of_team = select(Hat.id).where(Hat.team_id == team_id)
    session.execute(
        update(Deputy)
        .where(col(Deputy.hat_id).in_(of_team), col(Deputy.member_id) == member_id, col(Deputy.until).is_(None))
        .values(until=now)
        .execution_options(synchronize_session=False)
    )


# Built once: every message to a person asks, and building a statement costs more than running it.
_CURRENT = (
    select(Absence)
    .where(
        col(Absence.workspace_id) == bindparam("workspace_id"),
        col(Absence.member_id) == bindparam("member_id"),
        col(Absence.starts_at) <= bindparam("now"),
        col(Absence.ends_at) > bindparam("now"),
    )
    .order_by(col(Absence.ends_at).desc())
)


def current(session: Session, workspace_id: int, member_id: int, *, now: datetime) -> Absence | None:
    """Return the absence that a member is in now."""
    scope = {"workspace_id": workspace_id, "member_id": member_id, "now": now}
    return session.execute(_CURRENT, scope).scalars().first()


def away(session: Session, workspace_id: int, *, now: datetime) -> dict[int, datetime]:
    """Return who is away now and until when, by member."""
    query = select(Absence.member_id, Absence.ends_at).where(
        Absence.workspace_id == workspace_id, Absence.starts_at <= now, Absence.ends_at > now
    )
    found: dict[int, datetime] = {}
    for member_id, ends_at in session.exec(query):
        found[member_id] = max(ends_at, found.get(member_id, ends_at))
    return found


def recent(session: Session, *, since: datetime) -> dict[tuple[int, str], list[tuple[datetime, datetime]]]:
    """Return the absences, in all workspaces, that last beyond an instant: from and until, by (workspace, Slack id)."""
    query = (
        select(Absence.workspace_id, Member.slack_user_id, Absence.starts_at, Absence.ends_at)
        .join(Member, col(Member.id) == col(Absence.member_id))
        .where(Absence.ends_at > since)
    )
    found: dict[tuple[int, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for workspace_id, slack_id, starts_at, ends_at in session.exec(query):
        found[workspace_id, slack_id].append((starts_at, ends_at))
    return found


def get(session: Session, workspace_id: int, absence_id: int) -> Absence | None:
    """Return an absence if it is this workspace's."""
    return session.exec(select(Absence).where(Absence.id == absence_id, Absence.workspace_id == workspace_id)).first()


def start(session: Session, workspace_id: int, member_id: int, *, now: datetime, until: datetime) -> None:
    """Let a member be away from now until `until`, in place of an absence that they are in."""
    end(session, workspace_id, member_id, now=now)
    session.add(Absence(workspace_id=workspace_id, member_id=member_id, starts_at=now, ends_at=until))
    session.flush()


def end(session: Session, workspace_id: int, member_id: int, *, now: datetime) -> bool:
    """Let a member be back; return whether they were away."""
    result = session.execute(
        update(Absence)
        .where(
            col(Absence.workspace_id) == workspace_id,
            col(Absence.member_id) == member_id,
            col(Absence.starts_at) <= now,
            col(Absence.ends_at) > now,
        )
        .values(ends_at=now)
        .returning(col(Absence.id))
        .execution_options(synchronize_session=False)
    )
    return result.first() is not None


def of_members(session: Session, workspace_id: int, member_ids: Sequence[int]) -> Sequence[Absence]:
    """Return every absence of members, oldest first."""
    query = select(Absence).where(Absence.workspace_id == workspace_id, col(Absence.member_id).in_(member_ids))
    return session.exec(query.order_by(col(Absence.starts_at))).all()
