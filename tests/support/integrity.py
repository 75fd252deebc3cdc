"""What a database says of itself: its own checks, and the invariants that its constraints keep."""

from sqlalchemy import text
from sqlmodel import Session


def integrity(session: Session) -> list[str]:
    """Let the database check itself, and the invariants that its constraints keep."""
    connection = session.connection()
    problems = []
    if connection.dialect.name == "sqlite":
        found = [row[0] for row in connection.execute(text("PRAGMA integrity_check"))]
        problems += [] if found == ["ok"] else [f"integrity_check: {found}"]
        problems += [f"foreign_key_check: {row}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
    else:
        # An index that is built anew fails where it does not hold.
        for (table,) in connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all():
            connection.execute(text(f'REINDEX TABLE "{table}"'))
    for what, query in INVARIANTS.items():
        problems += [f"{what}: {tuple(row)}" for row in connection.execute(text(query))]
    return problems


INVARIANTS = {
    "two live assignments of a hat": "SELECT hat_id, count(*) FROM assignment WHERE ended_at IS NULL "
    "GROUP BY hat_id HAVING count(*) > 1",
    "an owner who does not follow the one before": "SELECT hat_id, id FROM (SELECT hat_id, id, started_at, "
    "lag(ended_at) OVER (PARTITION BY hat_id ORDER BY id) AS ended_before, "
    "row_number() OVER (PARTITION BY hat_id ORDER BY id) AS place FROM assignment) AS owner "
    "WHERE place > 1 AND (ended_before IS NULL OR ended_before <> started_at)",
    "two readings of a KPI and week": "SELECT kpi_id, period, count(*) FROM reading "
    "GROUP BY kpi_id, period HAVING count(*) > 1",
    "two deliveries of one thing": "SELECT team_id, kind, recipient, period, count(*) FROM delivery "
    "GROUP BY team_id, kind, recipient, period HAVING count(*) > 1",
    "a name for two hats": "SELECT team_id, key, count(*) FROM alias GROUP BY team_id, key HAVING count(*) > 1",
    "a link between teams": "SELECT link.id FROM link JOIN kpi AS u ON u.id = link.upstream_id "
    "JOIN kpi AS d ON d.id = link.downstream_id WHERE u.team_id <> d.team_id",
    "a version without its reading": "SELECT v.id FROM reading_version AS v "
    "LEFT JOIN reading AS r ON r.id = v.reading_id WHERE r.id IS NULL",
}
