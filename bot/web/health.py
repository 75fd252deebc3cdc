"""Whether this process is alive and ready, each check by its name. Nothing here tells a secret or anybody's name."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeVar

from fastapi import FastAPI, Response

from storage import Sessions

# Why something is not well; None when it is.
Check = Callable[[], str | None]
WELL: Final = "ok"
REMEMBERED_SECONDS: Final = 3.0
Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Asks once and remembers the answer for some seconds, however many ask at the same time."""

    def __init__(
        self,
        ask: Callable[[], Value],
        seconds: float = REMEMBERED_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask, self._seconds, self._clock = ask, seconds, clock
        self._lock = threading.Lock()
        self._known: tuple[float, Value] | None = None

    def __call__(self) -> Value:
        """Return the answer, at most some seconds old."""
        with self._lock:
            if self._known is None or self._clock() - self._known[0] > self._seconds:
                self._known = (self._clock(), self._ask())
            return self._known[1]


def readiness(sessions: Sessions, checks: Mapping[str, Check]) -> Remembered[dict[str, str]]:
    """Ask the database and every other check; the answer names each with `ok` or the reason why it is not."""

    def look() -> dict[str, str]:
        database = None if sessions.answers() else "the database does not answer"
        return {"database": database or WELL} | {name: check() or WELL for name, check in checks.items()}

    return Remembered(look)


def serve_health(web: FastAPI, ready: Callable[[], dict[str, str]]) -> None:
    """Serve `/healthz` (the process answers) and `/readyz` (it can do its work)."""

    @web.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": WELL}

    @web.get("/readyz")
    def readyz(response: Response) -> dict[str, str | dict[str, str]]:
        checks = ready()
        if all(found == WELL for found in checks.values()):
            return {"status": WELL, "checks": checks}
        response.status_code = 503
        return {"status": "not ready", "checks": checks}
