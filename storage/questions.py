"""Queries about questions: whom they went to, what was answered, and what still waits."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.tables import Answer, Assignment, Hat, Member, Membership, Question, QuestionRoute

# As the partial index of open questions says it: SQLite uses that index for no placeholder.
_OPEN: Final = col(Question.state) == literal_column("'open'")


_earlier: Any = aliased(QuestionRoute)


class RouteRow(NamedTuple):
    """One person whom a question went to, and as a question about which hat."""

    hop: int
    role: str
    member_id: int
    slack_id: str
    name: str
    reach: str
    hat_id: int


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
    query = _one(workspace_id, question_id).with_for_update(key_share=True).execution_options(populate_existing=True)
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
            col(QuestionRoute.hat_id),
        )
        .join(Member, col(Member.id) == col(QuestionRoute.member_id))
        .where(col(QuestionRoute.workspace_id) == workspace_id, col(QuestionRoute.question_id) == question_id)
        .order_by(col(QuestionRoute.hop), col(QuestionRoute.id))
    )
    return [RouteRow(*row) for row in session.execute(query)]


def overdue(session: Session, *, now: datetime) -> list[tuple[int, int]]:
    """Return the open questions of all workspaces whose next nudge has come: (workspace, question)."""
    query = select_columns(col(Question.workspace_id), col(Question.id)).where(
        _OPEN,
        or_(
            col(Question.remind_at) <= now,
            and_(col(Question.remind_at).is_(None), col(Question.escalate_at) <= now),
        ),
    )
    return [(workspace_id, question_id) for workspace_id, question_id in session.execute(query)]


def stranded(session: Session, *, question_id: int | None = None) -> list[tuple[int, int]]:
    """Return the open questions of all workspaces, or one of them, whose holder is not the one to ask any more.

    Their holder has left Slack; got it as a hat's owner and does not own that hat now; or left the team since.
    """
    plays = and_(col(Membership.team_id) == col(Hat.team_id), col(Membership.member_id) == col(Question.holder_id))
    left = and_(
        exists().where(plays, col(Membership.left_at) >= col(QuestionRoute.sent_at)),
        ~exists().where(plays, col(Membership.left_at).is_(None)),
    )
    owns = exists().where(
        col(Assignment.hat_id) == col(Question.hat_id),
        col(Assignment.member_id) == col(Question.holder_id),
        col(Assignment.ended_at).is_(None),
    )
    role = col(QuestionRoute.role)
    query = (
        select_columns(col(Question.workspace_id), col(Question.id))
        .select_from(Question)
        .join(Hat, col(Hat.id) == col(Question.hat_id))
        .join(Member, col(Member.id) == col(Question.holder_id))
        .join(
            QuestionRoute,
            and_(
                col(QuestionRoute.question_id) == col(Question.id),
                col(QuestionRoute.member_id) == col(Question.holder_id),
                _is_last_route(),
            ),
        )
        .where(
            _OPEN,
            col(Hat.archived_at).is_(None),
            or_(
                col(Member.deleted).is_(True),
                and_(role == "owner", ~owns),
                and_(role.not_in(("owner", "named")), left),
            ),
        )
    )
    if question_id is not None:
        query = query.where(col(Question.id) == question_id)
    return [(workspace_id, number) for workspace_id, number in session.execute(query)]


def found_owner(session: Session, *, question_id: int | None = None) -> list[tuple[int, int]]:
    """Return the open questions of all workspaces, or one of them, whose hat has got an owner since they were sent.

    Those that went to somebody because nobody owned the hat, or that are with nobody. One that somebody has taken, or
    that was passed on to a person by name, stays with them; nobody gets their own question.
    """
    role = col(QuestionRoute.role)
    query = (
        select_columns(col(Question.workspace_id), col(Question.id))
        .join(Hat, col(Hat.id) == col(Question.hat_id))
        .join(Assignment, and_(col(Assignment.hat_id) == col(Hat.id), col(Assignment.ended_at).is_(None)))
        .join(Member, col(Member.id) == col(Assignment.member_id))
        .join(QuestionRoute, and_(col(QuestionRoute.question_id) == col(Question.id), _is_last_route()))
        .where(
            _OPEN,
            col(Hat.archived_at).is_(None),
            col(Question.taken_at).is_(None),
            col(Assignment.started_at) > col(QuestionRoute.sent_at),
            col(Assignment.member_id) != col(Question.asker_id),
            or_(col(Question.holder_id).is_(None), col(Question.holder_id) != col(Assignment.member_id)),
            or_(
                role.in_(("candidate", "wearer", "admin")),
                and_(col(Question.holder_id).is_(None), role != "named"),
            ),
            col(Member.deleted).is_(False),
            col(Member.is_bot).is_(False),
        )
        .distinct()
    )
    if question_id is not None:
        query = query.where(col(Question.id) == question_id)
    return [(workspace_id, number) for workspace_id, number in session.execute(query)]


def _is_last_route() -> ColumnElement[bool]:
    """Tell whether a question's route is one of the last that it took."""
    last = select_columns(func.max(_earlier.hop)).where(_earlier.question_id == col(Question.id)).correlate(Question)
    return col(QuestionRoute.hop) == last.scalar_subquery()


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
