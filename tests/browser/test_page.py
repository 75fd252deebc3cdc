"""The playground's page in a real browser, with a real Bolt app behind it."""

import re

import pytest
from playwright.sync_api import expect

from bot.playground.playground import Playground
from bot.playground.seed import ERIK, GRACE
from tests.browser.conftest import HATTRICK, Screen

pytestmark = pytest.mark.browser


def test_a_command_is_offered_while_typing_and_its_answer_is_for_the_asker_only(
    screen: Screen, second_screen: Screen
) -> None:
    second_screen.open(ERIK)
    screen.open().type("/ha")
    offer = screen.page.get_by_role("option", name="/hat")
    expect(offer).to_contain_text("who email-nurturing")
    offer.click()
    box = screen.page.get_by_role("textbox")
    expect(box).to_have_value("/hat ")
    screen.send("/hat who email-nurturing")
    answer = screen.message("Email nurturing")
    expect(answer).to_contain_text("Only visible to you")
    expect(answer).to_contain_text("APP")
    expect(answer.get_by_text("@Anna")).to_be_visible()
    expect(answer.locator("strong", has_text="Email nurturing")).to_be_visible()
    expect(box).to_have_value("")
    screen.send("Did you see it?")
    expect(second_screen.message("Did you see it?")).to_be_visible()
    expect(second_screen.timeline).not_to_contain_text("Email nurturing")


def test_a_wrong_value_is_said_at_its_field_and_the_right_one_is_stored(screen: Screen) -> None:
    screen.open().send("/hat who email-nurturing")
    screen.message("Email nurturing").get_by_role("button", name="Report").click()
    modal = screen.modal
    expect(modal.get_by_role("heading", name="Report the week")).to_be_visible()
    expect(modal.get_by_label("Nurtured leads")).to_have_value("340")
    modal.get_by_label("Nurtured leads").fill("abc")
    modal.get_by_label("Note").fill("A quiet week\nin two lines")
    modal.get_by_role("radio", name="Yes").click()
    modal.get_by_role("button", name="Save").click()
    field = modal.locator(".hp-b-input").filter(has_text="Nurtured leads")
    expect(field.get_by_role("alert")).to_have_text("abc is not a number.")
    expect(modal.get_by_label("Note")).to_have_value("A quiet week\nin two lines")
    expect(modal.get_by_role("radio", name="Yes")).to_have_attribute("aria-checked", "true")
    modal.get_by_label("Nurtured leads").fill("351")
    modal.get_by_role("button", name="Save").click()
    expect(modal).to_be_hidden()
    app = screen.page.get_by_role("navigation").get_by_role("button", name=re.compile("Hattrick 1"))
    app.click()
    stored = screen.message("Stored 351")
    expect(stored).to_contain_text("final: yes, note: A quiet week")
    expect(screen.page.get_by_role("navigation").get_by_role("button", name=HATTRICK)).to_be_visible()


def test_what_the_client_refuses_itself_never_reaches_the_app(screen: Screen, page_playground: Playground) -> None:
    screen.open().send("/hat who email-nurturing")
    screen.message("Email nurturing").get_by_role("button", name="Report").click()
    screen.modal.get_by_label("Meetings").fill("many")
    sent = len(page_playground.slack.deliveries)
    screen.modal.get_by_role("button", name="Save").click()
    expect(screen.modal.get_by_text("Please enter a valid number.")).to_be_visible()
    assert len(page_playground.slack.deliveries) == sent
    screen.modal.get_by_role("button", name="Not now").click()
    expect(screen.modal).to_be_hidden()


def test_a_pushed_modal_goes_back_to_the_first_with_everything_still_entered(screen: Screen) -> None:
    screen.open().send("/hat who email-nurturing")
    screen.message("Email nurturing").get_by_role("button", name="Report").click()
    screen.modal.get_by_label("Nurtured leads").fill("0")
    screen.modal.get_by_role("combobox", name="Line", exact=True).click()
    screen.page.get_by_role("option", name="No").click()
    screen.modal.get_by_role("button", name="Save").click()
    expect(screen.modal.get_by_text("Was it really zero?")).to_be_visible()
    screen.modal.get_by_role("button", name="Back").click()
    expect(screen.modal.get_by_label("Nurtured leads")).to_have_value("0")
    expect(screen.modal.get_by_role("combobox", name="Line", exact=True)).to_have_value("No")
    screen.modal.get_by_role("button", name="Save").click()
    screen.modal.get_by_role("button", name="Nothing").click()
    expect(screen.modal).to_be_hidden()


