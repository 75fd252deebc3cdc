"""How a hat comes to its owner: proposals and what was offered in each round; deputies and absences."""

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, instant_or_none, one_of
from storage.types import ExactNumber

LIVE_PROPOSAL = text("state IN ('offered', 'countered')")


class Proposal(SQLModel, table=True):
    """An offer about a hat between the one who would own it and the one who agrees for the team.

    `kind`: `owner` makes `candidate_id` the hat's owner; `terms` changes what its owner agreed to. `turn` says whose
    answer is waited for. At most one is live per hat. `reason` of a declined one is private to the other side.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "hat_id"], ["hat.team_id", "hat.id"]),
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        ForeignKeyConstraint(["workspace_id", "candidate_id"], ["member.workspace_id", "member.id"]),
        ForeignKeyConstraint(["workspace_id", "counterpart_id"], ["member.workspace_id", "member.id"]),
        Index("uq_proposal_live", "hat_id", unique=True, sqlite_where=LIVE_PROPOSAL, postgresql_where=LIVE_PROPOSAL),
        Index("ix_proposal_hat", "hat_id", "offered_at"),
        Index("ix_proposal_open", "expires_at", sqlite_where=LIVE_PROPOSAL, postgresql_where=LIVE_PROPOSAL),
        one_of("kind", "owner", "terms"),
        one_of("state", "offered", "accepted", "countered", "declined", "withdrawn", "expired"),
        one_of("turn", "candidate", "counterpart"),
        one_of("origin", "offer", "volunteer", "evidence", "hand_over", "review"),
        CheckConstraint("(decided_at IS NULL) = (state IN ('offered', 'countered'))", name="a_decision_has_a_time"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    hat_id: int
    kind: str = Field(default="owner", max_length=10)
    origin: str = Field(default="offer", max_length=12)
    candidate_id: int
    counterpart_id: int
    state: str = Field(default="offered", max_length=10)
    turn: str = Field(default="candidate", max_length=12)
    round: int = Field(default=1)
    reason: str = Field(default="", max_length=3000)
    offered_at: datetime = instant()
    expires_at: datetime = instant()
    remind_at: datetime | None = instant_or_none()
    decided_at: datetime | None = instant_or_none()


class ProposalTerm(SQLModel, table=True):
    """What was offered in one round of a proposal: a target for a KPI, or a KPI that the hat does not have yet.

    With a `period` the target is for that one week only. `change` says what becomes of the KPI: its `target` moves, it
    is put away (`remove`), or it is measured in another way (`define`): then `definition` holds the new columns.
    """

    __tablename__ = "proposal_term"
    __table_args__ = (
        Index("ix_proposal_term_proposal", "proposal_id", "round"),
        UniqueConstraint("proposal_id", "round", "kpi_id"),
        CheckConstraint("kpi_id IS NOT NULL OR kpi_name <> ''", name="a_term_names_a_kpi"),
        one_of("change", "target", "remove", "define"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id")
    round: int
    kpi_id: int | None = Field(default=None, foreign_key="kpi.id")
    kpi_name: str = Field(default="", max_length=80)
    target: Decimal | None = Field(default=None, sa_type=ExactNumber, nullable=True)
    comparator: str | None = Field(default=None, max_length=10)
    upper: Decimal | None = Field(default=None, sa_type=ExactNumber, nullable=True)
    period: str | None = Field(default=None, max_length=8)
    change: str = Field(default="target", max_length=10, sa_column_kwargs={"server_default": "target"})
    definition: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)
    reason: str = Field(default="", max_length=3000)


class Deputy(SQLModel, table=True):
    """Who stands in for a hat's owner while they are away. At most one is live per hat."""

    __tablename__ = "deputy"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "hat_id"], ["hat.workspace_id", "hat.id"]),
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        Index(
            "uq_deputy_live",
            "hat_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_deputy_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    hat_id: int
    member_id: int
    since: datetime = instant()
    until: datetime | None = instant_or_none()


class Absence(SQLModel, table=True):
    """A member is away from `starts_at` until `ends_at`; ending it early moves `ends_at`."""

    __tablename__ = "absence"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "member_id"], ["member.workspace_id", "member.id"]),
        Index("ix_absence_member", "member_id", "ends_at"),
        CheckConstraint("ends_at >= starts_at", name="ends_after_start"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    member_id: int
    starts_at: datetime = instant()
    ends_at: datetime = instant()
