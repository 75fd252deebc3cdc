"""Queries about workspaces."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.tables import Workspace

# Built once: building a statement costs more than running it.
_BY_SLACK_ID = select(Workspace).where(col(Workspace.slack_team_id) == bindparam("slack_team_id"))


def by_slack_id(session: Session, slack_team_id: str) -> Workspace | None:
    """Return the workspace that Slack calls `slack_team_id`."""
    return session.execute(_BY_SLACK_ID, {"slack_team_id": slack_team_id}).scalars().first()


def get(session: Session, workspace_id: int) -> Workspace:
    """Return a workspace that is known to exist."""
    return session.get_one(Workspace, workspace_id)


def live(session: Session) -> Sequence[Workspace]:
    """Return every workspace that has the app installed."""
    query = select(Workspace).where(col(Workspace.uninstalled_at).is_(None)).order_by(col(Workspace.id))
    return session.exec(query).all()


def ensure(session: Session, slack_team_id: str, *, now: datetime) -> Workspace:
    """Return the workspace, adding it when it is new."""
    session.execute(insert_or_ignore(session, Workspace).values(slack_team_id=slack_team_id, name="", installed_at=now))
    return session.exec(select(Workspace).where(Workspace.slack_team_id == slack_team_id)).one()


def lock(session: Session, workspace_id: int) -> Workspace:
    """Hold a workspace until the transaction ends, and return it. SQLite has one writer at a time and needs no lock."""
    query = select(Workspace).where(Workspace.id == workspace_id)
    return session.exec(query.with_for_update(key_share=True)).one()
