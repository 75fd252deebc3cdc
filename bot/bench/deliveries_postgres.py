"""Prompts and digests to many workspaces at once by several bot processes on PostgreSQL, each message exactly once."""

from bot.bench.deliveries import Size, figures, send_all
from bot.bench.figures import Figure
from bot.bench.postgres import running_postgres

MANY = Size(workspaces=1_000, people=10, replicas=4, with_digests=True, bar=40)


def measure(size: Size = MANY) -> list[Figure]:
    """Measure on a server of its own."""
    with running_postgres() as url:
        return figures(size, send_all(size, url))
