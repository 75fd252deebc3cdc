"""Menus on the page: what is chosen already, searching in them, and which of many alike it is."""

from typing import Any

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient

from bot.playground.model import User
from bot.playground.playground import Playground
from tests.browser.conftest import Screen
from tests.support.page_blocks import mrkdwn, plain


def _menu(count: int, **more: Any) -> dict[str, Any]:
    options = [{"text": plain(f"Choice {n}"), "value": str(n)} for n in range(1, count + 1)]
    return {"type": "static_select", "placeholder": plain("Rate"), "options": options, **more}


def _rated(about: str, menu: dict[str, Any]) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(about), "accessory": menu}


@pytest.mark.parametrize(("lang", "nothing"), [("en", "Nothing fits."), ("sv", "Inget passar.")])
def test_menus_say_what_they_are_about_what_is_chosen_and_that_nothing_fits(
    screen: Screen, page_playground: Playground, lang: str, nothing: str
) -> None:
    installation = page_playground.slack.workspace().installation
    assert installation is not None
    left = User(
        id=f"UGONE{lang.upper()}", team_id=installation.team_id, name="gone", real_name="Gone Long", deleted=True
    )
    page_playground.slack.workspace().users[left.id] = left
    chosen = {"text": plain("Choice 2"), "value": "2"}
    blocks = [
        _rated("*Leads* from Erik", _menu(3, action_id="old", initial_option=chosen)),
        _rated("*Deals* from Maria", _menu(12, action_id="pick")),
        _rated("Who left", {"type": "users_select", "action_id": "who", "initial_user": left.id}),
    ]
    client = WebClient(installation.bot_token, base_url=f"{page_playground.slack.url}/api/")
    client.chat_postMessage(channel=screen.channel.id, text="Passes", blocks=blocks)
    screen.open(lang=lang)
    old, new = screen.message("from Erik").get_by_role("combobox", name="Rate", exact=True).all()
    expect(old).to_have_accessible_description("Leads from Erik")
    expect(old).to_have_value("Choice 2")
    expect(new).to_have_accessible_description("Deals from Maria")
    # Who cannot be chosen any more is shown where it is chosen still.
    expect(screen.message("from Erik").get_by_role("combobox").last).to_have_value("Gone Long")
    new.press_sequentially("zzz")
    expect(screen.page.get_by_role("option")).to_have_text([nothing])
    new.fill("")
    new.press_sequentially("12")
    expect(screen.page.get_by_role("option")).to_have_text(["Choice 12"])
    new.press("ArrowDown")
    new.press("Enter")
    expect(screen.message("Picked 12")).to_be_visible()
    del page_playground.slack.workspace().users[left.id]


def test_a_field_is_described_by_its_hint_and_its_error(screen: Screen) -> None:
    screen.open().send("/hat card")
    screen.message("is owned by").get_by_role("button", name="Report").click()
    leads = screen.modal.get_by_label("Nurtured leads")
    leads.fill("abc")
    leads.press("Enter")
    expect(leads).to_have_accessible_description("abc is not a number. As on the dashboard")
