"""Questions that people ask a hat's owner."""

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant


class Question(SQLModel, table=True):
    """A question about a hat, and where it was asked. `key` makes a repeated submission store it once."""

    __tablename__ = "question"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "hat_id"], ["hat.workspace_id", "hat.id"]),
        ForeignKeyConstraint(["workspace_id", "asker_id"], ["member.workspace_id", "member.id"]),
        Index("ix_question_hat", "hat_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    hat_id: int
    asker_id: int
    text: str = Field(max_length=3000)
    channel_id: str | None = Field(default=None, max_length=20)
    key: str = Field(max_length=40, unique=True)
    asked_at: datetime = instant()
