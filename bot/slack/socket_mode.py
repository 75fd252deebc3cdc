"""The Socket Mode connection: opened once, said to be open when it is, and closed at once.

The SDK's client does the work. What is done here besides, and why:

- `connect` returns before there is a connection, so Slack's hello is waited for;
- the SDK looks only every half second whether there is a connection to open, and its watchman, who first looks
  before there can be one, opens a second: of a method that Slack allows about once a minute;
- when Slack throttles that method the SDK sleeps, deaf to being asked to end, and when Slack has other troubles it
  gives up until its watchman looks again, with a traceback in the log;
- a reader that waits for the socket does not notice for ten seconds that it was closed, and until then nobody reads
  from the next one;
- an answer that was under way when the connection was renewed was lost, and so was what was worked on when it ended;
- events, which are worked on before they are acknowledged, would keep commands waiting;
- every byte is checked for being UTF-8 by a loop in Python, which takes as long as answering: an eighth of a
  millisecond for what Slack says of a message.
"""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.interval_runner import IntervalRunner
from slack_sdk.socket_mode.request import SocketModeRequest
from websocket import WebSocketException

from bot.slack.client import NETWORK_ERRORS
from bot.slack.refusals import is_passing

WORKERS = 10
EAGER_SECONDS = 0.01
GLANCE_SECONDS = 0.2
HELLO_SECONDS = 5.0
FIRST_PAUSE_SECONDS, PAUSE_SECONDS = 0.2, 5.0
CLOSE_SECONDS = 1.0
ANSWER_SECONDS = 2.0  # Slack waits three for an answer
SHORT_SECONDS = 1.0
# Of what is worked on when the connection is closed. Slack waits as long, and tells of an event again after that.
FINISH_SECONDS = 3.0
EVENT_WORKERS = 8
log = structlog.get_logger()


class AppTokenRefused(Exception):  # noqa: N818  # reads as what happened
    """Slack does not accept the app token; the text is Slack's code."""


class _InTurn(SocketModeHandler):
    """Answers commands one after the other, events on workers of their own, and everything else as it comes.

    A command is a millisecond of processor time and leaves what is slow to `Deps.later`. Answered at the same time,
    200 took a quarter longer than a bare app's: each thread gave way to the others with every query.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._at_work = _AtWork()
        self._commands = ThreadPoolExecutor(1, thread_name_prefix="commands")
        self._events = ThreadPoolExecutor(EVENT_WORKERS, thread_name_prefix="events")
        super().__init__(*args, **options)

    def handle(self, client: Any, req: SocketModeRequest) -> None:
        """Answer one envelope."""
        if req.type == "events_api" and self._at_work.ending:
            return  # Slack tells another connection of it
        self._at_work.begin()
        workers = {"slash_commands": self._commands, "events_api": self._events}.get(req.type)
        if workers is not None:
            with contextlib.suppress(RuntimeError):  # when they have ended in this moment
                workers.submit(self._answer, client, req)
                return
        self._answer(client, req)

    def _answer(self, client: Any, req: SocketModeRequest) -> None:
        try:
            super().handle(client, req)
        finally:
            self._at_work.end()

    def finish(self) -> None:
        """Take on no more events, and let what is worked on be answered."""
        self._at_work.finish(FINISH_SECONDS)
        for workers in (self._commands, self._events):
            workers.shutdown(wait=False, cancel_futures=True)


class _AtWork:
    """How much is being answered, and whether it is to end."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self.ending = False

    def begin(self) -> None:
        with self._changed:
            self._number += 1

    def end(self) -> None:
        with self._changed:
            self._number -= 1
            self._changed.notify_all()

    def finish(self, seconds: float) -> None:
        """Wait until nothing is being answered any more, but not for longer than that."""
        self.ending = True
        with self._changed:
            self._changed.wait_for(lambda: not self._number, timeout=seconds)

    def __enter__(self) -> None:
        self.begin()

    def __exit__(self, *_: object) -> None:
        self.end()


