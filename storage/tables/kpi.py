"""The chain: KPIs, targets, readings and links."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text, true
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, instant_or_none, is_period, one_of
from storage.types import ExactNumber

COMPARATORS = ("at_least", "more_than", "at_most", "less_than", "between")


def a_range_has_two_ends() -> CheckConstraint:
    """Let the database refuse a range without an end, and an end without a range."""
    return CheckConstraint("(comparator = 'between') = (upper IS NOT NULL)", name="a_range_has_two_ends")


class Kpi(SQLModel, table=True):
    """A number that a hat's owner reports. `sequence` orders the chain; at most one live KPI of a team is its goal.

    `direction` says what is good: `higher`, `lower`, or `within` a range. One with a `formula` is computed from other
    KPIs of its team, written by their slugs (`deals / meetings`), and reported by nobody. `shown_as` is how its course
    is looked at: each week's `value`, `cumulative` since the year began, or the `average` of 13 weeks.
    """

    __tablename__ = "kpi"
    __table_args__ = (
        UniqueConstraint("team_id", "id"),
        UniqueConstraint("team_id", "key"),
        ForeignKeyConstraint(["team_id", "hat_id"], ["hat.team_id", "hat.id"]),
        Index("ix_kpi_hat", "hat_id"),
        Index(
            "uq_kpi_goal",
            "team_id",
            unique=True,
            sqlite_where=text("is_goal AND archived_at IS NULL"),
            postgresql_where=text("is_goal AND archived_at IS NULL"),
        ),
        one_of("unit", "count", "money", "percent", "ratio", "duration"),
        one_of("direction", "higher", "lower", "within"),
        one_of("cadence", "weekly", "biweekly", "monthly"),
        one_of("shown_as", "value", "cumulative", "average"),
    )

    id: int | None = Field(default=None, primary_key=True)
    team_id: int = Field(foreign_key="team.id")
    hat_id: int
    slug: str = Field(max_length=60)
    key: str = Field(max_length=60)
    name: str = Field(max_length=80)
    unit: str = Field(default="count", max_length=10)
    currency: str | None = Field(default=None, max_length=3)
    direction: str = Field(default="higher", max_length=10)
    cadence: str = Field(default="weekly", max_length=10)
    decimals: int = Field(default=0, ge=0, le=6)
    sequence: int = Field(default=0)
    is_goal: bool = Field(default=False)
    formula: str = Field(default="", max_length=300, sa_column_kwargs={"server_default": ""})
    shown_as: str = Field(default="value", max_length=10, sa_column_kwargs={"server_default": "value"})
    created_at: datetime = instant()
    archived_at: datetime | None = instant_or_none()


class Target(SQLModel, table=True):
    """What was agreed for a KPI from a week on, until the next row takes over. `upper` ends a range (`between`)."""

    __tablename__ = "target"
    __table_args__ = (
        UniqueConstraint("kpi_id", "valid_from"),
        is_period("valid_from"),
        one_of("comparator", *COMPARATORS),
        a_range_has_two_ends(),
    )

    id: int | None = Field(default=None, primary_key=True)
    kpi_id: int = Field(foreign_key="kpi.id")
    valid_from: str = Field(max_length=8)
    comparator: str = Field(default="at_least", max_length=10, sa_column_kwargs={"server_default": "at_least"})
    value: Decimal = Field(sa_type=ExactNumber)
    upper: Decimal | None = Field(default=None, sa_type=ExactNumber, nullable=True)
    agreed_at: datetime = instant()


class TargetOverride(SQLModel, table=True):
    """What was agreed for one period only, in place of the target that holds then."""

    __tablename__ = "target_override"
    __table_args__ = (
        UniqueConstraint("kpi_id", "period"),
        is_period("period"),
        one_of("comparator", *COMPARATORS),
        a_range_has_two_ends(),
    )

    id: int | None = Field(default=None, primary_key=True)
    kpi_id: int = Field(foreign_key="kpi.id")
    period: str = Field(max_length=8)
    comparator: str = Field(default="at_least", max_length=10)
    value: Decimal = Field(sa_type=ExactNumber)
    upper: Decimal | None = Field(default=None, sa_type=ExactNumber, nullable=True)
    reason: str = Field(default="", max_length=500)
    agreed_at: datetime = instant()


class Reading(SQLModel, table=True):
    """A KPI's value for one week. A correction moves the earlier value to `reading_version`.

    `confidence` is how its owner sees the target: `on_track`, `at_risk` or `off_track`.
    """

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("kpi_id", "period"),
        Index("ix_reading_period", "period"),
        is_period("period"),
        one_of("source", "modal", "import", "api", "pull", "thread", "demo"),
        one_of("confidence", "on_track", "at_risk", "off_track"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kpi_id: int = Field(foreign_key="kpi.id")
    period: str = Field(max_length=8)
    value: Decimal = Field(sa_type=ExactNumber)
    note: str = Field(default="", max_length=500)
    confidence: str | None = Field(default=None, max_length=10)
    source: str = Field(default="modal", max_length=10)
    reported_by: int | None = Field(default=None, foreign_key="member.id")
    reported_at: datetime = instant()


class ReadingVersion(SQLModel, table=True):
    """What a reading said before it was corrected, who had said it, and who changed it when."""

    __tablename__ = "reading_version"
    __table_args__ = (Index("ix_reading_version_reading", "reading_id"),)

    id: int | None = Field(default=None, primary_key=True)
    reading_id: int = Field(foreign_key="reading.id")
    value: Decimal = Field(sa_type=ExactNumber)
    note: str = Field(default="", max_length=500)
    confidence: str | None = Field(default=None, max_length=10)
    source: str = Field(max_length=10)
    reported_by: int | None = Field(default=None, foreign_key="member.id")
    reported_at: datetime = instant()
    replaced_by: int | None = Field(default=None, foreign_key="member.id")
    replaced_at: datetime = instant()


class Link(SQLModel, table=True):
    """One KPI feeds another, `lag_weeks` later. Both are the link's team's; a trigger refuses a loop without lag.

    Where nobody knows the lag (`lag_known` is false), `lag_weeks` is what counts until the numbers show one.
    """

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("upstream_id", "downstream_id"),
        ForeignKeyConstraint(["team_id", "upstream_id"], ["kpi.team_id", "kpi.id"]),
        ForeignKeyConstraint(["team_id", "downstream_id"], ["kpi.team_id", "kpi.id"]),
        Index("ix_link_team", "team_id"),
        Index("ix_link_downstream", "downstream_id"),
        CheckConstraint("lag_weeks BETWEEN 0 AND 52", name="lag_is_in_range"),
        CheckConstraint("upstream_id <> downstream_id OR lag_weeks > 0", name="no_link_to_itself_at_once"),
    )

    id: int | None = Field(default=None, primary_key=True)
    team_id: int
    upstream_id: int
    downstream_id: int
    lag_weeks: int = Field(default=0)
    lag_known: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    rate: Decimal | None = Field(default=None, sa_type=ExactNumber)
