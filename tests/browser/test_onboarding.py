"""From an empty workspace to the first agreed hat and Monday's digest, on the page, as two people."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PageTimeout

from bot.playground.seed import ANNA, ERIK, TEAM_CHANNEL
from tests.browser.conftest import Screen
from tests.support.bot_process import stopped_at_the_end
from tests.support.database import copy_sqlite
from tests.support.page_process import start_page
from tests.support.world import FRIDAY, MONDAY, WEDNESDAY, World

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("HATTRICK_TEST_PICTURES", "")  # a folder to look at the steps afterwards
PATIENT = 20_000
GRAVE = {"serious", "critical"}


@dataclass(frozen=True)
class Said:
    """What stands on buttons, and what is read, in a language."""

    set_up_here: str
    save: str
    name: str
    welcome: str
    six: str
    added: str
    ask: str
    asked: str
    tick: str
    hat: str
    noted: str
    take: str
    offer: str
    accept: str
    owns: str
    report: str
    goal: str
    help: str
    written: str


SAID = {
    "en": Said(
        set_up_here="Set up a team here",
        save="Save",
        name="The team's name",
        welcome="has set up North here",
        six="Start with the football team's six hats",
        added="Hats that are new: 6",
        ask="Ask the channel too",
        asked="Which hats do you wear in North today?",
        tick="Tick the hats that you wear",
        hat="Email nurturing",
        noted="Noted: you wear Email nurturing",
        take="I'll take it",
        offer="Offer it to Erik",
        accept="Accept",
        owns="Erik.* is our libero for Email nurturing",
        report="Report week",
        goal="340",
        help="/hat propose help",
        written="How to write it",
    ),
    "sv": Said(
        set_up_here="Starta ett lag här",
        save="Spara",
        name="Lagets namn",
        welcome="har startat North här",
        six="Börja med fotbollslagets sex hattar",
        added="Nya hattar: 6",
        ask="Fråga kanalen också",
        asked="Vilka hattar bär du i North i dag?",
        tick="Kryssa för dina hattar",
        hat="Bearbetning via mejl",
        noted="Noterat: du bär",
        take="Jag tar den",
        offer="Erbjud Erik",
        accept="Ja",
        owns="Erik.* vår libero.*Bearbetning via mejl",
        report="Rapportera vecka",
        goal="340",
        help="/hat föreslå hjälp",
        written="Så skrivs det",
    ),
}


@pytest.fixture
def world(language: Any, sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    with start_page(language) as playground:
        opened = World(playground, copy_sqlite(sqlite_template, tmp_path / "hattrick.db"), tmp_path, language)
        opened.go_to(WEDNESDAY, 9)
        with stopped_at_the_end(opened.bots):
            opened.start()
            yield opened


@dataclass
class Person:
    """Somebody at the page."""

    screen: Screen
    world: World

    @property
    def page(self) -> Page:
        return self.screen.page

    def open(self, user: str, channel: str) -> None:
        self.page.goto(f"{self.world.playground.url}/?as={user}&in={channel}&lang={self.world.language}")
        self.page.wait_for_function("window.socket?.connected")

    def types(self, text: str) -> None:
        self.screen.send(text)

    def sees(self, text: str) -> Locator:
        found = self.screen.message(text)
        expect(found).to_be_visible(timeout=PATIENT)
        return found

    def presses(self, text: str, button: str) -> None:
        self.sees(text).get_by_role("button", name=button).first.click()

    def saves(self, said: Said) -> None:
        self.screen.modal.get_by_role("button", name=said.save).click()

    def closes(self) -> None:
        """Close what is open; once more when the app drew it anew in that moment, as a person would."""
        expect(self.screen.modal).to_be_visible(timeout=PATIENT)
        deadline = monotonic() + PATIENT / 1000
        while self.screen.modal.is_visible() and monotonic() < deadline:
            with suppress(AssertionError, PageTimeout):
                self.screen.modal.get_by_role("button").last.click(timeout=PATIENT / 5)
                expect(self.screen.modal).to_be_hidden(timeout=PATIENT / 5)
        expect(self.screen.modal).to_be_hidden()

    def pictured(self, step: str) -> None:
        """Look at a step: nothing in it keeps anybody out, and with a folder for pictures it is photographed."""
        # Transitions of dialogs would be measured half way.
        self.page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")
        found = Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        grave = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in GRAVE]
        assert grave == [], f"{self.world.language} {step}"
        if PICTURES:
            self.page.screenshot(path=f"{PICTURES}/{self.world.language}-{step}.png")


@contextmanager
def at_the_page(browser: Browser, world: World) -> Iterator[Person]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENT)
    yield Person(Screen(page, world.playground.url, None), world)  # type: ignore[arg-type]  # no channel of its own
    context.close()


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_team_gets_its_first_agreed_hat_and_its_first_digest(chromium: Browser, world: World) -> None:
    said = SAID[world.language]
    with at_the_page(chromium, world) as anna, at_the_page(chromium, world) as erik:
        anna.open(ANNA, TEAM_CHANNEL)
        erik.open(ERIK, TEAM_CHANNEL)
        a_team_is_set_up(anna, said)
        its_hats_come_from_the_template_and_are_ticked(anna, erik, said)
        the_first_hat_is_offered_and_taken(anna, erik, said)
        its_owner_reports_and_everybody_reads_the_digest(anna, erik, said)


def a_team_is_set_up(anna: Person, said: Said) -> None:
    anna.types("/hat")
    anna.pictured("1-nothing-yet")
    anna.page.get_by_role("button", name=said.set_up_here).last.click()
    anna.screen.modal.get_by_label(said.name).fill("North")
    anna.pictured("2-set-up")
    anna.saves(said)
    anna.sees(said.welcome)
    # Nothing lies over it.
    expect(anna.screen.modal).to_be_hidden()
    anna.pictured("3-welcome")


def its_hats_come_from_the_template_and_are_ticked(anna: Person, erik: Person, said: Said) -> None:
    anna.presses(said.welcome, said.six)
    anna.sees(said.added)
    # The welcome goes on to the next step.
    anna.presses(said.welcome, said.ask)
    erik.presses(said.asked, said.tick)
    erik.screen.modal.get_by_role("checkbox", name=said.hat).first.click()
    erik.pictured("4-ticked")
    erik.saves(said)
    expect(erik.screen.modal.get_by_text(said.noted)).to_be_visible()
    expect(erik.screen.modal.get_by_role("button", name=said.take)).to_be_visible()
    erik.pictured("4-noted")
    erik.closes()


def the_first_hat_is_offered_and_taken(anna: Person, erik: Person, said: Said) -> None:
    anna.sees(said.welcome).get_by_role("button", name=said.offer).wait_for()
    anna.pictured("5-next-step")
    anna.presses(said.welcome, said.offer)
    the_direct_message(erik)
    accept = erik.page.get_by_role("button", name=said.accept).last
    accept.wait_for()
    erik.pictured("6-offer")
    accept.click()
    expect(anna.screen.timeline.get_by_role("article").filter(has_text=re.compile(said.owns))).to_be_visible()
    expect(anna.sees(said.welcome).get_by_role("button", name=said.take)).to_be_visible(timeout=PATIENT)
    anna.pictured("7-agreed")
    anna.types(said.help)
    anna.sees(said.written)
    anna.pictured("8-help")


def its_owner_reports_and_everybody_reads_the_digest(anna: Person, erik: Person, said: Said) -> None:
    anna.world.go_to(FRIDAY, 13)
    erik.page.get_by_role("button", name=said.report).last.click()
    erik.screen.modal.get_by_role("textbox").first.fill(said.goal)
    erik.pictured("9-report")
    erik.saves(said)
    anna.world.go_to(MONDAY, 10, weeks=1)
    digest = anna.screen.timeline.get_by_role("article").filter(has_text=said.goal).last
    expect(digest).to_be_visible(timeout=PATIENT)
    anna.pictured("10-digest")


def the_direct_message(person: Person) -> None:
    """Go to the conversation with the bot."""
    person.page.get_by_role("navigation").get_by_role("button", name="Hattrick").last.click()
    # Without anything unread it opens at the Home.
    person.page.locator(".hp-main").get_by_text(re.compile("^(Messages|Meddelanden)$")).first.click()
