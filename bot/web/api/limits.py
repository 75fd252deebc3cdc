"""How often a token may ask. The count is this process's own: N replicas together let N times as much through."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Final

PER_MINUTE: Final = 120
_MOST_KNOWN: Final = 10_000


class RateLimiter:
    """A bucket for each token, filled evenly over a minute; whoever has been silent for long may ask many at once."""

    def __init__(self, per_minute: int = PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._clock = per_minute, clock
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, token_id: int) -> int:
        """Take one request off a token's bucket; return 0, or the seconds until there is one again."""
        now = self._clock()
        with self._lock:
            left, before = self._buckets.pop(token_id, (float(self._size), now))
            left = min(self._size, left + (now - before) * self._size / 60)
            allowed = left >= 1
            self._buckets[token_id] = (left - 1 if allowed else left, now)
            if len(self._buckets) > _MOST_KNOWN:
                self._buckets.popitem(last=False)
        return 0 if allowed else max(1, ceil((1 - left) * 60 / self._size))
