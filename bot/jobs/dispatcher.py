"""Sends what is owed: claim, commit, send, record. No transaction is held while Slack is talked to."""

import random
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.backoff import SHORTEST, pause_before_retry
from bot.jobs.lease import LEASE, Lease
from bot.metrics import CRASHES, DELIVERIES
from bot.services.outbox import (
    Batch,
    Held,
    Letter,
    TooEarly,
    Undeliverable,
    Unneeded,
    Unwritten,
    compose,
    returned,
    waits_for_channel,
)
from bot.services.pacing import paced
from bot.services.people import remember
from bot.services.uninstalling import ended
from bot.slack.outcomes import (
    CHANNEL_ERRORS,
    PERSON_ERRORS,
    TOKEN_ERRORS,
    InDoubt,
    NotSent,
    Outcome,
    Refusal,
    Sent,
    Throttled,
)
from bot.slack.port import LookupFailed, Slack
from storage import Session, Sessions, deliveries, lanes, requests
from storage.deliveries import Claimed
from storage.requests import Request

SEARCH_MARGIN = timedelta(minutes=5)
CLAIMED_PER_WORKER = 2
GATHER_SECONDS = 0.03
# The most that a send takes: post, join, post again, post older blocks, each until Slack's client gives up.
LONGEST_SEND = timedelta(seconds=40)
log = structlog.get_logger()


@dataclass(frozen=True)
class Result:
    """What a claim came to, as columns to record, and what follows from it.

    `quiet_until` is when Slack takes messages again in the workspace, `refused` why it takes none in this channel, and
    `then` is done once it is recorded.
    """

    claimed: Claimed
    state: str
    columns: dict[str, Any]
    once_sent: Callable[[Session, datetime], None] | None = None
    quiet_until: datetime | None = None
    refused: str | None = None
    then: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Crashed:
    """A delivery that could not be rendered, and the name of what was raised."""

    error: str


