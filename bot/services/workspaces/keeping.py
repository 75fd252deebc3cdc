"""How long what is kept: a chore that forgets, a little at a time, what is older than the settings say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from storage import Sessions, retention
from storage.retention import ROWS_AT_ONCE, Forget

LOOKED_EVERY: Final = timedelta(hours=1)
# At one tick, of one kind: sending must not wait for it.
MOST_LOTS: Final = 4
# By the names of the settings, `HATTRICK_KEEP_<NAME>_DAYS`.
KINDS: Final[Mapping[str, Forget]] = {
    "deliveries": retention.deliveries,
    "audit": retention.audits,
    "evidence": retention.evidence,
    "questions": retention.questions,
    "proposals": retention.proposals,
}
log = structlog.get_logger()


@dataclass
class Keeper:
    """A chore: every hour, forgets what is older than `days` say by kind; 0 keeps for good."""

    days: Mapping[str, int]
    _next: datetime | None = field(default=None, init=False)

    def __call__(self, sessions: Sessions, now: datetime) -> None:
        """Forget a little, and the rest at the next tick."""
        if self._next is not None and now < self._next:
            return
        is_done = True
        for name, forget in KINDS.items():
            if self.days[name] and not self._forget(sessions, name, forget, now):
                is_done = False
        self._next = now + LOOKED_EVERY if is_done else None

    def _forget(self, sessions: Sessions, name: str, forget: Forget, now: datetime) -> bool:
        """Forget of one kind; return whether nothing is left."""
        before = now - timedelta(days=self.days[name])
        for _ in range(MOST_LOTS):
            with sessions.write() as session:
                forgotten = forget(session, before)
            if forgotten:
                log.info("forgotten", what=name, rows=forgotten)
            if forgotten < ROWS_AT_ONCE:
                return True
        return False
