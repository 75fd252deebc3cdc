"""How long a claim is left to its worker, by a clock that may be set forward."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

LEASE: Final = timedelta(seconds=90)
# Clocks are corrected by less than this all the time.
_NOTICED: Final = timedelta(seconds=5)


class Lease:
    """Tells how old, by the clock, a claim must look before it may be taken over.

    It is `LEASE`, except after the clock was set forward: then every claim looks older than it is, and one whose
    message is being posted just now would be taken over and posted a second time. Until `LEASE` has really passed,
    which `monotonic` (seconds that nobody sets) tells, a claim must look older by as much as the clock jumped.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last: tuple[datetime, float] | None = None
        self._jumped = timedelta()
        self._until = 0.0

    def at(self, now: datetime) -> timedelta:
        """Return the lease that holds `now`, which is noted: only what passes between two calls can be compared."""
        seconds = self._monotonic()
        if seconds >= self._until:
            self._jumped = timedelta()
        if self._last is not None:
            before, since = self._last
            jump = (now - before) - timedelta(seconds=seconds - since)
            if jump > _NOTICED:
                self._jumped += jump
                self._until = seconds + LEASE.total_seconds()
        self._last = now, seconds
        return LEASE + self._jumped