@dataclass
class Dispatcher:
    """Works off deliveries with a pool of `workers` threads; the calling thread alone writes to the database.

    1. Claim due deliveries, up to `CLAIMED_PER_WORKER` for each worker so that none waits for a claim, and commit. What
       Slack would not take now, so soon after others, is put back at once.
    2. Render them in one session, each from what is true now, and post each from a worker.
    3. Record what came back: sent; due again after a growing pause; failed for good. Slack's Retry-After holds for the
       whole workspace, and for every replica. Of what failed, some may reach its reader by another way, which is owed
       in the same transaction; what a paused channel is owed waits.
    4. A send whose outcome is unknown is due again and doubtful. Before it is repeated, the worker looks for its key
       in the conversation; a claim whose worker died is treated the same. So a message goes out exactly once.
    5. When it is asked to stop, what is being sent is finished, and what is not yet begun is given back at once.

    `chance` gives numbers from 0 to 1. `doubted` hears Slack's id of a workspace whose token was refused, before Slack
    is asked about the token that is stored now; `silenced` hears it when that one is refused as well.
    """

    sessions: Sessions
    slack: Slack
    clock: Callable[[], datetime]
    workers: int
    stopping: Callable[[], bool] = field(default=lambda: False)
    monotonic: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    doubted: Callable[[str], None] = field(default=lambda _: None)
    silenced: Callable[[str], None] = field(default=lambda _: None)

    def __post_init__(self) -> None:
        self._lease = Lease(self.monotonic)
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="send")

    def dispatch(self) -> int:
        """Send everything that is due now; return how many deliveries were worked off."""
        busy: set[Future[Result]] = set()
        done = 0
        while True:
            room = self.workers * CLAIMED_PER_WORKER - len(busy)
            if room >= self.workers and not self.stopping():
                busy |= self._begin(self._claim(room))
            if not busy:
                return done
            finished, busy = self._finished(busy)
            self._record([future.result() for future in finished])
            done += len(finished)

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
                claims = deliveries.claim(session, now=now, limit=limit, lease=lease)
                granted = paced(session, claims, now)
            # Behind those that have to wait there may be others that need not.
            if granted or not claims or self.stopping():
                return granted

    def _begin(self, claims: list[Claimed]) -> set[Future[Result]]:
        """Render a batch in one session, and hand each letter to a worker as soon as it is ready."""
        if not claims:
            return set()
        with self.sessions.read() as session:
            batch = Batch(session, claims, self.clock())
            return {self._pool.submit(self._deliver, one, self._rendered(batch, one)) for one in claims}

    def _rendered(self, batch: Batch, claimed: Claimed) -> Letter | Unwritten | Crashed:
        try:
            return compose(batch, claimed)
        # A delivery that cannot be rendered must not stop the others; it is logged, and tried again later.
        except Exception as error:
            with _asked_for(claimed):
                log.exception("delivery_crashed", delivery=claimed.id, kind=claimed.kind)
            CRASHES.labels("delivery").inc()
            batch.session.rollback()
            return Crashed(type(error).__name__)

    def _deliver(self, claimed: Claimed, letter: Letter | Unwritten | Crashed) -> Result:
        if not isinstance(letter, Letter):
            return self._unwritten(claimed, letter)
        if self.stopping():
            columns = {"not_before": claimed.claimed_at, "doubtful": claimed.doubtful, "error": "given back"}
            return Result(claimed, "due", columns)
        try:
            with _asked_for(claimed):
                return self._attempt(claimed, letter)
        # The worker's result must be recorded whatever happened; it is logged, and tried again later.
        except Exception as error:
            with _asked_for(claimed):
                log.exception("delivery_crashed", delivery=claimed.id, kind=claimed.kind)
            CRASHES.labels("delivery").inc()
            # Where it crashed is not known here, so it may have been sent.
            return self._again(claimed, doubtful=True, error=type(error).__name__)

    def _unwritten(self, claimed: Claimed, why: Unwritten | Crashed) -> Result:
        match why:
            case Unneeded(reason):
                return Result(claimed, "skipped", {"error": reason})
            case Undeliverable(reason):
                return Result(claimed, "failed", {"error": reason})
            case Held(reason, until):
                return self._held(claimed, until, reason)
            case TooEarly(reason) | Crashed(reason):
                return self._again(claimed, doubtful=claimed.doubtful, error=reason)

    def _held(self, claimed: Claimed, until: datetime, reason: str) -> Result:
        return Result(claimed, "due", {"not_before": until, "doubtful": claimed.doubtful, "error": reason[:200]})

    def _attempt(self, claimed: Claimed, letter: Letter) -> Result:
        if letter.replaces is not None:
            # To replace a message twice does no harm: there is nothing to look for first.
            channel_id, ts = letter.replaces
            return self._result(claimed, letter, self.slack.update(letter.workspace, channel_id, ts, letter.message))
        if claimed.doubtful:
            try:
                found = self.slack.find(
                    letter.workspace,
                    claimed.recipient,
                    claimed.key,
                    since=claimed.due_at - SEARCH_MARGIN,
                    thread_ts=letter.thread_ts,
                )
            except LookupFailed as failure:
                pause = timedelta(seconds=failure.seconds)
                return self._again(claimed, doubtful=True, error=failure.error, at_least=pause)
            if found:
                return self._result(claimed, letter, found)
        message = letter.illustrate(self.slack, letter.workspace) if letter.illustrate else letter.message
        if self.clock() > claimed.claimed_at + LEASE - LONGEST_SEND:
            # Another worker may take the claim over while this one posts, and look too early to see it.
            return self._again(claimed, doubtful=True, error="the lease was nearly over")
        outcome = self.slack.post(
            letter.workspace, claimed.recipient, message, key=claimed.key, thread_ts=letter.thread_ts
        )
        return self._result(claimed, letter, outcome)

    def _result(self, claimed: Claimed, letter: Letter, outcome: Outcome) -> Result:
        match outcome:
            case Sent(channel_id, ts):
                columns = {"channel_id": channel_id, "message_ts": ts, "sent_at": self.clock(), "late": letter.late}
                return Result(claimed, "sent", columns, letter.once_sent)
            case Throttled(seconds):
                pause = timedelta(seconds=seconds)
                again = self._again(claimed, doubtful=False, error="ratelimited", at_least=pause)
                # Each method has a limit of its own; the lanes are those of posting.
                return again if letter.replaces else replace(again, quiet_until=self.clock() + pause)
            case NotSent(error):
                return self._again(claimed, doubtful=False, error=error)
            case InDoubt(error):
                return self._again(claimed, doubtful=True, error=error)
            case Refusal(error):
                return self._refused(claimed, letter.workspace, error)

    def _refused(self, claimed: Claimed, workspace: str, error: str) -> Result:
        """Tell what follows from a refusal, by its name, once Slack has confirmed what would stop more than this."""
        failed, at = Result(claimed, "failed", {"error": error[:200]}), self.clock()
        to_person = claimed.recipient[:1] in "UW"
        if error in TOKEN_ERRORS and (said := self._token_error(workspace)):
            return replace(failed, then=lambda: self._silence(workspace, said, at))
        if to_person and error in PERSON_ERRORS:
            profile = self.slack.profile(workspace, claimed.recipient)
            if profile is None or not profile.deleted:
                return failed
            return replace(failed, then=lambda: remember(self.sessions, workspace, profile, now=self.clock()))
        if error in TOKEN_ERRORS:
            return self._again(claimed, doubtful=False, error=error)
        return replace(failed, refused=error) if error in CHANNEL_ERRORS and not to_person else failed

    def _token_error(self, workspace: str) -> str | None:
        """Ask Slack about the token that is stored now: the one that was refused may be from before a new install."""
        self.doubted(workspace)
        said = self.slack.token_error(workspace)
        return said if said in TOKEN_ERRORS else None

    def _silence(self, workspace: str, error: str, at: datetime) -> None:
        log.error("token_refused", workspace=workspace, error=error)
        for name in {workspace, *ended(self.sessions, workspace, happened_at=at, now=self.clock())}:
            self.silenced(name)

    def _again(self, claimed: Claimed, *, doubtful: bool, error: str, at_least: timedelta = SHORTEST) -> Result:
        pause = pause_before_retry(claimed.attempts, self.chance, at_least=at_least)
        columns = {"not_before": self.clock() + pause, "doubtful": doubtful, "error": error[:200]}
        return Result(claimed, "due", columns)

    def _record(self, results: list[Result]) -> None:
        recorded = []
        with self.sessions.write() as session:
            for result in results:
                # What it leads to belongs to the same request.
                with _asked_for(result.claimed):
                    recorded.append(self._record_one(session, result))
            for workspace_id, until in _quiet(results).items():
                lanes.hold(session, workspace_id, until=until)
        for result in recorded:
            with _asked_for(result.claimed):
                self._tell(result)
                if result.then is not None:
                    result.then()

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

    def _record_one(self, session: Session, result: Result) -> Result:
        if result.refused is not None:
            until = waits_for_channel(session, result.claimed, result.refused, now=self.clock())
            result = result if until is None else self._held(result.claimed, until, f"paused: {result.refused}")
        kept = deliveries.record(session, result.claimed, state=result.state, **result.columns)
        if not kept:
            log.warning("delivery_taken_over", delivery=result.claimed.id)
        elif result.state == "failed":
            returned(session, result.claimed, now=self.clock())
        elif result.once_sent is not None:
            self._follow_up(session, result.claimed, result.once_sent)
        return result

    def _follow_up(self, session: Session, claimed: Claimed, once_sent: Callable[[Session, datetime], None]) -> None:
        try:
            with session.begin_nested():
                once_sent(session, self.clock())
        # That other messages were sent must be recorded whatever happens here; it is logged.
        except Exception:
            log.exception("sequel_crashed", delivery=claimed.id, kind=claimed.kind)
            CRASHES.labels("delivery").inc()


def _asked_for(claimed: Claimed) -> AbstractContextManager[None]:
    """Work on a delivery as part of the request that it is owed because of."""
    return requests.following(Request(claimed.request_id) if claimed.request_id else None)


def _quiet(results: list[Result]) -> dict[int, datetime]:
    """Return until when Slack wants to be left alone, by workspace."""
    found: dict[int, datetime] = {}
    for result in results:
        if result.quiet_until is not None:
            workspace_id = result.claimed.workspace_id
            found[workspace_id] = max(result.quiet_until, found.get(workspace_id, result.quiet_until))
    return dict(sorted(found.items()))
