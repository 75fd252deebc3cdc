"""Queries about where the bot listens, and which events have had their effect."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import ColumnElement, delete, update
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


class Hold(Enum):
    """What came of taking an event up: it is new, or others had left it unfinished, are at it, or are done with it."""

    NEW = auto()
    LEFT = auto()
    BUSY = auto()
    DONE = auto()


def take_up(session: Session, workspace_id: int, event_id: str, *, now: datetime, until: datetime) -> Hold:
    """Hold an event until its effect, which no row shows, has been had; `finish` says so. Nobody else has it meanwhile.

    What is not finished by `until` is for whoever hears of it next.
    """
    values = {"workspace_id": workspace_id, "event_id": event_id[:80], "seen_at": now, "held_until": until}
    statement = insert_or_ignore(session, SeenEvent).values(**values)
    if session.execute(statement.returning(SeenEvent.id)).first() is not None:
        return Hold.NEW
    held = _seen(workspace_id, event_id)
    taken = update(SeenEvent).where(*held, col(SeenEvent.held_until) <= now).values(held_until=until)
    if session.execute(taken.returning(col(SeenEvent.id))).first() is not None:
        return Hold.LEFT
    found = session.exec(select(SeenEvent.held_until).where(*held)).first()
    return Hold.DONE if found is None else Hold.BUSY


def finish(session: Session, workspace_id: int, event_id: str) -> None:
    """Say that an event that was taken up has had its effect."""
    session.execute(update(SeenEvent).where(*_seen(workspace_id, event_id)).values(held_until=None))


def _seen(workspace_id: int, event_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(SeenEvent.workspace_id) == workspace_id, col(SeenEvent.event_id) == event_id[:80]


def has_seen(session: Session, *, before: datetime) -> bool:
    """Tell whether there are events, in any workspace, that can be forgotten."""
    return session.exec(select(SeenEvent.id).where(SeenEvent.seen_at < before).limit(1)).first() is not None


def forget_seen(session: Session, *, before: datetime) -> None:
    """Forget events that Slack will not send again, in all workspaces."""
    session.execute(delete(SeenEvent).where(col(SeenEvent.seen_at) < before))
