"""How long after their time prompts and digests go out, by a bot with its default ticks and the playground's clock."""

import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.bench import scene, seasons
from bot.bench.figures import Figure
from bot.bench.local_slack import Address, local_slack
from bot.bench.processes import running
from bot.clock import system_clock
from storage import Sessions, backlogs
from storage.team_state import identity

BAR_SECONDS = 30.0
# The clock is moved to shortly before the time; it then passes it by itself, at its own pace.
BEFORE = timedelta(seconds=3)
_POLL_SECONDS = 0.2
_FRIDAY, _MONDAY = 4, 0


@dataclass(frozen=True)
class Size:
    """How many people are asked, in how many teams that each get a digest."""

    workspaces: int = 20
    people: int = 10
    most_seconds: float = 90


def measure(size: Size | None = None) -> list[Figure]:
    """Let a Friday's prompts and a Monday's digests come due while the bot runs."""
    size = size or Size()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hattrick-bench-")))
        address, _ = stack.enter_context(local_slack(workspaces=size.workspaces, people=size.people))
        prompts, digests = _next(_FRIDAY, 13), _next(_MONDAY, 10, after=_next(_FRIDAY, 13))
        url = scene.sqlite_url(folder)
        sessions = stack.enter_context(scene.database(url))
        key, seal = scene.vault()
        with sessions.write() as session:
            settled = scene.owners(
                session,
                address.places,
                now=prompts - BEFORE,
                prompt_at=scene.weekly(prompts),
                digest_at=scene.weekly(digests),
                earlier=0,
                seal=seal,
            )
            seasons.link(session, settled)
            kpi_ids, each = [identity(kpi) for kpi in settled.kpis], len(settled.kpis) // len(settled.teams)
        _move(address, prompts - BEFORE)
        environment = address.environment(url) | {
            "HATTRICK_CLOCK_URL": f"{address.url}/control/clock",
            "HATTRICK_ENCRYPTION_KEYS": key,
        }
        stack.enter_context(running("bot.cli", "run", ready=scene.READY, folder=folder, environment=environment))
        prompts_after = _last(sessions, "prompt", size.workspaces * size.people, size.most_seconds)
        with sessions.write() as session:
            seasons.report(session, kpi_ids, each, now=digests)
        _move(address, digests - BEFORE)
        digests_after = _last(sessions, "digest", size.workspaces, size.most_seconds)
    return [
        Figure(f"last of {size.workspaces * size.people:,} prompts after its time", prompts_after, "s", BAR_SECONDS),
        Figure(f"last of {size.workspaces:,} digests after its time", digests_after, "s", BAR_SECONDS),
    ]


def _next(weekday: int, hour: int, *, after: datetime | None = None) -> datetime:
    start = (after or system_clock()).astimezone(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    return start + timedelta(days=(weekday - start.weekday()) % 7 or 7)


def _move(address: Address, to: datetime) -> None:
    address.call("/control/clock/move", {"to": to.isoformat()})


def _last(sessions: Sessions, kind: str, expected: int, most_seconds: float) -> float:
    """Wait until everything of a kind was sent; return by how many seconds the last one came after its time."""
    deadline = time.monotonic() + most_seconds
    while True:
        with sessions.read() as session:
            behind = [c.sent_at - c.due_at for c in backlogs.courses(session) if c.kind == kind]
        if len(behind) >= expected:
            return max(behind).total_seconds()
        if time.monotonic() > deadline:
            raise RuntimeError(f"only {len(behind)} of {expected} {kind}s were sent")
        time.sleep(_POLL_SECONDS)
