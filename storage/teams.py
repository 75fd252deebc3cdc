"""Queries about teams and who plays in them. Every one is scoped by workspace."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, case, func, literal, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import Assignment, Hat, Member, Membership, Team, Workspace


class Place(NamedTuple):
    """A team that a message from a channel and a person may be about.

    `rank`: 0 the channel is the team's, 1 the person plays in it, 2 it is merely in the workspace.
    """

    rank: int
    workspace_id: int
    team_id: int
    team_name: str
    team_locale: str
    channel_id: str | None
    directory_version: int
    member_id: int | None
    member_locale: str | None
    is_admin: bool | None


MOST_PLACES = 20
# Who looks after no team.
_OUTSIDE = (Member.deleted, Member.is_bot, Member.is_restricted, Member.is_stranger)
_RANK_BY_CHANNEL, _RANK_BY_MEMBERSHIP, _RANK_BY_WORKSPACE = 0, 1, 2


# Statements on the way to an answer are built once: building one costs more than running it.
_RANK = case(
    (col(Team.channel_id) == bindparam("channel"), literal(_RANK_BY_CHANNEL, Integer)),
    (col(Membership.id).is_not(None), literal(_RANK_BY_MEMBERSHIP, Integer)),
    else_=literal(_RANK_BY_WORKSPACE, Integer),
)
_PLACES = (
    select_columns(
        _RANK,
        col(Team.workspace_id),
        col(Team.id),
        col(Team.name),
        col(Team.locale),
        col(Team.channel_id),
        col(Team.directory_version),
        col(Member.id),
        func.coalesce(col(Member.own_locale), col(Member.locale)),
        col(Membership.is_admin),
    )
    .join(Workspace, col(Workspace.id) == col(Team.workspace_id))
    .join(
        Member,
        and_(col(Member.workspace_id) == col(Workspace.id), col(Member.slack_user_id) == bindparam("user")),
        isouter=True,
    )
    .join(
        Membership,
        and_(
            col(Membership.team_id) == col(Team.id),
            col(Membership.member_id) == col(Member.id),
            col(Membership.left_at).is_(None),
        ),
        isouter=True,
    )
    .where(col(Workspace.slack_team_id) == bindparam("workspace"), col(Team.archived_at).is_(None))
    .order_by(_RANK, col(Team.id))
    .limit(MOST_PLACES)
)
_PLACE_OF_TEAM = _PLACES.where(col(Team.id) == bindparam("team_id"))
_GET = select(Team).where(
    col(Team.id) == bindparam("team_id"),
    col(Team.workspace_id) == bindparam("workspace_id"),
    col(Team.archived_at).is_(None),
)

_WITH_WORKSPACE: Any = (
    select_columns(Team, col(Workspace.slack_team_id))
    .join(Workspace, col(Workspace.id) == col(Team.workspace_id))
    .where(
        col(Team.id) == bindparam("team_id"),
        col(Team.workspace_id) == bindparam("workspace_id"),
        col(Team.archived_at).is_(None),
        col(Workspace.uninstalled_at).is_(None),
    )
)


def places(
    session: Session, *, workspace: str, channel: str | None, user: str, team_id: int | None = None
) -> Sequence[Place]:
    """Return the teams that a person in a channel may mean, likeliest first; with `team_id`, only that one.

    `workspace`, `channel` and `user` are Slack's ids.
    """
    scope = {"workspace": workspace, "channel": channel, "user": user}
    if team_id is not None:
        return [Place(*row) for row in fetch(session, _PLACE_OF_TEAM, {**scope, "team_id": team_id})]
    return [Place(*row) for row in fetch(session, _PLACES, scope)]


def workspace_id(session: Session, slack_team_id: str) -> int | None:
    """Return the id of the workspace that Slack calls `slack_team_id`."""
    return session.exec(select(Workspace.id).where(Workspace.slack_team_id == slack_team_id)).first()


def of_workspace(session: Session, workspace_id: int) -> Sequence[Team]:
    """Return a workspace's live teams."""
    query = select(Team).where(Team.workspace_id == workspace_id, col(Team.archived_at).is_(None))
    return session.exec(query.order_by(col(Team.id))).all()


def by_slug(session: Session, workspace_id: int, slug: str) -> Team | None:
    """Return the team that a workspace calls `slug`."""
    return session.exec(select(Team).where(Team.workspace_id == workspace_id, Team.slug == slug)).first()


def get(session: Session, workspace_id: int, team_id: int) -> Team | None:
    """Return a live team if it is this workspace's."""
    return session.execute(_GET, {"workspace_id": workspace_id, "team_id": team_id}).scalars().first()


def with_workspace(session: Session, workspace_id: int, team_id: int) -> tuple[Team, str] | None:
    """Return a live team and its workspace's Slack id, if it is this workspace's and the app is installed there."""
    row = session.execute(_WITH_WORKSPACE, {"workspace_id": workspace_id, "team_id": team_id}).first()
    return (row[0], row[1]) if row else None


