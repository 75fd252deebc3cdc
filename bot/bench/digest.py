"""The processor time of one digest of a long chain: every query, the statistics, and the message."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.bench import scene
from bot.bench.figures import Figure, median
from bot.bench.local_slack import Place
from bot.clock import system_clock
from bot.domain.period import Period
from bot.services.digests.digests import digest_of
from messages import catalog
from storage import Sessions
from storage.tables import Team


@dataclass(frozen=True)
class Size:
    """How long the chain is, and how often its digest is made."""

    kpis: int = 30
    links: int = 40
    weeks: int = 104
    rounds: int = 15


def measure(size: Size | None = None) -> list[Figure]:
    """Measure in this process, the first digest apart: it compiles templates and statements."""
    size = size or Size()
    now = system_clock()
    place = Place("T0000000", "", tuple(f"U0{person:03d}" for person in range(10)))
    with (
        tempfile.TemporaryDirectory(prefix="hattrick-bench-") as folder,
        scene.database(scene.sqlite_url(Path(folder))) as sessions,
    ):
        with sessions.write() as session:
            team = scene.chain(session, place, kpis=size.kpis, links=size.links, weeks=size.weeks, now=now)
        period = Period.of(now.date()).shift(-1)
        first = _cost(sessions, team, period)
        costs = [_cost(sessions, team, period) for _ in range(size.rounds)]
    chain = f"{size.kpis} KPIs, {size.links} links, {size.weeks} weeks"
    return [
        Figure(f"processor time of a digest with its statistics, {chain}", median(costs), "ms", 300),
        Figure("the first one in a process", first, "ms"),
    ]


def _cost(sessions: Sessions, team: Team, period: Period) -> float:
    started = time.process_time()
    with sessions.read() as session:
        shown = digest_of(session, team, period)  # nothing keeps the chain's report, so that each round computes it
    message = catalog.digest(shown, language=team.locale)
    milliseconds = (time.process_time() - started) * 1000
    if not message.blocks or shown.story is None:
        raise RuntimeError("the digest or its statistics are not what is to be measured")
    return milliseconds
