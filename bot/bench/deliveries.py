"""Prompts to many owners at once by a real bot process on SQLite, against a Slack that takes 150 ms for each call.

With `Size.with_digests` every team is owed the digest of the week before at the same moment, about a chain with half a
year behind it. As at the end of every week, the bots have computed the reports on these chains before: that takes as
much processor time, and nobody waits for it. What follows in a digest's thread is not waited for.
"""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.bench import scene, seasons
from bot.bench.figures import Figure
from bot.bench.local_slack import Address, local_slack
from bot.bench.processes import Child, running
from bot.clock import system_clock
from storage import Sessions, backlogs
from storage.tables import Team

MOST_SECONDS = 180.0
MOST_SECONDS_FOR_REPORTS = 600.0
# The time to ask has passed a moment ago when the bot starts, and its first tick finds everything due.
DUE_AGO = timedelta(minutes=2)
_POLL_SECONDS = 0.25  # every look counts all that is owed, on the processor that is measured


@dataclass(frozen=True)
class Size:
    """How much is sent, by how many processes, and the most seconds that it may take."""

    workspaces: int = 16
    people: int = 100
    latency_ms: float = 150
    replicas: int = 1
    with_digests: bool = False
    bar: float | None = 10

    @property
    def prompts(self) -> int:
        """How many prompts are owed."""
        return self.workspaces * self.people

    @property
    def digests(self) -> int:
        """How many digests are owed."""
        return self.workspaces if self.with_digests else 0


@dataclass(frozen=True)
class Run:
    """What a run came to.

    Seconds are counted from the first claim: until everything was recorded, and until the last of each kind was sent.
    Processor time is in seconds; that for the reports, which were computed before, is apart. `recorded` are the
    messages that the bots say they have sent, `messages` those that are there, and `keys` how many of these differ.
    """

    seconds: float
    last_sent: Mapping[str, float]
    bot_cpu: float
    slack_cpu: float
    recorded: int
    messages: int
    keys: int
    reports_cpu: float = 0


def measure(size: Size | None = None) -> list[Figure]:
    """Measure on a SQLite file."""
    size = size or Size()
    with tempfile.TemporaryDirectory(prefix="hattrick-bench-") as folder:
        return figures(size, send_all(size, scene.sqlite_url(Path(folder))))


def figures(size: Size, run: Run) -> list[Figure]:
    """Tell a run's figures; processor time is told for each message, where digests are among them as well."""
    owed = f"{size.prompts:,} prompts"
    apart = []
    if size.with_digests:
        apart = [
            Figure(f"of these, the {name}, first claim to last sent", run.last_sent[kind], "s")
            for name, kind in ((owed, "prompt"), (f"{size.digests:,} digests", "digest"))
        ]
        owed += f" and {size.digests:,} digests at once"
        per_report = run.reports_cpu / size.digests * 1000
        apart.append(Figure("processor time of the bots for each report, computed before", per_report, "ms"))
    one = "message" if size.with_digests else "prompt"
    return [
        Figure(f"{owed}, first claim to last recorded", run.seconds, "s", size.bar),
        *apart,
        Figure("messages that were lost or doubled", astray(run), "", 0),
        Figure(f"processor time of the bot per {one}", run.bot_cpu / (size.prompts + size.digests) * 1000, "ms"),
        Figure(
            f"processor time of the local Slack per {one}", run.slack_cpu / (size.prompts + size.digests) * 1000, "ms"
        ),
    ]


def astray(run: Run) -> int:
    """Count messages too few and messages too many."""
    return abs(run.recorded - run.keys) + (run.messages - run.keys)


