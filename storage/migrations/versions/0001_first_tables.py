"""The first tables."""

import sqlalchemy as sa
from alembic import op

from storage.types import ExactNumber, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# A loop in the chain is allowed only if it takes time: links without lag must not form a cycle.
LOOP = """
    WITH RECURSIVE downstream(kpi_id) AS (
        SELECT NEW.downstream_id
        UNION
        SELECT link.downstream_id FROM link JOIN downstream ON link.upstream_id = downstream.kpi_id
        WHERE link.lag_weeks = 0 AND link.id <> COALESCE(NEW.id, -1)
    )
    SELECT 1 FROM downstream WHERE kpi_id = NEW.upstream_id
"""
# On PostgreSQL two writers do not see each other's links until they commit: one of a team at a time.
LINK_LOCK = 4_281_974
REFUSAL = "a loop of links needs a lag of at least one week"


def iso_week(column: str) -> str:
    """Say in both engines' SQL that a column is written as `2026-W48`."""
    digits = f"substr({column}, 1, 4) || substr({column}, 7, 2)"
    return (
        f"length({column}) = 8 AND substr({column}, 5, 2) = '-W' AND ltrim({digits}, '0123456789') = '' "
        f"AND substr({column}, 7, 2) BETWEEN '01' AND '53'"
    )


def guard_loops() -> None:
    """Let the database refuse a loop without lag, on either engine."""
    if op.get_bind().dialect.name == "sqlite":
        for moment in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER link_loop_{moment.lower()} BEFORE {moment} ON link WHEN NEW.lag_weeks = 0 "
                f"AND EXISTS ({LOOP}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION refuse_link_loop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM pg_advisory_xact_lock({LINK_LOCK}, NEW.team_id); "
        f"IF NEW.lag_weeks = 0 AND EXISTS ({LOOP}) THEN "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER link_loop BEFORE INSERT OR UPDATE ON link FOR EACH ROW EXECUTE FUNCTION refuse_link_loop()"
    )


