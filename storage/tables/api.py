"""Who may send values over HTTP, and which requests have had their effect."""

from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, instant_or_none


class ApiToken(SQLModel, table=True):
    """A bearer token of one team. Only its SHA-256 is stored (`token_hash`, hex), and how it begins (`prefix`)."""

    __tablename__ = "api_token"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "team_id"], ["team.workspace_id", "team.id"]),
        UniqueConstraint("workspace_id", "id"),
        Index("ix_api_token_team", "team_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    team_id: int
    name: str = Field(max_length=80)
    prefix: str = Field(max_length=16)
    token_hash: str = Field(max_length=64, unique=True)
    created_by: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime = instant()
    used_at: datetime | None = instant_or_none()
    revoked_at: datetime | None = instant_or_none()


class ApiRequest(SQLModel, table=True):
    """A request that named an `Idempotency-Key`, with what it was answered: repeated, it gets the same answer."""

    __tablename__ = "api_request"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id", "api_token_id"], ["api_token.workspace_id", "api_token.id"]),
        UniqueConstraint("api_token_id", "key"),
        Index("ix_api_request_made", "made_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int
    api_token_id: int
    key: str = Field(max_length=100)
    fingerprint: str = Field(max_length=64)
    status: int
    answer: dict[str, Any] = Field(sa_type=JSON)
    made_at: datetime = instant()
