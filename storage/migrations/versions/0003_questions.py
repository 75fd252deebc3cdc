"""Questions have a life: who holds them, whom they went to, where the bot listens, and the team's working hours."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=80), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_seen_event_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen_event")),
        sa.UniqueConstraint("workspace_id", "event_id", name=op.f("uq_seen_event_workspace_id_event_id")),
    )
    with op.batch_alter_table("seen_event", schema=None) as batch_op:
        batch_op.create_index("ix_seen_event_seen", ["seen_at"], unique=False)

    op.create_table(
        "listening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mode IN ('answer', 'offer', 'mentions')", name=op.f("ck_listening_mode_is_known")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_listening_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listening")),
        sa.UniqueConstraint("workspace_id", "channel_id", name=op.f("uq_listening_workspace_id_channel_id")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread_ts", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("source", sa.String(length=10), server_default="command", nullable=False))
        batch_op.add_column(sa.Column("state", sa.String(length=10), server_default="open", nullable=False))
        batch_op.add_column(sa.Column("holder_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("taken_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("remind_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("escalate_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_question_thread", ["workspace_id", "channel_id", "thread_ts"], unique=False)
        batch_op.create_index(
            "ix_question_waiting",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_unique_constraint(batch_op.f("uq_question_workspace_id_id"), ["workspace_id", "id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_question_workspace_id_answered_by"),
            "member",
            ["workspace_id", "answered_by"],
            ["workspace_id", "id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_question_workspace_id_holder_id"),
            "member",
            ["workspace_id", "holder_id"],
            ["workspace_id", "id"],
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_question_state_is_known"), "state IN ('open', 'answered', 'solved', 'withdrawn')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_question_source_is_known"), "source IN ('command', 'button', 'shortcut', 'channel')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_question_an_answer_has_an_author"), "(answered_at IS NULL) = (answered_by IS NULL)"
        )

    op.create_table(
        "question_route",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'deputy', 'candidate', 'wearer', 'admin', 'named')",
            name=op.f("ck_question_route_role_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "hat_id"],
            ["hat.workspace_id", "hat.id"],
            name=op.f("fk_question_route_workspace_id_hat_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_question_route_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "question_id"],
            ["question.workspace_id", "question.id"],
            name=op.f("fk_question_route_workspace_id_question_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_route")),
        sa.UniqueConstraint(
            "question_id", "member_id", "hop", name=op.f("uq_question_route_question_id_member_id_hop")
        ),
    )
    # Not in a batch: SQLite would copy the table, and other tables point to it. The rule comes with the column.
    op.execute(
        "ALTER TABLE member ADD COLUMN reach VARCHAR(10) DEFAULT 'dm' NOT NULL "
        "CONSTRAINT ck_member_reach_is_known CHECK (reach IN ('dm', 'thread'))"
    )

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("working_days", sa.String(length=7), server_default="12345", nullable=False))
        batch_op.add_column(sa.Column("work_starts", sa.String(length=5), server_default="08:00", nullable=False))
        batch_op.add_column(sa.Column("work_ends", sa.String(length=5), server_default="17:00", nullable=False))
        batch_op.add_column(sa.Column("holidays", sa.String(length=10), server_default="", nullable=False))
        batch_op.add_column(sa.Column("answer_hours", sa.Integer(), server_default="8", nullable=False))


def downgrade() -> None:
    for column in ("answer_hours", "holidays", "work_ends", "work_starts", "working_days"):
        op.drop_column("team", column)
    op.drop_column("member", "reach")
    op.drop_table("question_route")
    op.drop_table("listening")
    op.drop_table("seen_event")
    with op.batch_alter_table("question") as batch_op:
        for rule in ("an_answer_has_an_author", "source_is_known", "state_is_known"):
            batch_op.drop_constraint(batch_op.f(f"ck_question_{rule}"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_question_workspace_id_holder_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_question_workspace_id_answered_by"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_question_workspace_id_id"), type_="unique")
        batch_op.drop_index("ix_question_waiting")
        batch_op.drop_index("ix_question_thread")
        for column in (
            "escalate_at",
            "remind_at",
            "closed_at",
            "answered_at",
            "answered_by",
            "taken_at",
            "holder_id",
            "state",
            "source",
            "thread_ts",
        ):
            batch_op.drop_column(column)
