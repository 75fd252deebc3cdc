"""Listening: what a message costs that asks for no owner, beside a bare Bolt app that listens with one pattern."""

import re
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from slack_bolt import App, BoltRequest

from bot import log
from bot.bench import scene
from bot.bench.bare import bare_app
from bot.bench.figures import Figure, median, quantile
from bot.bench.local_slack import CHANNEL, Place, local_slack
from bot.bench.quiet import QuietSlack
from bot.clock import system_clock
from bot.listeners.binding import Deps
from bot.listeners.events.messages import said
from bot.services.people.directory import HatDirectory
from storage import Sessions

_OK = 200
_PATTERN: Final = re.compile(r"\b(?:who|whose|vem|vems|vilka)\b", re.IGNORECASE)
# What people write in a sales and marketing channel; the second half has words in it that a question would have.
SENTENCES: Final = (
    "Morning all, coffee is on the third floor today",
    "The Q4 numbers look good, we are at 112 % of the target :tada:",
    "Can we move the standup to 10:15? I have the dentist",
    "https://example.com/blog/how-we-doubled-our-demo-rate is worth a read",
    "God morgon! Någon som vill äta lunch på thaistället?",
    "Jag lägger upp underlaget i mappen efter mötet, säg till om något saknas",
    "Mötet med kunden gick bra, de vill ha ett förslag på torsdag",
    "```SELECT count(*) FROM leads WHERE week = 48```",
    "ok",
    "👍",
    "I own the newsletter now, so send me your topics until Wednesday",
    "Who owns a car? I need a lift to the airport on Friday",
    "The person who wrote the landing page did a great job with the headline",
    "Does anybody know who won the match yesterday?",
    "He asked me who owns the roadmap, and I told him that we all do",
    "Vem vill följa med på padel ikväll?",
    "Jag undrar vem som vann igår, någon som såg matchen?",
    "Det är jag som äger nyhetsbrevet, så hör av er till mig",
    "> who owns the webinars?\nThat is answered in the handbook",
    "Whoever takes the last cup makes the next pot, those are the rules of this kitchen " * 6,
)


@dataclass(frozen=True)
class Size:
    """How many hats the team has, and how often each sentence is said."""

    hats: int = 200
    rounds: int = 200
    warm: int = 5
    bar: float | None = 0.2


class CountedSessions(Sessions):
    """A database's sessions, counted as they are opened: without one there is no query."""

    opened = 0

    def read(self) -> Any:
        """Count, and open a session to read with."""
        self.opened += 1
        return super().read()

    def write(self) -> Any:
        """Count, and open a session to write with."""
        self.opened += 1
        return super().write()


def measure(size: Size | None = None) -> list[Figure]:
    """Measure in this process, with the listener called as Bolt calls it after the acknowledgement."""
    size = size or Size()
    log.configure("json", level=30)
    with ExitStack() as stack:
        address, _ = stack.enter_context(local_slack())
        place = address.places[0]
        url = scene.sqlite_url(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hattrick-bench-"))))
        plain = stack.enter_context(scene.database(url))
        with plain.write() as session:
            scene.directory(session, place, hats=size.hats, now=system_clock())
        sessions = CountedSessions(plain.engine)
        workers = stack.enter_context(ThreadPoolExecutor(1))
        deps = Deps(sessions, HatDirectory(), QuietSlack(), system_clock, workers)
        in_channel = _timed(size, lambda text: said(deps, _body(place, text)))
        queried = sessions.opened
        in_threads = _timed(size, lambda text: said(deps, _body(place, text, thread_ts="1764000000.000100")))
        in_thread_queried = sessions.opened - queried
        app = _peer(place, f"{address.url}/api/")
        theirs = _timed(size, lambda text: _dispatched(app, place, text))
    told = len(in_channel)
    return [
        Figure("message that is no question, p50", median(in_channel), "ms", size.bar),
        Figure("message that is no question, p99", quantile(in_channel, 0.99), "ms"),
        Figure(f"database sessions for {told:,} such messages", queried, "", 0),
        Figure("bare Bolt app with one pattern, its whole dispatch, p50", median(theirs), "ms"),
        Figure("reply in a thread that is no question, p50", median(in_threads), "ms"),
        Figure("database sessions for one such reply", in_thread_queried / (told + size.warm * len(SENTENCES)), ""),
    ]


def _timed(size: Size, told: Callable[[str], None]) -> list[float]:
    """Return the milliseconds of each message, after a few to warm up with."""
    for text in SENTENCES * size.warm:
        told(text)
    taken = []
    for text in SENTENCES * size.rounds:
        started = time.perf_counter()
        told(text)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _peer(place: Place, api: str) -> App:
    """Give a bare Bolt app that listens for a pattern, as a first attempt at this would."""
    app = bare_app(place.token, api)

    @app.message(_PATTERN)
    def hear(message: dict[str, Any]) -> None:
        message.get("text")

    @app.event("message")
    def ignore() -> None:
        return

    return app


def _dispatched(app: App, place: Place, text: str) -> None:
    response = app.dispatch(BoltRequest(body=_body(place, text), mode="socket_mode"))
    if response.status != _OK:
        raise RuntimeError(f"the bare app answered {response.status} {response.body[:200]}")


def _body(place: Place, text: str, **more: str) -> dict[str, Any]:
    now = system_clock().timestamp()
    event = {"type": "message", "user": place.users[0], "text": text, "ts": f"{now:.6f}", "channel": CHANNEL}
    return {
        "type": "event_callback",
        "team_id": place.id,
        "api_app_id": "A0BENCH",
        "event_id": "Ev0BENCH",
        "authorizations": [{"team_id": place.id, "user_id": "U0BOT", "is_bot": True}],
        "event": {**event, "channel_type": "channel", "team": place.id, **more},
    }
