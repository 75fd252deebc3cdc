"""Tokens and sources as people type, press and submit them, and what they read in either language."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from bot.services.sources.fetching import Fetcher
from bot.services.workspaces import api_tokens
from messages import ids
from storage import Sessions
from storage import sources as stored
from storage.tables import ApiToken, Kpi, Source
from tests.support.builders import NOW, a_kpi, added
from tests.support.fake_slack import Json, words
from tests.support.filling import filled
from tests.support.listening import Phone
from tests.support.sources import SourceServer, a_source_server
from tests.support.workshop import Workshop

TOKEN = re.compile(r"hat_[A-Za-z0-9_-]{43}")


@pytest.fixture
def shop(sqlite_sessions: Sessions) -> Iterator[Workshop]:
    made = Workshop(sqlite_sessions)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[SourceServer]:
    with a_source_server() as running:
        yield running


@pytest.fixture
def phone(shop: Workshop, server: SourceServer) -> Phone:
    for member in (shop.anna, shop.oskar, shop.erik):
        member.refreshed_at = NOW
        added(shop.sessions, member)
    phone = Phone(shop.sessions, shop.clock, shop.slack)
    object.__setattr__(phone.deps, "fetcher", Fetcher(frozenset({server.place}), seconds=3))
    return phone


@pytest.fixture
def visits(shop: Workshop) -> Kpi:
    return a_kpi(shop.sessions, shop.email, "Visits")


def modal(shop: Workshop) -> Json:
    return shop.slack.modals[-1][2]


def make_token(shop: Workshop, phone: Phone, name: str = "CRM") -> Json:
    phone.types(shop.asker(shop.anna), "tokens")
    phone.presses(shop.asker(shop.anna), ids.TOKEN_NEW, str(shop.team.id))
    form = modal(shop)
    return phone.submits(shop.asker(shop.anna), ids.TOKEN_SUBMIT, form["private_metadata"], filled(form, name=name))


def test_an_admin_makes_a_token_that_is_shown_once(shop: Workshop, phone: Phone) -> None:
    made = make_token(shop, phone)
    assert made["response_action"] == "update"
    (token,) = TOKEN.findall(words(made["view"]))
    assert api_tokens.bearer_of(shop.sessions, token, now=shop.now) is not None
    listed = words(phone.types(shop.asker(shop.anna), "tokens"))
    assert "CRM" in listed
    assert token[:10] in listed
    assert token not in listed
    changes = words(phone.types(shop.asker(shop.anna), "audit"))
    assert "CRM" in changes
    assert token[10:] not in changes


def test_a_revoked_token_is_refused_and_asked_about_first(shop: Workshop, phone: Phone) -> None:
    (token,) = TOKEN.findall(words(make_token(shop, phone)["view"]))
    listed = phone.types(shop.asker(shop.anna), "tokens")
    button = next(block["accessory"] for block in listed["blocks"] if "accessory" in block)
    assert "CRM" in button["confirm"]["text"]["text"]
    assert "CRM" in words(phone.presses(shop.asker(shop.anna), ids.TOKEN_REVOKE, button["value"]))
    assert api_tokens.bearer_of(shop.sessions, token, now=shop.now) is None
    phone.presses(shop.asker(shop.anna), ids.TOKEN_REVOKE, button["value"])
    assert "revoked already" in words(modal(shop))


def test_only_admins_see_make_and_revoke_tokens(shop: Workshop, phone: Phone) -> None:
    make_token(shop, phone)
    (kept,) = shop.rows(ApiToken)
    erik = shop.asker(shop.erik)
    assert "Anna" in words(phone.types(erik, "tokens"))
    phone.presses(erik, ids.TOKEN_NEW, str(shop.team.id))
    assert "Anna" in words(modal(shop))
    refused = phone.submits(erik, ids.TOKEN_SUBMIT, str(shop.team.id), {"form_name": {"value": {"value": "Mine"}}})
    assert not TOKEN.search(words(refused["view"]))
    phone.presses(erik, ids.TOKEN_REVOKE, f"{shop.team.id} {kept.id}")
    assert [one.revoked_at for one in shop.rows(ApiToken)] == [None]


@pytest.mark.parametrize("value", ["", "x", "1 2 3", "999999 1", "-1 1", "\0"])
def test_forged_buttons_change_nothing(shop: Workshop, phone: Phone, value: str) -> None:
    make_token(shop, phone)
    phone.presses(shop.asker(shop.anna), ids.TOKEN_REVOKE, value)
    phone.presses(shop.asker(shop.anna), ids.TOKEN_NEW, value)
    assert [one.revoked_at for one in shop.rows(ApiToken)] == [None]


def test_a_name_that_cannot_be_kept_is_marked_at_its_field(shop: Workshop, phone: Phone) -> None:
    answer = make_token(shop, phone, name="???")
    assert list(answer["errors"]) == ["form_name"]
    assert shop.rows(ApiToken) == []


def test_a_team_has_twenty_tokens_at_most(shop: Workshop, phone: Phone) -> None:
    for number in range(20):
        make_token(shop, phone, name=f"CRM {number}")
    phone.presses(shop.asker(shop.anna), ids.TOKEN_NEW, str(shop.team.id))
    assert "as many tokens" in words(modal(shop))


@pytest.mark.usefixtures("visits")
def test_a_source_is_tried_before_it_is_saved(shop: Workshop, phone: Phone, server: SourceServer) -> None:
    oskar = shop.asker(shop.oskar)
    phone.types(oskar, "source visits")
    form = modal(shop)
    address = server.shows("/weeks.csv", "Week;Visits\n2026-W48;4 200\n")
    typed = filled(form, address=address, expression="visits")
    ack = phone.submits(oskar, ids.SOURCE_SUBMIT, form["private_metadata"], typed)
    assert "127.0.0.1" in words(ack["view"])
    shown = modal(shop)
    assert shown["callback_id"] == ids.SOURCE_SAVE
    assert "4,200" in words(shown)
    assert shop.rows(Source) == []
    done = phone.submits(oskar, ids.SOURCE_SAVE, shown["private_metadata"], {})
    assert "Visits" in words(done["view"])
    (kept,) = shop.rows(Source)
    assert (kept.address, kept.expression, kept.week_expression) == (address, "visits", "week")


def test_the_owner_sees_where_a_value_came_from_until_they_correct_it(
    shop: Workshop, phone: Phone, visits: Kpi
) -> None:
    oskar, week = shop.asker(shop.oskar), "2026-W47"
    with shop.sessions.write() as session:
        scope = {"workspace_id": shop.workspace.id or 0, "team_id": shop.team.id or 0, "kpi_id": visits.id or 0}
        where = {"address": "https://docs.google.com/x", "format_": "csv", "expression": "v", "week_expression": "w"}
        stored.put(session, **scope, **where, by=None, now=shop.now)
        stored.store_pulled(session, kpi_id=visits.id or 0, period=week, value=Decimal(4200), now=shop.now)
    assert "read from docs.google.com" in words(phone.types(oskar, "kpi"))
    phone.presses(oskar, ids.REPORT_OPEN, f"{shop.team.id}:{week}")
    form = modal(shop)
    assert "ead from docs.google.com" in words(form)
    typed = {f"{ids.KPI_BLOCK}{visits.id}": {ids.KPI_INPUT: {"type": "plain_text_input", "value": "4100"}}}
    answer = phone.submits(oskar, ids.REPORT_SUBMIT, form["private_metadata"], typed)
    assert "4,100" in words(answer["view"])
    assert "docs.google.com" not in words(answer["view"])


@pytest.mark.usefixtures("visits")
def test_what_goes_wrong_is_said_in_the_form_with_what_was_typed(
    shop: Workshop, phone: Phone, server: SourceServer
) -> None:
    oskar = shop.asker(shop.oskar)
    phone.types(oskar, "source visits")
    form = modal(shop)
    address = server.shows("/weeks.csv", "week,leads\n2026-W48,1\n")
    phone.submits(
        oskar, ids.SOURCE_SUBMIT, form["private_metadata"], filled(form, address=address, expression="visits")
    )
    again = modal(shop)
    assert "no column called “visits”" in words(again)
    assert address in words(again)


@pytest.mark.usefixtures("visits")
def test_an_address_inside_is_marked_before_anything_is_asked(shop: Workshop, phone: Phone) -> None:
    oskar = shop.asker(shop.oskar)
    phone.types(oskar, "source visits")
    form = modal(shop)
    typed = filled(form, address="ftp://example.com", expression="visits")
    assert list(phone.submits(oskar, ids.SOURCE_SUBMIT, form["private_metadata"], typed)["errors"]) == ["form_address"]
    typed = filled(form, address="http://169.254.169.254/latest", expression="visits")
    phone.submits(oskar, ids.SOURCE_SUBMIT, form["private_metadata"], typed)
    assert "private network" in words(modal(shop))


def test_swedish_members_read_swedish(shop: Workshop, phone: Phone, visits: Kpi) -> None:
    shop.anna.locale = "sv-SE"
    added(shop.sessions, shop.anna)
    assert "Nycklar" in words(phone.types(shop.asker(shop.anna), "nycklar"))
    phone.types(shop.asker(shop.anna), f"källa {visits.slug}")
    assert "Adress" in words(modal(shop))


def test_somebody_elses_source_is_not_opened(shop: Workshop, phone: Phone, visits: Kpi) -> None:
    phone.types(shop.asker(shop.erik), f"source {visits.slug}")
    assert "Oskar" in words(modal(shop)) or shop.oskar.slack_user_id in words(modal(shop))
