"""Prompts to many owners at once by a real bot process on SQLite, against a Slack that takes 150 ms for each call."""

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.bench import scene
from bot.bench.figures import Figure
from bot.bench.local_slack import Address, local_slack
from bot.bench.processes import Child, running
from bot.clock import system_clock
from storage import Sessions, deliveries

MOST_SECONDS = 180.0
# The time to ask has passed a moment ago when the bot starts, and its first tick finds everything due.
DUE_AGO = timedelta(minutes=2)
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Size:
    """How much is sent, by how many processes, and the most seconds that it may take."""

    workspaces: int = 16
    people: int = 100
    latency_ms: float = 150
    replicas: int = 1
    bar: float | None = 10

    @property
    def prompts(self) -> int:
        """How many prompts are owed."""
        return self.workspaces * self.people


@dataclass(frozen=True)
class Run:
    """What a run came to: seconds from the first claim to the last recorded, and processor seconds."""

    seconds: float
    bot_cpu: float
    slack_cpu: float
    messages: int
    keys: int


def measure(size: Size | None = None) -> list[Figure]:
    """Measure on a SQLite file."""
    size = size or Size()
    with tempfile.TemporaryDirectory(prefix="hattrick-bench-") as folder:
        return figures(size, send_all(size, scene.sqlite_url(Path(folder))))


def figures(size: Size, run: Run) -> list[Figure]:
    """Tell a run's figures."""
    return [
        Figure(f"{size.prompts:,} prompts, first claim to last recorded", run.seconds, "s", size.bar),
        Figure("prompts that were lost or doubled", astray(size.prompts, run), "", 0),
        Figure("processor time of the bot per prompt", run.bot_cpu / size.prompts * 1000, "ms"),
        Figure("processor time of the local Slack per prompt", run.slack_cpu / size.prompts * 1000, "ms"),
    ]


def astray(prompts: int, run: Run) -> int:
    """Count messages too few and messages too many."""
    return abs(prompts - run.keys) + (run.messages - run.keys)


def send_all(size: Size, url: str) -> Run:
    """Settle the teams in the database at `url`, run the bots until everything is recorded, and read the clocks."""
    key, seal = scene.vault()
    with ExitStack() as stack:
        address, slack = stack.enter_context(
            local_slack(workspaces=size.workspaces, people=size.people, latency_ms=size.latency_ms)
        )
        sessions = stack.enter_context(scene.database(url))
        _settle(sessions, address, seal)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hattrick-bench-")))
        slack_before = slack.cpu_seconds()
        environment = address.environment(url) | {"HATTRICK_ENCRYPTION_KEYS": key}
        bots = [
            stack.enter_context(running("bot.cli", "run", ready=scene.READY, folder=folder, environment=environment))
            for _ in range(size.replicas)
        ]
        bots_before = _cpu(bots)
        seconds = _wait(sessions, size.prompts)
        posted = address.posted()
        return Run(
            seconds,
            _cpu(bots) - bots_before,
            slack.cpu_seconds() - slack_before,
            messages=posted["messages"],
            keys=posted["keys"],
        )


def _settle(sessions: Sessions, address: Address, seal: Callable[[str], str]) -> None:
    now = system_clock()
    with sessions.write() as session:
        scene.owners(session, address.places, now=now, prompt_at=scene.weekly(now - DUE_AGO), seal=seal)


def _wait(sessions: Sessions, prompts: int) -> float:
    """Wait until every prompt is recorded; return the seconds since the first was claimed."""
    deadline = time.monotonic() + MOST_SECONDS
    while True:
        with sessions.read() as session:
            counted = deliveries.counts(session)
        recorded = system_clock()
        if counted.get("sent", 0) >= prompts:
            return (recorded - _first_claim(sessions)).total_seconds()
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {MOST_SECONDS} s the deliveries are {counted}")
        time.sleep(_POLL_SECONDS)


def _first_claim(sessions: Sessions) -> datetime:
    with sessions.read() as session:
        return min(course.claimed_at for course in deliveries.courses(session))


def _cpu(children: Sequence[Child]) -> float:
    return sum(child.cpu_seconds() for child in children)
