"""The box to write in: what it offers, brings back and keeps, and the way to any conversation."""

import pytest
from playwright.sync_api import Locator, expect

from bot.playground.playground import Playground
from bot.playground.seed import ANNA, ERIK
from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser


def _box(screen: Screen) -> Locator:
    return screen.page.locator(".hp-main").get_by_role("textbox")


def test_who_is_meant_is_offered_after_an_at_sign_and_enter_takes_the_first(
    screen: Screen, page_playground: Playground
) -> None:
    screen.open()
    expect(_box(screen)).to_be_focused()
    screen.page.keyboard.type("Ask @er")
    offered = screen.page.get_by_role("option", name="@Erik")
    expect(offered).to_have_attribute("aria-selected", "true")
    screen.page.keyboard.press("Enter")
    expect(_box(screen)).to_have_value("Ask @Erik ")
    screen.page.keyboard.type(f"in #{screen.channel.name[:12]}")
    expect(screen.page.get_by_role("option", name=f"#{screen.channel.name}")).to_be_visible()
    screen.page.keyboard.press("Tab")
    expect(_box(screen)).to_have_value(f"Ask @Erik in #{screen.channel.name} ")
    screen.page.keyboard.press("Enter")
    expect(screen.message("Ask @Erik in")).to_be_visible()
    said = list(page_playground.slack.workspace().channels[screen.channel.id].messages.values())[-1]
    assert said.text == f"Ask <@{ERIK}> in <#{screen.channel.id}|{screen.channel.name}>"


def test_the_up_key_brings_back_a_command_and_lets_a_message_be_changed(screen: Screen) -> None:
    screen.open().send("/hat who email-nurturing")
    expect(screen.message("Email nurturing")).to_be_visible()
    expect(_box(screen)).to_have_value("")
    screen.page.keyboard.press("ArrowUp")
    expect(_box(screen)).to_have_value("/hat who email-nurturing")
    screen.send("We meet at nine")
    expect(screen.message("We meet at nine")).to_be_visible()
    screen.page.keyboard.press("ArrowUp")
    field = screen.modal.get_by_role("textbox")
    expect(field).to_be_focused()
    field.fill("We meet at ten")
    screen.modal.get_by_role("button", name="Save").click()
    expect(screen.message("We meet at ten")).to_contain_text("(edited)")
    expect(_box(screen)).to_be_focused()


def test_any_conversation_is_reached_by_a_part_of_its_name_and_what_is_half_written_waits(screen: Screen) -> None:
    screen.open()
    expect(_box(screen)).to_be_focused()
    screen.page.keyboard.type("I was just")
    screen.page.keyboard.press("Control+k")
    sought = screen.page.get_by_role("textbox", name="A channel or a person")
    expect(sought).to_be_focused()
    screen.page.keyboard.type("mari")
    expect(screen.page.get_by_role("option").first).to_contain_text("Maria")
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("heading", name="Maria", exact=True)).to_be_visible()
    expect(_box(screen)).to_be_focused()
    expect(_box(screen)).to_have_value("")
    screen.page.get_by_role("button", name="Jump to a conversation").click()
    screen.page.keyboard.type(f"#{screen.channel.name}")
    expect(screen.page.get_by_role("option")).to_have_count(1)
    screen.page.keyboard.press("Enter")
    expect(_box(screen)).to_have_value("I was just")
    expect(_box(screen)).to_be_focused()  # where Escape goes back to
    screen.page.keyboard.press("Control+k")
    expect(sought).to_be_focused()
    screen.page.keyboard.press("Escape")
    expect(sought).to_be_hidden()
    expect(_box(screen)).to_be_focused()


def test_f6_goes_from_part_to_part_and_back(screen: Screen) -> None:
    screen.open().send("Here I am")
    expect(screen.message("Here I am")).to_be_visible()
    row = screen.page.get_by_role("navigation").get_by_role("button", name=f"#{screen.channel.name}")
    for key, place in (
        ("Shift+F6", screen.message("Here I am")),
        ("Shift+F6", row),
        ("F6", screen.message("Here I am")),
    ):
        screen.page.keyboard.press(key)
        expect(place).to_be_focused()
    screen.page.keyboard.press("F6")
    expect(_box(screen)).to_be_focused()


def test_what_begins_with_a_slash_and_is_no_command_is_not_said_aloud(screen: Screen) -> None:
    screen.open().send("/hut who email-nurturing")
    expect(screen.page.get_by_role("alert")).to_contain_text("/hut is not a command here")
    expect(_box(screen)).to_have_value("/hut who email-nurturing")
    expect(screen.timeline).not_to_contain_text("/hut")


def test_the_tab_says_who_sits_there_and_how_much_is_new(screen: Screen, page_playground: Playground) -> None:
    workspace = page_playground.slack.workspace()
    other = page_playground.slack.add_channel(workspace, "tab-title", members=[ANNA, ERIK])
    screen.open(ANNA)
    sidebar = screen.page.get_by_role("navigation")
    for channel in [*workspace.channels_of(ANNA), screen.channel]:
        sidebar.locator(f'[data-key="{channel.id}"]').click()
    expect(screen.page).to_have_title(f"Anna · #{screen.channel.name} · Hattrick FC")
    page_playground.people.post_message(workspace, ERIK, other.id, "Are you there?")
    expect(screen.page).to_have_title(f"(1) Anna · #{screen.channel.name} · Hattrick FC")


def test_the_page_speaks_one_language_throughout(screen: Screen) -> None:
    screen.open(lang="sv").send("/hat who email-nurturing")
    screen.message("Email nurturing").get_by_role("button", name="Report").click()
    screen.modal.get_by_label("Nurtured leads").fill("")
    screen.modal.get_by_label("Meetings").fill("many")
    screen.modal.get_by_role("button", name="Save").click()
    expect(screen.modal.get_by_text("Fyll i det här fältet.")).to_be_visible()
    expect(screen.modal.get_by_text("Skriv ett tal.")).to_be_visible()
    assert screen.page.locator("html").get_attribute("lang") == "sv"
    library = "document.querySelector('#app').__vue_app__.config.globalProperties.$q.lang"
    assert screen.page.evaluate(f"{library}.label.clear") == "Rensa"
    expect(screen.page.locator("#popup")).to_contain_text("Anslutningen bröts.")
