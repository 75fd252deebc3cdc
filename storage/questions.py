"""Queries about questions: whom they went to, what was answered, and what still waits."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.tables import Answer, Member, Question, QuestionRoute


class RouteRow(NamedTuple):
    """One person whom a question went to."""

    hop: int
    role: str
    member_id: int
    slack_id: str
    name: str
    reach: str


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
    **columns: Any,
) -> int | None:
    """Store a question and return its id; None when this submission is stored already.

    `columns` are further ones of `Question`: thread_ts, source, holder_id, remind_at, escalate_at, link.
    """
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
            **columns,
        )
        .returning(Question.id)
    )
    return result.scalars().first()


def get(session: Session, workspace_id: int, question_id: int) -> Question | None:
    """Return a question if it is this workspace's."""
    found: Question | None = session.exec(_one(workspace_id, question_id)).first()
    return found


def lock(session: Session, workspace_id: int, question_id: int) -> Question | None:
    """Return a question to change it: until the transaction ends, nobody else can.

    SQLite has one writer at a time and needs no lock.
    """
    query = _one(workspace_id, question_id).with_for_update().execution_options(populate_existing=True)
    found: Question | None = session.exec(query).first()
    return found


def _one(workspace_id: int, question_id: int) -> Any:
    return select(Question).where(Question.id == question_id, Question.workspace_id == workspace_id)


def in_thread(session: Session, workspace_id: int, *, channel_id: str, thread_ts: str) -> Question | None:
    """Return the latest question whose answers stand in a thread."""
    query = select(Question).where(
        Question.workspace_id == workspace_id, Question.channel_id == channel_id, Question.thread_ts == thread_ts
    )
    return session.exec(query.order_by(col(Question.id).desc())).first()


def route(session: Session, question: Question, *, member_id: int, hop: int, role: str, now: datetime) -> None:
    """Store whom a question goes to."""
    session.execute(
        insert_or_ignore(session, QuestionRoute).values(
            workspace_id=question.workspace_id,
            question_id=question.id,
            member_id=member_id,
            hat_id=question.hat_id,
            hop=hop,
            role=role,
            sent_at=now,
        )
    )


def routes(session: Session, workspace_id: int, question_id: int) -> list[RouteRow]:
    """Return whom a question went to, in order."""
    query = (
        select_columns(
            col(QuestionRoute.hop),
            col(QuestionRoute.role),
            col(Member.id),
            col(Member.slack_user_id),
            col(Member.name),
            col(Member.reach),
        )
        .join(Member, col(Member.id) == col(QuestionRoute.member_id))
        .where(col(QuestionRoute.workspace_id) == workspace_id, col(QuestionRoute.question_id) == question_id)
        .order_by(col(QuestionRoute.hop), col(QuestionRoute.id))
    )
    return [RouteRow(*row) for row in session.execute(query)]


def add_answer(
    session: Session, *, workspace_id: int, question_id: int, member_id: int, text: str, key: str, now: datetime
) -> int | None:
    """Store an answer and return its id; None when this submission is stored already."""
    result = session.execute(
        insert_or_ignore(session, Answer)
        .values(
            workspace_id=workspace_id,
            question_id=question_id,
            member_id=member_id,
            text=text,
            key=key,
            answered_at=now,
        )
        .returning(Answer.id)
    )
    return result.scalars().first()


def answer(session: Session, workspace_id: int, answer_id: int) -> Answer | None:
    """Return an answer if it is this workspace's."""
    return session.exec(select(Answer).where(Answer.id == answer_id, Answer.workspace_id == workspace_id)).first()
