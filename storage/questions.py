"""Queries about questions."""

from datetime import datetime

from sqlmodel import Session

from storage.inserts import insert_or_ignore
from storage.tables import Question


def add(
    session: Session,
    *,
    workspace_id: int,
    hat_id: int,
    asker_id: int,
    text: str,
    channel_id: str | None,
    key: str,
    now: datetime,
) -> bool:
    """Store a question; return False when this submission is stored already."""
    result = session.execute(
        insert_or_ignore(session, Question)
        .values(
            workspace_id=workspace_id,
            hat_id=hat_id,
            asker_id=asker_id,
            text=text,
            channel_id=channel_id,
            key=key,
            asked_at=now,
        )
        .returning(Question.id)
    )
    return result.first() is not None
