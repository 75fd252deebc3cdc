"""Pictures of the real product for the documentation: `python -m tests.support.screenshots [folder [--all]]`.

The demo is started, Anna reports her number, the clock goes on to Monday at 10, and what stands in the channel is
photographed: `digest.png`, which the README shows, an answer and the page; with `--all` both languages, and
the digest on a wide and on a narrow screen.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bot.domain.period import Period
from bot.playground.seed import ANNA, ERIK, TEAM_CHANNEL
from messages import ids
from tests.support.chromium import CHROMIUM, FLAGS
from tests.support.playground import PlaygroundClient
from tests.support.world import buttons

WIDE, NARROW = {"width": 1100, "height": 2000}, {"width": 390, "height": 2600}
README: Final = "digest.png"
PATIENCE: Final = 40.0  # seconds


def take(folder: Path, *, everything: bool) -> list[Path]:
    """Take the README's picture, or every one; return their files."""
    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM or None, args=FLAGS)
        for language in ("en", "sv") if everything else ("en",):
            with a_demo(language) as demo:
                live_until_monday(demo)
                for name, size in (("wide", WIDE), ("narrow", NARROW)) if everything else (("wide", WIDE),):
                    file = folder / (README if (language, name) == ("en", "wide") else f"digest-{language}-{name}.png")
                    photograph(browser, demo.url, language, size, file)
                    taken.append(file)
                taken += photograph_around(browser, demo.url, language, folder)
        browser.close()
    return taken


@contextmanager
def a_demo(language: str) -> Iterator[PlaygroundClient]:
    """Run the demo in a process of its own, on a free port."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    command = [str(Path(sys.executable).parent / "hattrick"), "demo", "--port", str(port), "--language", language]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = PlaygroundClient(f"http://127.0.0.1:{port}")
    try:
        patiently(lambda: client.app()["app_token"])
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(timeout=20)


def live_until_monday(demo: PlaygroundClient) -> None:
    """Let Friday's prompt come, report as Anna, and let Monday's digest and its thread come."""
    now = datetime.fromisoformat(demo.get("/clock")["now"])
    week = Period.of(now.date())
    for hours in (4 * 24 + 13, 4 * 24 + 19):
        demo.move_clock(at(now, week, hours))
        time.sleep(3)
    prompt = patiently(lambda: next(filter(asks_for_numbers, demo.messages(user=ANNA)), None))
    where = {"channel": prompt["channel"], "message_ts": prompt["ts"]}
    view = demo.click(ANNA, ids.REPORT_OPEN, **where, wait=10)["view"]
    demo.submit(ANNA, {next(b["block_id"] for b in view["blocks"] if b["type"] == "input"): "4150"}, wait=5)
    demo.move_clock(at(now, week, 7 * 24 + 10))
    patiently(lambda: any(m.get("thread_ts") for m in posted(demo)))


def asks_for_numbers(message: dict[str, Any]) -> bool:
    """Tell whether a message has the button that opens the report's form."""
    return ids.REPORT_OPEN in {button["action_id"] for button in buttons(message)}


def at(now: Any, week: Period, hours: int) -> Any:
    """Give an instant of a week, by hours since its Monday in Stockholm's winter."""
    start = now.replace(year=week.monday.year, month=week.monday.month, day=week.monday.day, hour=0, minute=0, second=2)
    return start + timedelta(hours=hours - 1)


def posted(demo: PlaygroundClient) -> list[dict[str, Any]]:
    """Return what the bot has said in the team's channel."""
    return [m for m in demo.messages(TEAM_CHANNEL, ephemeral=False) if m.get("metadata")]


def photograph(browser: Browser, url: str, language: str, size: dict[str, int], file: Path) -> None:
    """Take a picture of the digest as it stands in the channel."""
    page = browser.new_page(viewport=size, device_scale_factor=1)  # type: ignore[arg-type]  # a TypedDict
    page.goto(f"{url}/?as={ERIK}&in={TEAM_CHANNEL}&lang={language}")
    page.wait_for_function("window.socket?.connected")
    digest: Locator = page.get_by_role("article").filter(has=page.get_by_role("table")).last
    digest.wait_for()
    digest.scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    digest.screenshot(path=file)
    page.close()


def photograph_around(browser: Browser, url: str, language: str, folder: Path) -> list[Path]:
    """Take pictures of what stands beside the digest: an answer, and the whole page."""
    ending = "" if language == "en" else f"-{language}"
    page = browser.new_page(viewport={"width": 1100, "height": 760}, device_scale_factor=1)
    taken: list[Path] = []

    def keep(name: str, part: Locator | Page) -> None:
        page.wait_for_timeout(800)
        file = folder / f"{name}{ending}.png"
        part.screenshot(path=file)
        taken.append(file)

    def goes_to(user: str, channel: str) -> None:
        page.goto(f"{url}/?as={user}&in={channel}&lang={language}")
        page.wait_for_function("window.socket?.connected")
        page.wait_for_timeout(500)

    def types(text: str, seen: str) -> Locator:
        box = page.locator(".hp-main").get_by_role("textbox").last
        box.fill(text)
        box.press("Enter")
        found = page.locator(seen).last
        found.wait_for()
        return found

    goes_to(ERIK, TEAM_CHANNEL)
    private = ".hp-main article:has-text('Oskar')"
    keep("who", types("/hat who email-nurturing" if language == "en" else "/hat vem nyhetsbrevet", private))
    keep("page", page)
    page.close()
    return taken


def patiently(look: Any) -> Any:
    """Return the first true answer of `look()`."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            found = look()
        except (OSError, httpx.HTTPError):
            found = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came within {PATIENCE} s")
        time.sleep(0.2)


if __name__ == "__main__":
    for made in take(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"), everything="--all" in sys.argv):
        sys.stdout.write(f"{made}\n")
