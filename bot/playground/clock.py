"""The playground's clock: real time plus an offset that a person or a test can change."""

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """Tell the playground's time; safe to use from any thread.

    Messages' `ts` and everything a person sees follow this clock. What Slack measures between two machines
    (request signatures, trigger ids, rate windows) follows real time, as on the app's side.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()
        if start is not None:
            self.move_to(start)

    @property
    def offset(self) -> timedelta:
        """How far the playground is ahead of real time (negative: behind)."""
        with self._lock:
            return self._offset

    def now(self) -> datetime:
        """Return the playground's instant, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def move_to(self, instant: datetime) -> datetime:
        """Let the clock go on from `instant`, which must be aware, and return it in UTC."""
        if instant.tzinfo is None:
            raise ValueError("the clock needs an instant with a time zone")
        with self._lock:
            self._offset = instant.astimezone(UTC) - datetime.now(UTC)
        return instant.astimezone(UTC)

    def advance(self, step: timedelta) -> datetime:
        """Move the clock by `step` (negative: back) and return the new instant."""
        with self._lock:
            self._offset += step
        return self.now()