class SocketMode:
    """One app's connection to Slack. Bolt's built-in client would be deaf for seconds after each refresh of it."""

    def __init__(self, bolt: App, app_token: str, *, base_url: str) -> None:
        self._web = WebClient(token=app_token, base_url=base_url)
        self._handler = _InTurn(bolt, app_token, web_client=self._web, concurrency=WORKERS)
        self._client = cast("Any", self._handler.client)
        self._heard = threading.Event()
        self._client.message_listeners.append(self._hear)
        self._ending = threading.Event()
        self._send, self._client.send_message = self._client.send_message, self._answer
        self._connect, self._client.connect = self._client.connect, self._connect_anew
        self._client.issue_new_wss_url = self._next_address
        self._run, self._pause = self._client.current_session_runner.target, EAGER_SECONDS

    def open(self, stop: threading.Event) -> bool:
        """Connect, however long Slack is away; return True once it says hello, False when `stop` is set before.

        Raises:
            AppTokenRefused: When Slack does not accept the app token.
        """
        address = self._address(stop)
        if address is None:
            return False
        self._client.wss_uri = address
        self._client.current_session_runner.shutdown()
        self._client.current_app_monitor_started = True
        self._handler.connect()  # type: ignore[no-untyped-call]
        self._client.current_session_runner = IntervalRunner(self._run_session, EAGER_SECONDS).start()
        waited = 0.0
        while not stop.is_set() and not self._heard.wait(GLANCE_SECONDS) and waited < HELLO_SECONDS:
            waited += GLANCE_SECONDS
        self._client.current_app_monitor.start()
        while not self._heard.wait(GLANCE_SECONDS):
            if stop.is_set():
                return False
        return True

    @property
    def is_open(self) -> bool:
        """Whether Slack can send something now."""
        session = self._client.current_session
        return self._heard.is_set() and session is not None and session.sock is not None and session.sock.connected

    def close(self) -> None:
        """Let what is worked on be answered, and close; what does not end within moments ends with the process."""
        self._handler.finish()
        self._ending.set()
        self._client.auto_reconnect_enabled = self._client.default_auto_reconnect_enabled = False
        self._client.current_session_runner.event.set()
        _let_go(self._client.current_session)
        closing = threading.Thread(target=self._handler.close, name="close-socket-mode", daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)

    def _hear(self, _client: Any, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") == "hello":
            self._heard.set()

    def _next_address(self) -> str | None:
        return self._address(self._ending)

    def _connect_anew(self) -> None:
        if self._ending.is_set():
            return
        _let_go(self._client.current_session)
        self._connect()
        read_quickly(self._client.current_session)

    def _run_session(self) -> None:
        """Read from the connection until it ends; the next one is waited for longer when this one was short."""
        began = time.monotonic()
        self._run()
        if time.monotonic() - began >= SHORT_SECONDS:
            self._pause = EAGER_SECONDS
            return
        self._pause = min(2 * self._pause, PAUSE_SECONDS)
        self._ending.wait(self._pause)

    def _answer(self, message: str) -> None:
        patience = time.monotonic() + ANSWER_SECONDS
        while True:
            try:
                self._send(message)
            except (WebSocketException, OSError) as error:
                # The connection ended while the answer was made: the SDK's own habit is to use the next one.
                if time.monotonic() > patience or self._ending.wait(EAGER_SECONDS):
                    log.warning("answer_lost", error=type(error).__name__)
                    return
            else:
                return

    def _address(self, stop: threading.Event) -> str | None:
        growing = FIRST_PAUSE_SECONDS
        while not stop.is_set():
            pause, growing = growing, min(2 * growing, PAUSE_SECONDS)
            try:
                return str(self._web.apps_connections_open(app_token=str(self._web.token))["url"])
            except SlackApiError as error:
                code = str(error.response.get("error"))
                if not is_passing(error):
                    raise AppTokenRefused(code) from error
                pause = float(error.response.headers.get("Retry-After", pause))
            except NETWORK_ERRORS as error:
                code = type(error).__name__
            log.warning("waiting_for_slack", error=code, seconds=pause)
            stop.wait(pause)
        return None


def read_quickly(session: Any) -> None:
    """Let a session leave the decoding of what it hears to Python; what is no UTF-8 is heard with replacements."""
    run, hear = session.run_forever, session.on_message

    def on_message(heard_by: Any, message: str | bytes) -> None:
        hear(heard_by, message if isinstance(message, str) else message.decode(errors="replace"))

    session.on_message = on_message
    session.run_forever = lambda **options: run(skip_utf8_validation=True, **options)


def _let_go(session: Any) -> None:
    """End a session so that its reader notices at once, and without the SDK taking that for a loss to mend.

    The reader closes the socket itself: closed by another thread, it would never wake it.
    """
    if session is None:
        return
    session.on_close, session.close = None, lambda **_: None
    session.keep_running = False
    if session.sock is not None:
        session.sock.abort()
