"""Whose message is being answered with words that only they see, until when that is somebody's to finish."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seen_event", sa.Column("held_until", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("seen_event", "held_until")
