"""How long the playground's page takes: until its first message is there, and until a new message is seen."""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.bench.figures import Figure, NotMeasuredError, median
from bot.bench.processes import running
from bot.manifest import manifest_path
from bot.playground.playground import Playground
from bot.playground.seed import ANNA, ERIK, TEAM_CHANNEL
from bot.playground.server import serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

_CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
_LINES = 200
_READY = "page at "
_TIMEOUT_MS = 20_000
# The browser's own clock, from the beginning of the navigation to the frame in which a message stands.
_FIRST_MESSAGE = """
() => new Promise(resolve => {
  const look = () => document.querySelector("article.hp-message")
    ? requestAnimationFrame(() => resolve(performance.now())) : setTimeout(look, 4);
  look();
})
"""


@dataclass(frozen=True)
class Size:
    """How often the page is opened, and how many messages are sent to it."""

    openings: int = 7
    messages: int = 20


def measure(size: Size | None = None) -> list[Figure]:
    """Measure a real Chromium at a channel of 200 messages, the page in a process of its own.

    Raises:
        NotMeasuredError: When Playwright, Chromium or the page's library is not installed.
    """
    size = size or Size()
    with _page_server() as url, _browser() as browser:
        address = f"{url}/?as={ANNA}&in={TEAM_CHANNEL}"
        openings = [_open(browser.new_context(), address) for _ in range(size.openings)]
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("article.hp-message")
        seen = [_until_seen(page, url, number) for number in range(size.messages)]
    return [
        Figure(f"page: first message visible, median of {size.openings}", median(openings), "ms", 1500),
        Figure(f"page: a message of somebody else seen, median of {size.messages}", median(seen), "ms", 500),
        Figure("page: a message of somebody else seen, mean", statistics.mean(seen), "ms"),
    ]


def _open(context: Any, address: str) -> float:
    """Return the milliseconds from the navigation to the first message, with nothing cached."""
    page = context.new_page()
    page.set_default_timeout(_TIMEOUT_MS)
    page.goto(address, wait_until="commit")
    after: float = page.evaluate(_FIRST_MESSAGE)
    context.close()
    return after


def _until_seen(page: "Page", url: str, number: int) -> float:
    """Let Erik say something and return the milliseconds until it stands on Anna's screen."""
    words = f"Said {number:03d}."
    started = time.perf_counter()
    body = {"user": ERIK, "channel": TEAM_CHANNEL, "text": words}
    page.request.post(f"{url}/control/act/post", data=body)
    page.wait_for_selector(f"article.hp-message:has-text('{words}')", timeout=_TIMEOUT_MS)
    return (time.perf_counter() - started) * 1000


@contextmanager
def _browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  # an extra that may be missing
    except ModuleNotFoundError as missing:
        raise NotMeasuredError("Playwright is not installed") from missing
    with sync_playwright() as playwright:
        candidates = [*_CHROMIUM, playwright.chromium.executable_path]
        found = next((path for path in candidates if Path(path).exists()), None)
        if found is None:
            raise NotMeasuredError("Chromium is not installed")
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def _page_server() -> Iterator[str]:
    """Run the playground with its page in a process, and give its address."""
    try:
        import nicegui  # noqa: F401, PLC0415  # an extra that may be missing
    except ModuleNotFoundError as missing:
        raise NotMeasuredError("the page's library is not installed") from missing
    with (
        tempfile.TemporaryDirectory(prefix="hattrick-bench-") as folder,
        running("bot.bench.page", ready=_READY, folder=Path(folder)) as child,
    ):
        said = child.log.read_text(encoding="utf-8")
        yield next(line.removeprefix(_READY) for line in said.splitlines() if line.startswith(_READY))


def main() -> None:
    """Run the process that serves the page; it writes its address when it answers."""
    from bot.playground.page import Menu, attach_page  # noqa: PLC0415  # only this process needs the extra

    serve(
        port=0,
        manifest=manifest_path(),
        language="en",
        extend=lambda app, shown: attach_page(app, shown, menu=Menu.load(manifest_path())),
        on_start=_talk,
    )


def _talk(playground: Playground) -> None:
    workspace = playground.slack.workspace()
    for number in range(_LINES):
        author = ERIK if number % 3 else ANNA
        playground.people.post_message(workspace, author, TEAM_CHANNEL, f"Line {number} about the *week* of the team.")
    sys.stdout.write(f"{_READY}{playground.slack.url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
