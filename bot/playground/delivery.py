"""Bring payloads to the app, by Socket Mode or by signed HTTP, and say how they were received."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from bot.playground.faults import FaultDice
from bot.playground.http_post import UnreachableError, post
from bot.playground.model import Delivered, Json
from bot.playground.sockets import NoConnectionError, SocketHub
from bot.playground.state import Slack

PayloadKind = Literal["slash_commands", "interactive", "events_api"]
ACK_SECONDS = 3.0


@dataclass
class Delivery:
    """Send payloads to the app.

    `retry_delays` are the real seconds before each further attempt at an event. Slack waits 0, 60 and 300 s; the
    default is shorter, so that a person sees it happen.
    """

    slack: Slack
    hub: SocketHub
    dice: FaultDice
    ack_seconds: float = ACK_SECONDS
    retry_delays: tuple[float, ...] = (0.1, 2.0, 10.0)

    def __post_init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, kind: PayloadKind, payload: Json) -> Delivered:
        """Deliver a command or an interaction once and wait for the ack."""
        record = self._record(kind, payload)
        await self._attempt(record)
        return record

    def announce(self, payload: Json) -> None:
        """Deliver an event in the background, again until it is acked, and as often as the faults ask for."""
        self._spawn(self._deliver_event(self._record("events_api", payload)))

    async def redeliver(self, event_id: str) -> bool:
        """Deliver an event that was delivered before once more; return whether it was found."""
        for record in reversed(self.slack.deliveries):
            if record.payload.get("event_id") == event_id:
                await self._attempt(record, retry=max(record.attempts, 1))
                return True
        return False

    async def settle(self, seconds: float) -> bool:
        """Wait until no event is on its way any more; return whether that was in time."""
        deadline = time.monotonic() + seconds
        while self._tasks and time.monotonic() < deadline:
            await asyncio.wait(self._tasks, timeout=max(deadline - time.monotonic(), 0))
        return not self._tasks

    async def close(self) -> None:
        """Give up every event that is still on its way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_event(self, record: Delivered) -> None:
        await self._attempt(record)
        for delay in self.retry_delays:
            if record.outcome == "acked":
                break
            await asyncio.sleep(delay)
            await self._attempt(record, retry=record.attempts)
        for repeat in range(1, self.dice.faults.duplicate_events):
            await self._attempt(record, retry=repeat)

    def _record(self, kind: PayloadKind, payload: Json) -> Delivered:
        with self.slack.lock:
            self.slack.delivery_count += 1
            record = Delivered(self.slack.delivery_count, kind, payload, self.slack.clock.now().isoformat())
            self.slack.deliveries.append(record)
        return record

    async def _attempt(self, record: Delivered, *, retry: int = 0) -> None:
        record.attempts += 1
        try:
            if self.slack.app.delivery == "socket":
                record.answer = await self.hub.send(record.kind, record.payload, retry=retry, seconds=self.ack_seconds)
            else:
                record.answer = await self._post(record, retry)
            record.outcome = "acked"
        except TimeoutError:
            record.outcome = "timeout"
        except _RefusedError as refused:
            record.outcome, record.answer = "refused", str(refused)
        except (NoConnectionError, UnreachableError):
            record.outcome = "unreachable"
        self.slack.changed("delivery")

    async def _post(self, record: Delivered, retry: int) -> Any:
        body, content_type = _encode(record.kind, record.payload)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (playground)"}
        headers |= sign(self.slack.app.signing_secret, body)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        status, answer = await post(self.slack.app.request_url, body, headers, seconds=self.ack_seconds)
        if status >= 300:
            raise _RefusedError(f"HTTP {status}: {answer[:200].decode(errors='replace')}")
        return _decode(answer)


class _RefusedError(Exception):
    """The app answered with an HTTP error."""


def sign(secret: str, body: bytes, *, at: int | None = None) -> dict[str, str]:
    """Return the two headers by which the app knows that Slack sent `body`; `at` is real time, in seconds."""
    stamp = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _encode(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _decode(answer: bytes) -> Any:
    text = answer.decode(errors="replace")
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
