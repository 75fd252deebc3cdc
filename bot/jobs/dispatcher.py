"""Sends what is owed: claim, commit, send, record. No transaction is held while Slack is talked to."""

import random
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.jobs.lease import Lease
from bot.jobs.sending import Crashed, Result, Sender, asked_for
from bot.metrics import CRASHES, DELIVERIES
from bot.services.sending.outbox import Batch, Letter, Unwritten, compose, returned, waits_for_channel
from bot.services.sending.pacing import paced
from bot.slack.port import Slack
from storage import Session, Sessions, deliveries, lanes
from storage.deliveries import Claimed, Recorded

CLAIMED_PER_WORKER = 2
GATHER_SECONDS = 0.03
# Digests take long to write: what was sent meanwhile would be recorded seconds later, and be in doubt until then.
WRITING_SECONDS = 0.25
log = structlog.get_logger()


@dataclass
class Dispatcher:
    """Works off deliveries with a pool of `workers` threads; the calling thread alone writes to the database.

    1. Claim due deliveries, up to `CLAIMED_PER_WORKER` for each worker so that none waits for a claim, and commit. What
       Slack would not take now, so soon after others, is put back at once.
    2. Render them in one session, each from what is true now, and post each from a worker. What was sent while the
       others are written is recorded in between.
    3. Record what came back: sent; due again after a growing pause; failed for good. Slack's Retry-After holds for the
       whole workspace, and for every replica. Of what failed, some may reach its reader by another way, which is owed
       in the same transaction; what a paused channel is owed waits.
    4. A send whose outcome is unknown is due again and doubtful. Before it is repeated, or given up because nobody
       needs it any more or its channel takes nothing, the worker looks for its key in the conversation; a claim whose
       worker died is treated the same. So a message goes out exactly once, and where it stands is known.
    5. When it is asked to stop, what is being sent is finished; what is not yet begun, or being drawn, is given back.

    With `drawn` it works off what a picture is drawn for, else everything else: what is written does not wait for that.
    It claims nothing while it is `yielding`. `prepared` hears the workspaces, Slack's ids, that a batch goes to, with
    the batch's session. `chance` gives numbers from 0 to 1. `doubted` hears Slack's id of a workspace whose token was
    refused, before Slack is asked about the token that is stored now; `silenced` hears it when that one is refused as
    well.
    """

    sessions: Sessions
    slack: Slack
    clock: Callable[[], datetime]
    workers: int
    drawn: bool = False
    stopping: Callable[[], bool] = field(default=lambda: False)
    yielding: Callable[[], bool] = field(default=lambda: False)
    prepared: Callable[[Session, Collection[str]], None] = field(default=lambda _session, _workspaces: None)
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    doubted: Callable[[str], None] = field(default=lambda _: None)
    silenced: Callable[[str], None] = field(default=lambda _: None)

    def __post_init__(self) -> None:
        self._lease = Lease(self.monotonic)
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="send")

    @property
    def _sender(self) -> Sender:
        return Sender(self.sessions, self.slack, self.clock, self.stopping, self.chance, self.doubted, self.silenced)

    def dispatch(self) -> int:
        """Send everything that is due now; return how many deliveries were worked off."""
        busy: set[Future[Result]] = set()
        done = 0
        while True:
            room = self.workers * CLAIMED_PER_WORKER - len(busy)
            if room >= self.workers and not self.stopping() and not self.yielding():
                recorded = self.monotonic()
                for begun in self._begun(self._claim(room)):
                    busy.add(begun)
                    if self.monotonic() - recorded > WRITING_SECONDS:
                        finished, busy = wait(busy, timeout=0)
                        done += self._record(finished)
                        recorded = self.monotonic()
            if not busy:
                return done
            finished, busy = self._finished(busy)
            done += self._record(finished)

    def _finished(self, busy: set[Future[Result]]) -> tuple[set[Future[Result]], set[Future[Result]]]:
        """Wait for the first result and a moment longer for more, so that many are recorded in one transaction."""
        wait(busy, return_when=FIRST_COMPLETED)
        return wait(busy, timeout=GATHER_SECONDS)

    def close(self) -> None:
        """Let the workers finish what they are sending, and end them."""
        self._pool.shutdown(wait=True)

    def _claim(self, limit: int) -> list[Claimed]:
        while True:
            now = self.clock()
            lease = self._lease.at(now)
            with self.sessions.write() as session:
                claims = deliveries.claim(session, now=now, limit=limit, lease=lease, drawn=self.drawn)
                granted = paced(session, claims, now)
            # Behind those that have to wait there may be others that need not.
            if granted or not claims or self.stopping():
                return granted

    def _begun(self, claims: list[Claimed]) -> Iterator[Future[Result]]:
        """Render a batch in one session, and hand each letter to a worker as soon as it is ready."""
        if not claims:
            return
        sender = self._sender
        with self.sessions.read() as session:
            batch = Batch(session, claims, self.clock())
            self.prepared(session, batch.workspaces)
            for one in claims:
                yield self._pool.submit(sender.deliver, one, self._rendered(batch, one))

    def _rendered(self, batch: Batch, claimed: Claimed) -> Letter | Unwritten | Crashed:
        try:
            return compose(batch, claimed)
        # A delivery that cannot be rendered must not stop the others; it is logged, and tried again later.
        except Exception as error:
            with asked_for(claimed):
                log.exception("delivery_crashed", delivery=claimed.id, kind=claimed.kind)
            CRASHES.labels("delivery").inc()
            batch.session.rollback()
            return Crashed(type(error).__name__)

    def _record(self, finished: Collection[Future[Result]]) -> int:
        """Record what came of claims; return of how many."""
        if not finished:
            return 0
        with self.sessions.write() as session:
            results = [self._settled(session, sent.result()) for sent in finished]
            outcomes = [Recorded(result.claimed, result.state, result.columns) for result in results]
            for result, kept in zip(results, deliveries.record(session, outcomes), strict=True):
                # What it leads to belongs to the same request.
                with asked_for(result.claimed):
                    self._follow(session, result, kept=kept)
            for workspace_id, until in _quiet(results).items():
                lanes.hold(session, workspace_id, until=until)
        for result in results:
            with asked_for(result.claimed):
                self._tell(result)
                if result.then is not None:
                    result.then()
        return len(results)

    def _tell(self, result: Result) -> None:
        DELIVERIES.labels(result.claimed.kind, result.state).inc()
        event = {"sent": log.info, "failed": log.error}.get(result.state, log.info)
        event(
            f"delivery_{result.state}",
            delivery=result.claimed.id,
            kind=result.claimed.kind,
            recipient=result.claimed.recipient,
            period=result.claimed.period,
            attempts=result.claimed.attempts,
            error=result.columns.get("error"),
        )

    def _settled(self, session: Session, result: Result) -> Result:
        """Pause the channel that took a delivery for good, and let that wait for it."""
        if result.refused is None:
            return result
        with asked_for(result.claimed):
            until = waits_for_channel(session, result.claimed, result.refused, now=self.clock())
        return result if until is None else self._sender.held(result.claimed, until, f"paused: {result.refused}")

    def _follow(self, session: Session, result: Result, *, kept: bool) -> None:
        if not kept:
            log.warning("delivery_taken_over", delivery=result.claimed.id)
        elif result.state == "failed":
            returned(session, result.claimed, now=self.clock())
        elif result.once_sent is not None:
            self._follow_up(session, result.claimed, result.once_sent)

    def _follow_up(self, session: Session, claimed: Claimed, once_sent: Callable[[Session, datetime], None]) -> None:
        try:
            with session.begin_nested():
                once_sent(session, self.clock())
        # That other messages were sent must be recorded whatever happens here; it is logged.
        except Exception:
            log.exception("sequel_crashed", delivery=claimed.id, kind=claimed.kind)
            CRASHES.labels("delivery").inc()


def _quiet(results: list[Result]) -> dict[int, datetime]:
    """Return until when Slack wants to be left alone, by workspace."""
    found: dict[int, datetime] = {}
    for result in results:
        if result.quiet_until is not None:
            workspace_id = result.claimed.workspace_id
            found[workspace_id] = max(result.quiet_until, found.get(workspace_id, result.quiet_until))
    return dict(sorted(found.items()))
