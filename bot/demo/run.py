"""The demo: a local Slack with a page for a person, and the bot in it, on one clock that can be moved."""

import socket
import sys
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from bot import log
from bot.app import build, open_sessions
from bot.config import Settings
from bot.demo.seed import seed_demo
from bot.demo.teammates import Teammates
from bot.domain.errors import UserFacingError
from bot.manifest import manifest_path
from bot.playground.playground import Playground
from bot.playground.server import PlaygroundServer, build_playground
from bot.run import run_socket, stop_on_signals
from bot.services.sending.planning import Planner

TICK_SECONDS = 1.0


def run_demo(*, host: str, port: int, language: Literal["en", "sv"]) -> None:
    """Run until interrupted. Everything is forgotten at the end: the local Slack lives in memory only.

    Raises:
        UserFacingError: When the extra `demo` is not installed.
        OSError: When the port is taken.
    """
    try:
        from bot.playground.page import Menu, attach_page  # noqa: PLC0415  # an extra that may be missing
    except ModuleNotFoundError as error:
        raise UserFacingError("The demo needs its page: pip install 'hattrick[demo]'.") from error
    log.configure("console")
    stop = stop_on_signals()
    playground = build_playground(manifest=manifest_path(), language=language)
    server = PlaygroundServer(
        playground,
        host=host,
        port=port,
        extend=lambda app, shown: attach_page(app, shown, lang=language, menu=Menu.load(manifest_path())),
    )
    with server, tempfile.TemporaryDirectory(prefix="hattrick-demo-") as folder:
        settings = settings_for(playground, server.url, Path(folder) / "hattrick.db")
        clock = playground.slack.clock.now
        sessions = open_sessions(settings)
        seed_demo(sessions, playground.slack.workspace().id, language, now=clock())
        # The weeks before the demo began were never the bot's to send: they are no missed messages to log.
        Planner(sessions, on_missed=lambda _: None).plan(clock())
        sessions.close()
        teammates = Teammates(playground.slack.workspace().id, language)
        bot = build(settings, clock, more_chores=(teammates,))
        api_port = _port_after(host, port)
        sys.stdout.write(f"\n  Hattrick's demo is ready: {server.url}\n")
        if api_port:
            sys.stdout.write(f"  Its API for programs:     http://{host}:{api_port}/api/docs\n")
        sys.stdout.write("  Stop it with Ctrl-C.\n\n")
        sys.stdout.flush()
        run_socket(bot, stop, web=(host, api_port))


def _port_after(host: str, port: int) -> int:
    """Return the port after the demo's own for the API, or 0, any free one, where that is taken."""
    if not port:
        return 0
    with socket.socket() as tried:
        try:
            tried.bind((host, port + 1))
        except (OSError, OverflowError):
            return 0
    return port + 1


def settings_for(playground: Playground, url: str, database: Path) -> Settings:
    """Return settings that point a bot to the playground, whatever the environment says."""
    installation = playground.slack.workspace().installation
    if installation is None:
        raise UserFacingError("The app is not installed in the playground's workspace.")
    return Settings(
        slack_bot_token=SecretStr(installation.bot_token),
        slack_app_token=SecretStr(playground.slack.app.app_token),
        slack_signing_secret=SecretStr(playground.slack.app.signing_secret),
        slack_api_url=f"{url}/api/",
        database_url=f"sqlite:///{database}",
        tick_seconds=TICK_SECONDS,
    )
