"""Questions that people ask a hat's owner, whom they went to, and where the bot listens."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, instant_or_none, one_of


class Question(SQLModel, table=True):
    """A question about a hat, and where it was asked. `key` makes a repeated submission store it once.

    A question is `open` until somebody answers in its thread or with a reply, then `answered`; the asker can say
    `solved`, or open it again. `withdrawn` when the message that asked was deleted. `thread_ts` is the message in
    `channel_id` under which the answers stand. `holder_id` is the one whose answer is waited for, `taken_at` when
    somebody said 'I'll take it'. `remind_at` and `escalate_at` are the two nudges of one waiting: who gets the question
    next, or waits again because it was opened again, has two of their own. `link` leads to the message that asked;
    `first_answered_at` stays when the asker opens the question again.
    """

    __tablename__ = "question"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "hat_id"], ["hat.workspace_id", "hat.id"]),
        ForeignKeyConstraint(["workspace_id", "asker_id"], ["member.workspace_id", "member.id"]),
        ForeignKeyConstraint(["workspace_id", "holder_id"], ["member.workspace_id", "member.id"]),
        ForeignKeyConstraint(["workspace_id", "answered_by"], ["member.workspace_id", "member.id"]),
        UniqueConstraint("workspace_id", "id"),
        Index("ix_question_hat", "hat_id"),
        Index("ix_question_thread", "workspace_id", "channel_id", "thread_ts"),
        Index(
            "ix_question_waiting",
            "remind_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        one_of("state", "open", "answered", "solved", "withdrawn"),
        one_of("source", "command", "button", "shortcut", "channel"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="an_answer_has_an_author"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    hat_id: int
    asker_id: int
    text: str = Field(max_length=3000)
    channel_id: str | None = Field(default=None, max_length=20)
    thread_ts: str | None = Field(default=None, max_length=20)
    source: str = Field(default="command", max_length=10, sa_column_kwargs={"server_default": "command"})
    state: str = Field(default="open", max_length=10, sa_column_kwargs={"server_default": "open"})
    key: str = Field(max_length=40, unique=True)
    asked_at: datetime = instant()
    holder_id: int | None = Field(default=None)
    taken_at: datetime | None = instant_or_none()
    answered_by: int | None = Field(default=None)
    answered_at: datetime | None = instant_or_none()
    closed_at: datetime | None = instant_or_none()
    remind_at: datetime | None = instant_or_none()
    escalate_at: datetime | None = instant_or_none()
    link: str | None = Field(default=None, max_length=300)
    first_answered_at: datetime | None = instant_or_none()


class Answer(SQLModel, table=True):
    """What somebody answered with a form, until it stands in the thread and after. `key` stores a submission once."""

    __tablename__ = "answer"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "question_id"], ["question.workspace_id", "question.id"]),
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        Index("ix_answer_question", "question_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    question_id: int
    member_id: int
    text: str = Field(max_length=3000)
    key: str = Field(max_length=40, unique=True)
    answered_at: datetime = instant()


class QuestionRoute(SQLModel, table=True):
    """Whom a question went to, in order, and as what: the first one tells whether it reached the right person."""

    __tablename__ = "question_route"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "question_id"], ["question.workspace_id", "question.id"]),
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        ForeignKeyConstraint(["workspace_id", "hat_id"], ["hat.workspace_id", "hat.id"]),
        UniqueConstraint("question_id", "member_id", "hop"),
        one_of("role", "owner", "deputy", "candidate", "wearer", "admin", "named"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    question_id: int
    member_id: int
    hat_id: int
    hop: int = Field(default=1)
    role: str = Field(max_length=10)
    sent_at: datetime = instant()


class Listening(SQLModel, table=True):
    """How the bot listens in a channel: `answer` in the thread, `offer` only to the asker, `mentions` only."""

    __tablename__ = "listening"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        UniqueConstraint("workspace_id", "channel_id"),
        one_of("mode", "answer", "offer", "mentions"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    channel_id: str = Field(max_length=20)
    mode: str = Field(default="mentions", max_length=10)
    changed_at: datetime = instant()


class SeenEvent(SQLModel, table=True):
    """An event that has had its effect. Slack sends an event again when it is not sure; the second finds this row.

    Until `held_until`, if that is set, somebody is at it: what has no row of its own to be found by, such as words that
    only one person sees, may not have been said yet.
    """

    __tablename__ = "seen_event"
    __table_args__ = (UniqueConstraint("workspace_id", "event_id"), Index("ix_seen_event_seen", "seen_at"))

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    event_id: str = Field(max_length=80)
    seen_at: datetime = instant()
    held_until: datetime | None = instant_or_none()
