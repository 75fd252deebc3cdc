"""What belongs to the weekly rhythm beside the readings: skipped weeks, and where values come from without people."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, instant_or_none, is_period, one_of


class SkippedWeek(SQLModel, table=True):
    """A member said that they have nothing to report for a week, and why."""

    __tablename__ = "skipped_week"
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
    reason: str = Field(default="", max_length=500)
    skipped_at: datetime = instant()


class Source(SQLModel, table=True):
    """An address from which a KPI's values are pulled, and the expression that finds them there.

    `expression` is a column's name for `csv`, a JMESPath expression for `json`. `failing_since` is when it began to
    fail; the owner is told once (`told_at`) until it works again.
    """

    __tablename__ = "source"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        ForeignKeyConstraint(["team_id", "kpi_id"], ["kpi.team_id", "kpi.id"]),
        UniqueConstraint("kpi_id"),
        Index("ix_source_next", "next_at"),
        one_of("format", "csv", "json"),
        CheckConstraint("told_at IS NULL OR failing_since IS NOT NULL", name="told_of_a_failure_only"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    kpi_id: int
    address: str = Field(max_length=2000)
    format: str = Field(default="csv", max_length=4)
    expression: str = Field(max_length=500)
    week_expression: str = Field(default="week", max_length=500)
    created_by: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime = instant()
    next_at: datetime = instant()
    tried_at: datetime | None = instant_or_none()
    worked_at: datetime | None = instant_or_none()
    failing_since: datetime | None = instant_or_none()
    told_at: datetime | None = instant_or_none()
    problem: str = Field(default="", max_length=300)
