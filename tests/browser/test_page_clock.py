"""The page's clock, its guide for newcomers, its languages, and its look on a telephone."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from bot.playground.page.moments import FRIDAY_13, MONDAY_8, MONDAY_10, Weekly, next_moment
from bot.playground.playground import Playground
from bot.playground.seed import ERIK
from tests.browser.conftest import Screen

browser = pytest.mark.browser
STOCKHOLM = "Europe/Stockholm"


@browser
def test_the_clock_jumps_to_the_next_such_moment_for_everybody_and_never_back(
    screen: Screen, second_screen: Screen, page_playground: Playground
) -> None:
    clock = page_playground.slack.clock
    second_screen.open(ERIK)
    screen.open()
    before = clock.now()
    screen.page.get_by_role("button", name="To Friday 13:00").click()
    for shown in (screen, second_screen):
        expect(shown.page.get_by_role("timer")).to_have_text(f"Fri {_day(clock.now())} 13:00")
    screen.page.get_by_role("button", name="To Monday 08:00").first.click()
    expect(screen.page.get_by_role("timer")).to_contain_text("08:00")
    screen.page.get_by_role("button", name="To Monday 10:00").click()
    expect(screen.page.get_by_role("timer")).to_contain_text("10:00")
    assert timedelta(0) < clock.now() - before < timedelta(days=10, hours=22)
    screen.page.get_by_role("button", name="+1 hour").click()
    expect(screen.page.get_by_role("timer")).to_have_text(f"Mon {_day(clock.now())} 11:00")
    screen.page.get_by_role("button", name="+1 day").click()
    expect(screen.page.get_by_role("timer")).to_contain_text("Tue")


def _day(instant: datetime) -> str:
    return f"{instant.day} {instant:%b}"


@pytest.mark.parametrize(
    ("weekly", "now", "then"),
    [
        (FRIDAY_13, "2026-11-24T09:30", "2026-11-27T12:00"),
        (FRIDAY_13, "2026-11-27T12:00", "2026-12-04T12:00"),
        (MONDAY_8, "2026-11-29T23:30", "2026-11-30T07:00"),
        (MONDAY_10, "2026-03-27T12:00", "2026-03-30T08:00"),
        (MONDAY_10, "2026-10-23T11:00", "2026-10-26T09:00"),
    ],
)
def test_a_moment_is_reckoned_on_the_workspaces_wall_clock(weekly: Weekly, now: str, then: str) -> None:
    reached = next_moment(weekly, datetime.fromisoformat(now).replace(tzinfo=UTC), STOCKHOLM)
    assert reached == datetime.fromisoformat(then).replace(tzinfo=UTC)


@browser
def test_the_guide_leads_through_the_week(screen: Screen, page_playground: Playground) -> None:
    screen.open(ERIK)
    guide = screen.page.get_by_role("region", name="A week in two minutes")
    step = guide.locator(".hp-guide-do")
    expect(step).to_have_text("Ask it")
    step.click()
    expect(screen.page.get_by_role("heading", name="#team-hattrick")).to_be_visible()
    expect(screen.message("Email nurturing")).to_be_visible()
    expect(step).to_have_text("To Friday")
    step.click()
    expect(screen.page.get_by_role("timer")).to_contain_text("13:00")
    expect(step).to_have_text("Be Anna")
    step.click()
    expect(screen.page.get_by_role("button", name="You are: Anna")).to_be_visible()
    expect(screen.page.get_by_role("heading", name="Hattrick", exact=True)).to_be_visible()
    expect(guide.get_by_text("✓")).to_have_count(3)
    expect(step).to_have_text("Show me")
    guide.get_by_role("button", name="Skip").click()
    expect(step).to_have_text("To Monday 08:00")
    guide.get_by_role("button", name="Leave").click()
    expect(step).to_be_hidden()
    screen.page.reload()
    guide.get_by_role("button", name="Take it up again").click()
    expect(guide.get_by_text("✓")).to_have_count(4)
    guide.get_by_role("button", name="Step 6").click()
    expect(step).to_have_text("Read it")
    step.click()
    expect(screen.page.get_by_role("heading", name="#team-hattrick")).to_be_visible()
    assert page_playground.slack.clock.now().astimezone().weekday() == 0


@browser
def test_the_guide_offers_to_begin_a_team_where_there_is_none(screen: Screen, page_playground: Playground) -> None:
    screen.open()
    guide = screen.page.get_by_role("region", name="A week in two minutes")
    guide.get_by_role("button", name="Or begin a team of your own").click()
    expect(screen.page.get_by_role("heading", name="#marketing")).to_be_visible()
    expect(guide.get_by_role("button", name="Take it up again")).to_be_visible()
    expect(screen.message("Only visible to you")).to_be_visible()
    typed = [d.payload for d in page_playground.slack.deliveries if d.payload.get("command") == "/hat"]
    assert (typed[-1]["text"], typed[-1]["channel_name"]) == ("setup", "marketing")


@browser
def test_the_guide_goes_on_by_itself_once_a_report_was_taken(screen: Screen) -> None:
    screen.page.goto(f"{screen.url}/?as={ERIK}&in={screen.channel.id}&tour=123")
    step = screen.page.locator(".hp-guide-do")
    expect(step).to_have_text("Show me")
    screen.send("/hat who email-nurturing")
    screen.message("Email nurturing").get_by_role("button", name="Report").click()
    screen.modal.get_by_label("Nurtured leads").fill("351")
    expect(step).to_have_text("Show me")
    screen.modal.get_by_role("button", name="Save").click()
    expect(step).to_have_text("To Monday 08:00")


@browser
def test_the_page_speaks_swedish_when_asked_and_stays_where_it_was(screen: Screen) -> None:
    screen.open()
    screen.page.get_by_role("button", name="SV").click()
    expect(screen.page.get_by_role("button", name="Till fredag 13:00")).to_be_visible()
    expect(screen.page.get_by_role("button", name="Du är: Anna")).to_be_visible()
    expect(screen.page.get_by_role("heading", name=f"#{screen.channel.name}")).to_be_visible()


@browser
def test_a_telephone_shows_everything_without_scrolling_sideways(screen: Screen) -> None:
    screen.page.set_viewport_size({"width": 390, "height": 780})
    screen.open().send("/hat chart")
    expect(screen.page.get_by_role("table", name="Each link of the chain")).to_be_visible()
    screen.send("a-word-that-" + "never-" * 20 + "ends")
    expect(screen.message("ends")).to_be_visible()
    assert screen.page.evaluate("document.documentElement.scrollWidth") == 390
    assert screen.timeline.evaluate("log => log.scrollWidth <= log.clientWidth")
    sidebar = screen.page.get_by_role("navigation")
    expect(sidebar).not_to_be_in_viewport()
    screen.page.get_by_role("button", name="Menu", exact=True).click()
    sidebar.get_by_text("#general").click()
    expect(screen.page.get_by_role("heading", name="#general")).to_be_visible()
    expect(sidebar).not_to_be_in_viewport()
