"""What a prompt costs when there are many workspaces, and whether a digest asks the database more for a longer chain.

Slack is a fake that answers at once, so that the cost is the planner's and the dispatcher's alone.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import log
from bot.bench import scene
from bot.bench.figures import Figure, median
from bot.bench.local_slack import Place
from bot.bench.quiet import QuietSlack
from bot.clock import system_clock
from bot.domain.period import Period
from bot.jobs.dispatcher import Dispatcher
from bot.services.digests.digests import digest_of
from bot.services.sending.planning import Planner
from storage import Sessions

DUE_AGO = scene.FOUNDED_AGO / 30
_FIRST_PERSON = "U0"


@dataclass(frozen=True)
class Size:
    """How many workspaces are few and many, and how often the few are measured for each time the many are."""

    few: int = 10
    many: int = 1_000
    people: int = 4
    rounds: int = 3
    few_per_round: int = 10
    workers: int = 4
    kpis: tuple[int, int] = (5, 30)
    links: tuple[int, int] = (4, 40)
    weeks: tuple[int, int] = (13, 104)


def measure(size: Size | None = None) -> list[Figure]:
    """Measure both in turn, several times."""
    size = size or Size()
    log.configure("json", level=30)
    _cost(size.few, size)  # templates and statements are compiled by whoever comes first
    few: list[float] = []
    many: list[float] = []
    for _ in range(size.rounds):
        few.append(median([_cost(size.few, size) for _ in range(size.few_per_round)]))
        many.append(_cost(size.many, size))
    short, long = (
        _digest_statements(kpis, links, weeks)
        for kpis, links, weeks in zip(size.kpis, size.links, size.weeks, strict=True)
    )
    return [
        Figure(f"cost per prompt, {size.many:,} workspaces against {size.few}", median(many) / median(few), "x", 1.3),
        Figure(f"processor time per prompt, {size.few} workspaces", median(few) * 1000, "ms"),
        Figure(f"processor time per prompt, {size.many:,} workspaces", median(many) * 1000, "ms"),
        Figure(f"digest's queries, {size.kpis[1]} KPIs and {size.weeks[1]} weeks", long, "", short),
    ]


def _cost(workspaces: int, size: Size) -> float:
    """Return the processor seconds per prompt of planning and sending everything once, on a fresh database."""
    places = [
        Place(f"T{number:07d}", "", tuple(f"{_FIRST_PERSON}{number:05d}{person:03d}" for person in range(size.people)))
        for number in range(workspaces)
    ]
    now = system_clock()
    with _fresh() as sessions:
        with sessions.write() as session:
            scene.owners(session, places, now=now, prompt_at=scene.weekly(now - DUE_AGO))
        planner = Planner(sessions, on_missed=lambda _: None)
        dispatcher = Dispatcher(sessions, QuietSlack(), system_clock, size.workers)
        started = time.process_time()
        planner.plan(system_clock())
        sent = dispatcher.dispatch()
        spent = time.process_time() - started
        dispatcher.close()
    if sent != workspaces * size.people:
        raise RuntimeError(f"{sent} prompts were sent in place of {workspaces * size.people}")
    return spent / sent


def _digest_statements(kpis: int, links: int, weeks: int) -> int:
    """Count the statements that reach the database for one digest."""
    now = system_clock()
    place = Place("T0000000", "", tuple(f"{_FIRST_PERSON}{person:03d}" for person in range(6)))
    statements: list[str] = []
    with _fresh() as sessions:
        with sessions.write() as session:
            team = scene.chain(session, place, kpis=kpis, links=links, weeks=weeks, now=now)
        with sessions.read() as session:
            driver = session.connection().connection.driver_connection
            if driver is None:
                raise RuntimeError("the session has no connection")
            driver.set_trace_callback(statements.append)
            digest_of(session, team, Period.of(now.date()).shift(-1))
            driver.set_trace_callback(None)
    return sum(not statement.startswith("BEGIN") for statement in statements)


@contextmanager
def _fresh() -> Iterator[Sessions]:
    with (
        tempfile.TemporaryDirectory(prefix="hattrick-bench-") as folder,
        scene.database(scene.sqlite_url(Path(folder))) as sessions,
    ):
        yield sessions
