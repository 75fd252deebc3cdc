"""Pulling sources beside the ticks: a slow server must not keep a prompt waiting."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import BoundedSemaphore

import structlog

from bot.metrics import CRASHES
from bot.services.sources import source_pulls
from bot.services.sources.fetching import Fetcher
from storage import Sessions
from storage.sources import Claimed

WORKERS = 4
log = structlog.get_logger()


class SourcePuller:
    """A chore that claims what is due, as much as it has hands for, and pulls it on threads of its own."""

    def __init__(self, fetcher: Fetcher, clock: Callable[[], datetime], *, wake: Callable[[], None]) -> None:
        self._fetcher, self._clock, self._wake = fetcher, clock, wake
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="sources")
        self._hands = BoundedSemaphore(WORKERS)

    def __call__(self, sessions: Sessions, now: datetime) -> None:
        """Begin to pull what is due."""
        free = 0
        while self._hands.acquire(blocking=False):
            free += 1
        begun = 0
        try:
            for one in source_pulls.due(sessions, now, limit=free) if free else ():
                self._workers.submit(self._pull, sessions, one)
                begun += 1
        finally:
            for _ in range(free - begun):
                self._hands.release()

    def close(self) -> None:
        """Finish what is under way."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _pull(self, sessions: Sessions, claimed: Claimed) -> None:
        try:
            if source_pulls.pull(sessions, self._fetcher, claimed, now=self._clock()):
                self._wake()
            log.info("source_pulled", kpi=claimed.kpi_id)
        # The source is tried again when its lease is over; the log is the only place where this can be told.
        except Exception:
            log.exception("source_crashed", kpi=claimed.kpi_id)
            CRASHES.labels("source").inc()
        finally:
            self._hands.release()
