"""Socket Mode: the app's connections, envelopes sent over one of them in turn, and acks that come back."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.model import Json
from bot.playground.state import Slack

MOST_CONNECTIONS = 10
_DRAIN_SECONDS = 1.0


@dataclass(eq=False)
class _Connection:
    socket: WebSocket
    draining: bool = False
    waiting: set[str] = field(default_factory=set)


class NoConnectionError(Exception):
    """The app has no Socket Mode connection open."""


class SocketHub:
    """Hold at most ten connections and give each envelope to one of them, in turn."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._turn = 0
        self._acks: dict[str, asyncio.Future[Any]] = {}

    @property
    def connected(self) -> int:
        """How many connections take envelopes now."""
        return sum(not c.draining for c in self._connections)

    def ticket(self) -> str:
        """Return a ticket that opens one connection."""
        ticket = self._slack.ids.envelope()
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Run one connection from hello until it is closed."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets or self.connected >= MOST_CONNECTIONS:
            await socket.close(code=4403)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        connection = _Connection(socket)
        self._connections.append(connection)
        try:
            await self._send(connection, self._hello())
            self._slack.changed("delivery")
            while True:
                self._take(connection, json.loads(await socket.receive_text()))
        except (WebSocketDisconnect, RuntimeError, KeyError):
            # The peer went away, or Starlette says so in its own words (RuntimeError) after a close of ours;
            # KeyError: the peer sent bytes where Slack expects text.
            pass
        finally:
            self._forget(connection)

    async def send(self, kind: str, payload: Json, *, retry: int = 0, seconds: float) -> Any:
        """Send one envelope and return the app's answer (None for a bare ack).

        Raises `NoConnectionError` without a connection, `TimeoutError` without an ack in time.
        """
        envelope_id = self._slack.ids.envelope()
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._acks[envelope_id] = answer
        connection = self._next()
        connection.waiting.add(envelope_id)
        try:
            await self._send(connection, envelope)
            return await asyncio.wait_for(answer, seconds)
        except (WebSocketDisconnect, RuntimeError) as closed:
            raise NoConnectionError from closed
        finally:
            self._acks.pop(envelope_id, None)
            connection.waiting.discard(envelope_id)

    async def disconnect(self, reason: str = "refresh_requested") -> int:
        """Ask every client to reconnect, as Slack does when it renews its servers; return how many there were."""
        leaving = [c for c in self._connections if not c.draining]
        for connection in leaving:
            connection.draining = True
            await self._send(connection, {"type": "disconnect", "reason": reason, "debug_info": _debug()})
        if leaving:
            asyncio.get_running_loop().call_later(_DRAIN_SECONDS, self._close_drained, leaving)
        return len(leaving)

    async def drop(self) -> int:
        """Cut every connection without a word, as a broken network does; return how many there were."""
        gone = list(self._connections)
        for connection in gone:
            await _close(connection)
        return len(gone)

    def _close_drained(self, leaving: list[_Connection]) -> None:
        for connection in leaving:
            task = asyncio.get_running_loop().create_task(_close(connection))
            _closing.add(task)
            task.add_done_callback(_closing.discard)

    def _next(self) -> _Connection:
        fresh = [c for c in self._connections if not c.draining] or self._connections
        if not fresh:
            raise NoConnectionError
        self._turn += 1
        return fresh[self._turn % len(fresh)]

    def _take(self, connection: _Connection, message: Any) -> None:
        if not isinstance(message, dict):
            return
        waiting = self._acks.get(message.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(message.get("payload"))
        connection.waiting.discard(message.get("envelope_id", ""))

    def _forget(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for envelope_id in connection.waiting:
            waiting = self._acks.get(envelope_id)
            if waiting is not None and not waiting.done():
                waiting.set_exception(NoConnectionError())
        self._slack.changed("delivery")

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connected,
            "debug_info": _debug(),
            "connection_info": {"app_id": self._slack.app.id},
        }

    async def _send(self, connection: _Connection, message: Json) -> None:
        await connection.socket.send_text(json.dumps(message, separators=(",", ":")))


# A task without a reference may be collected before it has run.
_closing: set[asyncio.Task[None]] = set()


async def _close(connection: _Connection) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await connection.socket.close()


def _debug() -> Json:
    return {"host": "applink-playground", "build_number": 1, "approximate_connection_time": 18060}
