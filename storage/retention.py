"""Forgetting what has been kept long enough, a little at a time. The history of owners and numbers is not touched."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, Delete, Update, delete, or_, update
from sqlmodel import Session, SQLModel, col, select

from storage.tables import Answer, Audit, Delivery, Evidence, HatCheck, Proposal, Question, SkippedWeek

ROWS_AT_ONCE: Final = 500
Forget = Callable[[Session, datetime], int]


def deliveries(session: Session, before: datetime) -> int:
    """Delete what was sent, failed or skipped and due before an instant; return how many.

    What is open stays, and what a workspace was owed without a team: that is how it is known to have been greeted.
    """
    done = col(Delivery.state).in_(("sent", "failed", "skipped"))
    return _delete(session, Delivery, done, col(Delivery.due_at) < before, col(Delivery.team_id).is_not(None))


def audits(session: Session, before: datetime) -> int:
    """Delete changes from the log that are older than an instant; return how many."""
    return _delete(session, Audit, col(Audit.at) < before)


def evidence(session: Session, before: datetime) -> int:
    """Delete what was counted for hats before an instant, and what people said of such weeks; return how many.

    That is their hat checks, and why they had no numbers; that they had none stays.
    """
    return (
        _delete(session, Evidence, col(Evidence.occurred_at) < before)
        + _delete(session, HatCheck, col(HatCheck.answered_at) < before)
        + _blank(session, SkippedWeek, "reason", col(SkippedWeek.skipped_at) < before)
    )


def questions(session: Session, before: datetime) -> int:
    """Blank the words of questions that were closed before an instant, and of their answers; return how many."""
    closed = or_(col(Question.closed_at) < before, col(Question.answered_at) < before)
    over = (col(Question.state) != "open") & closed
    theirs = col(Answer.question_id).in_(select(Question.id).where(over))
    return _blank(session, Question, "text", over) + _blank(session, Answer, "text", theirs)


def proposals(session: Session, before: datetime) -> int:
    """Blank the reasons of offers that were decided before an instant; return how many."""
    return _blank(session, Proposal, "reason", col(Proposal.decided_at) < before)


def _delete(session: Session, table: type[SQLModel], *old: ColumnElement[bool]) -> int:
    ids = _ids(session, table, *old)
    return _done(session, delete(table).where(_id(table).in_(ids))) if ids else 0


def _blank(session: Session, table: type[SQLModel], column: str, *old: ColumnElement[bool]) -> int:
    ids = _ids(session, table, *old, getattr(table, column) != "")
    return _done(session, update(table).where(_id(table).in_(ids)).values({column: ""})) if ids else 0


def _ids(session: Session, table: type[SQLModel], *old: ColumnElement[bool]) -> list[int]:
    """Find few rows, those that another replica is forgetting left out."""
    query = select(_id(table)).where(*old).order_by(_id(table)).limit(ROWS_AT_ONCE)
    return list(session.exec(query.with_for_update(skip_locked=True)))


def _id(table: type[SQLModel]) -> ColumnElement[int]:
    number: ColumnElement[int] = getattr(table, "id")  # noqa: B009  # every table here has it, SQLModel's type has not
    return number


def _done(session: Session, statement: Update | Delete) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0
