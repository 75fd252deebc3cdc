"""Changing things as people type, press and submit it, and what they read in either language."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from bot.services.workspaces.scene import Asker
from bot.slack.outcomes import Refusal as SlackRefusal
from bot.slack.port import Profile
from messages import ids
from storage import Sessions
from storage.tables import Hat, Kpi, Member, Team
from tests.support.builders import NOW, a_kpi, a_workspace, added
from tests.support.fake_slack import FakeSlack, Json, words
from tests.support.filling import submit
from tests.support.listening import Phone
from tests.support.replica import Replica, StandingClock
from tests.support.workshop import Workshop

CHANNEL = "C0NORTH"


@pytest.fixture
def shop(sqlite_sessions: Sessions) -> Iterator[Workshop]:
    made = Workshop(sqlite_sessions)
    yield made
    made.close()


@pytest.fixture
def phone(shop: Workshop) -> Phone:
    for member in (shop.anna, shop.oskar, shop.erik):
        member.refreshed_at = NOW
        added(shop.sessions, member)
    return Phone(shop.sessions, shop.clock, shop.slack)


def buttons(message: Json) -> dict[str, Json]:
    return {e["action_id"]: e for block in message["blocks"] if block["type"] == "actions" for e in block["elements"]}


@pytest.mark.parametrize(
    ("locale", "add", "title", "saved"),
    [
        ("en-GB", "add", "A new hat", "*Hunting* is there now."),
        ("sv-SE", "lägg till", "En ny hatt", "*Hunting* finns nu."),
    ],
)
def test_a_hat_is_added_in_a_form(shop: Workshop, phone: Phone, locale: str, add: str, title: str, saved: str) -> None:
    shop.erik.locale = locale
    added(shop.sessions, shop.erik)
    erik = shop.asker(shop.erik)
    assert phone.types(erik, add) == {}
    assert phone.slack.modals[-1][2]["title"]["text"] == title
    wrong = submit(phone, erik, name="Email")
    assert wrong["response_action"] == "errors"
    assert "Email" in wrong["errors"][f"{ids.FORM_BLOCK}name"]
    done = submit(phone, erik, name="Hunting", kpi="Meetings", target="42")
    assert saved in words(done["view"]["blocks"])
    assert shop.finds("hunting") == "Hunting"


def test_the_edit_button_of_the_card_opens_the_form_with_what_the_hat_is(shop: Workshop, phone: Phone) -> None:
    card = phone.types(shop.asker(shop.oskar), "who email")
    button = buttons(card)[ids.HAT_EDIT]
    phone.presses(shop.asker(shop.oskar), ids.HAT_EDIT, button["value"])
    view = phone.slack.modals[-1][2]
    shown = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert shown["form_name"]["initial_value"] == "Email"
    assert shown["form_aliases"]["initial_value"] == "Newsletter"
    assert shown["form_position"]["initial_option"]["value"] == "midfielder"
    submit(phone, shop.asker(shop.oskar), name="Nurturing", slug="")
    assert (shop.finds("email"), shop.the(shop.email).slug) == ("Nurturing", "nurturing")
    assert ids.HAT_EDIT not in buttons(phone.types(shop.asker(shop.erik), "who email"))
    phone.presses(shop.asker(shop.erik), ids.HAT_EDIT, "nurturing")
    assert "belongs to Oskar" in words(phone.slack.modals[-1][2]["blocks"])


def test_putting_away_asks_first_and_can_be_undone_at_once(shop: Workshop, phone: Phone) -> None:
    anna = shop.asker(shop.anna)
    a_kpi(shop.sessions, shop.email, "Opens")
    asked = phone.types(anna, "archive email")
    said = words(asked["blocks"])
    assert f"<@{shop.oskar.slack_user_id}> does not own it any more." in said
    assert "Nobody is asked for Opens any more." in said
    assert shop.the(shop.email).archived_at is None
    gone = phone.presses(anna, ids.HAT_ARCHIVE, buttons(asked)[ids.HAT_ARCHIVE]["value"])
    assert gone["replace_original"]
    assert shop.finds("email") is None
    back = phone.presses(anna, ids.HAT_RESTORE, buttons(gone)[ids.HAT_RESTORE]["value"])
    assert "*Email* is back" in words(back["blocks"])
    assert shop.finds("email") == "Email"
    assert "Only the team's admins" in words(phone.types(shop.asker(shop.oskar), "archive email")["blocks"])


@pytest.mark.parametrize(
    ("locale", "on", "off", "wearing", "bare"),
    [("en-GB", "wear", "unwear", "You wear *Email* now.", "any more"), ("sv-SE", "bär", "sluta", "Du bär", "längre")],
)
def test_hats_go_on_and_off(
    shop: Workshop, phone: Phone, locale: str, on: str, off: str, wearing: str, bare: str
) -> None:
    shop.erik.locale = locale
    added(shop.sessions, shop.erik)
    erik = shop.asker(shop.erik)
    assert wearing in words(phone.types(erik, f"{on} email")["blocks"])
    listed = words(phone.types(shop.asker(shop.anna), "list")["blocks"])
    assert f"worn by <@{shop.erik.slack_user_id}>" in listed
    assert bare in words(phone.types(erik, f"{off} email")["blocks"])
    assert "so it stays on" in words(phone.types(shop.asker(shop.oskar), f"{off} email")["blocks"])


def test_a_guest_whom_nobody_knows_is_described_before_they_wear_a_hat(shop: Workshop, phone: Phone) -> None:
    guest = Member(workspace_id=0, slack_user_id="U0GUEST001", name="Guest")
    asker = shop.asker(guest)
    assert "ask Slack who you are" in words(phone.types(asker, "wear email")["blocks"])
    assert shop.rows(Member, slack_user_id=guest.slack_user_id) == []
    shop.slack.profiles[asker.workspace, asker.user] = _profile(asker.user, is_restricted=True)
    assert "You wear *Email* now." in words(phone.types(asker, "wear email")["blocks"])
    assert "Only full members" in words(phone.types(asker, "join")["blocks"])
    shop.slack.profiles[asker.workspace, "U0NEW00001"] = _profile("U0NEW00001")
    newcomer = shop.asker(Member(workspace_id=0, slack_user_id="U0NEW00001", name="New"))
    assert "Welcome to" in words(phone.types(newcomer, "join")["blocks"])
    assert "already" in words(phone.types(newcomer, "join")["blocks"])


def _profile(user: str, **facts: bool) -> Profile:
    told = {"is_bot": False, "is_restricted": False, "is_stranger": False, "deleted": False, **facts}
    return Profile(user, "x", "X", "Europe/Oslo", "en-GB", **told)


def test_kpis_and_links_are_changed_in_forms(shop: Workshop, phone: Phone) -> None:
    oskar = shop.asker(shop.oskar)
    phone.types(oskar, "kpi add email")
    assert "errors" in submit(phone, oskar, name="Opens", target="a lot")
    submit(phone, oskar, name="Opens", unit="percent", target="42")
    phone.types(oskar, "kpi ny email")
    submit(phone, oskar, name="Leads")
    phone.types(oskar, "link opens -&gt; leads")
    assert "form_lag" in submit(phone, oskar, lag="soon")["errors"]
    assert "feeds" in words(submit(phone, oskar, lag="2", rate="0.5")["view"]["blocks"])
    listed = words(phone.types(oskar, "kpi")["blocks"])
    assert "*Opens* · Email · target 42%" in listed
    assert "→ Leads, 2 weeks later, 0.5 of one" in listed
    phone.types(shop.asker(shop.anna), "kpi edit opens")
    view = phone.slack.modals[-1][2]
    assert "Oskar owns the hat and agrees first." in words(view["blocks"])
    done = submit(phone, shop.asker(shop.anna), target="45", reason="Spring")
    assert f"I have asked <@{shop.oskar.slack_user_id}>" in words(done["view"]["blocks"])
    assert "does not feed" in words(phone.types(oskar, "unlink opens -> leads")["blocks"])
    assert "put away" in words(phone.types(oskar, "nyckeltal arkivera leads")["blocks"])
    assert "`/hat kpi add`" in words(phone.types(oskar, "kpi conquer")["blocks"])
    assert [kpi.name for kpi in shop.rows(Kpi) if kpi.archived_at is None] == ["Opens"]


def test_settings_are_changed_in_a_form(shop: Workshop, phone: Phone) -> None:
    anna = shop.asker(shop.anna)
    phone.types(anna, "settings")
    view = phone.slack.modals[-1][2]
    shown = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert shown["form_prompt"]["initial_value"] == "Friday 13:00"
    assert "form_digest" in submit(phone, anna, digest="whenever")["errors"]
    assert "saved" in words(submit(phone, anna, digest="", timezone="new york")["view"]["blocks"])
    (team,) = shop.rows(Team)
    assert (team.digest_at, team.timezone) == ("", "America/New_York")
    phone.types(shop.asker(shop.erik), "settings")
    assert "Only the team's admins" in words(phone.slack.modals[-1][2]["blocks"])


@pytest.fixture
def nowhere(sqlite_sessions: Sessions) -> tuple[Phone, Asker]:
    """A workspace without a team, and somebody whom Slack knows."""
    workspace = a_workspace(sqlite_sessions)
    clock = StandingClock(NOW)
    slack = FakeSlack(clock)
    asker = Asker(workspace.slack_team_id, "U0ANNA0001", CHANNEL)
    slack.profiles[asker.workspace, asker.user] = _profile(asker.user)
    return Phone(sqlite_sessions, clock, slack), asker


def send(phone: Phone) -> None:
    """Send what is owed."""
    replica = Replica(phone.sessions, phone.slack, phone.clock, workers=1)
    replica.tick()
    replica.close()


def test_where_there_is_no_team_every_command_offers_to_set_one_up(nowhere: tuple[Phone, Asker]) -> None:
    phone, anna = nowhere
    for text in ("", "list", "who email", "add"):
        phone.slack.modals.clear()
        offered = phone.types(anna, text)
        if text == "add":  # it would have opened a form; what it says opens as one
            assert "/hat setup" in words(phone.slack.modals[-1][2]["blocks"])
        else:
            assert buttons(offered)[ids.TEAM_SET_UP]["value"] == CHANNEL
    phone.presses(anna, ids.TEAM_SET_UP, CHANNEL)
    assert "form_name" in submit(phone, anna, name="")["errors"]
    assert submit(phone, anna, name="North") == {"response_action": "clear"}, "the welcome comes to this channel"
    send(phone)
    assert phone.slack.all_in(anna.user) == [], "the greeting is not needed any more"
    welcome = phone.slack.last_in(CHANNEL)
    assert {e["action_id"] for b in welcome.message.blocks if b["type"] == "actions" for e in b["elements"]} == {
        ids.HAT_ADD,
        ids.HATS_ASK,
        ids.STARTER_HATS,
    }
    phone.presses(anna, ids.HAT_ADD, "1")
    submit(phone, anna, name="Sales")
    phone.presses(anna, ids.STARTER_HATS, "1")
    (answered,) = (words(said["blocks"]) for said in phone.seen)
    assert "Hats that are new: 5." in answered
    assert "Next step" in answered
    with phone.sessions.read() as session:
        assert len(session.exec(select(Hat)).all()) == 6


def test_where_the_bot_may_not_write_the_next_steps_come_in_a_dm(nowhere: tuple[Phone, Asker]) -> None:
    phone, anna = nowhere
    phone.slack.answers(CHANNEL, SlackRefusal("channel_not_found"))
    phone.types(anna, "setup")
    submit(phone, anna, name="North")
    send(phone)
    send(phone)
    assert phone.slack.all_in(CHANNEL) == []
    assert "/invite @hattrick" in phone.slack.last_in(anna.user).words
