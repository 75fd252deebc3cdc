"""The ticker: every few seconds, plan what has become due and send it. The tick is dumb; the database decides."""

import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from threading import Event

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.jobs.dispatcher import Dispatcher
from bot.metrics import CRASHES, TICK_SECONDS
from bot.services.people.people import ASKED_WITHIN, refresh, refresh_before_asking
from bot.services.sending.drawing import give_up
from bot.services.sending.planning import Owed, Planner
from bot.slack.port import Slack
from storage import Session, Sessions

REFRESH_MINUTES = 30
ASKING_MINUTES = 3
TICK = "tick"
# Slack takes seconds for a file, and one picture is drawn at a time.
PICTURE_WORKERS = 4
# Whether the machine's clock was set.
LOOKED_EVERY_SECONDS = 1.0
# A tick may send for long, but not stand still; beside this it may wait for the next interval.
MOST_SILENT_SECONDS = 60.0
# Something that time brings about in the database, such as a proposal that runs out.
Chore = Callable[[Sessions, datetime], None]
_EPOCH = datetime.fromtimestamp(0, UTC)
log = structlog.get_logger()


class Scheduler(BackgroundScheduler):  # type: ignore[misc]  # APScheduler ships no type information
    """APScheduler's, which does nothing until the machine's clock, when that is set back, has come to where it was."""

    _latest = datetime.min.replace(tzinfo=UTC)

    def _process_jobs(self) -> float | None:
        now = datetime.now(UTC)
        if now < self._latest:
            for job in self.get_jobs():
                job.modify(next_run_time=now)
        self._latest = now
        seconds: float | None = super()._process_jobs()
        # Set back just now, the clock would make the next one an hour away as well.
        return None if seconds is None else min(seconds, LOOKED_EVERY_SECONDS)


class Beat(IntervalTrigger):  # type: ignore[misc]  # APScheduler ships no type information
    """Fires whenever so many seconds have passed since the epoch: where they are part of a minute, at full minutes too.

    People set their times in full minutes, and all replicas look together when these come.
    """

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next time after the previous one, which may have been woken for in between."""
        after = previous_fire_time or now
        interval: timedelta = self.interval
        return after + interval - (after - _EPOCH) % interval


class Ticker:
    """Runs the jobs of one replica. Any number of replicas may tick at once."""

    def __init__(
        self,
        sessions: Sessions,
        slack: Slack,
        clock: Callable[[], datetime],
        *,
        seconds: float,
        workers: int,
        chores: Sequence[Chore] = (),
        prepared: Callable[[Session, Collection[str]], None] = lambda _session, _workspaces: None,
        doubted: Callable[[str], None] = lambda _: None,
        silenced: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._sessions, self._slack, self._clock, self._chores = sessions, slack, clock, deque(chores)
        self._stopping, self._writing = Event(), Event()
        self._most_silent = MOST_SILENT_SECONDS + 2 * seconds
        self._moved()
        self._planner = Planner(sessions, on_missed=_log_missed)
        self._dispatcher = Dispatcher(
            sessions,
            slack,
            clock,
            workers,
            stopping=self._is_stopping,
            prepared=prepared,
            doubted=doubted,
            silenced=silenced,
        )
        self._drawing = Dispatcher(
            sessions,
            slack,
            clock,
            PICTURE_WORKERS,
            drawn=True,
            stopping=self._stopping.is_set,
            yielding=self._writing.is_set,
            prepared=prepared,
            doubted=doubted,
            silenced=silenced,
        )
        self._scheduler = Scheduler(timezone="UTC")
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(self.tick, Beat(seconds=seconds), id=TICK, **options)
        self._scheduler.add_job(self.draw, Beat(seconds=seconds), **options)
        self._scheduler.add_job(self.refresh_people, "interval", minutes=REFRESH_MINUTES, **options)
        self._scheduler.add_job(self.refresh_asked, "interval", minutes=ASKING_MINUTES, **options)

    def start(self) -> None:
        """Tick from now on, in a thread of its own."""
        self._moved()
        self._scheduler.start()

    def lagging(self) -> str | None:
        """Return why nothing is planned and sent in time; None when ticks come and end, or move on."""
        silent = time.monotonic() - self._moved_at
        return None if silent <= self._most_silent else f"no tick has come to an end for {silent:.0f} s"

    def _moved(self) -> None:
        self._moved_at = time.monotonic()

    def _is_stopping(self) -> bool:
        """Tell the dispatcher whether to end. It asks before every lot and every message: so it moves on."""
        self._moved()
        return self._stopping.is_set()

    def wake(self) -> None:
        """Tick now rather than at the next interval: there is news that somebody waits for."""
        if self._scheduler.running:
            self._scheduler.modify_job(TICK, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Claim nothing more, finish what is being sent, give back what is being drawn, and end."""
        self._stopping.set()
        give_up()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._dispatcher.close()
        self._drawing.close()

    def tick(self) -> None:
        """Plan and send once."""
        try:
            with TICK_SECONDS.time():
                self._look_after()
                planned = self._planner.plan(self._clock())
                if planned:
                    log.info("planned", deliveries=planned)
                self._dispatch()
        # The next tick must come whatever happened in this one; a database that is away comes back.
        except Exception:
            log.exception("tick_failed")
            CRASHES.labels("tick").inc()
        else:
            self._moved()

    def _dispatch(self) -> None:
        """Send what is written. Meanwhile no more pictures are begun: they would take its processor from it."""
        self._writing.set()
        try:
            self._dispatcher.dispatch()
        finally:
            self._writing.clear()

    def _look_after(self) -> None:
        """Do what time brings about. After a chore that fails the messages go out, and the next tick begins behind it.

        So one that fails for good keeps nobody from anything; and while the database is away, one is tried and not all.
        """
        for _ in range(len(self._chores)):
            if self._stopping.is_set():
                return
            chore = self._chores[0]
            self._chores.rotate(-1)
            try:
                chore(self._sessions, self._clock())
            # Its turn comes again; the log is the only place where this can be told.
            except Exception:
                log.exception("chore_crashed")
                CRASHES.labels("chore").inc()
                return
            self._moved()

    def draw(self) -> None:
        """Send what a picture is drawn for, beside the ticks: what is written does not wait for it."""
        try:
            self._drawing.dispatch()
        # As for the tick: the next round tries again.
        except Exception:
            log.exception("drawing_failed")
            CRASHES.labels("drawing").inc()

    def refresh_people(self) -> None:
        """Ask Slack anew about members that were last described long ago."""
        try:
            described = refresh(self._sessions, self._slack, now=self._clock(), stopping=self._stopping.is_set)
        # As for the tick: the next round tries again.
        except Exception:
            log.exception("refresh_failed")
            CRASHES.labels("refresh").inc()
        else:
            log.debug("refreshed", members=described)

    def refresh_asked(self) -> None:
        """Ask Slack anew about those who will be asked before long: they are asked where they are by then."""
        now = self._clock()
        try:
            soon = self._planner.asked_soon(now, ASKED_WITHIN)
            described = refresh_before_asking(
                self._sessions, self._slack, soon, now=now, stopping=self._stopping.is_set
            )
        # As for the tick: who could not be described is asked where they were.
        except Exception:
            log.exception("refresh_failed")
            CRASHES.labels("refresh").inc()
        else:
            log.debug("refreshed", members=described)


def _log_missed(owed: Owed) -> None:
    log.warning("missed", kind=owed.kind, recipient=owed.recipient, period=str(owed.period), due=owed.due.isoformat())
