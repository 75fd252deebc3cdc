"""Pictures of the real product for the documentation: `python -m tests.support.screenshots [folder [--all]]`.

The demo is started, Anna reports her number, the clock goes on to Monday at 10, and what its people see then is
photographed: the digest, answers, forms, a Home, and the digest in Swedish; with `--all` everything in both languages,
and the digest on a narrow screen too.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bot.domain.period import Period
from bot.playground.seed import ANNA, ERIK, JOHAN, MARKETING, OSKAR, TEAM, TEAM_CHANNEL
from messages import ids
from tests.support.chromium import CHROMIUM, FLAGS
from tests.support.playground import PlaygroundClient
from tests.support.world import buttons

WIDE, NARROW = {"width": 1100, "height": 2000}, {"width": 390, "height": 2600}
SCREEN, TALL = {"width": 1100, "height": 760}, {"width": 1100, "height": 3200}
PITCH_WIDTH: Final = 480  # pixels
PATIENCE: Final = 40.0  # seconds


def take(folder: Path, *, everything: bool) -> list[Path]:
    """Take the pictures that the documentation shows, or every one; return their files."""
    taken: list[Path] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM or None, args=FLAGS)
        for language in ("en", "sv"):
            with a_demo(language) as demo:
                live_until_monday(demo)
                camera = Camera(browser, demo, language, folder, taken)
                photograph_digest(camera, WIDE, "digest")
                if everything:
                    photograph_digest(camera, NARROW, "digest-narrow")
                if everything or language == "en":
                    photograph_conversations(camera)
                    photograph_forms(camera)
        browser.close()
    return taken


@dataclass(frozen=True)
class Camera:
    """Looks at one demo; `taken` grows by each picture's file."""

    browser: Browser
    demo: PlaygroundClient
    language: str
    folder: Path
    taken: list[Path]

    def opened(self, user: str, channel: str, size: dict[str, int], *, tab: str = "messages", scale: float = 1) -> Page:
        """Open the page as somebody, and wait until it lives."""
        page = self.browser.new_page(viewport=size, device_scale_factor=scale)  # type: ignore[arg-type]  # a TypedDict
        page.goto(f"{self.demo.url}/?as={user}&in={channel}&lang={self.language}&tab={tab}")
        page.wait_for_function("window.socket?.connected")
        return page

    def keep(self, name: str, part: Locator | Page) -> None:
        """Photograph a part of the page once it stands still."""
        page = part if isinstance(part, Page) else part.page
        if isinstance(part, Locator):
            part.wait_for()
            part.scroll_into_view_if_needed()
        page.wait_for_timeout(800)
        file = self.folder / f"{name}{'' if self.language == 'en' else '-' + self.language}.png"
        part.screenshot(path=file)
        self.taken.append(file)


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


def photograph_digest(camera: Camera, size: dict[str, int], name: str) -> None:
    """Take a picture of the digest as it stands in the channel."""
    page = camera.opened(ERIK, TEAM_CHANNEL, size)
    camera.keep(name, page.get_by_role("article").filter(has=page.get_by_role("table")).last)
    page.close()


def photograph_conversations(camera: Camera) -> None:
    """Take pictures of what else people read: an answer, the whole page, the pitch, an offer."""
    demo, page = camera.demo, camera.opened(ERIK, TEAM_CHANNEL, SCREEN)
    box = page.locator(".hp-main").get_by_role("textbox").last
    box.fill("/hat who email-nurturing" if camera.language == "en" else "/hat vem nyhetsbrevet")
    box.press("Enter")
    camera.keep("who", page.locator(".hp-main article:has-text('Oskar')").last)
    camera.keep("page", page)

    demo.command(ERIK, TEAM_CHANNEL, "/hat pitch")
    file = patiently(lambda: next((picture_in(m) for m in reversed(demo.messages(TEAM_CHANNEL)) if picture_in(m)), ""))
    page.set_content(f'<img width="{PITCH_WIDTH}" src="{demo.url}/files/show/{TEAM}/{file}">')
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a TypedDict
    camera.keep("pitch", page.locator("img"))
    page.close()

    demo.command(ANNA, TEAM_CHANNEL, "/hat propose prospecting @erik")
    offer = patiently(lambda: next(filter(asks_to_agree, demo.messages(user=ERIK)), None))
    page = camera.opened(ERIK, offer["channel"], SCREEN)
    camera.keep("offer", page.locator(f"article[data-ts='{offer['ts']}']"))
    page.close()


def photograph_forms(camera: Camera) -> None:
    """Take pictures of Oskar's report and Home, and of the form for a new team."""
    demo = camera.demo
    prompt = next(filter(asks_for_numbers, demo.messages(user=OSKAR)))
    demo.click(OSKAR, ids.REPORT_OPEN, channel=prompt["channel"], message_ts=prompt["ts"], wait=10)
    page = camera.opened(OSKAR, prompt["channel"], SCREEN)
    camera.keep("report", page.locator(".hp-modal"))
    page.close()
    demo.act("close", OSKAR)

    demo.open_home(OSKAR)
    patiently(lambda: picture_in(demo.home(OSKAR) or {}))
    page = camera.opened(OSKAR, prompt["channel"], TALL, tab="home", scale=0.75)
    camera.keep("home", page.locator(".hp-home"))
    page.close()

    demo.command(JOHAN, MARKETING, "/hat setup")
    patiently(lambda: demo.modal(JOHAN))
    page = camera.opened(JOHAN, MARKETING, WIDE)
    page.locator(".hp-modal").get_by_role("textbox").first.fill("North")
    camera.keep("set-up", page.locator(".hp-modal"))
    page.close()


def asks_to_agree(message: dict[str, Any]) -> bool:
    """Tell whether a message is an offer that waits for an answer."""
    return ids.OFFER_ACCEPT in {button["action_id"] for button in buttons(message)}


def picture_in(shown: dict[str, Any]) -> str:
    """Return Slack's id of the first picture in a message or a view, '' without one."""
    files = (block["slack_file"]["id"] for block in shown.get("blocks", ()) if "slack_file" in block)
    return next(files, "")


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
