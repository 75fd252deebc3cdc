"""Who changed what."""

from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant


class Audit(SQLModel, table=True):
    """One change of a team, hat, owner, KPI, link or setting: who, when, before, after. Rows are only ever added.

    `actor` is a Slack user id, or `terminal`, `bot`. `action` is a verb phrase such as `hat.renamed`; `subject` the
    slug of what was changed. `before` and `after` hold the changed fields.
    """

    __tablename__ = "audit"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        Index("ix_audit_team", "team_id", "at"),
        Index("ix_audit_subject", "team_id", "subject"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    at: datetime = instant()
    actor: str = Field(max_length=20)
    action: str = Field(max_length=40)
    subject: str = Field(max_length=80)
    reason: str = Field(default="", max_length=3000)
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
