"""Pacing shared by replicas, and channels that the bot cannot post in until somebody mends them."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lane",
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=20), nullable=False),
        sa.Column("open_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_lane_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "recipient", name=op.f("pk_lane")),
    )
    op.add_column("team", sa.Column("channel_paused_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("team", sa.Column("channel_paused_for", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("team", "channel_paused_for")
    op.drop_column("team", "channel_paused_at")
    op.drop_table("lane")
