"""The playground with its page in a process of its own: NiceGUI is one per process, and tests need several."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.playground import MANIFEST, PlaygroundClient

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def start_page(language: str) -> Iterator[PlaygroundClient]:
    """Run a playground with its page on a free port."""
    command = [sys.executable, "-m", "tests.support.page_process", language]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        client = PlaygroundClient(json.loads(process.stdout.readline())["url"])
        try:
            yield client
        finally:
            client.close()
            process.stdin.close()  # it waits for that
            process.wait(timeout=20)


def _serve(language: str) -> None:
    from bot.playground.page import Menu, attach_page  # noqa: PLC0415  # only in the process that serves
    from bot.playground.server import PlaygroundServer, build_playground  # noqa: PLC0415  # same

    playground = build_playground(manifest=MANIFEST, language="sv" if language == "sv" else "en")
    menu = Menu.load(MANIFEST)
    with PlaygroundServer(
        playground, extend=lambda app, shown: attach_page(app, shown, lang=language, menu=menu)
    ) as server:
        sys.stdout.write(json.dumps({"url": server.url}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    _serve(sys.argv[1])
