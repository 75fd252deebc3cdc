"""The page without a mouse: where keys lead, and where the focus is afterwards."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser


def test_a_command_is_chosen_with_the_arrows_and_sent_with_enter(screen: Screen) -> None:
    screen.open()
    box = screen.page.get_by_role("textbox", name=f"Message #{screen.channel.name}")
    expect(box).to_be_focused()
    screen.page.keyboard.type("/h")
    expect(screen.page.get_by_role("option", name="/hat")).to_be_visible()
    screen.page.keyboard.press("ArrowDown")
    expect(screen.page.get_by_role("option", name="/hat")).to_have_attribute("aria-selected", "true")
    screen.page.keyboard.press("Enter")
    expect(box).to_have_value("/hat ")
    screen.page.keyboard.type("who email-nurturing")
    screen.page.keyboard.press("Enter")
    expect(screen.message("Email nurturing")).to_be_visible()
    expect(box).to_be_focused()
    screen.page.keyboard.type("/")
    expect(screen.page.get_by_role("option", name="/hat")).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("option", name="/hat")).to_be_hidden()
    expect(box).to_have_value("/")


def test_messages_are_walked_with_the_arrows_and_a_thread_opens_and_closes_by_key(screen: Screen) -> None:
    screen.open()
    for words in ("The first", "The second", "The third"):
        screen.send(words)
        expect(screen.message(words)).to_be_visible()
    expect(screen.page.get_by_role("textbox")).to_have_value("")
    screen.page.keyboard.press("Shift+F6")
    expect(screen.message("The third")).to_be_focused()
    screen.page.keyboard.press("ArrowUp")
    expect(screen.message("The second")).to_be_focused()
    screen.page.keyboard.press("Enter")
    reply = screen.thread.get_by_role("textbox")
    expect(reply).to_be_focused()
    screen.page.keyboard.type("Here")
    screen.page.keyboard.press("Enter")
    expect(screen.thread.get_by_role("article").last).to_contain_text("Here")
    screen.page.keyboard.press("Escape")
    expect(screen.thread).to_be_hidden()
    expect(screen.message("The second").get_by_role("button", name="1 reply")).to_be_focused()
    screen.page.keyboard.press("Escape")
    expect(screen.page.get_by_role("textbox")).to_be_focused()


def test_a_modal_takes_the_focus_and_gives_it_back_to_the_button(screen: Screen) -> None:
    screen.open().send("/hat who email-nurturing")
    opener = screen.message("Email nurturing").get_by_role("button", name="Report")
    for key in ("Enter", "Escape"):
        opener.focus()
        screen.page.keyboard.press("Enter")
        leads = screen.modal.get_by_label("Nurtured leads")
        expect(leads).to_be_focused()
        leads.fill("351")
        screen.page.keyboard.press(key)
        expect(screen.modal).to_be_hidden()
        expect(opener).to_be_focused()
        expect(screen.page.get_by_role("dialog")).to_have_count(0)


def test_radio_buttons_are_chosen_with_the_arrows(screen: Screen) -> None:
    screen.open().send("/hat who email-nurturing")
    screen.message("Email nurturing").get_by_role("button", name="Report").click()
    expect(screen.modal.get_by_label("Nurtured leads")).to_be_focused()
    screen.modal.get_by_role("radio", name="Yes").focus()
    screen.page.keyboard.press("ArrowDown")
    expect(screen.modal.get_by_role("radio", name="No")).to_have_attribute("aria-checked", "true")
    expect(screen.modal.get_by_role("radio", name="No")).to_be_focused()


def test_the_sidebar_is_walked_with_the_arrows_and_the_place_chosen_takes_the_focus(screen: Screen) -> None:
    screen.open()
    sidebar = screen.page.get_by_role("navigation")
    sidebar.get_by_role("button", name="You are").focus()
    screen.page.keyboard.press("End")
    expect(sidebar.locator(".hp-row").last).to_be_focused()
    screen.page.keyboard.press("Home")
    expect(sidebar.get_by_role("button", name="You are")).to_be_focused()
    screen.page.keyboard.press("ArrowDown")
    first = sidebar.locator(".hp-row").first
    expect(first).to_be_focused()
    name = first.inner_text().split("\n")[0]
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(screen.page.get_by_role("textbox", name=f"Message {name}")).to_be_focused()


def test_another_member_is_chosen_by_key(screen: Screen) -> None:
    screen.open()
    screen.page.get_by_role("button", name="You are").focus()
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("menuitem", name="Anna").first).to_be_focused()
    screen.page.keyboard.press("ArrowDown")
    expect(screen.page.get_by_role("menuitem", name="Erik").first).to_be_focused()
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("button", name="You are: Erik")).to_be_visible()


def test_what_is_drawn_anew_keeps_the_focus(screen: Screen) -> None:
    screen.open().send("/hat chart")
    sorter = screen.page.get_by_role("table", name="Each link of the chain").get_by_role("button", name="Value")
    sorter.focus()
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("th[aria-sort=ascending]")).to_contain_text("Value")
    expect(sorter).to_be_focused()
    turner = screen.page.get_by_role("button", name="Next page")
    turner.focus()
    screen.page.keyboard.press("Enter")
    expect(turner).to_have_attribute("aria-disabled", "true")
    expect(turner).to_be_focused()
