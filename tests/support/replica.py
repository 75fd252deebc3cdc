"""One replica's planner and dispatcher, and a clock that stands until it is moved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.jobs.dispatcher import Dispatcher
from bot.services.sending.planning import Owed, Planner
from bot.slack.port import Slack
from storage import Sessions
from tests.support.fake_slack import Killed


class StandingClock:
    """Tells the same instant until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> datetime:
        """Move on by days, hours, minutes or seconds."""
        self.now += timedelta(**step)
        return self.now


class Replica:
    """What one process does at a tick, by hand. `missed` is what the planner said will not be sent."""

    def __init__(
        self,
        sessions: Sessions,
        slack: Slack,
        clock: StandingClock,
        *,
        workers: int = 4,
        monotonic: Callable[[], float] | None = None,
    ) -> None:
        self.sessions, self.clock = sessions, clock
        self.missed: list[Owed] = []
        self.planner = Planner(sessions, on_missed=self.missed.append)
        # Time passes as it is moved by hand: to the dispatcher that is no clock that was set.
        # The longest pauses that there can be: what is tried again is tried when a test can name it.
        passing = monotonic or (lambda: clock().timestamp())
        self.dispatcher, self.drawing = (
            Dispatcher(sessions, slack, clock, workers, drawn=drawn, monotonic=passing, chance=lambda: 1.0)
            for drawn in (False, True)
        )

    def tick(self, now: datetime | None = None) -> bool:
        """Plan and send, at `now` or where the clock stands; return whether the process outlived it."""
        if now is not None:
            self.clock.now = now
        try:
            self.planner.plan(self.clock())
            self.dispatcher.dispatch()
            self.drawing.dispatch()
        except Killed:
            self.close()
            return False
        return True

    def close(self) -> None:
        """End its threads."""
        self.dispatcher.close()
        self.drawing.close()


@contextmanager
def replica(sessions: Sessions, slack: Slack, clock: StandingClock, *, workers: int = 4) -> Iterator[Replica]:
    """Start a replica and end it with the block."""
    started = Replica(sessions, slack, clock, workers=workers)
    try:
        yield started
    finally:
        started.close()
