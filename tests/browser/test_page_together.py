"""Several people at the page at once, and a screen that stays calm while others write."""

import re

import pytest
from playwright.sync_api import Locator, expect

from bot.playground.playground import Playground
from bot.playground.seed import ANNA, ERIK, MARIA
from tests.browser.conftest import Screen

pytestmark = pytest.mark.browser


def test_each_browser_is_another_member_and_sees_who_else_is_here(screen: Screen, second_screen: Screen) -> None:
    second_screen.open(ERIK)
    screen.open(ANNA)
    screen.page.get_by_role("button", name="You are").click()
    expect(screen.page.get_by_role("menuitem", name="Erik").first).to_contain_text("here now")
    expect(screen.page.get_by_role("menuitem", name="Maria").first).not_to_contain_text("here now")
    with screen.page.context.expect_page() as opened:
        screen.page.get_by_role("menuitem", name="Maria in a new window").click()
    third = opened.value
    expect(third.get_by_role("button", name="You are: Maria")).to_be_visible()
    expect(screen.page.get_by_role("button", name="You are: Anna")).to_be_visible()
    expect(second_screen.page.get_by_role("button", name="You are: Erik")).to_be_visible()
    assert f"as={MARIA}" in third.url


def test_a_reload_comes_back_to_the_same_thread(screen: Screen) -> None:
    screen.open().send("Who takes the fair?")
    screen.message("Who takes the fair?").hover()
    screen.message("Who takes the fair?").get_by_role("button", name="Reply in thread").click()
    expect(screen.thread).to_be_visible()
    screen.page.wait_for_url(re.compile("thread="))
    screen.page.reload()
    expect(screen.thread.get_by_role("article")).to_contain_text("Who takes the fair?")


def test_new_messages_elsewhere_are_counted_said_aloud_and_marked(screen: Screen, page_playground: Playground) -> None:
    slack, workspace = page_playground.slack, page_playground.slack.workspace()
    other = slack.add_channel(workspace, "elsewhere", members=[ANNA, ERIK])
    screen.open(ANNA)
    row = screen.page.get_by_role("navigation").get_by_role("button", name=f"#{other.name}")
    expect(row).to_be_visible()
    page_playground.people.post_message(workspace, ERIK, other.id, "Are you there?")
    expect(row).to_contain_text("1")
    expect(screen.page.get_by_role("status").filter(has_text=f"1 new in #{other.name}")).to_be_attached()
    row.click()
    expect(screen.timeline.get_by_role("separator").filter(has_text="New")).to_be_visible()
    expect(row).not_to_contain_text("1")


def test_whoever_reads_further_up_is_not_moved_by_what_comes(screen: Screen, page_playground: Playground) -> None:
    workspace, people = page_playground.slack.workspace(), page_playground.people
    for number in range(40):
        people.post_message(workspace, ERIK, screen.channel.id, f"Line {number}.")
    screen.open(ANNA)
    expect(screen.message("Line 39.")).to_be_in_viewport()
    screen.message("Line 5.").scroll_into_view_if_needed()
    before = _top(screen.message("Line 5."))
    newest = screen.page.get_by_role("button", name="Newest messages")
    expect(newest).to_be_visible()
    people.post_message(workspace, ERIK, screen.channel.id, "One more.")
    expect(screen.message("One more.")).to_be_attached()
    screen.page.wait_for_timeout(150)
    assert _top(screen.message("Line 5.")) == before
    newest.click()
    expect(screen.message("One more.")).to_be_in_viewport()
    expect(newest).to_be_hidden()


def test_a_message_that_changes_moves_nothing_but_itself(screen: Screen, page_playground: Playground) -> None:
    workspace, people = page_playground.slack.workspace(), page_playground.people
    first = people.post_message(workspace, ERIK, screen.channel.id, "We meet at nine.")
    people.post_message(workspace, MARIA, screen.channel.id, "I come too.")
    screen.open(ANNA)
    still = [
        screen.message("I come too."),
        screen.page.locator(".hp-composer"),
        screen.page.locator(".hp-main .hp-title"),
    ]
    before = [_top(place) for place in still]
    people.edit_message(workspace, ERIK, screen.channel.id, first.ts, "We meet at ten.")
    expect(screen.message("We meet at ten.")).to_be_visible()
    assert [_top(place) for place in still] == before


def _top(place: Locator) -> int:
    """Return where something stands, in whole pixels from the top."""
    box = place.bounding_box()
    assert box is not None
    return round(box["y"])
