"""The audit log: rows are added in the transaction of the change that they tell of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import Audit


def add(
    session: Session,
    *,
    workspace_id: int,
    team_id: int,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Tell of one change. Only fields that differ are kept; values become text where JSON has no type for them."""
    old, new = dict(before or {}), dict(after or {})
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    session.add(
        Audit(
            workspace_id=workspace_id,
            team_id=team_id,
            at=now,
            actor=actor,
            action=action,
            subject=subject,
            reason=reason,
            before={name: _plain(old[name]) for name in changed if name in old},
            after={name: _plain(new[name]) for name in changed if name in new},
        )
    )


def of_team(
    session: Session, team_id: int, *, limit: int, subject: str | None = None, offset: int = 0
) -> Sequence[Audit]:
    """Return the latest changes of a team, newest first, after the first `offset`; with `subject`, only one thing's."""
    query = select(Audit).where(Audit.team_id == team_id)
    if subject is not None:
        query = query.where(Audit.subject == subject)
    return session.exec(query.order_by(col(Audit.id).desc()).offset(offset).limit(limit)).all()


def last_reason(session: Session, team_id: int, subjects: Sequence[str]) -> tuple[str, str] | None:
    """Return the latest reason that was given for one of some things: Slack's id of who gave it, and the words."""
    query = select(Audit.actor, Audit.reason).where(
        Audit.team_id == team_id, col(Audit.subject).in_(subjects), Audit.reason != ""
    )
    row = session.exec(query.order_by(col(Audit.id).desc())).first()
    return (row[0], row[1]) if row else None


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value)
