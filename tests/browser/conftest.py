"""The playground with its page, one per session (NiceGUI is one per process), and a channel of its own per test."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from bot.playground.model import Channel
from bot.playground.page import Menu, attach_page
from bot.playground.playground import Playground
from bot.playground.seed import ANNA, ERIK, GRACE, JOHAN, MARIA, OSKAR, SARA
from bot.playground.server import PlaygroundServer, build_playground
from tests.support.chromium import chromium, chromium_page
from tests.support.page_app import start_page_app
from tests.support.playground import MANIFEST

__all__ = ["chromium", "chromium_page"]

TUESDAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
EVERYONE = [ANNA, ERIK, MARIA, JOHAN, SARA, OSKAR, GRACE]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave a module to one worker: each worker that had a part of it would start a Chromium of its own."""
    item.add_marker(pytest.mark.xdist_group(item.path.stem))


# The app in the sidebar, whatever else is new there.
HATTRICK = re.compile(r"^Hattrick\s*\d*$")


@dataclass
class Screen:
    """The page as a person uses it: what stands where, and the steps."""

    page: Page
    url: str
    channel: Channel
    others: list[Page] = field(default_factory=list)

    def open(self, user_id: str = ANNA, lang: str = "en") -> "Screen":
        self.page.goto(f"{self.url}/?as={user_id}&in={self.channel.id}&lang={lang}")
        expect(self.page.get_by_role("heading", name=f"#{self.channel.name}")).to_be_visible()
        # What is typed before the page has its connection would be lost.
        self.page.wait_for_function("window.socket?.connected")
        return self

    @property
    def timeline(self) -> Locator:
        return self.page.locator(".hp-main").get_by_role("log")

    @property
    def thread(self) -> Locator:
        return self.page.locator("aside.hp-thread")

    @property
    def inspector(self) -> Locator:
        return self.page.locator("aside.hp-inspector")

    @property
    def modal(self) -> Locator:
        return self.page.locator(".hp-modal")

    def message(self, text: str) -> Locator:
        return self.timeline.get_by_role("article").filter(has_text=text).last

    def type(self, text: str) -> Locator:
        box = self.page.locator(".hp-main").get_by_role("textbox").last
        box.fill(text)
        return box

    def send(self, text: str) -> None:
        self.type(text).press("Enter")

    def menu_of(self, text: str) -> None:
        self.message(text).hover()
        self.message(text).get_by_role("button", name="More actions").click()

    def become(self, name: str) -> None:
        self.page.get_by_role("button", name="You are").click()
        self.page.get_by_role("menuitem", name=name).first.click()
        expect(self.page.get_by_role("button", name=f"You are: {name}")).to_be_visible()


@pytest.fixture(scope="session")
def page_playground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playground]:
    """A playground with the page and an app that is connected to it."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    shortcut = {"name": "Make it a hat", "type": "message", "callback_id": "make_hat", "description": "A hat"}
    manifest["features"]["shortcuts"] = [shortcut]
    file: Path = tmp_path_factory.mktemp("page") / "manifest.yml"
    file.write_text(yaml.safe_dump(manifest), encoding="utf-8")
    playground = build_playground(manifest=file)
    playground.slack.clock.move_to(TUESDAY)
    menu = Menu.load(file)
    with PlaygroundServer(playground, extend=lambda app, shown: attach_page(app, shown, menu=menu)):
        handler = start_page_app(playground)
        yield playground
        handler.close()


@pytest.fixture
def channel(page_playground: Playground, request: pytest.FixtureRequest) -> Channel:
    """An empty channel with everybody and the app in it."""
    workspace = page_playground.slack.workspace()
    name = request.node.name.removeprefix("test_")[:40].replace("_", "-").replace("[", "-").rstrip("]")
    return page_playground.slack.add_channel(workspace, name, members=[*EVERYONE, workspace.bot_user_id])


@pytest.fixture
def screen(chromium_page: Page, page_playground: Playground, channel: Channel) -> Iterator[Screen]:
    yield Screen(chromium_page, page_playground.slack.url, channel)
    page_playground.slack.workspace().modals.clear()


@pytest.fixture
def second_screen(chromium: Browser, page_playground: Playground, channel: Channel) -> Iterator[Screen]:
    """Another browser in the same channel."""
    context = chromium.new_context()
    yield Screen(context.new_page(), page_playground.slack.url, channel)
    context.close()
