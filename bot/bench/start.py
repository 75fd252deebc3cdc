"""How long a bot takes until it is ready, and how much memory it holds, idle and after a digest."""

import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.bench import scene
from bot.bench.figures import Figure, median
from bot.bench.local_slack import Address, local_slack
from bot.bench.processes import Child, running
from bot.clock import system_clock

DUE_AGO = timedelta(minutes=2)
_IDLE_SECONDS = 2.0
_DIGEST_SECONDS = 60.0
_POLL_SECONDS = 0.1
_QUIET_TICK = "0.5"


@dataclass(frozen=True)
class Size:
    """How many starts there are, and how long the chain of the digest is."""

    starts: int = 5
    kpis: int = 30
    links: int = 40
    weeks: int = 104


def measure(size: Size | None = None) -> list[Figure]:
    """Measure real processes in Socket Mode on a migrated SQLite file."""
    size = size or Size()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hattrick-bench-")))
        address, _ = stack.enter_context(local_slack())
        idle_url, chain_url = scene.sqlite_url(folder, "idle.db"), scene.sqlite_url(folder, "chain.db")
        with scene.database(idle_url) as sessions, sessions.write() as session:
            scene.owners(session, address.places, now=system_clock())
        starts = [_start(address, idle_url, folder) for _ in range(size.starts)]
        after_digest = _after_digest(address, chain_url, folder, size)
    return [
        Figure(f"start to ready, median of {size.starts}", median([seconds for seconds, _ in starts]), "s", 1.5),
        Figure("resident memory, idle", median([memory for _, memory in starts]), "MB", 110),
        Figure("resident memory, after a digest", after_digest, "MB", 200),
    ]


def _start(address: Address, url: str, folder: Path) -> tuple[float, float]:
    with running("bot.cli", "run", ready=scene.READY, folder=folder, environment=address.environment(url)) as bot:
        time.sleep(_IDLE_SECONDS)
        return bot.ready_after, bot.resident_mb()


def _after_digest(address: Address, url: str, folder: Path, size: Size) -> float:
    now = system_clock()
    with scene.database(url) as sessions, sessions.write() as session:
        scene.chain(
            session,
            address.places[0],
            kpis=size.kpis,
            links=size.links,
            weeks=size.weeks,
            now=now,
            digest_at=scene.weekly(now - DUE_AGO),
        )
    environment = address.environment(url) | {"HATTRICK_TICK_SECONDS": _QUIET_TICK}
    with running("bot.cli", "run", ready=scene.READY, folder=folder, environment=environment) as bot:
        _wait_for_digest(bot)
        return bot.resident_mb()


def _wait_for_digest(bot: Child) -> None:
    deadline = time.monotonic() + _DIGEST_SECONDS
    while b"delivery_sent" not in (said := bot.log.read_bytes()):
        if time.monotonic() > deadline:
            raise RuntimeError(f"no digest came: {said.decode(errors='replace')[-2000:]}")
        time.sleep(_POLL_SECONDS)
