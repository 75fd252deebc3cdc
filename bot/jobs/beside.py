"""Slow chores beside the ticks: statistics must not keep a question or a prompt waiting."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock

import structlog

from bot.jobs.ticker import Chore
from bot.metrics import CRASHES
from storage import Sessions

log = structlog.get_logger()


class Beside:
    """Runs a chore on a thread of its own; a tick that comes while it still runs begins no second one."""

    def __init__(self, chore: Chore) -> None:
        self._chore = chore
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._running = Lock()

    def __call__(self, sessions: Sessions, now: datetime) -> None:
        """Begin the chore, unless it is under way."""
        if self._running.acquire(blocking=False):
            self._worker.submit(self._run, sessions, now)

    def close(self) -> None:
        """Finish what is under way."""
        self._worker.shutdown(wait=True)

    def _run(self, sessions: Sessions, now: datetime) -> None:
        try:
            self._chore(sessions, now)
        # The next tick begins it again; the log is the only place where this can be told.
        except Exception:
            log.exception("chore_crashed")
            CRASHES.labels("chore").inc()
        finally:
            self._running.release()
