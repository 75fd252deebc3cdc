"""Start the playground: in the foreground for a person, in a thread for tests and the demo."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

import uvicorn
from fastapi import FastAPI

from bot.playground.faults import Faults
from bot.playground.limits import Limits
from bot.playground.manifest import Manifest
from bot.playground.playground import Playground
from bot.playground.seed import seed_demo
from bot.playground.state import Slack
from bot.playground.web import create_app

_START_SECONDS = 20


def build_playground(
    *,
    manifest: Path,
    seed: int = 0,
    faults: Faults | None = None,
    limits: Limits | None = None,
    language: Literal["en", "sv"] | None = "en",
) -> Playground:
    """Return a playground with the demo workspace, or an empty one without `language`."""
    slack = Slack(Manifest.load(manifest), seed=seed)
    if language is not None:
        seed_demo(slack, language=language)
    return Playground(slack, faults=faults, limits=limits)


class PlaygroundServer:
    """The playground in a thread of its own. `extend` may add a page to the app before it starts."""

    def __init__(
        self,
        playground: Playground,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        extend: Callable[[FastAPI, Playground], None] | None = None,
    ) -> None:
        self.playground = playground
        self._host = host
        self._port = port
        self._extend = extend
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """Where the server listens, without a slash at the end."""
        return self.playground.slack.url

    def start(self) -> Self:
        """Listen (port 0: on a free one) and return when calls are answered. Raises `OSError` for a taken port."""
        self._socket, config = _prepare(self.playground, self._host, self._port, self._extend)
        started = threading.Event()
        self._server = _Server(config, started.set)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="playground", daemon=True)
        self._thread.start()
        if not started.wait(_START_SECONDS):
            raise RuntimeError("the playground did not start")
        return self

    def stop(self) -> None:
        """Stop listening and wait until the thread is gone."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(_START_SECONDS)
        if self._socket is not None:
            self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8787,
    manifest: Path,
    latency_ms: float = 0,
    faults_file: Path | None = None,
    seed: int = 0,
    language: Literal["en", "sv"] | None = "en",
    limits: Limits | None = None,
    extend: Callable[[FastAPI, Playground], None] | None = None,
    on_start: Callable[[Playground], None] | None = None,
) -> None:
    """Run the playground until it is interrupted; `on_start` is called once it answers.

    Raises `OSError` for a taken port, and `pydantic.ValidationError` for a faults file that is wrong.
    """
    faults = Faults.load(faults_file) if faults_file else Faults(seed=seed)
    if latency_ms:
        faults = faults.model_copy(update={"latency_ms": latency_ms})
    playground = build_playground(manifest=manifest, seed=seed, faults=faults, limits=limits, language=language)
    listening, config = _prepare(playground, host, port, extend)
    said = on_start or (lambda _: None)
    with listening:
        _Server(config, lambda: said(playground)).run(sockets=[listening])


def _prepare(
    playground: Playground,
    host: str,
    port: int,
    extend: Callable[[FastAPI, Playground], None] | None,
) -> tuple[socket.socket, uvicorn.Config]:
    listening = socket.create_server((host, port), backlog=2048)
    playground.slack.url = f"http://{host}:{listening.getsockname()[1]}"
    app = create_app(playground)
    if extend is not None:
        extend(app, playground)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, ws_ping_interval=None, timeout_graceful_shutdown=1
    )
    return listening, config


class _Server(uvicorn.Server):
    """A server that says when it answers; uvicorn itself only prints it."""

    def __init__(self, config: uvicorn.Config, said: Callable[[], None]) -> None:
        super().__init__(config)
        self._said = said

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, and say so."""
        await super().startup(sockets)
        if self.started:
            self._said()
