"""A real Bolt app, connected to a playground in either transport."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from tests.support.playground import PlaygroundClient


def bolt_app(playground: PlaygroundClient) -> App:
    """Return an app with the playground's tokens that is not connected yet."""
    environment = playground.environment()
    client = WebClient(environment["SLACK_BOT_TOKEN"], base_url=playground.api_url, timeout=5)
    return App(client=client, signing_secret=environment["SLACK_SIGNING_SECRET"])


@contextlib.contextmanager
def by_socket(playground: PlaygroundClient, app: App) -> Iterator[SocketModeHandler]:
    """Connect the app by Socket Mode while the block runs."""
    token = playground.app()["app_token"]
    before = playground.app()["sockets"]
    client = WebClient(token, base_url=playground.api_url)
    # The SDK looks after its connection, and notices that it is to end, once per ping interval.
    handler = SocketModeHandler(app, token, web_client=client, ping_interval=1)
    handler.connect()
    try:
        playground.eventually(lambda: playground.app()["sockets"] > before)
        yield handler
    finally:
        # Cut from the other side: websocket-client, closed while it waits to read, waits up to ten seconds on.
        # Cut like that, it leaves its socket open.
        left_open = handler.client.current_session.sock
        handler.client.auto_reconnect_enabled = False
        playground.post("/disconnect", hard=True)
        handler.close()
        if left_open is not None:
            left_open.shutdown()


@contextlib.contextmanager
def by_http(playground: PlaygroundClient, app: App, *, retry_delays: tuple[float, ...] = (0.05,)) -> Iterator[str]:
    """Let the playground post to the app on a free port while the block runs."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name: [value] for name, value in self.headers.items()}
            answer = app.dispatch(BoltRequest(body=body, headers=headers))
            self.send_response(answer.status)
            for name, value in answer.first_headers_without_set_cookie().items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def log_message(self, *_: object) -> None:
            """Keep the test's output free of access logs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/slack/events"
    playground.deliver_to(url, retry_delays=list(retry_delays))
    try:
        yield url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
