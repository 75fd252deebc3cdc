"""Hats, their names, who wears them and who owns them."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, instant_or_none, one_of


class Hat(SQLModel, table=True):
    """A role that somebody wears. Its slug is also a row of `alias`, where uniqueness is kept."""

    __tablename__ = "hat"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("team_id", "id"),
        Index("ix_hat_team", "team_id", "archived_at"),
        one_of("side", "sales", "marketing"),
        one_of("position", "defender", "midfielder", "forward", "libero"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    slug: str = Field(max_length=60)
    name: str = Field(max_length=80)
    side: str = Field(max_length=10)
    position: str = Field(max_length=10)
    ask_about: str = Field(default="", max_length=500)
    created_at: datetime = instant()
    archived_at: datetime | None = instant_or_none()


class Alias(SQLModel, table=True):
    """One name by which a hat is found. `key` is the name case-folded and without diacritics, unique in a team."""

    __tablename__ = "alias"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        ForeignKeyConstraint(["team_id", "hat_id"], ["hat.team_id", "hat.id"], ondelete="CASCADE"),
        Index("ix_alias_hat", "hat_id"),
        CheckConstraint("key <> ''", name="key_is_not_empty"),
        one_of("kind", "slug", "alias", "old_slug"),
    )

    id: int | None = Field(default=None, primary_key=True)
    team_id: int
    hat_id: int
    kind: str = Field(default="alias", max_length=10)
    text: str = Field(max_length=80)
    key: str = Field(max_length=80)


class Wearer(SQLModel, table=True):
    """A member who wears a hat, from when to when."""

    __tablename__ = "wearer"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "hat_id"], ["hat.workspace_id", "hat.id"]),
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        Index(
            "uq_wearer_live",
            "hat_id",
            "member_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_wearer_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    hat_id: int
    member_id: int
    since: datetime = instant()
    until: datetime | None = instant_or_none()


class Assignment(SQLModel, table=True):
    """Who owned a hat, from when to when, and how it ended. At most one is live per hat."""

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "hat_id"], ["hat.workspace_id", "hat.id"]),
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        Index(
            "uq_assignment_live",
            "hat_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_assignment_hat", "hat_id", "started_at"),
        Index("ix_assignment_member", "member_id"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="an_ending_has_a_time"),
        one_of("ending", "handed_over", "stepped_down", "forced", "left", "archived", "applied"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    hat_id: int
    member_id: int
    started_at: datetime = instant()
    ended_at: datetime | None = instant_or_none()
    review_at: datetime | None = instant_or_none()
    reason: str = Field(default="", max_length=3000, sa_column_kwargs={"server_default": ""})
    ending: str | None = Field(default=None, max_length=20)
