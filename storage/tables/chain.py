"""What was computed of a chain and said about it, and how the passes were rated."""

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, is_period
from storage.types import ExactNumber


class ChainReport(SQLModel, table=True):
    """A chain's statistics for one week. `fingerprint` names all that went in: with another one it is out of date."""

    __tablename__ = "chain_report"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        UniqueConstraint("team_id", "period"),
        is_period("period"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    period: str = Field(max_length=8)
    fingerprint: str = Field(max_length=64)
    content: dict[str, Any] = Field(sa_type=JSON)
    computed_at: datetime = instant()


class Recommendation(SQLModel, table=True):
    """The one link that a digest named as its focus, to look back on: its rate then, its norm, and what it was worth.

    `goals` is in goals a week. `outcome` names from the start the `kpi` whose volume the focus is; looking back adds
    `link` and `goals`, and `goals_told_in`, the week whose digest told of the goals.
    """

    __tablename__ = "recommendation"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        ForeignKeyConstraint(["team_id", "upstream_id"], ["kpi.team_id", "kpi.id"]),
        ForeignKeyConstraint(["team_id", "downstream_id"], ["kpi.team_id", "kpi.id"]),
        UniqueConstraint("team_id", "period"),
        is_period("period"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    period: str = Field(max_length=8)
    upstream_id: int
    downstream_id: int
    rate: Decimal = Field(sa_type=ExactNumber)
    norm: Decimal = Field(sa_type=ExactNumber)
    goals: Decimal = Field(sa_type=ExactNumber)
    outcome: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    made_at: datetime = instant()


class PassRating(SQLModel, table=True):
    """How good one week's passes over a link were, 1 to 5, as the member at its receiving end saw them."""

    __tablename__ = "pass_rating"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        UniqueConstraint("link_id", "period", "member_id"),
        Index("ix_pass_rating_team", "team_id", "period"),
        is_period("period"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_is_in_range"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    link_id: int = Field(foreign_key="link.id", ondelete="CASCADE")
    member_id: int
    period: str = Field(max_length=8)
    score: int
    rated_at: datetime = instant()
