"""A PostgreSQL database that is emptied for the next test instead of being made anew."""

from dataclasses import dataclass
from typing import Any

import psycopg

CUT_OFF = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Every change of the schema, of the database's own settings or of the revision shows here: a changed row of the
# catalogue has the number of the transaction that changed it.
LOOK = """
    SELECT (SELECT sum(xmin::text::bigint) FROM pg_class WHERE oid >= 16384),
           (SELECT sum(xmin::text::bigint) FROM pg_attribute WHERE attrelid >= 16384),
           (SELECT sum(xmin::text::bigint) FROM pg_constraint),
           (SELECT sum(xmin::text::bigint) FROM pg_trigger),
           (SELECT sum(xmin::text::bigint) FROM pg_proc WHERE oid >= 16384),
           (SELECT sum(xmin::text::bigint) FROM pg_namespace),
           (SELECT count(*) FROM pg_db_role_setting),
           (SELECT min(version_num) FROM alembic_version)
"""
# Foreign keys are not looked at meanwhile, and whoever comes next counts from one.
EMPTYING = """
    SELECT 'SET session_replication_role = replica'
    UNION ALL
    SELECT format('DELETE FROM %I', relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    UNION ALL
    SELECT format('SELECT setval(%L, 1, false)', relname) FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
MOST_BYTES = 24 * 1024 * 1024  # what rows have been takes room until a database is dropped


@dataclass(frozen=True)
class Reusable:
    """A migrated database that is emptied for whoever comes next, through a connection that stays."""

    url: str
    inside: psycopg.Connection[Any]
    look: object

    @classmethod
    def opened(cls, url: str) -> "Reusable":
        """Connect to a new one, and remember what it looks like."""
        inside = psycopg.connect(url, autocommit=True)
        return cls(url, inside, inside.execute(LOOK).fetchone())

    def is_emptied(self) -> bool:
        """Cut everybody off and take every row out; tell whether it is now as it was made."""
        try:
            self.inside.execute(CUT_OFF)
            if self.inside.execute(LOOK).fetchone() != self.look:
                return False
            self.inside.execute("; ".join(row[0] for row in self.inside.execute(EMPTYING)).encode())
            size = self.inside.execute("SELECT pg_database_size(current_database())").fetchone()
        except psycopg.OperationalError:  # the server was stopped meanwhile
            return False
        return size is not None and size[0] < MOST_BYTES
