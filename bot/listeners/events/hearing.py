"""Binding events to Bolt: worked on first and acknowledged after that, so that none is lost with its process.

Slack tells of an event again, at once, after a minute and after five, until it is acknowledged: over HTTP by an answer
of 200 within three seconds, in Socket Mode by the envelope's id, on whichever connection there is by then.

1. The event is worked on. What it changes, or makes owed, is committed when that is done.
2. It is acknowledged. A process that is killed before has not acknowledged it, and whoever hears of it next finds
   either nothing done or all: every effect has a name in the database that it takes only once.
3. What fails is not acknowledged either, nor what is being worked on still, here or elsewhere.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

import structlog
from slack_bolt import BoltRequest, BoltResponse

from bot.following import WELL, followed
from bot.listeners.binding import Deps
from bot.metrics import CRASHES, EVENTS_REPEATED
from bot.services.questions.heard import NotNowError, StillBusyError

EventListener = Callable[[Deps, dict[str, Any]], None]
# Slack takes neither for an acknowledgement. In Socket Mode nothing is answered then.
FAILED: Final = 500
BUSY: Final = 503
# Seconds for which it is waited that somebody else ends what they are at: a mention, say, is told of as two events.
PAUSES: Final = (0.05, 0.15, 0.5, 1.0)
log = structlog.get_logger()


class UnderWay:
    """The events that this process is working on. One that takes longer than Slack waits is told again meanwhile."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._lock = Lock()

    def begin(self, event_id: str) -> bool:
        """Take an event on; return whether it is not being worked on already."""
        with self._lock:
            if event_id in self._ids:
                return False
            self._ids.add(event_id)
            return True

    def end(self, event_id: str) -> None:
        """Let go of an event."""
        with self._lock:
            self._ids.discard(event_id)


UNDER_WAY: Final = UnderWay()


def bind_event(deps: Deps, listener: EventListener) -> Callable[..., BoltResponse | None]:
    """Make a function that Bolt can call. It acknowledges last: what is not done, Slack tells again."""

    def bound(ack: Callable[..., Any], body: dict[str, Any], request: BoltRequest) -> BoltResponse | None:
        _note_repeated(request)
        event_id = f"{body.get('team_id')} {body.get('event_id')}"
        if not UNDER_WAY.begin(event_id):
            return BoltResponse(status=BUSY)
        try:
            status = _worked_on(deps, listener, body)
        finally:
            UNDER_WAY.end(event_id)
        if status is not None:
            return BoltResponse(status=status)
        ack()
        return None

    return bound


def _worked_on(deps: Deps, listener: EventListener, body: dict[str, Any]) -> int | None:
    """Work on an event; return None when that is done, else the status that keeps it from being acknowledged."""
    try:
        return None if any(_tried(deps, listener, body, pause) for pause in PAUSES) else BUSY
    except NotNowError:
        return BUSY
    # Slack tells of it again, for it may have been the database or the network; the log has the rest.
    except Exception:
        log.exception("event_crashed", event_id=body.get("event_id"))
        CRASHES.labels("event").inc()
        return FAILED


def _tried(deps: Deps, listener: EventListener, body: dict[str, Any], pause: float) -> bool:
    """Work on an event; when somebody else is at it, wait for `pause` seconds and tell that it is not done."""
    try:
        _follow(deps, listener, body)
    except StillBusyError:
        time.sleep(pause)
        return False
    return True


def _follow(deps: Deps, listener: EventListener, body: dict[str, Any]) -> None:
    def work() -> str:
        listener(deps, body)
        return WELL

    name = str(body["event"].get("type"))
    said = {"name": name, "workspace": body.get("team_id"), "event_id": body.get("event_id")}
    followed("event", work, lambda: said)


def _note_repeated(request: BoltRequest) -> None:
    if request.headers.get("x-slack-retry-num", ["0"])[0] != "0":
        EVENTS_REPEATED.labels("slack").inc()
