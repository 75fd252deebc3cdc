"""No request is read that is larger than anybody has business to send."""

from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.api.headers import HEADERS

_TOO_LARGE: Final = 413


class _TooLargeError(Exception):
    pass


class BodyLimit:
    """Answers 413 once a body is longer than `most` bytes, whether its length was announced or not.

    What is below `beside` has its own limit and answers in its own way.
    """

    def __init__(self, app: ASGIApp, *, most: int, beside: str) -> None:
        self.app, self.most, self.beside = app, most, beside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(self.beside):
            await self.app(scope, receive, send)
            return
        if _announced(scope) > self.most:
            await _refuse(scope, receive, send)
            return
        read, answering = 0, False

        async def receive_counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body") or b"")
            if read > self.most:
                raise _TooLargeError
            return message

        async def send_noted(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await self.app(scope, receive_counted, send_noted)
        except _TooLargeError:
            if not answering:
                await _refuse(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(status_code=_TOO_LARGE, headers=dict(HEADERS))(scope, receive, send)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
