"""Queries about people. Slack describes them; these rows remember what it last said."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import Absence, Member, Workspace

# Built once: building a statement costs more than running it.
_BY_SLACK_ID = select(Member).where(
    col(Member.workspace_id) == bindparam("workspace_id"), col(Member.slack_user_id) == bindparam("slack_user_id")
)

_MOST_WORKSPACES_AT_ONCE = 500
_DESCRIBED_BEFORE = (
    select_columns(
        col(Member.workspace_id), col(Workspace.slack_team_id), col(Member.slack_user_id), col(Member.refreshed_at)
    )
    .join(Workspace, col(Workspace.id) == col(Member.workspace_id))
    .where(
        col(Workspace.uninstalled_at).is_(None),
        col(Member.workspace_id).in_(bindparam("workspace_ids", expanding=True)),
        col(Member.refreshed_at).is_(None) | (col(Member.refreshed_at) < bindparam("before")),
    )
    .order_by(col(Member.id))
)


def by_slack_id(session: Session, workspace_id: int, slack_user_id: str) -> Member | None:
    """Return the member that Slack calls `slack_user_id`."""
    scope = {"workspace_id": workspace_id, "slack_user_id": slack_user_id}
    return session.execute(_BY_SLACK_ID, scope).scalars().first()


_RECIPIENT: Any = select_columns(
    Member,
    exists().where(
        col(Absence.member_id) == col(Member.id),
        col(Absence.starts_at) <= bindparam("now"),
        col(Absence.ends_at) > bindparam("now"),
    ),
).where(col(Member.workspace_id) == bindparam("workspace_id"), col(Member.slack_user_id) == bindparam("slack_user_id"))


def recipient(session: Session, workspace_id: int, slack_user_id: str, *, now: datetime) -> tuple[Member, bool] | None:
    """Return the member that Slack calls `slack_user_id`, and whether they are away now."""
    scope = {"workspace_id": workspace_id, "slack_user_id": slack_user_id, "now": now}
    row = session.execute(_RECIPIENT, scope).first()
    return (row[0], row[1]) if row else None


def get(session: Session, workspace_id: int, member_id: int) -> Member | None:
    """Return a member if it is this workspace's."""
    return session.exec(select(Member).where(Member.id == member_id, Member.workspace_id == workspace_id)).first()


def all_of(session: Session, workspace_id: int) -> Sequence[Member]:
    """Return every member that is known of a workspace."""
    return session.exec(select(Member).where(Member.workspace_id == workspace_id).order_by(col(Member.id))).all()


def names(session: Session, workspace_id: int, slack_user_ids: Collection[str]) -> dict[str, str]:
    """Return what members are called, by Slack id; who is unknown or nameless is left out."""
    query = select(Member.slack_user_id, Member.name).where(
        Member.workspace_id == workspace_id, col(Member.slack_user_id).in_(slack_user_ids), Member.name != ""
    )
    return dict(session.exec(query).all())


def ensure(session: Session, workspace_id: int, slack_user_id: str) -> Member:
    """Return the member, adding a bare row when it is new."""
    session.execute(
        insert_or_ignore(session, Member).values(
            workspace_id=workspace_id,
            slack_user_id=slack_user_id,
            name="",
            is_bot=False,
            is_restricted=False,
            is_stranger=False,
            deleted=False,
        )
    )
    query = select(Member).where(Member.workspace_id == workspace_id, Member.slack_user_id == slack_user_id)
    return session.exec(query).one()


def describe(session: Session, workspace_id: int, slack_user_id: str, *, now: datetime, **facts: Any) -> bool:
    """Store what Slack says of a member that is known already; return whether there is one.

    Args:
        session: A writing session.
        workspace_id: The member's workspace.
        slack_user_id: Slack's id.
        now: When Slack said it.
        facts: Columns of `Member` (name, timezone, locale, is_bot, is_restricted, is_stranger, deleted).
    """
    result = session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.slack_user_id) == slack_user_id)
        .values(refreshed_at=now, **facts)
        .returning(col(Member.id))
    )
    return result.first() is not None


def stale(session: Session, workspace_id: int, *, before: datetime, limit: int) -> Sequence[str]:
    """Return Slack ids of members that were last described before an instant, or never; not of erased ones."""
    refreshed = col(Member.refreshed_at)
    query = (
        select(Member.slack_user_id)
        .where(Member.workspace_id == workspace_id, refreshed.is_(None) | (refreshed < before))
        .where(col(Member.slack_user_id).not_like("erased-%"))
        .order_by(col(Member.id))
        .limit(limit)
    )
    return session.exec(query).all()


def described_before(
    session: Session, people: Collection[tuple[int, str]], *, before: datetime
) -> list[tuple[str, str]]:
    """Return which of some people were last described before an instant, or never, longest ago first.

    Args:
        session: A session.
        people: The workspace's id and Slack's id of each.
        before: The instant.

    Returns:
        Slack's id of the workspace, and of the person; whose workspace the app has left is left out.
    """
    wanted, found = set(people), []
    homes = sorted({workspace_id for workspace_id, _ in wanted})
    for start in range(0, len(homes), _MOST_WORKSPACES_AT_ONCE):
        some = {"workspace_ids": homes[start : start + _MOST_WORKSPACES_AT_ONCE], "before": before}
        found += [
            row for row in fetch(session, _DESCRIBED_BEFORE, some) if (row.workspace_id, row.slack_user_id) in wanted
        ]
    found.sort(key=lambda row: (row.refreshed_at is not None, row.refreshed_at))
    return [(row.slack_team_id, row.slack_user_id) for row in found]


def spoken_locale(member: Member) -> str | None:
    """Return the locale that a member is spoken to in: the one that they chose, else what Slack says of them."""
    return member.own_locale or member.locale
