"""How often a token may ask: counted in the database, so that all replicas together let no more through."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from bot.domain.pacing import Pace, opens_next
from storage import Sessions, lanes
from storage.api import Bearer

PER_MINUTE: Final = 120
_MINUTE: Final = timedelta(minutes=1)


class RateLimiter:
    """Requests of a token follow each other evenly; one that has been silent for a minute may make a minute's at once.

    A request that is let through is one short transaction. One that is refused is none: until the token's turn comes,
    this process refuses it without asking the database, so that whoever floods it costs nobody else anything.
    """

    def __init__(self, sessions: Sessions, clock: Callable[[], datetime], *, per_minute: int = PER_MINUTE) -> None:
        self._sessions, self._clock = sessions, clock
        self._pace = Pace(_MINUTE / per_minute, per_minute)
        self._refused: dict[int, datetime] = {}

    def wait(self, holder: Bearer) -> int:
        """Count one request of a token's; return 0, or the seconds until there is one again."""
        now = self._clock()
        until = self._refused.get(holder.token_id)
        if until is None or not now < until <= now + _MINUTE:
            until = self._take(holder, now)
        if until is None:
            self._refused.pop(holder.token_id, None)
            return 0
        self._refused[holder.token_id] = until
        return max(1, ceil((until - now).total_seconds()))

    def _take(self, holder: Bearer, now: datetime) -> datetime | None:
        """Take the token's lane; return None, or when it opens."""
        lane = holder.workspace_id, f"token-{holder.token_id}"
        with self._sessions.write() as session:
            opens = lanes.held(session, *lane, since=now - _MINUTE)
            # No request moves it so far: the clock was set back.
            after = opens_next(None if opens > now + _MINUTE else opens, self._pace, now)
            if after is None:
                return opens
            lanes.put(session, *lane, until=after)
            return None
