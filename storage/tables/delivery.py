"""What is owed to whom, and what came of it."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, instant_or_none, one_of


class Delivery(SQLModel, table=True):
    """One message owed to one recipient for one period.

    A delivery is `due` until a worker claims it, then `claimed`, then `sent`, `failed` (Slack will never take it) or
    due again. `skipped` was missed by more than its grace. `key` travels in the message's metadata, so that a send
    whose outcome is unknown can be looked for before it is repeated: `doubtful` says that it must be.
    What asks a person about their week takes one of two `slot`s: the database refuses a third message.
    Without a `team_id` it is owed by the workspace alone, where there is no team yet.
    `request_id` is that of the log, where somebody's request led to it.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("team_id", "kind", "recipient", "period"),
        UniqueConstraint("team_id", "recipient", "period", "slot"),
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        Index(
            "uq_delivery_without_team",
            "workspace_id",
            "kind",
            "recipient",
            "period",
            unique=True,
            sqlite_where=text("team_id IS NULL"),
            postgresql_where=text("team_id IS NULL"),
        ),
        Index(
            "ix_delivery_open",
            "not_before",
            sqlite_where=text("state IN ('due', 'claimed')"),
            postgresql_where=text("state IN ('due', 'claimed')"),
        ),
        one_of("state", "due", "claimed", "sent", "failed", "skipped"),
        CheckConstraint(
            "(kind IN ('prompt', 'reminder', 'snooze')) = (slot IS NOT NULL) AND (slot IS NULL OR slot IN (1, 2))",
            name="two_slots_for_what_asks",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int | None = Field(default=None)
    kind: str = Field(max_length=20)
    recipient: str = Field(max_length=20)
    period: str = Field(max_length=40)
    slot: int | None = Field(default=None)
    key: str = Field(max_length=32, unique=True)
    state: str = Field(default="due", max_length=10)
    due_at: datetime = instant()
    not_before: datetime = instant()
    late: bool = Field(default=False)
    doubtful: bool = Field(default=False)
    attempts: int = Field(default=0)
    claimed_at: datetime | None = instant_or_none()
    sent_at: datetime | None = instant_or_none()
    channel_id: str | None = Field(default=None, max_length=20)
    message_ts: str | None = Field(default=None, max_length=20)
    error: str | None = Field(default=None, max_length=200)
    request_id: str | None = Field(default=None, max_length=32)


class Lane(SQLModel, table=True):
    """How soon Slack takes another message: for one recipient or, where that is empty, for a whole workspace.

    Nothing is sent before `open_at`. Every message moves it on, and so does Slack's Retry-After, for all replicas.
    Requests of programs have lanes too, `token-12` for the token with that id.
    """

    __tablename__ = "lane"

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    recipient: str = Field(max_length=20, primary_key=True)
    open_at: datetime = instant()
