"""A small server for sources: each path answers as the test says, and every request is noted."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class SourceServer:
    """Where it is, what it answers by path, and which paths were asked for."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)

    def url(self, path: str = "/weeks.csv", host: str = "127.0.0.1") -> str:
        """Give an address."""
        return f"http://{host}:{self.port}{path}"

    @property
    def place(self) -> tuple[str, int]:
        """What the settings allow."""
        return ("127.0.0.1", self.port)

    def shows(self, path: str, content: str | bytes, kind: str = "text/csv; charset=utf-8", status: int = 200) -> str:
        """Let a path show something; return its address."""
        sent = content.encode() if isinstance(content, str) else content

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(sent)))
            request.end_headers()
            request.wfile.write(sent)

        self.answers[path] = answer
        return self.url(path)

    def leads(self, path: str, to: str, status: int = 302) -> str:
        """Let a path redirect."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            request.send_header("Location", to)
            request.send_header("Content-Length", "0")
            request.end_headers()

        self.answers[path] = answer
        return self.url(path)

    def drips(self, path: str, *, seconds: float, headers_too: bool = False) -> str:
        """Let a path send a character every 50 ms, in the body or from the first header on."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            if not headers_too:
                request.send_response(200)
                request.send_header("Content-Type", "text/csv")
                request.end_headers()
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                try:
                    request.wfile.write(b"x")
                    request.wfile.flush()
                except OSError:
                    return
                time.sleep(0.05)

        self.answers[path] = answer
        return self.url(path)

    def floods(self, path: str, megabytes: int) -> str:
        """Let a path send a lot without saying how much."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Type", "text/csv")
            request.end_headers()
            try:
                for _ in range(megabytes):
                    request.wfile.write(b"week,value\n" * 95_325)
            except OSError:
                return

        self.answers[path] = answer
        return self.url(path)


@contextmanager
def a_source_server() -> Iterator[SourceServer]:
    """Run a server on a free port of this machine."""
    made: list[SourceServer] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made[0].asked.append(self.path)
            made[0].hosts.append(self.headers["Host"])
            answer = made[0].answers.get(self.path)
            if answer:
                answer(self)
            else:
                self.send_error(404)

        def log_message(self, *_: Any) -> None:
            """Keep the test's output free of access logs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.append(SourceServer(server.server_port))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
