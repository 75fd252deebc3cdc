"""Commands, buttons and forms about who owns a hat: what a person sees, in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.slack.port import Profile
from messages import ids
from storage import Sessions
from storage.tables import Member
from tests.support.builders import a_hat, a_kpi, a_target, wears
from tests.support.club import Club
from tests.support.fake_slack import words
from tests.support.listening import Phone
from tests.support.week import CHANNEL, TUESDAY

Json = dict[str, Any]


class Desk(Club):
    """A club with a vacant hat, Försäljning, and phones to act with."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.maria = self.joins("Maria")
        self.sales = a_hat(self.sessions, self.team, "Sales", position="forward", created_at=TUESDAY)
        self.deals = a_kpi(self.sessions, self.sales, "Deals")
        a_target(self.sessions, self.deals, 10)
        self.phone = Phone(self.sessions, self.clock, self.slack)
        for member in (self.anna, self.oskar, self.maria):
            self.slack_says(member)

    def slack_knows(self, user: str, name: str, *, is_restricted: bool = False) -> None:
        self.slack.profiles[self.workspace.slack_team_id, user] = Profile(
            slack_user_id=user,
            handle=name.lower(),
            name=name,
            timezone=None,
            locale="en-US",
            is_bot=False,
            is_restricted=is_restricted,
            is_stranger=False,
            deleted=False,
        )

    def types(self, member: Member, text: str) -> str:
        return words(self.phone.types(self.asker(member), text).get("blocks", []))

    def presses(self, member: Member, action: str, value: str) -> str:
        return words(self.phone.presses(self.asker(member), action, value).get("blocks", []))

    def submits(self, member: Member, callback: str, state: str, **fields: Json) -> Json:
        view = {name: {action: value} for name, (action, value) in fields.items()}  # type: ignore[misc]
        return self.phone.submits(self.asker(member), callback, state, view)

    def modal(self) -> Json:
        return self.slack.modals[-1][2]

    def later_choices(self) -> dict[str, str]:
        (element,) = (block["element"] for block in self.modal()["blocks"] if "element" in block)
        assert element["initial_option"] == element["options"][0]
        return {option["value"]: option["text"]["text"] for option in element["options"]}

    def key(self, round_: int = 1) -> str:
        return f"{self.proposals()[-1].id}.{round_}"


@pytest.fixture
def desk(sqlite_sessions: Sessions) -> Iterator[Desk]:
    opened = Desk(sqlite_sessions)
    yield opened
    opened.close()


def mention(member: Member) -> str:
    return f"<@{member.slack_user_id}|x>"


@pytest.mark.parametrize("command", ["propose", "föreslå", "Foresla"])
def test_a_hat_is_offered_by_a_command_whichever_word_comes_first(desk: Desk, command: str) -> None:
    shown = desk.types(desk.anna, f"{command} sales {mention(desk.maria)}")
    assert f"is with <@{desk.maria.slack_user_id}>" in shown
    assert "Accept" in desk.told(desk.maria)[0]


def test_a_proposal_without_a_person_asks_for_one_and_knows_who_wears_the_hat(desk: Desk) -> None:
    wears(desk.sessions, desk.maria, desk.sales)
    desk.types(desk.anna, "propose sales")
    assert f"It is worn by <@{desk.maria.slack_user_id}>." in words(desk.modal())
    state = desk.modal()["private_metadata"]
    done = desk.submits(
        desk.anna, ids.PROPOSE_SUBMIT, state, person=(ids.PERSON_INPUT, {"selected_user": desk.maria.slack_user_id})
    )
    assert "is with" in words(done["view"])
    assert len(desk.told(desk.maria)) == 1


def test_a_colleague_whom_nobody_has_spoken_of_can_be_offered_a_hat(desk: Desk) -> None:
    desk.slack_knows("U0NEWGRACE", "Grace")
    assert "is with <@U0NEWGRACE>" in desk.types(desk.anna, "propose sales <@U0NEWGRACE|grace>")
    desk.replica.tick()
    assert "would like you to own" in desk.slack.last_in("U0NEWGRACE").words


def test_a_guest_whom_slack_describes_cannot_be_offered_a_hat(desk: Desk) -> None:
    desk.slack_knows("U0GUEST", "Ola", is_restricted=True)
    assert "can't own a hat" in desk.types(desk.anna, "propose sales <@U0GUEST|ola>")


