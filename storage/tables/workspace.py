"""Who uses the product: workspaces, their teams and members."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text, true
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, instant_or_none, one_of


class Workspace(SQLModel, table=True):
    """A workspace that has, or had, the app; its tokens are in `install`, under its own id or its organisation's.

    `bot_token_encrypted` is where versions before 0007 looked for the token; nothing writes it any more.
    """

    __tablename__ = "workspace"

    id: int | None = Field(default=None, primary_key=True)
    slack_team_id: str = Field(max_length=20, unique=True)
    enterprise_id: str | None = Field(default=None, max_length=20)
    name: str = Field(default="", max_length=200)
    bot_user_id: str | None = Field(default=None, max_length=20)
    bot_token_encrypted: str | None = Field(default=None, max_length=2000)
    installed_at: datetime = instant()
    uninstalled_at: datetime | None = instant_or_none()


class Team(SQLModel, table=True):
    """A team of one workspace: its hats, one chain, a digest channel, a schedule and a locale.

    `prompt_at`, `reminder_at` and `digest_at` are weekly local times written as `Friday 13:00`; an empty one is
    switched off. `directory_version` grows with every change of hats and names, so that a cache knows its age.
    `hat_check` asks members every week which hats they wore; `review_months` is how long an agreement holds.
    `working_days` are ISO weekdays (`12345`), `work_starts` and `work_ends` local times, `holidays` a country or region
    of the `holidays` library such as `SE` (empty: none), `answer_hours` the working hours after which is reminded.
    Between `quiet_from` and `quiet_until`, local times, nobody is asked for anything. `edit_weeks` is how many weeks
    back a number can be reported or corrected. Since `channel_paused_at` Slack takes nothing for the team's channel,
    for the reason `channel_paused_for` (Slack's code): what is owed there waits until somebody mends it.
    """

    __tablename__ = "team"
    __table_args__ = (
        UniqueConstraint("workspace_id", "slug"),
        UniqueConstraint("workspace_id", "id"),
        Index("ix_team_channel", "workspace_id", "channel_id"),
        CheckConstraint("length(locale) = 2", name="locale_is_a_code"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id", index=True)
    slug: str = Field(max_length=60)
    name: str = Field(max_length=80)
    channel_id: str | None = Field(default=None, max_length=20)
    locale: str = Field(default="en", max_length=2)
    timezone: str = Field(default="Europe/Stockholm", max_length=64)
    prompt_at: str = Field(default="Friday 13:00", max_length=20)
    reminder_at: str = Field(default="Monday 08:00", max_length=20)
    digest_at: str = Field(default="Monday 10:00", max_length=20)
    directory_version: int = Field(default=1)
    hat_check: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    working_days: str = Field(default="12345", max_length=7, sa_column_kwargs={"server_default": "12345"})
    work_starts: str = Field(default="08:00", max_length=5, sa_column_kwargs={"server_default": "08:00"})
    work_ends: str = Field(default="17:00", max_length=5, sa_column_kwargs={"server_default": "17:00"})
    holidays: str = Field(default="", max_length=10, sa_column_kwargs={"server_default": ""})
    answer_hours: int = Field(default=8, ge=1, le=80, sa_column_kwargs={"server_default": "8"})
    quiet_from: str = Field(default="20:00", max_length=5, sa_column_kwargs={"server_default": "20:00"})
    quiet_until: str = Field(default="07:00", max_length=5, sa_column_kwargs={"server_default": "07:00"})
    edit_weeks: int = Field(default=6, ge=0, le=52, sa_column_kwargs={"server_default": "6"})
    review_months: int = Field(default=6, ge=1, le=36, sa_column_kwargs={"server_default": "6"})
    channel_paused_at: datetime | None = instant_or_none()
    channel_paused_for: str | None = Field(default=None, max_length=40)
    created_at: datetime = instant()
    archived_at: datetime | None = instant_or_none()


class Member(SQLModel, table=True):
    """A person of a workspace as Slack last described them; `prompt_at` overrides the team's time.

    Nothing before `evidence_since` counts as evidence: the person has deleted it. `reach` is how questions come: a
    direct message, or a mention in the thread. `reminders` is whether they want to be reminded of a missing report,
    `own_locale` the language that they chose in place of Slack's.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("workspace_id", "slack_user_id"),
        UniqueConstraint("workspace_id", "id"),
        one_of("reach", "dm", "thread"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    slack_user_id: str = Field(max_length=20)
    name: str = Field(default="", max_length=200)
    timezone: str | None = Field(default=None, max_length=64)
    locale: str | None = Field(default=None, max_length=10)
    is_bot: bool = Field(default=False)
    is_restricted: bool = Field(default=False)
    is_stranger: bool = Field(default=False)
    deleted: bool = Field(default=False)
    prompt_at: str | None = Field(default=None, max_length=20)
    hat_check: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    reach: str = Field(default="dm", max_length=10, sa_column_kwargs={"server_default": "dm"})
    reminders: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    own_locale: str | None = Field(default=None, max_length=2)
    evidence_since: datetime | None = instant_or_none()
    refreshed_at: datetime | None = instant_or_none()


class Membership(SQLModel, table=True):
    """A member's place in a team; left, not deleted, when they go. Both belong to the same workspace."""

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        Index(
            "uq_membership_live",
            "team_id",
            "member_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index("ix_membership_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    member_id: int
    is_admin: bool = Field(default=False)
    joined_at: datetime = instant()
    left_at: datetime | None = instant_or_none()
