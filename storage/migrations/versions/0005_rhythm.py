"""The weekly rhythm: targets with ends, formulas, skipped weeks, sources, API tokens; and what is kept of a chain."""

import sqlalchemy as sa
from alembic import op

from storage.types import ExactNumber, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DIRECTIONS = "direction IN ('higher', 'lower')"
DIRECTIONS_NOW = "direction IN ('higher', 'lower', 'within')"
CONFIDENCE = "VARCHAR(10) CONSTRAINT {name} CHECK (confidence IN ('on_track', 'at_risk', 'off_track'))"
COMPARATORS = "comparator IN ('at_least', 'more_than', 'at_most', 'less_than', 'between')"
SLOTS = "(kind IN ('prompt', 'reminder', 'snooze')) = (slot IS NOT NULL) AND (slot IS NULL OR slot IN (1, 2))"
OPEN = sa.text("state IN ('due', 'claimed')")
NUMBER = {"sqlite": "VARCHAR(32)", "postgresql": "NUMERIC(24, 6)"}
# Column by column, and its rule with it: SQLite takes a rule only so without copying the table, which others refer to.
ADDED = (
    ("kpi", "formula", "VARCHAR(300) DEFAULT '' NOT NULL"),
    (
        "kpi",
        "shown_as",
        (
            "VARCHAR(10) DEFAULT 'value' NOT NULL "
            "CONSTRAINT ck_kpi_shown_as_is_known CHECK (shown_as IN ('value', 'cumulative', 'average'))"
        ),
    ),
    ("link", "lag_known", "BOOLEAN DEFAULT {true} NOT NULL"),
    ("member", "reminders", "BOOLEAN DEFAULT {true} NOT NULL"),
    ("member", "own_locale", "VARCHAR(2)"),
    ("proposal_term", "comparator", "VARCHAR(10)"),
    ("proposal_term", "upper", "{number}"),
    ("proposal_term", "period", "VARCHAR(8)"),
    (
        "proposal_term",
        "change",
        (
            "VARCHAR(10) DEFAULT 'target' NOT NULL "
            "CONSTRAINT ck_proposal_term_change_is_known CHECK (change IN ('target', 'remove', 'define'))"
        ),
    ),
    ("proposal_term", "definition", "JSON"),
    ("reading", "confidence", CONFIDENCE.format(name="ck_reading_confidence_is_known")),
    ("reading_version", "confidence", "VARCHAR(10)"),
    (
        "target",
        "comparator",
        f"VARCHAR(10) DEFAULT 'at_least' NOT NULL CONSTRAINT ck_target_comparator_is_known CHECK ({COMPARATORS})",
    ),
    (
        "target",
        "upper",
        "{number} CONSTRAINT ck_target_a_range_has_two_ends CHECK ((comparator = 'between') = (upper IS NOT NULL))",
    ),
    ("team", "quiet_from", "VARCHAR(5) DEFAULT '20:00' NOT NULL"),
    ("team", "quiet_until", "VARCHAR(5) DEFAULT '07:00' NOT NULL"),
    ("team", "edit_weeks", "INTEGER DEFAULT '6' NOT NULL"),
)


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_api_token_created_by")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_api_token_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_api_token_workspace_id_id")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index("ix_api_token_team", ["team_id"], unique=False)

    op.create_table(
        "chain_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("computed_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(period) = 8 AND substr(period, 5, 2) = '-W' AND ltrim(substr(period, 1, 4) || substr(period, 7, 2), '0123456789') = '' AND substr(period, 7, 2) BETWEEN '01' AND '53'",
            name=op.f("ck_chain_report_period_is_iso_week"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_chain_report_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_report")),
        sa.UniqueConstraint("team_id", "period", name=op.f("uq_chain_report_team_id_period")),
    )
    op.create_table(
        "skipped_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("skipped_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(period) = 8 AND substr(period, 5, 2) = '-W' AND ltrim(substr(period, 1, 4) || substr(period, 7, 2), '0123456789') = '' AND substr(period, 7, 2) BETWEEN '01' AND '53'",
            name=op.f("ck_skipped_week_period_is_iso_week"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_skipped_week_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_skipped_week_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skipped_week")),
        sa.UniqueConstraint("team_id", "member_id", "period", name=op.f("uq_skipped_week_team_id_member_id_period")),
    )
    op.create_table(
        "api_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("api_token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "api_token_id"],
            ["api_token.workspace_id", "api_token.id"],
            name=op.f("fk_api_request_workspace_id_api_token_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_request")),
        sa.UniqueConstraint("api_token_id", "key", name=op.f("uq_api_request_api_token_id_key")),
    )
    with op.batch_alter_table("api_request", schema=None) as batch_op:
        batch_op.create_index("ix_api_request_made", ["made_at"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("upstream_id", sa.Integer(), nullable=False),
        sa.Column("downstream_id", sa.Integer(), nullable=False),
        sa.Column("rate", ExactNumber(precision=24, scale=6), nullable=False),
        sa.Column("norm", ExactNumber(precision=24, scale=6), nullable=False),
        sa.Column("goals", ExactNumber(precision=24, scale=6), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(period) = 8 AND substr(period, 5, 2) = '-W' AND ltrim(substr(period, 1, 4) || substr(period, 7, 2), '0123456789') = '' AND substr(period, 7, 2) BETWEEN '01' AND '53'",
            name=op.f("ck_recommendation_period_is_iso_week"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "downstream_id"],
            ["kpi.team_id", "kpi.id"],
            name=op.f("fk_recommendation_team_id_downstream_id"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "upstream_id"], ["kpi.team_id", "kpi.id"], name=op.f("fk_recommendation_team_id_upstream_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_recommendation_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("team_id", "period", name=op.f("uq_recommendation_team_id_period")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("format", sa.String(length=4), nullable=False),
        sa.Column("expression", sa.String(length=500), nullable=False),
        sa.Column("week_expression", sa.String(length=500), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tried_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("worked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("failing_since", UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.CheckConstraint("format IN ('csv', 'json')", name=op.f("ck_source_format_is_known")),
        sa.CheckConstraint(
            "told_at IS NULL OR failing_since IS NOT NULL", name=op.f("ck_source_told_of_a_failure_only")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_source_created_by")),
        sa.ForeignKeyConstraint(
            ["team_id", "kpi_id"], ["kpi.team_id", "kpi.id"], name=op.f("fk_source_team_id_kpi_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_source_workspace_id_team_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("kpi_id", name=op.f("uq_source_kpi_id")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index("ix_source_next", ["next_at"], unique=False)

    op.create_table(
        "target_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("comparator", sa.String(length=10), nullable=False),
        sa.Column("value", ExactNumber(precision=24, scale=6), nullable=False),
        sa.Column("upper", ExactNumber(precision=24, scale=6), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("agreed_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(comparator = 'between') = (upper IS NOT NULL)", name=op.f("ck_target_override_a_range_has_two_ends")
        ),
        sa.CheckConstraint(
            "comparator IN ('at_least', 'more_than', 'at_most', 'less_than', 'between')",
            name=op.f("ck_target_override_comparator_is_known"),
        ),
        sa.CheckConstraint(
            "length(period) = 8 AND substr(period, 5, 2) = '-W' AND ltrim(substr(period, 1, 4) || substr(period, 7, 2), '0123456789') = '' AND substr(period, 7, 2) BETWEEN '01' AND '53'",
            name=op.f("ck_target_override_period_is_iso_week"),
        ),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi.id"], name=op.f("fk_target_override_kpi_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_override")),
        sa.UniqueConstraint("kpi_id", "period", name=op.f("uq_target_override_kpi_id_period")),
    )
    op.create_table(
        "pass_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("rated_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(period) = 8 AND substr(period, 5, 2) = '-W' AND ltrim(substr(period, 1, 4) || substr(period, 7, 2), '0123456789') = '' AND substr(period, 7, 2) BETWEEN '01' AND '53'",
            name=op.f("ck_pass_rating_period_is_iso_week"),
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_pass_rating_score_is_in_range")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_pass_rating_link_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_pass_rating_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_pass_rating_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_rating")),
        sa.UniqueConstraint("link_id", "period", "member_id", name=op.f("uq_pass_rating_link_id_period_member_id")),
    )
    with op.batch_alter_table("pass_rating", schema=None) as batch_op:
        batch_op.create_index("ix_pass_rating_team", ["team_id", "period"], unique=False)

    _add_to_delivery()
    _add_columns(ADDED)
    _let_kpis_be_within_a_range()
    # What was agreed for a number that should stay low was always 'at most'.
    op.execute(
        "UPDATE target SET comparator = 'at_most' WHERE kpi_id IN (SELECT id FROM kpi WHERE direction = 'lower')"
    )


def downgrade() -> None:
    _change_directions(DIRECTIONS_NOW, DIRECTIONS)
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.drop_index("ix_delivery_open")
        batch_op.drop_constraint(batch_op.f("ck_delivery_two_slots_for_what_asks"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_delivery_team_id_recipient_period_slot"), type_="unique")
        batch_op.drop_column("slot")
        batch_op.create_index("ix_delivery_open", ["not_before"], sqlite_where=OPEN, postgresql_where=OPEN)
    for table, name, _ in reversed(ADDED):
        op.drop_column(table, name)
    op.drop_table("pass_rating")
    op.drop_table("target_override")
    op.drop_table("source")
    op.drop_table("recommendation")
    op.drop_table("api_request")
    op.drop_table("skipped_week")
    op.drop_table("chain_report")
    op.drop_table("api_token")


def _add_columns(added: tuple[tuple[str, str, str], ...]) -> None:
    engine = op.get_context().dialect.name
    true = "1" if engine == "sqlite" else "true"
    for table, name, kind in added:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind.format(true=true, number=NUMBER[engine])}")


def _add_to_delivery() -> None:
    """Number the messages that ask about a week. Nothing refers to a delivery, so SQLite may copy the table."""
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.drop_index("ix_delivery_open")
        batch_op.add_column(sa.Column("slot", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_delivery_team_id_recipient_period_slot"), ["team_id", "recipient", "period", "slot"]
        )
    op.execute("UPDATE delivery SET slot = 1 WHERE kind = 'prompt'")
    op.execute("UPDATE delivery SET slot = 2 WHERE kind = 'reminder'")
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_delivery_two_slots_for_what_asks"), SLOTS)
        batch_op.create_index("ix_delivery_open", ["not_before"], sqlite_where=OPEN, postgresql_where=OPEN)


def _let_kpis_be_within_a_range() -> None:
    _change_directions(DIRECTIONS, DIRECTIONS_NOW)


def _change_directions(before: str, after: str) -> None:
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_kpi_direction_is_known"), "kpi")
        op.create_check_constraint(op.f("ck_kpi_direction_is_known"), "kpi", after)
        return
    # SQLite cannot change a rule, and copying a table that others refer to would drop their rows. Its documentation
    # (ALTER TABLE, section 7) lets a rule be changed in the schema itself, which changes nothing on disk.
    op.execute("PRAGMA writable_schema=ON")
    op.execute(
        sa.text("UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE name = 'kpi'").bindparams(
            before=before, after=after
        )
    )
    op.execute("PRAGMA writable_schema=RESET")  # reads the schema anew