def test_accepting_turns_the_offer_into_an_agreement_without_buttons(desk: Desk) -> None:
    desk.types(desk.anna, f"propose sales {mention(desk.maria)}")
    desk.told(desk.maria)
    desk.presses(desk.maria, ids.OFFER_ACCEPT, desk.key())
    _, channel, ts, message = desk.slack.updates[-1]
    assert (channel, ts) == (
        desk.slack.last_in(desk.maria.slack_user_id).channel,
        desk.slack.all_in(desk.maria.slack_user_id)[0].ts,
    )
    assert message.text == "Agreed: *Sales* is yours."
    assert not [block for block in message.blocks if block["type"] == "actions"]
    assert desk.owner_of(desk.sales) == desk.maria.id


def test_a_second_press_gets_a_kind_sentence(desk: Desk) -> None:
    desk.types(desk.anna, f"propose sales {mention(desk.maria)}")
    desk.told(desk.maria)
    for _ in range(2):
        desk.presses(desk.maria, ids.OFFER_ACCEPT, desk.key())
    assert "has been decided already" in words(desk.modal())


def test_a_counter_is_written_in_a_form_that_marks_what_it_cannot_read(desk: Desk) -> None:
    desk.types(desk.anna, f"propose sales {mention(desk.maria)}")
    desk.told(desk.maria)
    desk.presses(desk.maria, ids.OFFER_COUNTER, desk.key())
    view = desk.modal()
    block = f"{ids.TERM_BLOCK}{desk.deals.id}"
    prefilled = {b["block_id"]: b["element"].get("initial_value") for b in view["blocks"] if b["type"] == "input"}
    assert prefilled[block] == "10"
    state, why = view["private_metadata"], (ids.REASON_INPUT, {"value": "Slow season"})
    wrong = desk.submits(
        desk.maria, ids.COUNTER_SUBMIT, state, **{block: (ids.TERM_INPUT, {"value": "x"}), "reason": why}
    )
    assert list(wrong["errors"]) == [block]
    right = desk.submits(
        desk.maria, ids.COUNTER_SUBMIT, state, **{block: (ids.TERM_INPUT, {"value": "8"}), "reason": why}
    )
    assert right == {"response_action": "clear"}
    assert "You suggested something else for *Sales*." in desk.slack.updates[-1][3].text
    assert "> Slow season" in desk.told(desk.anna)[-1]


def test_a_no_and_a_later_are_forms_too(desk: Desk) -> None:
    desk.types(desk.anna, f"propose sales {mention(desk.maria)}")
    desk.told(desk.maria)
    desk.presses(desk.maria, ids.OFFER_LATER, desk.key())
    state = desk.modal()["private_metadata"]
    named = {"tomorrow": "Tomorrow morning", "monday": "On Monday morning", "week": "In a week"}
    assert desk.later_choices() == named
    desk.clock.forward(days=3)
    desk.presses(desk.maria, ids.OFFER_LATER, desk.key())
    assert desk.later_choices() == {choice: named[choice] for choice in ("monday", "week")}, "on a Friday"
    chosen = {"selected_option": {"value": "monday"}}
    desk.submits(desk.maria, ids.LATER_SUBMIT, state, later=(ids.LATER_INPUT, chosen))
    assert "I ask again on 30 November 2026." in words(desk.slack.updates[-1][3].blocks)
    assert [block for block in desk.slack.updates[-1][3].blocks if block["type"] == "actions"], (
        "it can still be answered"
    )
    desk.presses(desk.maria, ids.OFFER_DECLINE, desk.key())
    assert "Private: only Anna sees it." in str(desk.modal())
    desk.submits(desk.maria, ids.DECLINE_SUBMIT, state, reason=(ids.REASON_INPUT, {"value": "No time"}))
    assert "You said no" in desk.slack.updates[-1][3].text
    assert "> No time" in desk.told(desk.anna)[-1]


def test_a_vacant_hats_card_lets_one_volunteer_or_propose(desk: Desk) -> None:
    card = desk.phone.types(desk.asker(desk.maria), "who sales")
    offered = {e["action_id"]: e["value"] for b in card["blocks"] if b["type"] == "actions" for e in b["elements"]}
    assert offered[ids.PROPOSE_OPEN] == "sales"
    shown = desk.presses(desk.maria, ids.VOLUNTEER, offered[ids.VOLUNTEER])
    assert f"<@{desk.anna.slack_user_id}> hears that you would like to own *Sales*" in shown
    assert "would like to own the hat *Sales*" in desk.told(desk.anna)[-1]


