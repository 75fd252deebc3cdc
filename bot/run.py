"""Running a bot until it is asked to stop, in Socket Mode or behind an HTTP server."""

import signal
import threading
from types import FrameType
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.app import Bot
from bot.domain.errors import UserFacingError

SOCKET_WORKERS = 10
_GLANCE_SECONDS = 0.2
_EAGER_SECONDS = 0.02
log = structlog.get_logger()


def run_socket(bot: Bot, stop: threading.Event) -> None:
    """Listen over Socket Mode until `stop` is set. The event `ready` is logged once Slack has said hello.

    Raises:
        UserFacingError: When the app token is missing.
    """
    # Bolt's built-in client is deaf for about three seconds after each refresh of its connection.
    from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler  # noqa: PLC0415

    if bot.settings.slack_app_token is None:
        raise UserFacingError("SLACK_APP_TOKEN is not set; Socket Mode needs it. See README.")
    token = bot.settings.slack_app_token.get_secret_value()
    handler = SocketModeHandler(
        bot.bolt,
        token,
        web_client=WebClient(token=token, base_url=bot.settings.slack_api_url),
        concurrency=SOCKET_WORKERS,
    )
    _open_at_once(handler.client)
    listening = _listening(handler.client)
    handler.connect()  # type: ignore[no-untyped-call]
    bot.start()
    if _either(listening, stop):
        log.info("ready", mode="socket", workspace=bot.identity.workspace)
    stop.wait()
    handler.close()  # type: ignore[no-untyped-call]
    bot.stop()


def _open_at_once(client: Any) -> None:
    """Let the SDK open a connection when it has to: by default it looks only every half second whether it has to."""
    from slack_sdk.socket_mode.interval_runner import IntervalRunner  # noqa: PLC0415  # as for the handler

    hesitant = client.current_session_runner
    hesitant.shutdown()
    client.current_session_runner = IntervalRunner(hesitant.target, _EAGER_SECONDS).start()


def _listening(client: Any) -> threading.Event:
    """Return an event that Slack's hello sets: `connect` returns before there is a connection."""
    heard = threading.Event()

    def hear(_client: Any, message: dict[str, Any], _raw: str) -> None:
        if message.get("type") == "hello":
            heard.set()

    client.message_listeners.append(hear)
    return heard


def _either(listening: threading.Event, stop: threading.Event) -> bool:
    """Wait for a connection, however long Slack is away, or for the end; return whether there is one."""
    while not listening.wait(_GLANCE_SECONDS):
        if stop.is_set():
            return False
    return True


def run_http(bot: Bot, stop: threading.Event, *, host: str, port: int) -> None:
    """Serve Slack's requests over HTTP until `stop` is set.

    Raises:
        UserFacingError: When the signing secret is missing: without it anybody could speak as Slack.
    """
    from bot.web.server import WebServer, create_web  # noqa: PLC0415  # FastAPI is not needed in Socket Mode

    if bot.settings.slack_signing_secret is None:
        raise UserFacingError("SLACK_SIGNING_SECRET is not set; HTTP mode needs it. See README.")
    server = WebServer(create_web(bot.sessions, bolt=bot.bolt), host=host, port=port)
    server.start()
    bot.start()
    log.info("ready", mode="http", workspace=bot.identity.workspace, address=server.address)
    stop.wait()
    server.stop()
    bot.stop()


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM and Ctrl-C set."""
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    return stop
