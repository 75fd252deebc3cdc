"""Teams in any language that there is a folder for, and messages that are owed where there is no team yet."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LISTED = ("ck_team_locale_is_known", "locale IN ('en', 'sv')")
ANY = ("ck_team_locale_is_a_code", "length(locale) = 2")
WITHOUT_TEAM = sa.text("team_id IS NULL")


def upgrade() -> None:
    _change_locale(LISTED, ANY)
    _let_team_be_missing(missing=True)
    op.create_index(
        "uq_delivery_without_team",
        "delivery",
        ["workspace_id", "kind", "recipient", "period"],
        unique=True,
        sqlite_where=WITHOUT_TEAM,
        postgresql_where=WITHOUT_TEAM,
    )


def downgrade() -> None:
    op.drop_index("uq_delivery_without_team", "delivery")
    op.execute("DELETE FROM delivery WHERE team_id IS NULL")
    _let_team_be_missing(missing=False)
    # The code before knows these two languages alone.
    op.execute("UPDATE team SET locale = 'en' WHERE locale NOT IN ('en', 'sv')")
    _change_locale(ANY, LISTED)


def _change_locale(before: tuple[str, str], after: tuple[str, str]) -> None:
    if op.get_context().dialect.name == "sqlite":
        written = "CONSTRAINT {} CHECK ({})"
        _rewrite("team", written.format(*before), written.format(*after))
        return
    op.drop_constraint(op.f(before[0]), "team")
    op.create_check_constraint(op.f(after[0]), "team", after[1])


def _let_team_be_missing(*, missing: bool) -> None:
    if op.get_context().dialect.name == "sqlite":
        forms = ("team_id INTEGER NOT NULL", "team_id INTEGER")
        _rewrite("delivery", *(forms if missing else reversed(forms)))
        return
    op.alter_column("delivery", "team_id", nullable=missing)


def _rewrite(table: str, before: str, after: str) -> None:
    """Change a rule of a table in SQLite's schema itself, as in 0005 (its documentation, ALTER TABLE, section 7)."""
    op.execute("PRAGMA writable_schema=ON")
    op.execute(
        sa.text("UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE name = :name").bindparams(
            before=before, after=after, name=table
        )
    )
    op.execute("PRAGMA writable_schema=RESET")  # reads the schema anew
