"""The hat check and the evidence as people type, press and see them."""

from datetime import timedelta

import pytest
from sqlmodel import select

from messages import ids
from storage import Sessions
from storage.tables import Proposal
from tests.support.builders import wears
from tests.support.checking import Dugout
from tests.support.fake_slack import FakeSlack, Json, words
from tests.support.listening import Phone
from tests.support.replica import StandingClock, replica
from tests.support.week import FRIDAY_13, MONDAY_10, THIS_WEEK, Player, a_player


@pytest.fixture
def dugout(sqlite_sessions: Sessions) -> Dugout:
    return Dugout(sqlite_sessions)


@pytest.fixture
def phone(dugout: Dugout) -> Phone:
    clock = StandingClock(FRIDAY_13)
    return Phone(dugout.sessions, clock, FakeSlack(clock))


def hats_chosen(*hat_ids: int | None, stop: bool = False) -> Json:
    menu = {ids.HATS_INPUT: {"selected_options": [{"value": str(hat_id)} for hat_id in hat_ids]}}
    boxes = {ids.ASKING_INPUT: {"selected_options": [{"value": "stop"}] if stop else []}}
    return {ids.HATS_BLOCK: menu, ids.ASKING_BLOCK: boxes}


def the_week_is_asked(phone: Phone) -> None:
    with replica(phone.sessions, phone.slack, phone.clock) as bot:
        bot.tick()


def buttons(blocks: list[Json]) -> dict[str, Json]:
    return {e["action_id"]: e for block in blocks if block["type"] == "actions" for e in block["elements"]}


def test_one_tap_in_the_message_answers_and_the_message_says_so(phone: Phone, dugout: Dugout) -> None:
    wears(dugout.sessions, dugout.erik, dugout.sales)
    the_week_is_asked(phone)
    asked = phone.slack.last_in(dugout.erik.slack_user_id)
    same = buttons(asked.message.blocks)[ids.HAT_CHECK_SAME]
    assert same["text"]["text"] == "I wore Sales"
    phone.presses(dugout.asker(dugout.erik), ids.HAT_CHECK_SAME, same["value"])
    assert dugout.stored(dugout.erik) == (dugout.sales.id,)
    ((_, channel, ts, now_says),) = phone.slack.updates
    assert (channel, ts) == (asked.channel, asked.ts)
    assert "In week 48 you wore Sales." in words(now_says.blocks)
    assert set(buttons(now_says.blocks)) == {ids.HAT_CHECK_OPEN}


def test_a_second_tap_changes_nothing(phone: Phone, dugout: Dugout) -> None:
    wears(dugout.sessions, dugout.erik, dugout.sales)
    the_week_is_asked(phone)
    same = buttons(phone.slack.last_in(dugout.erik.slack_user_id).message.blocks)[ids.HAT_CHECK_SAME]["value"]
    for _ in range(2):
        phone.presses(dugout.asker(dugout.erik), ids.HAT_CHECK_SAME, same)
    assert dugout.stored(dugout.erik) == (dugout.sales.id,)
    assert phone.slack.modals == []


def test_an_owners_numbers_stay_in_the_message_until_they_are_reported(phone: Phone, dugout: Dugout) -> None:
    sara: Player = a_player(dugout.sessions, dugout.team, "Sara")
    the_week_is_asked(phone)
    (asked,) = phone.slack.all_in(sara.id)
    value = buttons(asked.message.blocks)[ids.HAT_CHECK_SAME]["value"]
    phone.presses(sara.asker, ids.HAT_CHECK_SAME, value)
    said = phone.slack.updates[-1][3]
    assert "How did week 48 go in North?" in words(said.blocks)
    assert "In week 48 you wore Hat of Sara." in words(said.blocks)
    assert ids.REPORT_OPEN in buttons(said.blocks)
    typed = {f"{ids.KPI_BLOCK}{sara.kpi.id}": {ids.KPI_INPUT: {"value": "12"}}}
    phone.submits(sara.asker, ids.REPORT_SUBMIT, f"{dugout.team.id}:{THIS_WEEK}", typed)
    said = phone.slack.updates[-1][3]
    assert "Thanks! Your numbers for week 48 in North are in." in words(said.blocks)
    assert "In week 48 you wore Hat of Sara." in words(said.blocks)


