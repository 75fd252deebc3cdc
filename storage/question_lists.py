"""Queries about many questions at once: a person's, a team's open ones, and those of some weeks."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal_column, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.rows import fetch
from storage.tables import Hat, Member, Question, QuestionRoute

# As the partial index of open questions says it: SQLite uses that index for no placeholder.
_OPEN: Final = col(Question.state) == literal_column("'open'")
_Asker: Any = aliased(Member)
_LAST_HOP: Final = (
    select_columns(func.max(QuestionRoute.hop))
    .where(col(QuestionRoute.question_id) == col(Question.id))
    .correlate(Question)
    .scalar_subquery()
)
# Built once: every digest asks, and building a statement costs more than running it.
_ASKED_BETWEEN: Final = (
    select_columns(
        col(Question.hat_id),
        col(Question.asked_at),
        col(Question.first_answered_at),
        func.coalesce(_LAST_HOP, 1),
        col(Member.timezone),
    )
    .join(Hat, col(Hat.id) == col(Question.hat_id))
    .join(Member, col(Member.id) == col(Question.answered_by), isouter=True)
    .where(
        col(Hat.team_id) == bindparam("team_id"),
        col(Question.asked_at) >= bindparam("since"),
        col(Question.asked_at) < bindparam("until"),
        col(Question.state) != "withdrawn",
    )
)
_ASKED_ABOUT_BETWEEN: Final = _ASKED_BETWEEN.where(col(Question.hat_id).in_(bindparam("hat_ids", expanding=True)))


class QuestionRow(NamedTuple):
    """One question in a list. `hop` is the last one that it took."""

    id: int
    hat_slug: str
    hat_name: str
    asker_slack_id: str
    asker_name: str
    text: str
    state: str
    asked_at: datetime
    channel_id: str | None
    link: str | None
    holder_id: int | None
    hop: int


class AskedRow(NamedTuple):
    """When a question was asked and first answered, how often it went to somebody, and its answerer's zone."""

    hat_id: int
    asked_at: datetime
    first_answered_at: datetime | None
    hops: int
    timezone: str | None


def to_answer(session: Session, team_id: int, member_id: int, *, limit: int) -> list[QuestionRow]:
    """Return the open questions of a team that wait for a member, oldest first."""
    return _rows(session, team_id, _waits_for(member_id), limit=limit)


def asked_by(session: Session, team_id: int, member_id: int, *, limit: int) -> list[QuestionRow]:
    """Return the questions that a member asked and that are not solved, oldest first."""
    theirs = and_(col(Question.asker_id) == member_id, col(Question.state).in_(("open", "answered")))
    return _rows(session, team_id, theirs, limit=limit)


def open_of_others(session: Session, team_id: int, member_id: int, *, limit: int) -> list[QuestionRow]:
    """Return the team's open questions that a member neither asked nor has to answer, oldest first."""
    others = and_(_OPEN, col(Question.asker_id) != member_id, ~_waits_for(member_id))
    return _rows(session, team_id, others, limit=limit)


def holders(session: Session, workspace_id: int, question_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Return who has each of some questions of a workspace now: (Slack's id, name); of several, all it went to last."""
    query = (
        select_columns(col(Question.id), col(Member.slack_user_id), col(Member.name))
        .join(QuestionRoute, col(QuestionRoute.question_id) == col(Question.id))
        .join(Member, col(Member.id) == col(QuestionRoute.member_id))
        .where(
            col(Question.workspace_id) == workspace_id,
            col(Question.id).in_(question_ids),
            col(QuestionRoute.hop) == _last_hop(),
            or_(col(Question.holder_id).is_(None), col(Question.holder_id) == col(Member.id)),
        )
        .order_by(col(QuestionRoute.id))
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for question_id, slack_id, name in session.execute(query):
        found.setdefault(question_id, []).append((slack_id, name))
    return found


def asked_between(
    session: Session, team_id: int, *, since: datetime, until: datetime, hat_ids: Collection[int] | None = None
) -> list[AskedRow]:
    """Return the questions that were asked from `since` until before `until`, withdrawn ones left out.

    With `hat_ids` only those about these hats.
    """
    values: dict[str, Any] = {"team_id": team_id, "since": since, "until": until}
    if hat_ids is None:
        rows = fetch(session, _ASKED_BETWEEN, values)
    else:
        rows = fetch(session, _ASKED_ABOUT_BETWEEN, values | {"hat_ids": list(hat_ids)})
    return [AskedRow(*row) for row in rows]


def _rows(session: Session, team_id: int, which: ColumnElement[bool], *, limit: int) -> list[QuestionRow]:
    query = (
        select_columns(
            col(Question.id),
            col(Hat.slug),
            col(Hat.name),
            _Asker.slack_user_id,
            _Asker.name,
            col(Question.text),
            col(Question.state),
            col(Question.asked_at),
            col(Question.channel_id),
            col(Question.link),
            col(Question.holder_id),
            func.coalesce(_LAST_HOP, 1),
        )
        .join(Hat, col(Hat.id) == col(Question.hat_id))
        .join(_Asker, _Asker.id == col(Question.asker_id))
        .where(col(Hat.team_id) == team_id, which)
        .order_by(col(Question.asked_at), col(Question.id))
        .limit(limit)
    )
    return [QuestionRow(*row) for row in session.execute(query)]


def _last_hop() -> Any:
    """Give the last hop of a question beside a join of its routes, which `_LAST_HOP` would take for its own."""
    later: Any = aliased(QuestionRoute)
    return (
        select_columns(func.max(later.hop))
        .where(later.question_id == col(Question.id))
        .correlate(Question)
        .scalar_subquery()
    )


def _waits_for(member_id: int) -> ColumnElement[bool]:
    """Tell whether an open question is with a member: they hold it, or it went to them last and nobody holds it."""
    route: Any = aliased(QuestionRoute)
    went = exists().where(route.question_id == col(Question.id), route.member_id == member_id, route.hop == _last_hop())
    # Never NULL: a question that nobody holds must also be there where it is asked for what does not wait.
    holder = func.coalesce(col(Question.holder_id), 0)
    return and_(_OPEN, or_(holder == member_id, and_(holder == 0, went.correlate(Question))))