def test_a_risky_button_asks_first(screen: Screen) -> None:
    screen.open().send("/hat who email-nurturing")
    answer = screen.message("Email nurturing")
    answer.get_by_role("button", name="Forget it").click()
    screen.page.get_by_role("button", name="Keep").click()
    expect(screen.page.get_by_text("The answer goes away.")).to_be_hidden()
    expect(answer).to_be_visible()
    answer.get_by_role("button", name="Forget it").click()
    screen.page.get_by_role("button", name="Forget", exact=True).click()
    expect(answer).to_be_hidden()


def test_a_data_table_sorts_and_turns_its_pages(screen: Screen) -> None:
    screen.open().send("/hat chart")
    table = screen.page.get_by_role("table", name="Each link of the chain")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.first).to_contain_text("4 120")
    screen.page.get_by_role("button", name="Next page").click()
    expect(rows).to_have_count(2)
    table.get_by_role("button", name="Value").click()
    expect(rows.first).to_contain_text("Deals")
    table.get_by_role("button", name="Value").click()
    expect(rows.first).to_contain_text("Visits")
    expect(table.locator("th[aria-sort=descending]")).to_contain_text("Value")
    table.get_by_role("button", name="KPI").click()
    expect(rows.first).to_contain_text("Call lists")


def test_a_message_taller_than_the_screen_is_shown_from_its_beginning(screen: Screen) -> None:
    screen.open().send("/hat chart")
    expect(screen.message("Deals a week").get_by_role("heading")).to_be_in_viewport()
    screen.send("Well done")
    expect(screen.message("Well done")).to_be_in_viewport()


def test_charts_are_drawn_with_their_labels(screen: Screen) -> None:
    screen.open().send("/hat chart")
    charts = screen.message("Deals a week").locator(".hp-chart svg")
    expect(charts).to_have_count(2)
    for word in ("W38", "Target", "Week"):
        expect(charts.first.get_by_text(word, exact=True)).to_be_visible()
    expect(charts.last.get_by_text("Meetings: 1.5")).to_be_visible()


def test_every_block_is_drawn_and_a_menu_tells_the_app(screen: Screen) -> None:
    screen.open().send("/hat blocks")
    drawn = screen.message("Everything a block can be")
    for selector in ("blockquote", "pre", "code", "del", "em", "li", ".hp-markdown h2", "table", "svg", "img"):
        expect(drawn.locator(selector).first).to_be_attached()
    expect(drawn.get_by_text("@Anna")).to_be_visible()
    expect(drawn).not_to_contain_text("does not draw")
    drawn.get_by_role("combobox", name="Pick one").click()
    screen.page.get_by_role("option", name="Second").click()
    expect(screen.message("Picked 2")).to_be_visible()


def test_hostile_words_stay_words_everywhere(screen: Screen) -> None:
    screen.open().send("/hat hostile")
    message = screen.message("press me")
    expect(message.get_by_role("heading").first).to_contain_text("<img src=x onerror=")
    screen.send('<img src=x onerror="window.hacked=1"> <b>me</b> ${window.hacked=1}')
    expect(screen.message("<b>me</b>")).to_be_visible()
    message.get_by_role("combobox", name="<b>Choose</b>").click()
    expect(screen.page.get_by_role("option", name="<img src=x onerror=window.hacked=1>")).to_be_visible()
    screen.page.keyboard.press("Escape")
    for _ in range(2):
        assert screen.page.evaluate("window.hacked") is None
        assert screen.page.locator("[onerror], [onload], .hp-app script, .hp-timeline img").count() == 0
        assert screen.page.locator("a[href^='javascript']").count() == 0
        # The words must be as harmless in the page that the server builds at once as in what it sends later.
        screen.open()
        expect(screen.message("press me")).to_be_visible()


def test_a_thread_opens_beside_the_conversation_and_counts_its_replies(screen: Screen, second_screen: Screen) -> None:
    second_screen.open(ERIK)
    screen.open().send("Who takes the fair?")
    second_screen.message("Who takes the fair?").hover()
    second_screen.message("Who takes the fair?").get_by_role("button", name="Reply in thread").click()
    box = second_screen.thread.get_by_role("textbox")
    box.fill("I do")
    box.press("Enter")
    expect(second_screen.thread.get_by_role("article").last).to_contain_text("I do")
    screen.message("Who takes the fair?").get_by_role("button", name="1 reply").click()
    expect(screen.thread).to_contain_text("I do")
    expect(screen.timeline).not_to_contain_text("I do")
    box.fill("/hat list")
    box.press("Enter")
    expect(second_screen.page.get_by_text("not in threads")).to_be_visible()


