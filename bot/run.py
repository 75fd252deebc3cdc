"""Running a bot until it is asked to stop, in Socket Mode or behind an HTTP server."""

import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING

import structlog

from bot.app import Bot
from bot.domain.errors import UserFacingError

if TYPE_CHECKING:
    from bot.web.health import Check
    from bot.web.server import WebServer

LOOKED_EVERY_SECONDS = 0.5
log = structlog.get_logger()


def run_socket(bot: Bot, stop: threading.Event, *, web: tuple[str, int] | None = None) -> None:
    """Listen over Socket Mode until `stop` is set. The event `ready` is logged once Slack has said hello.

    With `web`, a host and a port, the API, health and metrics are served there.

    Raises:
        UserFacingError: When the app token is missing, or Slack does not accept it.
    """
    from bot.slack.socket_mode import AppTokenRefused, SocketMode  # noqa: PLC0415  # its client is not needed in HTTP mode

    if bot.settings.slack_app_token is None:
        raise UserFacingError("SLACK_APP_TOKEN is not set; Socket Mode needs it. See README.")
    token = bot.settings.slack_app_token.get_secret_value()
    connection = SocketMode(bot.bolt, token, base_url=bot.settings.slack_api_url)
    checks: dict[str, Check] = {"slack": lambda: None if connection.is_open else "Socket Mode is not connected"}
    server = _serve(bot, *web, checks, slack=False) if web else None
    bot.start()
    try:
        if connection.open(stop):
            where = {"address": server.address} if server else {}
            log.info("ready", mode="socket", workspace=_workspace(bot), **where)
        wait_for(stop)
    except AppTokenRefused as refused:
        raise UserFacingError(f"Slack does not accept SLACK_APP_TOKEN: {refused}. Run `hattrick doctor`.") from refused
    finally:
        connection.close()
        if server:
            server.stop()
        bot.stop()


def run_http(bot: Bot, stop: threading.Event, *, host: str, port: int) -> None:
    """Serve Slack's requests over HTTP until `stop` is set.

    Raises:
        UserFacingError: When the signing secret is missing: without it anybody could speak as Slack.
    """
    if bot.settings.slack_signing_secret is None:
        raise UserFacingError("SLACK_SIGNING_SECRET is not set; HTTP mode needs it. See README.")
    server = _serve(bot, host, port, {"slack": bot.slack.unreachable}, slack=True)
    bot.start()
    log.info("ready", mode="http", workspace=_workspace(bot), address=server.address)
    wait_for(stop)
    server.stop()
    bot.stop()


def _workspace(bot: Bot) -> str | None:
    return bot.identity.workspace if bot.identity else None


def _serve(bot: Bot, host: str, port: int, checks: "dict[str, Check]", *, slack: bool) -> "WebServer":
    from bot.web.server import WebServer, create_web  # noqa: PLC0415  # FastAPI is not needed in Socket Mode alone

    web = create_web(
        bot.sessions,
        bolt=bot.bolt if slack else None,
        clock=bot.deps.clock,
        installing=bot.installing,
        checks={**checks, "scheduler": bot.ticker.lagging},
    )
    server = WebServer(web, host=host, port=port)
    server.start()
    return server


def wait_for(stop: threading.Event) -> None:
    """Wait until it is set.

    The system may hand a signal to any thread, and Python lets this one, the main one, work on it. One that waits
    without an end would not notice: the process would be killed at last, with what it was doing half done.
    """
    while not stop.wait(LOOKED_EVERY_SECONDS):
        pass


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and Ctrl-C set."""
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    return stop
