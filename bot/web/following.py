"""Every request over HTTP has an id, which its answer carries as `X-Request-Id`, and is timed by door and code."""

import re
import time
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.following import new_id
from bot.metrics import HTTP_REQUEST_SECONDS
from storage import requests
from storage.requests import Request

HEADER: Final = "X-Request-Id"
# A proxy in front, or a program, may name its request itself.
_ID = re.compile(r"[A-Za-z0-9._-]{8,32}")
_DOORS: Final = {"slack": "slack", "api": "api", "healthz": "watch", "readyz": "watch", "metrics": "watch"}
log = structlog.get_logger()


class Followed:
    """Gives requests their ids, and counts them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, began, code = Request(_id(scope)), time.perf_counter(), 500
        door = _DOORS.get(scope["path"].split("/")[1], "other")

        async def send_with(message: Message) -> None:
            nonlocal code
            if message["type"] == "http.response.start":
                code = message["status"]
                MutableHeaders(scope=message)[HEADER] = request.id
            await send(message)

        # For the rest of this request's own task: what the server logs of a crash belongs to it as well.
        requests.begin(request)
        try:
            await self.app(scope, receive, send_with)
        finally:
            seconds = time.perf_counter() - began
            HTTP_REQUEST_SECONDS.labels(door, str(code)).observe(seconds)
            if request.leaves_work:
                log.info("request_taken", kind=door, code=code, ms=round(seconds * 1000, 1))


def _id(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if _ID.fullmatch(given) else new_id()