def upgrade() -> None:

    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slack_team_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("bot_user_id", sa.String(length=20), nullable=True),
        sa.Column("bot_token_encrypted", sa.String(length=2000), nullable=True),
        sa.Column("installed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("uninstalled_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("slack_team_id", name=op.f("uq_workspace_slack_team_id")),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("slack_user_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=True),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("is_stranger", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("prompt_at", sa.String(length=20), nullable=True),
        sa.Column("refreshed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_member_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_member_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "slack_user_id", name=op.f("uq_member_workspace_id_slack_user_id")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("prompt_at", sa.String(length=20), nullable=False),
        sa.Column("reminder_at", sa.String(length=20), nullable=False),
        sa.Column("digest_at", sa.String(length=20), nullable=False),
        sa.Column("directory_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("archived_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("locale IN ('en', 'sv')", name=op.f("ck_team_locale_is_known")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_team_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_team_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "slug", name=op.f("uq_team_workspace_id_slug")),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index("ix_team_channel", ["workspace_id", "channel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_workspace_id"), ["workspace_id"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_before", UtcDateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.String(length=20), nullable=True),
        sa.Column("message_ts", sa.String(length=20), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "state IN ('due', 'claimed', 'sent', 'failed', 'skipped')",
            name=op.f("ck_delivery_state_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_delivery_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
        sa.UniqueConstraint(
            "team_id", "kind", "recipient", "period", name=op.f("uq_delivery_team_id_kind_recipient_period")
        ),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_open",
            ["not_before"],
            unique=False,
            sqlite_where=sa.text("state IN ('due', 'claimed')"),
            postgresql_where=sa.text("state IN ('due', 'claimed')"),
        )

    op.create_table(
        "hat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("position", sa.String(length=10), nullable=False),
        sa.Column("ask_about", sa.String(length=500), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("archived_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "position IN ('defender', 'midfielder', 'forward', 'libero')",
            name=op.f("ck_hat_position_is_known"),
        ),
        sa.CheckConstraint("side IN ('sales', 'marketing')", name=op.f("ck_hat_side_is_known")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_hat_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hat")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_hat_team_id_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_hat_workspace_id_id")),
    )
    with op.batch_alter_table("hat", schema=None) as batch_op:
        batch_op.create_index("ix_hat_team", ["team_id", "archived_at"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("joined_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("left_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_membership_workspace_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"],
            ["team.workspace_id", "team.id"],
            name=op.f("fk_membership_workspace_id_team_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_member", ["member_id"], unique=False)
        batch_op.create_index(
            "uq_membership_live",
            ["team_id", "member_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.CheckConstraint("key <> ''", name=op.f("ck_alias_key_is_not_empty")),
        sa.CheckConstraint("kind IN ('slug', 'alias', 'old_slug')", name=op.f("ck_alias_kind_is_known")),
        sa.ForeignKeyConstraint(
            ["team_id", "hat_id"],
            ["hat.team_id", "hat.id"],
            name=op.f("fk_alias_team_id_hat_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_alias_team_id_key")),
    )
    with op.batch_alter_table("alias", schema=None) as batch_op:
        batch_op.create_index("ix_alias_hat", ["hat_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "ending IN ('handed_over', 'stepped_down', 'forced', 'left', 'archived', 'applied')",
            name=op.f("ck_assignment_ending_is_known"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_assignment_an_ending_has_a_time")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_assignment_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "hat_id"],
            ["hat.workspace_id", "hat.id"],
            name=op.f("fk_assignment_workspace_id_hat_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_assignment_workspace_id_member_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_hat", ["hat_id", "started_at"], unique=False)
        batch_op.create_index("ix_assignment_member", ["member_id"], unique=False)
        batch_op.create_index(
            "uq_assignment_live",
            ["hat_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "kpi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("cadence", sa.String(length=10), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_goal", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("archived_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cadence IN ('weekly', 'biweekly', 'monthly')", name=op.f("ck_kpi_cadence_is_known")),
        sa.CheckConstraint("direction IN ('higher', 'lower')", name=op.f("ck_kpi_direction_is_known")),
        sa.CheckConstraint(
            "unit IN ('count', 'money', 'percent', 'ratio', 'duration')", name=op.f("ck_kpi_unit_is_known")
        ),
        sa.ForeignKeyConstraint(["team_id", "hat_id"], ["hat.team_id", "hat.id"], name=op.f("fk_kpi_team_id_hat_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_kpi_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi")),
        sa.UniqueConstraint("team_id", "id", name=op.f("uq_kpi_team_id_id")),
        sa.UniqueConstraint("team_id", "key", name=op.f("uq_kpi_team_id_key")),
    )
    with op.batch_alter_table("kpi", schema=None) as batch_op:
        batch_op.create_index("ix_kpi_hat", ["hat_id"], unique=False)
        batch_op.create_index(
            "uq_kpi_goal",
            ["team_id"],
            unique=True,
            sqlite_where=sa.text("is_goal AND archived_at IS NULL"),
            postgresql_where=sa.text("is_goal AND archived_at IS NULL"),
        )

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=3000), nullable=False),
        sa.Column("channel_id", sa.String(length=20), nullable=True),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "asker_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_question_workspace_id_asker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "hat_id"],
            ["hat.workspace_id", "hat.id"],
            name=op.f("fk_question_workspace_id_hat_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("key", name=op.f("uq_question_key")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_hat", ["hat_id"], unique=False)

    op.create_table(
        "wearer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("hat_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "hat_id"],
            ["hat.workspace_id", "hat.id"],
            name=op.f("fk_wearer_workspace_id_hat_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "member_id"],
            ["member.workspace_id", "member.id"],
            name=op.f("fk_wearer_workspace_id_member_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wearer")),
    )
    with op.batch_alter_table("wearer", schema=None) as batch_op:
        batch_op.create_index("ix_wearer_member", ["member_id"], unique=False)
        batch_op.create_index(
            "uq_wearer_live",
            ["hat_id", "member_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("upstream_id", sa.Integer(), nullable=False),
        sa.Column("downstream_id", sa.Integer(), nullable=False),
        sa.Column("lag_weeks", sa.Integer(), nullable=False),
        sa.Column("rate", ExactNumber(precision=24, scale=6), nullable=True),
        sa.CheckConstraint("lag_weeks BETWEEN 0 AND 52", name=op.f("ck_link_lag_is_in_range")),
        sa.CheckConstraint(
            "upstream_id <> downstream_id OR lag_weeks > 0", name=op.f("ck_link_no_link_to_itself_at_once")
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "downstream_id"],
            ["kpi.team_id", "kpi.id"],
            name=op.f("fk_link_team_id_downstream_id"),
        ),
        sa.ForeignKeyConstraint(
            ["team_id", "upstream_id"], ["kpi.team_id", "kpi.id"], name=op.f("fk_link_team_id_upstream_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("upstream_id", "downstream_id", name=op.f("uq_link_upstream_id_downstream_id")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_downstream", ["downstream_id"], unique=False)
        batch_op.create_index("ix_link_team", ["team_id"], unique=False)

    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("value", ExactNumber(precision=24, scale=6), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=True),
        sa.Column("reported_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(iso_week("period"), name=op.f("ck_reading_period_is_iso_week")),
        sa.CheckConstraint(
            "source IN ('modal', 'import', 'api', 'pull', 'thread', 'demo')",
            name=op.f("ck_reading_source_is_known"),
        ),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi.id"], name=op.f("fk_reading_kpi_id")),
        sa.ForeignKeyConstraint(["reported_by"], ["member.id"], name=op.f("fk_reading_reported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("kpi_id", "period", name=op.f("uq_reading_kpi_id_period")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index("ix_reading_period", ["period"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.String(length=8), nullable=False),
        sa.Column("value", ExactNumber(precision=24, scale=6), nullable=False),
        sa.Column("agreed_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(iso_week("valid_from"), name=op.f("ck_target_valid_from_is_iso_week")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi.id"], name=op.f("fk_target_kpi_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("kpi_id", "valid_from", name=op.f("uq_target_kpi_id_valid_from")),
    )
    op.create_table(
        "reading_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("value", ExactNumber(precision=24, scale=6), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=True),
        sa.Column("reported_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.Column("replaced_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_reading_version_reading_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["member.id"], name=op.f("fk_reading_version_replaced_by")),
        sa.ForeignKeyConstraint(["reported_by"], ["member.id"], name=op.f("fk_reading_version_reported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_version")),
    )
    with op.batch_alter_table("reading_version", schema=None) as batch_op:
        batch_op.create_index("ix_reading_version_reading", ["reading_id"], unique=False)
    guard_loops()


def downgrade() -> None:

    with op.batch_alter_table("reading_version", schema=None) as batch_op:
        batch_op.drop_index("ix_reading_version_reading")

    op.drop_table("reading_version")
    op.drop_table("target")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index("ix_reading_period")

    op.drop_table("reading")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_team")
        batch_op.drop_index("ix_link_downstream")

    op.drop_table("link")
    with op.batch_alter_table("wearer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_wearer_live", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )
        batch_op.drop_index("ix_wearer_member")

    op.drop_table("wearer")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index("ix_question_hat")

    op.drop_table("question")
    with op.batch_alter_table("kpi", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_kpi_goal",
            sqlite_where=sa.text("is_goal AND archived_at IS NULL"),
            postgresql_where=sa.text("is_goal AND archived_at IS NULL"),
        )
        batch_op.drop_index("ix_kpi_hat")

    op.drop_table("kpi")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_assignment_member")
        batch_op.drop_index("ix_assignment_hat")

    op.drop_table("assignment")
    with op.batch_alter_table("alias", schema=None) as batch_op:
        batch_op.drop_index("ix_alias_hat")

    op.drop_table("alias")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_live",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.drop_index("ix_membership_member")

    op.drop_table("membership")
    with op.batch_alter_table("hat", schema=None) as batch_op:
        batch_op.drop_index("ix_hat_team")

    op.drop_table("hat")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_open",
            sqlite_where=sa.text("state IN ('due', 'claimed')"),
            postgresql_where=sa.text("state IN ('due', 'claimed')"),
        )

    op.drop_table("delivery")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_workspace_id"))
        batch_op.drop_index("ix_team_channel")

    op.drop_table("team")
    op.drop_table("member")
    op.drop_table("workspace")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_link_loop()")
