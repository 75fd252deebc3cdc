"""The HTTP side: Slack's requests, the API, health and metrics."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import uvicorn
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request, Response
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_bolt.oauth import OAuthFlow
from starlette.datastructures import Headers

from bot.web.api import PER_MINUTE, create_api
from bot.web.api.headers import HEADERS, SecurityHeaders
from bot.web.body_limit import BodyLimit
from bot.web.following import HEADER, Followed
from bot.web.health import Check, readiness, serve_health
from bot.web.observed import serve_metrics
from storage import Sessions, requests

START_SECONDS = 10.0
# Slack's own requests are far smaller; nobody else has business here.
MOST_BYTES = 1_000_000
_MOST_DIGITS = 12  # of a time in seconds
# Events are worked on before they are acknowledged: they may keep each other waiting, but not commands.
EVENT_WORKERS = 8


def create_web(
    sessions: Sessions,
    *,
    bolt: App | None,
    clock: Callable[[], datetime],
    per_minute: int = PER_MINUTE,
    installing: OAuthFlow | None = None,
    checks: Mapping[str, Check] | None = None,
) -> FastAPI:
    """Make the web application: the API, health and metrics.

    With `bolt` (not in Socket Mode) Slack's requests too, with `installing` the pages on which the app is installed.
    `checks` are those of `/readyz`, beside the database. A token may make `per_minute` requests of the API.
    """
    web = FastAPI(title="Hattrick", docs_url=None, redoc_url=None, openapi_url=None)
    web.add_middleware(BodyLimit, most=MOST_BYTES, beside="/api/")
    web.add_middleware(SecurityHeaders)
    web.add_middleware(Followed)
    web.add_exception_handler(Exception, _crashed)
    ready = readiness(sessions, checks or {})
    serve_health(web, ready)
    serve_metrics(web, sessions, clock, ready)
    web.mount("/api", create_api(sessions, clock, per_minute=per_minute))
    if installing is not None:
        _serve_installs(web, installing)
    if bolt is not None:
        _serve_slack(web, bolt)
    return web


def _crashed(_request: Request, _error: Exception) -> Response:
    """Answer without a word about what went wrong: it is in the log."""
    request = requests.current()
    headers = dict(HEADERS) | ({HEADER: request.id} if request else {})
    return Response("Internal Server Error", status_code=500, headers=headers, media_type="text/plain")


def _serve_installs(web: FastAPI, flow: OAuthFlow) -> None:
    @web.get(flow.install_path)
    def install(request: Request) -> Response:
        return to_starlette_response(flow.handle_installation(to_bolt_request(request, b"")))

    @web.get(flow.redirect_uri_path)
    def redirected(request: Request) -> Response:
        return to_starlette_response(flow.handle_callback(to_bolt_request(request, b"")))


def _serve_slack(web: FastAPI, bolt: App) -> None:
    events = CapacityLimiter(EVENT_WORKERS)

    @web.post("/slack/{door}")
    async def slack(door: str, request: Request) -> Response:
        if door not in {"events", "commands", "interactivity"}:
            return Response(status_code=404)
        body = await request.body()
        # Bolt stumbles over all of these, with a traceback in the log for anybody who likes to write one there.
        if not _could_be_slacks(request.headers):
            return Response(status_code=401)
        if not _is_text(body):
            return Response(status_code=400)
        try:
            bolt_request = to_bolt_request(request, body)
        # Bolt reads the body before it looks at the signature: JSON that is no object, or too deep, is anybody's.
        except (ValueError, TypeError, AttributeError, RecursionError):
            return Response(status_code=400)
        limiter = events if request.headers.get("content-type", "").startswith("application/json") else None
        # Bolt's own adapter would run a synchronous app on the event loop.
        return to_starlette_response(await to_thread.run_sync(bolt.dispatch, bolt_request, limiter=limiter))


def _could_be_slacks(headers: Headers) -> bool:
    """Tell whether the time and the signature of a request are written as Slack writes them, however often."""
    moments, signatures = (headers.getlist(f"x-slack-{name}") for name in ("request-timestamp", "signature"))
    are_times = all(moment.isdecimal() and len(moment) <= _MOST_DIGITS for moment in moments)
    return are_times and all(signature.isascii() for signature in signatures)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


class WebServer:
    """Runs a web application in a thread."""

    def __init__(self, web: FastAPI, *, host: str, port: int) -> None:
        config = uvicorn.Config(web, host=host, port=port, log_config=None, access_log=False, server_header=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens."""
        socket = self._server.servers[0].sockets[0].getsockname()
        return f"http://{socket[0]}:{socket[1]}"

    def start(self) -> None:
        """Start, and return once it listens.

        Raises:
            OSError: When it cannot listen there.
        """
        self._thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise OSError(f"cannot listen on {self._server.config.host}:{self._server.config.port}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Finish open requests and stop."""
        self._server.should_exit = True
        self._thread.join(timeout=START_SECONDS)
