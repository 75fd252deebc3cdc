"""The inspector: what went to the app and what came from it, without secrets."""

import pytest
from playwright.sync_api import expect

from bot.playground.page.traffic import coloured, masked, pretty
from bot.playground.playground import Playground
from bot.playground.seed import ERIK
from tests.browser.conftest import Screen


@pytest.mark.browser
def test_a_command_and_the_calls_after_it_stand_there_newest_first(screen: Screen, page_playground: Playground) -> None:
    screen.open(ERIK)
    screen.page.get_by_role("button", name="Inspector", exact=True).click()
    expect(screen.page.get_by_role("textbox", name="Filter")).to_be_focused()
    screen.inspector.get_by_role("button", name="Clear", exact=True).click()
    screen.send("/hat chart")
    rows = screen.inspector.get_by_role("listitem")
    expect(rows.filter(has_text="chat.postMessage")).to_have_count(1)
    command = rows.filter(has_text="/hat chart")
    expect(command).to_contain_text("Erik")
    names = [row.split("\n")[2] for row in rows.all_inner_texts()]
    assert names.index("chat.postMessage") < names.index("/hat chart")
    command.get_by_role("button", name="/hat chart").click()
    expect(command.locator("pre").first).to_contain_text('"text": "chart"')
    expect(command.locator("pre").first).to_contain_text('"token": "•••"')
    screen.page.get_by_role("textbox", name="Filter").fill("postmessage blocks")
    expect(rows).to_have_count(1)
    rows.get_by_role("button", name="chat.postMessage").click()
    expect(rows.locator("pre").last).to_contain_text('"ok": true')
    shown = screen.inspector.inner_text()
    slack = page_playground.slack
    for secret in (slack.app.app_token, slack.app.verification_token, *slack.tokens):
        assert secret not in shown


@pytest.mark.browser
def test_the_inspector_shows_one_direction_and_goes_with_escape(screen: Screen) -> None:
    screen.open(ERIK)
    screen.page.get_by_role("button", name="Inspector", exact=True).click()
    screen.send("/hat who email-nurturing")
    rows = screen.inspector.get_by_role("listitem")
    screen.inspector.get_by_role("button", name="From the app", exact=True).click()
    expect(rows.filter(has_text="/hat who")).to_have_count(0)
    screen.inspector.get_by_role("button", name="To the app", exact=True).click()
    expect(rows.first).to_contain_text("/hat who email-nurturing")
    expect(rows.filter(has_text="views.open")).to_have_count(0)
    screen.page.reload()
    expect(screen.inspector).to_be_visible()
    screen.page.get_by_role("textbox", name="Filter").press("Escape")
    expect(screen.inspector).to_be_hidden()
    expect(screen.page.get_by_role("button", name="Inspector", exact=True)).to_be_focused()


@pytest.mark.parametrize(
    "secret",
    [
        {"token": "abc123"},
        {"bot": {"access_token": "abc123"}},
        {"text": "xoxb-1-2-abc123"},
        {"url": "wss://127.0.0.1/link?ticket=abc123&app_id=A1"},
        {"response_url": "http://127.0.0.1:1/response/T1/abc123"},
        {"client_secret": "abc123"},
        {"metadata": '{"token": "abc123"}'},
    ],
)
def test_no_secret_is_ever_shown(secret: dict[str, object]) -> None:
    assert "abc123" not in pretty(secret)


def test_what_is_no_secret_is_shown_as_it_is() -> None:
    harmless = {"text": "A token of thanks", "ok": True, "blocks": [{"type": "divider"}], "user_id": "U1"}
    assert masked(harmless) == harmless


def test_json_in_colours_reads_the_same_and_holds_no_markup_of_people() -> None:
    html = coloured(pretty({"text": '<b>"hi"</b> 5 true', "n": -1.5, "none": None}))
    assert "<b>" not in html
    assert html.count('class="hp-json-key"') == 3
    assert html.count('class="hp-json-rest"') == 2
