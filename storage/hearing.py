"""Queries about where the bot listens, and which events have had their effect."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.tables import Listening, SeenEvent


def mode(session: Session, workspace_id: int, channel_id: str) -> str | None:
    """Return how the bot listens in a channel: answer, offer, mentions; None where nobody has said."""
    query = select(Listening.mode).where(Listening.workspace_id == workspace_id, Listening.channel_id == channel_id)
    return session.exec(query).first()


def set_mode(session: Session, workspace_id: int, team_id: int, channel_id: str, mode_: str, *, now: datetime) -> None:
    """Let the bot listen in a channel from now on, for a team."""
    row = session.exec(
        select(Listening).where(Listening.workspace_id == workspace_id, Listening.channel_id == channel_id)
    ).first()
    if row is None:
        row = Listening(workspace_id=workspace_id, team_id=team_id, channel_id=channel_id, changed_at=now)
        session.add(row)
    row.team_id, row.mode, row.changed_at = team_id, mode_, now
    session.flush()


def listening(session: Session, workspace_id: int, team_id: int) -> Sequence[Listening]:
    """Return the channels in which the bot listens for a team."""
    query = select(Listening).where(Listening.workspace_id == workspace_id, Listening.team_id == team_id)
    return session.exec(query.order_by(col(Listening.channel_id))).all()


def first_time(session: Session, workspace_id: int, event_id: str, *, now: datetime) -> bool:
    """Tell whether an event comes for the first time, and remember that it has come."""
    statement = insert_or_ignore(session, SeenEvent).values(
        workspace_id=workspace_id, event_id=event_id[:80], seen_at=now
    )
    return session.execute(statement.returning(SeenEvent.id)).first() is not None


def has_seen(session: Session, *, before: datetime) -> bool:
    """Tell whether there are events, in any workspace, that can be forgotten."""
    return session.exec(select(SeenEvent.id).where(SeenEvent.seen_at < before).limit(1)).first() is not None


def forget_seen(session: Session, *, before: datetime) -> None:
    """Forget events that Slack will not send again, in all workspaces."""
    session.execute(delete(SeenEvent).where(col(SeenEvent.seen_at) < before))