def test_ones_own_message_can_be_changed_and_deleted_and_a_shortcut_started_on_it(screen: Screen) -> None:
    screen.open().send("We need a *fair* person & @erik")
    screen.menu_of("We need")
    screen.page.get_by_text("Make it a hat").click()
    expect(screen.message("Noted 7 words")).to_be_visible()
    screen.menu_of("We need a fair")
    screen.page.get_by_text("Edit message").click()
    field = screen.modal.get_by_role("textbox")
    expect(field).to_have_value("We need a *fair* person & @Erik")
    field.fill("We need nobody")
    screen.modal.get_by_role("button", name="Save").click()
    expect(screen.message("We need nobody")).to_contain_text("(edited)")
    screen.menu_of("We need nobody")
    screen.page.get_by_text("Delete message").click()
    screen.modal.get_by_role("button", name="Yes").click()
    expect(screen.timeline).not_to_contain_text("We need nobody")


def test_another_member_sees_their_own_conversations_and_their_own_time(screen: Screen) -> None:
    screen.open().send("Good morning")
    stockholm = screen.message("Good morning").locator(".hp-time").last.inner_text()
    screen.become("Grace")
    new_york = screen.message("Good morning").locator(".hp-time").last.inner_text()
    hours = (int(stockholm[:2]) - int(new_york[:2])) % 24
    assert (hours, stockholm[3:]) == (6, new_york[3:])
    expect(screen.page.get_by_role("navigation").get_by_text("#random")).to_be_hidden()
    assert f"as={GRACE}" in screen.page.url
    screen.menu_of("Good morning")
    expect(screen.page.get_by_text("Make it a hat")).to_be_visible()
    expect(screen.page.get_by_text("Delete message")).to_be_hidden()


def test_an_app_that_is_late_is_named(screen: Screen) -> None:
    screen.open().send("/hat late")
    expect(screen.page.get_by_text("did not answer within 3 seconds")).to_be_visible()
    expect(screen.message('failed with the error "operation_timeout"')).to_be_visible()
    screen.page.get_by_role("alert").get_by_role("button", name="Close").click()
    expect(screen.page.get_by_text("did not answer within 3 seconds")).to_be_hidden()


def test_a_modal_whose_app_is_late_stays_and_can_be_sent_again(screen: Screen) -> None:
    screen.open().send("/hat who email-nurturing")
    screen.message("Email nurturing").get_by_role("button", name="Report").click()
    screen.modal.get_by_label("Nurtured leads").fill("999")
    screen.modal.get_by_role("button", name="Save").click()
    expect(screen.modal.get_by_role("button", name="Working…")).to_be_disabled()
    expect(screen.page.get_by_text("did not answer within 3 seconds")).to_be_visible()
    expect(screen.modal.get_by_label("Nurtured leads")).to_have_value("999")
    screen.modal.get_by_label("Nurtured leads").fill("340")
    screen.modal.get_by_role("button", name="Save").click()
    expect(screen.modal).to_be_hidden()
    expect(screen.page.get_by_text("did not answer within 3 seconds")).to_be_hidden()


def test_a_half_written_message_stays_while_others_come_and_write(screen: Screen, second_screen: Screen) -> None:
    del screen.channel.members[GRACE]
    box = screen.open().type("I was just going to")
    second_screen.open(GRACE)
    second_screen.page.get_by_role("button", name="Join").click()
    second_screen.send("Hello all")
    expect(screen.message("Hello all")).to_be_visible()
    expect(screen.page.get_by_text("7 members")).to_be_visible()
    expect(box).to_have_value("I was just going to")


def test_the_home_tab_shows_what_the_app_publishes(screen: Screen) -> None:
    screen.open(ERIK)
    screen.page.get_by_role("navigation").get_by_role("button", name=HATTRICK).click()
    # With nothing unread it opens at the Home. Pressing the tab once more would have the app publish another one, and
    # draw it anew under the next click.
    expect(screen.page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    home = screen.page.locator(".hp-main")
    expect(home.get_by_role("heading", name="Your hats")).to_be_visible()
    home.get_by_role("button", name="Report").click()
    expect(screen.modal.get_by_role("heading", name="Report the week")).to_be_visible()
    screen.page.keyboard.press("Escape")
    expect(screen.modal).to_be_hidden()


def test_somebody_outside_a_public_channel_reads_it_and_joins(screen: Screen, page_playground: Playground) -> None:
    del screen.channel.members[GRACE]
    page_playground.slack.changed("channel")
    screen.open(GRACE)
    screen.page.get_by_role("button", name=f"Join #{screen.channel.name}").click()
    screen.send("Here I am")
    expect(screen.message("Here I am")).to_be_visible()