def test_a_report_leaves_the_question_about_hats_in_the_message(phone: Phone, dugout: Dugout) -> None:
    sara = a_player(dugout.sessions, dugout.team, "Sara")
    the_week_is_asked(phone)
    typed = {f"{ids.KPI_BLOCK}{sara.kpi.id}": {ids.KPI_INPUT: {"value": "12"}}}
    phone.submits(sara.asker, ids.REPORT_SUBMIT, f"{dugout.team.id}:{THIS_WEEK}", typed)
    said = phone.slack.updates[-1][3]
    assert "Thanks!" in words(said.blocks)
    assert "And which hats did you wear?" in words(said.blocks)
    assert ids.HAT_CHECK_SAME in buttons(said.blocks)


def test_the_form_opens_on_demand_and_stores_none_of_them(phone: Phone, dugout: Dugout) -> None:
    wears(dugout.sessions, dugout.erik, dugout.sales)
    phone.types(dugout.asker(dugout.erik), "check")
    ((_, _, view),) = phone.slack.modals
    (menu,) = (b["element"] for b in view["blocks"] if b.get("block_id") == ids.HATS_BLOCK)
    assert [option["text"]["text"] for option in menu["options"]] == ["Sales", "Booking", "Prospecting"]
    assert [option["text"]["text"] for option in menu["initial_options"]] == ["Sales"]
    ack = phone.submits(dugout.asker(dugout.erik), ids.HAT_CHECK_SUBMIT, view["private_metadata"], hats_chosen())
    assert "In week 48 you wore none of the team's hats." in words(ack["view"])
    assert dugout.stored(dugout.erik) == ()
    assert phone.slack.updates == [], "nobody was asked yet, so there is no message to change"


def test_the_form_can_be_told_not_to_ask_again(phone: Phone, dugout: Dugout) -> None:
    state = f"{dugout.team.id}:{THIS_WEEK}"
    values = hats_chosen(dugout.sales.id, dugout.booking.id, stop=True)
    ack = phone.submits(dugout.asker(dugout.erik), ids.HAT_CHECK_SUBMIT, state, values)
    assert "Booking and Sales" in words(ack["view"])
    assert "I won't ask you again." in words(ack["view"])
    the_week_is_asked(phone)
    assert phone.slack.all_in(dugout.erik.slack_user_id) == []


@pytest.mark.parametrize("value", ["", ":", "x", "1:2026-W48:one", "1:2026-W99:1", "1:2026-W48:" + "1." * 2000])
def test_a_button_with_nonsense_is_answered_with_a_sentence(phone: Phone, dugout: Dugout, value: str) -> None:
    phone.presses(dugout.asker(dugout.erik), ids.HAT_CHECK_SAME, value)
    ((_, _, notice),) = phone.slack.modals
    assert "went wrong" not in words(notice)
    assert dugout.stored(dugout.erik) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("check off", "I won't ask you again."),
        ("koll av", "I won't ask you again."),
        ("check on", "You are asked every week"),
        ("CHECK På", "You are asked every week"),
        ("check team off", "Nobody in North is asked any more"),
        ("koll laget på", "Everybody in North is asked every week"),
        ("check maybe", "Write `/hat check`"),
        ("check team", "Write `/hat check`"),
        ("check off now", "Write `/hat check`"),
    ],
)
def test_switching_on_and_off_takes_both_languages(phone: Phone, dugout: Dugout, typed: str, said: str) -> None:
    assert said in words(phone.types(dugout.asker(dugout.anna), typed)["blocks"])


def test_only_admins_switch_for_the_team(phone: Phone, dugout: Dugout) -> None:
    refused = words(phone.types(dugout.asker(dugout.erik), "check team off")["blocks"])
    assert "Anna" in refused
    the_week_is_asked(phone)
    assert phone.slack.all_in(dugout.maria.slack_user_id)


def evidence_for_erik(dugout: Dugout) -> None:
    for number in range(8):
        week = f"2026-W{48 - number}"
        dugout.has_ticked(dugout.erik, dugout.sales, week=week, at=FRIDAY_13 - timedelta(weeks=number))


