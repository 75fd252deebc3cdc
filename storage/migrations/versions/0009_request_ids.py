"""With what is owed because of somebody's request, the id under which the log tells of that request."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("request_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "request_id")
