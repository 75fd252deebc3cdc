"""The page for those who do not see it, or not well: axe-core on every part of it, in both colour schemes."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.playground.seed import ERIK
from tests.browser.conftest import HATTRICK, Screen

pytestmark = pytest.mark.browser

GRAVE = {"serious", "critical"}


def _channel(screen: Screen) -> None:
    screen.send("/hat blocks")
    expect(screen.message("Everything a block can be").locator("svg").first).to_be_attached()
    screen.type("/ha")
    expect(screen.page.get_by_role("option", name="/hat")).to_be_visible()


def _thread(screen: Screen) -> None:
    screen.send("Who takes the fair?")
    screen.message("Who takes the fair?").hover()
    screen.message("Who takes the fair?").get_by_role("button", name="Reply in thread").click()
    screen.thread.get_by_role("textbox").fill("I do")
    screen.thread.get_by_role("textbox").press("Enter")
    expect(screen.thread.get_by_role("article").last).to_contain_text("I do")


def _modal(screen: Screen) -> None:
    screen.send("/hat who email-nurturing")
    screen.message("Email nurturing").get_by_role("button", name="Report").click()
    screen.modal.get_by_label("Nurtured leads").fill("abc")
    screen.modal.get_by_role("button", name="Save").click()
    expect(screen.modal.get_by_text("abc is not a number.")).to_be_visible()


def _home(screen: Screen) -> None:
    screen.page.get_by_role("navigation").get_by_role("button", name=HATTRICK).click()
    screen.page.get_by_role("tab", name="Home").click()
    expect(screen.page.get_by_role("heading", name="Your hats")).to_be_visible()


def _inspector(screen: Screen) -> None:
    screen.send("/hat who email-nurturing")
    expect(screen.message("Email nurturing")).to_be_visible()
    screen.page.get_by_role("button", name="Inspector", exact=True).click()
    screen.inspector.get_by_role("button", name="/hat who").first.click()
    expect(screen.inspector.locator("pre").first).to_contain_text('"command"')


def _switcher(screen: Screen) -> None:
    screen.page.keyboard.press("Control+k")
    expect(screen.page.get_by_role("option").first).to_be_visible()


def _people(screen: Screen) -> None:
    screen.page.get_by_role("button", name="You are").click()
    expect(screen.page.get_by_role("menuitem", name="Grace").first).to_be_visible()


@pytest.mark.parametrize("reach", [_channel, _thread, _modal, _home, _inspector, _switcher, _people])
def test_axe_finds_nothing_serious_in_either_scheme(screen: Screen, reach: Callable[[Screen], None]) -> None:
    screen.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    reach(screen.open(ERIK))
    # Transitions of menus and dialogs would be measured half way.
    screen.page.wait_for_timeout(350)
    assert _violations(screen.page) == []
    screen.page.emulate_media(color_scheme="dark")
    # Only the colours differ between the schemes.
    assert _violations(screen.page, rules=["color-contrast", "link-in-text-block"]) == []


def test_every_part_is_a_landmark_of_its_own_and_there_is_one_main(screen: Screen) -> None:
    screen.open()
    assert screen.page.get_by_role("main").count() == 1
    for landmark in ("banner", "navigation", "main"):
        expect(screen.page.get_by_role(landmark)).to_be_visible()
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("Hattrick FC")
    assert screen.page.locator("html").get_attribute("lang") == "en-US"


def _violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return each grave violation with the first elements in which it is; without `rules` of every rule."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": {"type": "rule", "values": rules}} if rules else {})
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in found
        if violation["impact"] in GRAVE
        for node in violation["nodes"][:4]
    ]