def send_all(size: Size, url: str) -> Run:
    """Settle the teams in the database at `url`, run the bots until everything is recorded, and read the clocks."""
    key, seal = scene.vault()
    with ExitStack() as stack:
        address, slack = stack.enter_context(
            local_slack(workspaces=size.workspaces, people=size.people, latency_ms=size.latency_ms)
        )
        sessions = stack.enter_context(scene.database(url))
        teams = _settle(size, sessions, address, seal)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hattrick-bench-")))
        environment = address.environment(url) | {"HATTRICK_ENCRYPTION_KEYS": key}
        with ExitStack() as bots_run:
            bots = [
                bots_run.enter_context(
                    running("bot.cli", "run", ready=scene.READY, folder=folder, environment=environment)
                )
                for _ in range(size.replicas)
            ]
            started = _cpu(bots)
            if size.with_digests:
                _let_compute(sessions, size)
            bots_before, slack_before = _cpu(bots), slack.cpu_seconds()
            if size.with_digests:
                _let_all_be_due(sessions, teams)
            seconds = _wait(sessions, size)
            bot_cpu, slack_cpu = _cpu(bots) - bots_before, slack.cpu_seconds() - slack_before
        posted = address.posted()  # by now nothing is under way
        with sessions.read() as session:
            recorded = backlogs.counts(session)["sent"]
        return Run(
            seconds=seconds,
            last_sent=_last_sent(sessions),
            bot_cpu=bot_cpu,
            slack_cpu=slack_cpu,
            recorded=recorded,
            messages=posted["messages"],
            keys=posted["keys"],
            reports_cpu=bots_before - started,
        )


def _settle(size: Size, sessions: Sessions, address: Address, seal: Callable[[str], str]) -> list[Team]:
    now = system_clock()
    with sessions.write() as session:
        settled = scene.owners(
            session,
            address.places,
            now=now,
            prompt_at=scene.NEVER if size.with_digests else scene.weekly(now - DUE_AGO),
            earlier=0 if size.with_digests else scene.EARLIER_READINGS,
            seal=seal,
        )
        if size.with_digests:
            seasons.play(session, settled, now=now)
    sessions.take_stock()  # as a server that has run for some minutes has done by itself
    return settled.teams


def _let_compute(sessions: Sessions, size: Size) -> None:
    """Wait until the bots have computed the report on every team's chain."""
    deadline = time.monotonic() + MOST_SECONDS_FOR_REPORTS
    while (kept := _reports(sessions)) < size.workspaces:
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {MOST_SECONDS_FOR_REPORTS} s there were {kept} reports")
        time.sleep(_POLL_SECONDS)


def _reports(sessions: Sessions) -> int:
    with sessions.read() as session:
        return backlogs.reports(session)


def _let_all_be_due(sessions: Sessions, teams: Sequence[Team]) -> None:
    """Let every team ask, and have its digest, at the full minute that has just passed."""
    due = scene.weekly(system_clock())
    with sessions.write() as session:
        for team in teams:
            team.prompt_at = team.digest_at = due
        session.add_all(teams)


def _wait(sessions: Sessions, size: Size) -> float:
    """Wait until everything owed is recorded; return the seconds since the first was claimed."""
    deadline = time.monotonic() + MOST_SECONDS
    while True:
        with sessions.read() as session:
            sent = backlogs.sent_by_kind(session)
        recorded = system_clock()
        if sent.get("prompt", 0) >= size.prompts and sent.get("digest", 0) >= size.digests:
            return (recorded - _first_claim(sessions)).total_seconds()
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {MOST_SECONDS} s there were sent {sent}")
        time.sleep(_POLL_SECONDS)


def _first_claim(sessions: Sessions) -> datetime:
    with sessions.read() as session:
        return min(course.claimed_at for course in backlogs.courses(session))


def _last_sent(sessions: Sessions) -> dict[str, float]:
    """Return how many seconds after the first claim the last message of each kind was sent."""
    with sessions.read() as session:
        courses = backlogs.courses(session)
    first = min(course.claimed_at for course in courses)
    return {
        kind: max((course.sent_at - first).total_seconds() for course in courses if course.kind == kind)
        for kind in {course.kind for course in courses}
    }


def _cpu(children: Sequence[Child]) -> float:
    return sum(child.cpu_seconds() for child in children)
