"""Proposals, deputies, absences, evidence and the audit log."""

import sqlalchemy as sa
from alembic import op

from storage.types import ExactNumber, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_absence_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_absence_workspace_id_member_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_member", ["member_id", "ends_at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=3000), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_audit_workspace_id_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_subject", ["team_id", "subject"], unique=False)
        batch_op.create_index("ix_audit_team", ["team_id", "at"], unique=False)

    op.create_table(
        "hat_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(period) = 8 AND substr(period, 5, 2) = '-W' AND ltrim(substr(period, 1, 4) || substr(period, 7, 2), '0123456789') = '' AND substr(period, 7, 2) BETWEEN '01' AND '53'",
            name=op.f("ck_hat_check_period_is_iso_week"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_hat_check_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_hat_check_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hat_check")),
        sa.UniqueConstraint("team_id", "member_id", "period", name=op.f("uq_hat_check_team_id_member_id_period")),
    )
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "hat_id"], ["hat.workspace_id", "hat.id"], name=op.f("fk_deputy_workspace_id_hat_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_deputy_workspace_id_member_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.create_index("ix_deputy_member", ["member_id"], unique=False)
        batch_op.create_index(
            "uq_deputy_live",
            ["hat_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("occurred_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('answered', 'passed_on', 'took_it')", name=op.f("ck_evidence_kind_is_known")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "hat_id"], ["hat.workspace_id", "hat.id"], name=op.f("fk_evidence_workspace_id_hat_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_evidence_workspace_id_member_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("hat_id", "member_id", "kind", "key", name=op.f("uq_evidence_hat_id_member_id_kind_key")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_hat", ["hat_id", "occurred_at"], unique=False)
        batch_op.create_index("ix_evidence_member", ["member_id"], unique=False)

    op.create_table(
        "hat_check_hat",
        sa.Column("hat_check_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hat_check_id"], ["hat_check.id"], name=op.f("fk_hat_check_hat_hat_check_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hat_id"], ["hat.id"], name=op.f("fk_hat_check_hat_hat_id")),
        sa.PrimaryKeyConstraint("hat_check_id", "hat_id", name=op.f("pk_hat_check_hat")),
    )
    with op.batch_alter_table("hat_check_hat", schema=None) as batch_op:
        batch_op.create_index("ix_hat_check_hat_hat", ["hat_id"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("counterpart_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("turn", sa.String(length=12), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=3000), nullable=False),
        sa.Column("offered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("remind_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (state IN ('offered', 'countered'))", name=op.f("ck_proposal_a_decision_has_a_time")
        ),
        sa.CheckConstraint("kind IN ('owner', 'terms')", name=op.f("ck_proposal_kind_is_known")),
        sa.CheckConstraint(
            "origin IN ('offer', 'volunteer', 'evidence', 'hand_over', 'review')",
            name=op.f("ck_proposal_origin_is_known"),
        ),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'countered', 'declined', 'withdrawn', 'expired')",
            name=op.f("ck_proposal_state_is_known"),
        ),
        sa.CheckConstraint("turn IN ('candidate', 'counterpart')", name=op.f("ck_proposal_turn_is_known")),
        sa.ForeignKeyConstraint(
            ["team_id", "hat_id"], ["hat.team_id", "hat.id"], name=op.f("fk_proposal_team_id_hat_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "candidate_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_proposal_workspace_id_candidate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "counterpart_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_proposal_workspace_id_counterpart_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_proposal_workspace_id_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_hat", ["hat_id", "offered_at"], unique=False)
        batch_op.create_index(
            "ix_proposal_open",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('offered', 'countered')"),
            postgresql_where=sa.text("state IN ('offered', 'countered')"),
        )
        batch_op.create_index(
            "uq_proposal_live",
            ["hat_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('offered', 'countered')"),
            postgresql_where=sa.text("state IN ('offered', 'countered')"),
        )

    op.create_table(
        "proposal_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=True),
        sa.Column("kpi_name", sa.String(length=80), nullable=False),
        sa.Column("target", ExactNumber(precision=24, scale=6), nullable=True),
        sa.Column("reason", sa.String(length=3000), nullable=False),
        sa.CheckConstraint("kpi_id IS NOT NULL OR kpi_name <> ''", name=op.f("ck_proposal_term_a_term_names_a_kpi")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi.id"], name=op.f("fk_proposal_term_kpi_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_term_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_term")),
        sa.UniqueConstraint("proposal_id", "round", "kpi_id", name=op.f("uq_proposal_term_proposal_id_round_kpi_id")),
    )
    with op.batch_alter_table("proposal_term", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_term_proposal", ["proposal_id", "round"], unique=False)

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("review_at", UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(length=3000), server_default="", nullable=False))

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hat_check", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("evidence_since", UtcDateTime(timezone=True), nullable=True))

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hat_check", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("review_months", sa.Integer(), server_default="6", nullable=False))


def downgrade() -> None:

    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_column("review_months")
        batch_op.drop_column("hat_check")

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("evidence_since")
        batch_op.drop_column("hat_check")

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_column("reason")
        batch_op.drop_column("review_at")

    with op.batch_alter_table("proposal_term", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_term_proposal")

    op.drop_table("proposal_term")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_live",
            sqlite_where=sa.text("state IN ('offered', 'countered')"),
            postgresql_where=sa.text("state IN ('offered', 'countered')"),
        )
        batch_op.drop_index(
            "ix_proposal_open",
            sqlite_where=sa.text("state IN ('offered', 'countered')"),
            postgresql_where=sa.text("state IN ('offered', 'countered')"),
        )
        batch_op.drop_index("ix_proposal_hat")

    op.drop_table("proposal")
    with op.batch_alter_table("hat_check_hat", schema=None) as batch_op:
        batch_op.drop_index("ix_hat_check_hat_hat")

    op.drop_table("hat_check_hat")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_member")
        batch_op.drop_index("ix_evidence_hat")

    op.drop_table("evidence")
    with op.batch_alter_table("deputy", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_deputy_live", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )
        batch_op.drop_index("ix_deputy_member")

    op.drop_table("deputy")
    op.drop_table("hat_check")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_team")
        batch_op.drop_index("ix_audit_subject")

    op.drop_table("audit")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_member")

    op.drop_table("absence")
