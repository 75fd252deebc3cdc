"""One HTTP POST to the app's request URL without blocking the server's loop."""

import asyncio
import contextlib
import ssl
from urllib.parse import urlsplit

import h11

_CHUNK = 65536


class UnreachableError(Exception):
    """Nobody answered at the request URL."""


async def post(url: str, body: bytes, headers: dict[str, str], *, seconds: float) -> tuple[int, bytes]:
    """Post `body` and return status and body of the answer.

    Raises `UnreachableError` when there is no HTTP answer at all, `TimeoutError` after `seconds`.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _exchange(url, body, headers)
    except TimeoutError:
        raise
    except (OSError, h11.ProtocolError, EOFError) as failure:
        raise UnreachableError(str(failure)) from failure


async def _exchange(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(url)
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure)
    try:
        connection = h11.Connection(h11.CLIENT)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {"Host": parts.netloc, "Connection": "close", "Content-Length": str(len(body)), **headers}
        request = h11.Request(method="POST", target=target, headers=list(sent.items()))
        writer.write(connection.send(request) or b"")
        writer.write(connection.send(h11.Data(data=body)) or b"")
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        return await _answer(connection, reader)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _answer(connection: h11.Connection, reader: asyncio.StreamReader) -> tuple[int, bytes]:
    status, parts = 0, []
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            parts.append(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage):
            return status, b"".join(parts)
        elif isinstance(event, h11.ConnectionClosed):
            raise EOFError("the app closed the connection without an answer")
