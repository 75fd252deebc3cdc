"""The demo as it is started, played by two members in two browsers: the tour of a week, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.bench.processes import running
from bot.playground.page.texts import texts
from bot.playground.seed import ANNA, ERIK
from tests.support.chromium import chromium

__all__ = ["chromium"]

pytestmark = [pytest.mark.browser, pytest.mark.scenario]

_PATIENCE_MS = 30_000


@pytest.fixture
def demo(tmp_path: Path, lang: str) -> Iterator[str]:
    """The address of a running `hattrick demo`."""
    with running("bot.cli", "demo", "--port", "0", "--language", lang, ready="mode=socket", folder=tmp_path) as child:
        found = re.search(r"http://127\.0\.0\.1:\d+", child.log.read_text(encoding="utf-8"))
        assert found is not None
        yield found[0]


@pytest.mark.parametrize("lang", ["en", "sv"])
def test_the_tour_leads_two_members_from_a_question_to_the_digest(chromium: Browser, demo: str, lang: str) -> None:
    said = texts(lang)
    expect.set_options(timeout=_PATIENCE_MS)
    anna, erik = (_sit_down(chromium, f"{demo}/?as={user}&lang={lang}") for user in (ANNA, ERIK))
    step = anna.locator(".hp-guide-do")

    expect(step).to_have_text(said.guide_ask_do)
    step.click()
    expect(anna.get_by_role("article").filter(has_text="@Oskar")).to_be_visible()
    expect(anna.get_by_role("article").filter(has_text=said.only_you)).to_have_count(1)
    expect(erik.get_by_role("article").filter(has_text=said.only_you)).to_have_count(0)

    step.click()
    expect(erik.get_by_role("navigation").get_by_role("button", name="Hattrick 1")).to_be_visible()
    expect(step).to_have_text(said.guide_report_do.format(name="Anna"))
    step.click()
    expect(anna.locator(".hp-message .hp-primary")).to_be_visible()

    expect(step).to_have_text(said.guide_save_do)
    step.click()
    report = anna.locator(".hp-message .hp-primary")
    expect(report).to_be_focused()
    anna.keyboard.press("Enter")
    expect(anna.locator(".hp-modal input").first).to_be_focused()
    anna.locator(".hp-modal input").first.fill("4123")
    anna.keyboard.press("Enter")
    expect(anna.locator(".hp-modal").filter(has_text=re.compile("4.123"))).to_be_visible()
    anna.keyboard.press("Escape")
    expect(anna.locator(".hp-modal")).to_be_hidden()

    expect(step).to_have_text(said.guide_reminder_do)
    step.click()
    expect(step).to_have_text(said.guide_digest_do)
    step.click()
    for member in (anna, erik):
        # On a Monday the demo's first digest is there at once, before this one.
        digest = member.get_by_role("article").filter(has=member.locator(".hp-chart")).last
        expect(digest).to_contain_text(re.compile(r"4.123"))
    expect(anna.get_by_role("region", name=said.guide)).to_contain_text(said.guide_end)


def _sit_down(chromium: Browser, address: str) -> Page:
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(address)
    page.wait_for_function("window.socket?.connected")
    return page