@pytest.mark.parametrize(("word", "locale"), [("evidence", "en-US"), ("underlag", "sv-SE"), ("belägg", "sv-SE")])
def test_the_evidence_shows_counts_the_natural_owner_a_chart_and_the_offer(
    phone: Phone, dugout: Dugout, word: str, locale: str
) -> None:
    evidence_for_erik(dugout)
    phone.clock.now = MONDAY_10
    sara = dugout.joins("Sara", locale=locale)
    shown = phone.types(dugout.asker(sara), f"{word} sales")
    text = words(shown["blocks"])
    swedish = locale == "sv-SE"
    assert ("bar den i 8 veckor" if swedish else "wore it in 8 weeks") in text
    assert ("är den naturliga ägaren" if swedish else "is the natural owner") in text
    offer = buttons(shown["blocks"])[ids.PROPOSE_TO]
    assert offer["value"] == f"sales {dugout.erik.slack_user_id}"
    assert offer["text"]["text"] == ("Föreslå för Erik" if swedish else "Propose to Erik")
    assert "data_visualization" in {block["type"] for block in shown["blocks"]}


def test_the_offer_is_one_press_and_goes_to_the_natural_owner_once(phone: Phone, dugout: Dugout) -> None:
    evidence_for_erik(dugout)
    phone.clock.now = MONDAY_10
    maria = dugout.asker(dugout.maria)
    value = buttons(phone.types(maria, "evidence sales")["blocks"])[ids.PROPOSE_TO]["value"]
    assert "Sales" in words(phone.presses(maria, ids.PROPOSE_TO, value)["blocks"])
    phone.presses(maria, ids.PROPOSE_TO, value)
    ((_, _, notice),) = phone.slack.modals
    assert "Sales" in words(notice), "it is on the table already"
    with dugout.sessions.read() as session:
        (offer,) = session.exec(select(Proposal)).all()
    assert (offer.origin, offer.candidate_id) == ("evidence", dugout.erik.id)
    with replica(phone.sessions, phone.slack, phone.clock) as bot:
        bot.tick()
    offered = [said for said in phone.slack.all_in(dugout.erik.slack_user_id) if "wore it in 8 weeks" in said.words]
    assert len(offered) == 1, "with the evidence"


def test_where_charts_are_not_known_the_trend_is_told_in_words(phone: Phone, dugout: Dugout) -> None:
    evidence_for_erik(dugout)
    phone.clock.now = MONDAY_10
    phone.unknown_blocks = {"data_visualization"}
    shown = phone.types(dugout.asker(dugout.anna), "evidence sales")
    assert "w 48: 1" in words(shown["blocks"])
    assert len(phone.seen) == 1


def test_without_evidence_it_says_what_is_missing(phone: Phone, dugout: Dugout) -> None:
    text = words(phone.types(dugout.asker(dugout.anna), "evidence sales")["blocks"])
    assert "No clear natural owner yet." in text
    assert "5 more times" in text


def test_a_hat_that_is_not_there_is_told_under_the_command(phone: Phone, dugout: Dugout) -> None:
    assert "curling" in words(phone.types(dugout.asker(dugout.anna), "evidence curling")["blocks"])
    assert "Which hat?" in words(phone.types(dugout.asker(dugout.anna), "evidence")["blocks"])


def test_a_member_sees_switches_off_and_deletes_what_is_kept_of_them(phone: Phone, dugout: Dugout) -> None:
    evidence_for_erik(dugout)
    erik = dugout.asker(dugout.erik)
    shown = phone.types(erik, "me")
    assert "Sales" in words(shown["blocks"])
    assert "8 weeks" in words(shown["blocks"])
    assert buttons(shown["blocks"])[ids.EVIDENCE_FORGET]["confirm"]
    assert "I won't ask you again." in words(phone.presses(erik, ids.HAT_CHECK_OFF)["blocks"])
    assert ids.HAT_CHECK_ON in buttons(phone.types(erik, "mig")["blocks"])
    assert "You are asked every week" in words(phone.presses(erik, ids.HAT_CHECK_ON)["blocks"])
    gone = phone.presses(erik, ids.EVIDENCE_FORGET)
    assert gone["replace_original"]
    assert "Deleted." in words(gone["blocks"])
    assert "Nothing is kept of these weeks." in words(phone.types(erik, "me")["blocks"])
    assert dugout.stored(dugout.erik) is None
