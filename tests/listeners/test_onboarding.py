"""A team's first hour, as people type, press and submit it: each answer leads to the next step."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.services.hats import starter_hats
from bot.services.workspaces.scene import Asker
from messages import ids
from storage import Sessions
from tests.listeners.test_editing import buttons
from tests.support.builders import NOW, added
from tests.support.fake_slack import Json, words
from tests.support.filling import submit
from tests.support.listening import Phone
from tests.support.workshop import Workshop

EMPTY = "C0EMPTY001"
DIRECT = "D0ANNA0001"


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


@pytest.fixture
def anna(shop: Workshop) -> Asker:
    return replace(shop.asker(shop.anna), channel=EMPTY)


def last_view(phone: Phone) -> Json:
    return phone.slack.modals[-1][2]


def set_up(phone: Phone, anna: Asker, name: str = "South") -> Json:
    """Set a team up in the empty channel; return the acknowledgement."""
    phone.types(anna, "setup")
    return submit(phone, anna, name=name)


@pytest.mark.parametrize("text", ["", "list", "help"])
def test_where_no_team_is_an_overview_names_its_team_and_offers_a_new_one(
    phone: Phone, anna: Asker, shop: Workshop, text: str
) -> None:
    said = phone.types(anna, text)
    assert f"About *{shop.team.name}*: this channel has no team of its own." in words(said["blocks"])
    assert buttons(said)[ids.TEAM_SET_UP]["value"] == EMPTY
    phone.presses(anna, ids.TEAM_SET_UP, EMPTY)
    assert last_view(phone)["callback_id"] == ids.TEAM_SUBMIT


@pytest.mark.parametrize("text", ["who email", "health", "propose email", "nothing like it", "kpi edit nothing"])
def test_other_answers_there_name_the_team_and_offer_nothing(
    phone: Phone, anna: Asker, shop: Workshop, text: str
) -> None:
    said = phone.types(anna, text)
    if not said:
        said = last_view(phone)
    if said.get("callback_id") == ids.PROPOSE_SUBMIT:  # which is about a hat of the team's
        assert "Email" in words(said["blocks"])
        return
    assert words(said["blocks"]).count(f"About *{shop.team.name}*") == 1
    assert not any(one.get("action_id") == ids.TEAM_SET_UP for one in buttons(said).values())


@pytest.mark.parametrize("channel", ["its own", DIRECT])
def test_in_the_teams_channel_and_in_private_nothing_is_added(
    phone: Phone, anna: Asker, shop: Workshop, channel: str
) -> None:
    asker = replace(anna, channel=channel) if channel == DIRECT else shop.asker(shop.anna)
    for text in ("", "who email", "list"):
        assert "About *" not in words(phone.types(asker, text)["blocks"])


def test_a_team_that_was_set_up_here_is_welcomed_here_and_its_form_closes(phone: Phone, anna: Asker) -> None:
    assert set_up(phone, anna) == {"response_action": "clear"}


def test_set_up_from_elsewhere_the_note_goes_on_to_the_first_hats(phone: Phone, anna: Asker, shop: Workshop) -> None:
    phone.presses(replace(anna, channel=DIRECT), ids.TEAM_SET_UP, "-")
    note = submit(phone, anna, name="South", channel=EMPTY)["view"]
    assert "South is there" in words(note["blocks"])
    assert list(buttons(note)) == [ids.STARTER_HATS, ids.HATS_ASK, ids.HAT_ADD]
    phone.presses(anna, ids.STARTER_HATS, buttons(note)[ids.STARTER_HATS]["value"], view={**note, "id": "V1"})
    assert phone.slack.modals[-1][1] == "V1", "the note is changed, and no second modal opened"
    assert "Hats that are new: 6" in words(last_view(phone)["blocks"])
    assert ids.HATS_TICK in buttons(last_view(phone))
    assert shop.finds("email") == "Email", "the other team is as it was"


def test_where_nobody_has_let_me_in_the_form_says_so_and_leaves_a_note(phone: Phone, anna: Asker) -> None:
    phone.slack.outside.add(EMPTY)
    phone.types(anna, "setup")
    assert f"I can't write in <#{EMPTY}> yet: write `/invite @hattrick` there." in words(last_view(phone)["blocks"])
    note = submit(phone, anna, name="South")
    assert ids.STARTER_HATS in buttons(note["view"])


def test_who_has_ticked_goes_on_in_the_note_with_their_own_team(phone: Phone, anna: Asker, shop: Workshop) -> None:
    set_up(phone, anna)
    team = replace(anna, channel=EMPTY)
    value = buttons(phone.types(team, ""))[ids.STARTER_HATS]["value"]
    steps = phone.presses(team, ids.STARTER_HATS, value, container={"is_ephemeral": True, "message_ts": "1.0"})
    assert steps["replace_original"], "its button has done what it is for"
    phone.presses(team, ids.HATS_TICK, value)
    boxes = next(block["element"]["options"] for block in last_view(phone)["blocks"] if block["type"] == "input")
    note = submit(phone, team, hats_0=boxes[0]["value"])["view"]
    assert "/hat" not in words(note["blocks"])
    pressed = buttons(note)[ids.PROPOSE_OPEN]
    elsewhere = replace(shop.asker(shop.anna), channel=None)
    phone.presses(elsewhere, ids.PROPOSE_OPEN, pressed["value"], view={**note, "id": "V2"})
    assert phone.slack.modals[-1][1] == "V2"
    assert "Who should own" in words(last_view(phone)["blocks"])
    chosen = {ids.PERSON_INPUT: {"type": "users_select", "selected_user": shop.erik.slack_user_id}}
    state = last_view(phone)["private_metadata"]
    offered = phone.submits(elsewhere, ids.PROPOSE_SUBMIT, state, {ids.PERSON_BLOCK: chosen})
    assert "Your offer about" in words(offered["view"]["blocks"])


def test_each_form_of_the_way_ends_with_what_comes_next(phone: Phone, anna: Asker, shop: Workshop) -> None:
    set_up(phone, anna)
    phone.types(anna, "add")
    first = submit(phone, anna, name="Fairs")["view"]
    assert ids.HATS_TICK in buttons(first)
    phone.presses(anna, ids.HATS_TICK, buttons(first)[ids.HATS_TICK]["value"], view={**first, "id": "V1"})
    boxes = next(block["element"]["options"] for block in last_view(phone)["blocks"] if block["type"] == "input")
    ticked = submit(phone, anna, hats_0=boxes[0]["value"])["view"]
    (run,) = buttons(ticked).values()
    phone.presses(replace(anna, channel=None), run["action_id"], run["value"], view={**ticked, "id": "V2"})
    assert last_view(phone)["callback_id"] == ids.KPI_SUBMIT
    measured = submit(phone, anna, name="Contacts")["view"]
    assert ids.PROPOSE_OPEN in buttons(measured)
    assert shop.finds("email") == "Email"


def test_a_member_is_not_sent_to_what_only_admins_do(phone: Phone, anna: Asker, shop: Workshop) -> None:
    set_up(phone, anna)
    phone.types(anna, "add")
    submit(phone, anna, name="Fairs")
    erik = replace(shop.asker(shop.erik), channel=EMPTY)
    value = buttons(phone.types(erik, "setup"))[ids.HATS_TICK]["value"]
    phone.presses(erik, ids.HATS_TICK, value)
    boxes = next(block["element"]["options"] for block in last_view(phone)["blocks"] if block["type"] == "input")
    note = submit(phone, erik, hats_0=boxes[0]["value"])["view"]
    assert buttons(note) == {}


def test_a_hat_that_is_missing_needs_a_place_and_gets_no_other_one(phone: Phone, anna: Asker, shop: Workshop) -> None:
    phone.presses(shop.asker(shop.anna), ids.HATS_TICK, str(shop.team.id))
    wrong = submit(phone, anna, name="Fairs")
    assert set(wrong["errors"]) == {"form_side", "form_position"}
    assert shop.finds("fairs") is None
    submit(phone, anna, name="Fairs", side="marketing", position="forward")
    assert "Forward" in words(phone.types(shop.asker(shop.anna), "who fairs")["blocks"])
    assert "view" in submit(phone, anna, name="Email"), "a hat that is there has its place"


@pytest.mark.parametrize("held", ["Fairs", "-1", "9" * 50, "1.5"])
def test_a_tick_that_means_no_hat_is_passed_over(phone: Phone, shop: Workshop, held: str) -> None:
    asker = shop.asker(shop.anna)
    phone.presses(asker, ids.HATS_TICK, str(shop.team.id))
    told = submit(phone, asker, hats_0=f"{held},{shop.email.id}")
    assert "Email" in words(told["view"]["blocks"])


def test_the_welcome_moves_with_the_team(phone: Phone, anna: Asker, shop: Workshop) -> None:
    set_up(phone, anna)
    shop.replica.tick()
    welcome = shop.slack.last_in(EMPTY)
    assert "*Next step:* Which hats are there?" in welcome.words
    assert ":arrow_right: *2. Hats*: 0 hats" in welcome.words
    value = buttons({"blocks": welcome.message.blocks})[ids.STARTER_HATS]["value"]
    told = phone.presses(anna, ids.STARTER_HATS, value, container={"channel_id": EMPTY, "message_ts": welcome.ts})
    assert "Next step" not in words(told["blocks"]), "the welcome tells it"
    shop.replica.tick()
    (moved,) = shop.slack.updates
    assert moved[1:3] == (EMPTY, welcome.ts)
    assert ids.HATS_TICK in buttons({"blocks": moved[3].blocks})
    assert ":arrow_right: *2. Hats*: 6 hats, worn by 0 people" in words(moved[3].blocks)
    phone.types(anna, "wear campaigns")
    shop.replica.tick()
    assert "is the one to ask about *Campaigns*" in words(shop.slack.updates[-1][3].blocks)
    offer = buttons({"blocks": shop.slack.updates[-1][3].blocks})[ids.PROPOSE_TO]
    told = phone.presses(anna, ids.PROPOSE_TO, offer["value"], channel={"id": EMPTY})
    assert "*Campaigns* is yours" in words(told["blocks"]), "everybody sees the button, also who it names"
    shop.replica.tick()
    assert ":white_check_mark: *4. The first agreement*: 1 hat has an owner" in words(shop.slack.updates[-1][3].blocks)


def test_many_changes_at_once_move_the_welcome_once_and_an_old_one_stays(
    phone: Phone, anna: Asker, shop: Workshop
) -> None:
    set_up(phone, anna)
    shop.replica.tick()
    value = buttons({"blocks": shop.slack.last_in(EMPTY).message.blocks})[ids.STARTER_HATS]["value"]
    phone.types(anna, "add")
    submit(phone, anna, name="Fairs", kpi="Contacts")
    starter_hats.add_starters(shop.sessions, anna, value, now=shop.now)
    shop.replica.tick()
    assert len(shop.slack.updates) == 1
    shop.clock.forward(days=15)
    phone.types(anna, "wear fairs")
    shop.replica.tick()
    assert len(shop.slack.updates) == 1
