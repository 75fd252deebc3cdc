"""The bare Bolt app that ours is measured against: default settings, an ack with a text, nothing else."""

import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from bot.bench.local_slack import COMMAND
from bot.config import Settings

READY = "bare app is ready"


def bare_app(token: str, base_url: str) -> App:
    """Return an app that answers the command at once, with Bolt's defaults."""
    app = App(client=WebClient(token=token, base_url=base_url), signing_secret="not used")  # noqa: S106  # no request is signed

    @app.command(COMMAND)
    def answer(ack: Callable[..., Any]) -> None:
        ack("Anna owns this hat.")

    return app


def main() -> None:
    """Run the bare app over Socket Mode until it is stopped, with the bot's own settings."""
    settings = Settings()
    if settings.slack_bot_token is None or settings.slack_app_token is None:
        raise SystemExit("SLACK_BOT_TOKEN and SLACK_APP_TOKEN must be set")
    app = bare_app(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    token = settings.slack_app_token.get_secret_value()
    handler = SocketModeHandler(app, token, web_client=WebClient(token=token, base_url=settings.slack_api_url))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    handler.connect()  # type: ignore[no-untyped-call]
    sys.stderr.write(READY + "\n")
    sys.stderr.flush()
    stop.wait()
    handler.close()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
