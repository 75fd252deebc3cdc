"""Queries about workspaces."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.tables import Workspace


def by_slack_id(session: Session, slack_team_id: str) -> Workspace | None:
    """Return the workspace that Slack calls `slack_team_id`."""
    return session.exec(select(Workspace).where(Workspace.slack_team_id == slack_team_id)).first()


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
