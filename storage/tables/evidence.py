"""What shows who reaches for which hat: counts only, never what was written."""

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, is_period, one_of


class HatCheck(SQLModel, table=True):
    """A member answered 'which hats did you wear this week?', once a week and team."""

    __tablename__ = "hat_check"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        UniqueConstraint("team_id", "member_id", "period"),
        is_period("period"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    member_id: int
    period: str = Field(max_length=8)
    answered_at: datetime = instant()


class HatCheckHat(SQLModel, table=True):
    """One hat that was ticked in a hat check."""

    __tablename__ = "hat_check_hat"
    __table_args__ = (Index("ix_hat_check_hat_hat", "hat_id"),)

    hat_check_id: int = Field(foreign_key="hat_check.id", primary_key=True, ondelete="CASCADE")
    hat_id: int = Field(foreign_key="hat.id", primary_key=True)


class Evidence(SQLModel, table=True):
    """Something that a member did for a hat. `key` names the event it comes from, so that it counts once."""

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "hat_id"], ["hat.workspace_id", "hat.id"]),
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        UniqueConstraint("hat_id", "member_id", "kind", "key"),
        Index("ix_evidence_hat", "hat_id", "occurred_at"),
        Index("ix_evidence_member", "member_id"),
        one_of("kind", "answered", "passed_on", "took_it"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    hat_id: int
    member_id: int
    kind: str = Field(max_length=12)
    key: str = Field(max_length=60)
    occurred_at: datetime = instant()