def touch_directory(session: Session, team_id: int) -> None:
    """Say that the team's hats or names changed, so that every replica's cache of them is stale."""
    session.execute(
        update(Team)
        .where(col(Team.id) == team_id)
        .values(directory_version=col(Team.directory_version) + 1)
        .execution_options(synchronize_session=False)
    )


def members(session: Session, team_id: int) -> Sequence[tuple[Member, Membership]]:
    """Return who plays in a team now, by name."""
    query = (
        select(Member, Membership)
        .join(Membership, col(Membership.member_id) == col(Member.id))
        .where(Membership.team_id == team_id, col(Membership.left_at).is_(None))
        .order_by(col(Member.name), col(Member.id))
    )
    return session.exec(query).all()


def membership(session: Session, team_id: int, member_id: int) -> Membership | None:
    """Return a member's place in the team, if they play in it now."""
    query = select(Membership).where(
        Membership.team_id == team_id, Membership.member_id == member_id, col(Membership.left_at).is_(None)
    )
    return session.exec(query).first()


def admins(session: Session, team_id: int) -> list[Member]:
    """Return who looks after the team, longest-standing first; who has left, or is a guest by now, does not."""
    query = (
        select(Member)
        .join(Membership, col(Membership.member_id) == col(Member.id))
        .where(
            Membership.team_id == team_id,
            col(Membership.left_at).is_(None),
            col(Membership.is_admin).is_(True),
            *(col(outside).is_(False) for outside in _OUTSIDE),
        )
        .order_by(col(Membership.joined_at), col(Membership.id))
    )
    return list(session.exec(query).all())


def of_member(session: Session, workspace_id: int, member_id: int) -> Sequence[Team]:
    """Return the live teams that a member plays in now."""
    query = (
        select(Team)
        .join(Membership, col(Membership.team_id) == col(Team.id))
        .where(
            Team.workspace_id == workspace_id,
            Membership.member_id == member_id,
            col(Membership.left_at).is_(None),
            col(Team.archived_at).is_(None),
        )
    )
    return session.exec(query.order_by(col(Team.id))).all()


def concerning(session: Session, workspace_id: int, member_id: int) -> Sequence[Team]:
    """Return the live teams in which a member plays, or owns a hat."""
    plays = select(Membership.team_id).where(Membership.member_id == member_id, col(Membership.left_at).is_(None))
    owns = (
        select(Hat.team_id)
        .join(Assignment, col(Assignment.hat_id) == col(Hat.id))
        .where(Assignment.member_id == member_id, col(Assignment.ended_at).is_(None))
    )
    query = select(Team).where(
        Team.workspace_id == workspace_id,
        col(Team.archived_at).is_(None),
        col(Team.id).in_(plays) | col(Team.id).in_(owns),
    )
    return session.exec(query.order_by(col(Team.id))).all()


def lock(session: Session, workspace_id: int, team_id: int) -> bool:
    """Hold a team until the transaction ends; return whether there is one.

    Against others who hold it or change it, as everywhere where something is held: rows that name it may come. Who
    holds one of its hats, and notes that, must not wait for whoever holds the team and waits for the hat.
    SQLite has one writer at a time and needs no lock.
    """
    query = select(Team.id).where(Team.id == team_id, Team.workspace_id == workspace_id)
    return session.exec(query.with_for_update(key_share=True)).first() is not None


def longest_standing(session: Session, team_id: int, *, but: int | None = None) -> tuple[Member, Membership] | None:
    """Return who has played in the team longest, of the people who could look after it, `but` left out."""
    query = (
        select(Member, Membership)
        .join(Membership, col(Membership.member_id) == col(Member.id))
        .where(
            Membership.team_id == team_id,
            col(Membership.left_at).is_(None),
            col(Member.id) != (but or 0),
            *(col(outside).is_(False) for outside in _OUTSIDE),
        )
        .order_by(col(Membership.joined_at), col(Membership.id))
    )
    return session.exec(query).first()


def set_admin(session: Session, team_id: int, member_id: int, *, is_admin: bool) -> None:
    """Let a member of the team look after it, or no more."""
    session.execute(
        update(Membership)
        .where(
            col(Membership.team_id) == team_id,
            col(Membership.member_id) == member_id,
            col(Membership.left_at).is_(None),
        )
        .values(is_admin=is_admin)
        .execution_options(synchronize_session="fetch")
    )


def add_member(session: Session, team: Team, member_id: int, *, now: datetime) -> bool:
    """Let a member play in the team; return whether that is new."""
    result = session.execute(
        insert_or_ignore(session, Membership)
        .values(
            workspace_id=team.workspace_id,
            team_id=team.id,
            member_id=member_id,
            is_admin=False,
            joined_at=now,
        )
        .returning(Membership.id)
    )
    return result.first() is not None


def remove_member(session: Session, team_id: int, member_id: int, *, now: datetime) -> None:
    """Let a member leave the team; the row stays as history."""
    session.execute(
        update(Membership)
        .where(
            col(Membership.team_id) == team_id,
            col(Membership.member_id) == member_id,
            col(Membership.left_at).is_(None),
        )
        .values(left_at=now)
    )
