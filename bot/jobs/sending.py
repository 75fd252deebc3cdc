"""Sends one delivery: what Slack said, as columns to record, and what follows from it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot.domain.backoff import SHORTEST, pause_before_retry
from bot.jobs.lease import LEASE
from bot.metrics import CRASHES
from bot.services.installs.uninstalling import ended
from bot.services.people.people import remember
from bot.services.sending.outbox import Held, Letter, TooEarly, Undeliverable, Unneeded, Unwritten
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
from storage import Session, Sessions, requests
from storage.deliveries import Claimed
from storage.requests import Request

# What Slack's clock and ours may differ by, and how long a send takes.
SEARCH_MARGIN: Final = timedelta(minutes=5)
# What need not be sent any more is looked for no longer than this after it was due: longer than any grace.
LONGEST_SEARCH: Final = timedelta(days=8)
# Where it was sent to cannot be looked into, today or tomorrow.
_NOWHERE_TO_LOOK: Final = CHANNEL_ERRORS | PERSON_ERRORS | TOKEN_ERRORS | {"missing_scope", "thread_not_found"}
# Nor can anything be posted there.
_NOBODY_THERE: Final = (CHANNEL_ERRORS | PERSON_ERRORS | {"thread_not_found"}) - TOKEN_ERRORS
# The most that a send takes: post, join, post again, post older blocks, post words, each until Slack's client gives up.
LONGEST_SEND: Final = timedelta(seconds=50)
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


@dataclass(frozen=True)
class Sender:
    """Carries one delivery to Slack; several threads may use it at once. It writes nothing about deliveries.

    The callbacks are those of `bot.jobs.dispatcher.Dispatcher`.
    """

    sessions: Sessions
    slack: Slack
    clock: Callable[[], datetime]
    stopping: Callable[[], bool]
    chance: Callable[[], float]
    doubted: Callable[[str], None]
    silenced: Callable[[str], None]

    def deliver(self, claimed: Claimed, letter: Letter | Unwritten | Crashed) -> Result:
        """Send a letter, unless it may stand there already, and tell what came of it."""
        if self.stopping() and isinstance(letter, Letter):
            return self._given_back(claimed)
        try:
            with asked_for(claimed):
                return self._attempt(claimed, letter) if isinstance(letter, Letter) else self._unsent(claimed, letter)
        # The worker's result must be recorded whatever happened; it is logged, and tried again later.
        except Exception as error:
            with asked_for(claimed):
                log.exception("delivery_crashed", delivery=claimed.id, kind=claimed.kind)
            CRASHES.labels("delivery").inc()
            # Where it crashed is not known here, so it may have been sent.
            return self._again(claimed, doubtful=True, error=type(error).__name__)

    def _given_back(self, claimed: Claimed) -> Result:
        """Leave it to whoever runs on."""
        return self.held(claimed, claimed.claimed_at, "given back")

    def held(self, claimed: Claimed, until: datetime, reason: str) -> Result:
        """Let a delivery wait until an instant."""
        return Result(claimed, "due", {"not_before": until, "doubtful": claimed.doubtful, "error": reason[:200]})

    def _unsent(self, claimed: Claimed, why: Unwritten | Crashed) -> Result:
        match why:
            case Unneeded(reason):
                return self._unless_sent(claimed, why, Result(claimed, "skipped", {"error": reason}))
            case Undeliverable(reason):
                return self._unless_sent(claimed, why, Result(claimed, "failed", {"error": reason}))
            case Held(reason, until):
                return self.held(claimed, until, reason)
            case TooEarly(reason) | Crashed(reason):
                return self._again(claimed, doubtful=claimed.doubtful, error=reason)

    def _unless_sent(self, claimed: Claimed, why: Unneeded | Undeliverable, given_up: Result) -> Result:
        """Look for what may have been sent before it was given up.

        Whoever takes it back has to know where it stands, and it must not go another way as well.
        """
        if not claimed.doubtful or why.workspace is None or self.clock() > claimed.due_at + LONGEST_SEARCH:
            return given_up
        try:
            found = self._found(claimed, why.workspace, why.thread_ts)
        except LookupFailed as failure:
            return given_up if failure.error in _NOWHERE_TO_LOOK else self._look_again(claimed, failure)
        return self._sent(claimed, found, late=False) if found else given_up

    def _attempt(self, claimed: Claimed, letter: Letter) -> Result:
        if letter.replaces is not None:
            # To replace a message twice does no harm: there is nothing to look for first.
            channel_id, ts = letter.replaces
            return self._result(claimed, letter, self.slack.update(letter.workspace, channel_id, ts, letter.message))
        if claimed.doubtful:
            try:
                found = self._found(claimed, letter.workspace, letter.thread_ts)
            except LookupFailed as failure:
                if failure.error in _NOBODY_THERE:
                    return self._refused(claimed, letter.workspace, failure.error)
                return self._look_again(claimed, failure)
            if found:
                return self._result(claimed, letter, found)
        message = letter.illustrate(self.slack, letter.workspace) if letter.illustrate else letter.message
        if letter.illustrate and self.stopping():
            return self._given_back(claimed)
        if self.clock() > claimed.claimed_at + LEASE - LONGEST_SEND:
            # Another worker may take the claim over while this one posts, and look too early to see it.
            return self._again(claimed, doubtful=True, error="the lease was nearly over")
        outcome = self.slack.post(
            letter.workspace, claimed.recipient, message, key=claimed.key, thread_ts=letter.thread_ts
        )
        return self._result(claimed, letter, outcome)

    def _found(self, claimed: Claimed, workspace: str, thread_ts: str | None) -> Sent | None:
        since = claimed.due_at - SEARCH_MARGIN
        return self.slack.find(workspace, claimed.recipient, claimed.key, since=since, thread_ts=thread_ts)

    def _look_again(self, claimed: Claimed, failure: LookupFailed) -> Result:
        return self._again(claimed, doubtful=True, error=failure.error, at_least=timedelta(seconds=failure.seconds))

    def _sent(
        self,
        claimed: Claimed,
        sent: Sent,
        *,
        late: bool,
        once_sent: Callable[[Session, datetime], None] | None = None,
    ) -> Result:
        columns = {"channel_id": sent.channel_id, "message_ts": sent.ts, "sent_at": self.clock(), "late": late}
        return Result(claimed, "sent", columns, once_sent)

    def _result(self, claimed: Claimed, letter: Letter, outcome: Outcome) -> Result:
        match outcome:
            case Sent():
                return self._sent(claimed, outcome, late=letter.late, once_sent=letter.once_sent)
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


def asked_for(claimed: Claimed) -> AbstractContextManager[None]:
    """Work on a delivery as part of the request that it is owed because of."""
    return requests.following(Request(claimed.request_id) if claimed.request_id else None)