def test_a_button_of_a_hat_that_is_gone_offers_no_similar_one(desk: Desk) -> None:
    desk.presses(desk.maria, ids.VOLUNTEER, "sale")
    assert "I know no hat called" in words(desk.modal())
    assert desk.proposals() == []


def test_stepping_down_asks_to_whom_and_nobody_is_an_answer(desk: Desk) -> None:
    wears(desk.sessions, desk.maria, desk.email)
    desk.types(desk.oskar, "step-down email")
    view = desk.modal()
    assert "stays yours until somebody has accepted it" in words(view)
    done = desk.submits(desk.oskar, ids.STEP_DOWN_SUBMIT, view["private_metadata"])
    assert "hear that you look for somebody" in words(done["view"])
    (asked,) = desk.told(desk.maria)
    assert "I'd like to own it" in asked
    assert desk.owner_of(desk.email) == desk.oskar.id
    desk.presses(desk.maria, ids.VOLUNTEER, f"email {CHANNEL}")
    assert "take over your hat" in desk.told(desk.oskar)[-1]


def test_only_ones_own_hat_is_passed_on(desk: Desk) -> None:
    assert "isn't yours to pass on" in desk.types(desk.maria, f"pass email {mention(desk.anna)}")
    desk.types(desk.maria, "step-down email")
    assert "isn't yours to pass on" in words(desk.modal())
    assert "is with" in desk.types(desk.oskar, f"lämna email {mention(desk.maria)}")


def test_lamna_alone_is_still_about_the_team(desk: Desk) -> None:
    assert desk.types(desk.oskar, "lämna")
    assert desk.proposals() == []


def test_an_admin_forces_in_one_line_or_in_a_form(desk: Desk) -> None:
    assert "Only the team's admins" in desk.types(desk.maria, f"force sales {mention(desk.maria)} I want it")
    desk.types(desk.anna, f"force sales {mention(desk.maria)}")
    view = desk.modal()
    person = next(b["element"] for b in view["blocks"] if b.get("block_id") == ids.PERSON_BLOCK)
    assert person["initial_user"] == desk.maria.slack_user_id
    shown = desk.types(desk.anna, f"force sales {mention(desk.oskar)} He knows the customers")
    assert "Everyone concerned sees your reason" in shown
    assert desk.owner_of(desk.sales) == desk.oskar.id
    chosen = (ids.PERSON_INPUT, {"selected_user": desk.maria.slack_user_id})
    why = (ids.REASON_INPUT, {"value": "She asked"})
    desk.submits(desk.anna, ids.FORCE_SUBMIT, view["private_metadata"], person=chosen, reason=why)
    assert desk.owner_of(desk.sales) == desk.maria.id


def test_an_offer_is_taken_back_and_its_message_says_so(desk: Desk) -> None:
    desk.types(desk.anna, f"propose sales {mention(desk.maria)}")
    desk.told(desk.maria)
    assert "is taken back" in desk.types(desk.anna, "withdraw sales")
    assert "was taken back" in desk.slack.updates[-1][3].text
    assert "No offer about *" not in desk.types(desk.anna, "återta sales")
    assert "waits for an answer" in desk.types(desk.anna, "återta sales")


@pytest.mark.parametrize("command", ["propose", "volunteer", "pass", "step-down", "withdraw", "force"])
def test_a_command_without_a_hat_asks_which(desk: Desk, command: str) -> None:
    assert "Which hat?" in desk.types(desk.anna, command)


def test_a_reader_of_swedish_agrees_in_swedish(desk: Desk) -> None:
    desk.slack_says(desk.maria, locale="sv-SE")
    desk.types(desk.anna, f"propose sales {mention(desk.maria)}")
    (offer,) = desk.told(desk.maria)
    for part in (
        "vill gärna att du äger hatten *Sales*",
        "Tacka ja",
        "Fråga mig senare",
        "du behåller ditt övriga arbete",
    ):
        assert part in offer
    desk.presses(desk.maria, ids.OFFER_COUNTER, desk.key())
    assert "Mål: Deals" in words(desk.modal())
    desk.presses(desk.maria, ids.OFFER_ACCEPT, desk.key())
    assert desk.slack.updates[-1][3].text == "Överenskommet: *Sales* är din."
