"""Installs through OAuth: tokens of workspaces and organisations, and installs that have begun."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspace", sa.Column("enterprise_id", sa.String(length=20), nullable=True))
    op.create_table(
        "install",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slack_id", sa.String(length=20), nullable=False),
        sa.Column("is_org", sa.Boolean(), nullable=False),
        sa.Column("enterprise_id", sa.String(length=20), nullable=True),
        sa.Column("bot_user_id", sa.String(length=20), nullable=False),
        sa.Column("bot_id", sa.String(length=20), nullable=False),
        sa.Column("installer_id", sa.String(length=20), nullable=False),
        sa.Column("scopes", sa.String(length=2000), nullable=False),
        sa.Column("bot_token_encrypted", sa.String(length=2000), nullable=True),
        sa.Column("refresh_token_encrypted", sa.String(length=2000), nullable=True),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("refreshing_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("installed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_install")),
        sa.UniqueConstraint("slack_id", name=op.f("uq_install_slack_id")),
    )
    op.create_table(
        "install_state",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_install_state")),
    )
    op.create_index(op.f("ix_install_state_expires_at"), "install_state", ["expires_at"])
    # Tokens that a version before had stored with the workspace.
    op.execute(
        "INSERT INTO install (slack_id, is_org, bot_user_id, bot_id, installer_id, scopes, bot_token_encrypted, "
        "installed_at, ended_at) SELECT slack_team_id, false, COALESCE(bot_user_id, ''), '', '', '', "
        "bot_token_encrypted, installed_at, uninstalled_at FROM workspace WHERE bot_token_encrypted IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("install_state")
    op.drop_table("install")
    op.drop_column("workspace", "enterprise_id")
