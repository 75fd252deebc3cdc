"""The message shortcut 'Ask the hat's owner': from any message to an answer under it, or in a DM."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from bot.services.questions import question_answering, question_shortcut
from bot.services.questions.topics import TopicDirectory
from messages import catalog, ids
from storage import Sessions
from storage.tables import Member, Question
from tests.support.builders import a_hat
from tests.support.club import Club
from tests.support.fake_slack import Json, words
from tests.support.listening import Phone
from tests.support.week import CHANNEL

TS, ROOT = "1764000000.000100", "1763999999.000900"
HAT, TEXT = f"{ids.FORM_BLOCK}hat", f"{ids.FORM_BLOCK}question"


class Office:
    """Oskar owns the hat `email`; Anna sees messages about it."""

    def __init__(self, sessions: Sessions) -> None:
        self.club = Club(sessions)
        self.phone = Phone(sessions, self.club.clock, self.club.slack)
        self.hunter = a_hat(sessions, self.club.team, "Hunter")

    def picks(self, text: str, *, by: Member | None = None, **message: Any) -> Json:
        """Choose the shortcut on a message; return the modal."""
        asker = self.club.asker(by or self.club.anna)
        self.phone.picks(asker, ids.ASK_SHORTCUT, {"type": "message", "ts": TS, "text": text, **message})
        return self.club.slack.modals[-1][2]

    def sends(self, modal: Json, hat: str, text: str = "Which flow?") -> Json:
        values = {HAT: {"value": {"selected_option": {"value": hat}}}, TEXT: {"value": {"value": text}}}
        acked = self.phone.submits(
            self.club.asker(self.club.anna), modal["callback_id"], modal["private_metadata"], values
        )
        self.club.replica.tick()
        return acked

    def stored(self) -> list[Question]:
        with self.club.sessions.read() as session:
            return list(session.exec(select(Question)))


@pytest.fixture
def office(sessions: Sessions) -> Iterator[Office]:
    office = Office(sessions)
    yield office
    office.club.close()


def fields(modal: Json) -> dict[str, Json]:
    return {block["block_id"]: block["element"] for block in modal["blocks"] if block["type"] == "input"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Who owns the newsletter?", "email"),
        ("The newsletter went out twice today :grimacing:", "email"),
        ("Lunch?", None),
        ("The hunter says that the newsletter is late", None),
        ("", None),
    ],
)
def test_the_hat_is_chosen_beforehand_where_the_message_surely_means_one(
    office: Office, text: str, meant: str | None
) -> None:
    chosen = fields(office.picks(text))[HAT].get("initial_option")
    assert (chosen and chosen["value"]) == meant


def test_the_form_holds_the_message_as_it_was_typed_and_its_link(office: Office) -> None:
    modal = office.picks(f"<@{office.club.oskar.slack_user_id}> see <https://x.test/a|this> &amp; that", thread_ts=ROOT)
    assert fields(modal)[TEXT]["initial_value"] == "@Oskar see this & that"
    (button,) = [e for block in modal["blocks"] if block["type"] == "actions" for e in block["elements"]]
    link = f"https://football.slack.com/archives/{CHANNEL}/p1764000000000100"
    assert button["url"] == f"{link}?thread_ts={ROOT}&cid={CHANNEL}"


def test_the_answer_lands_under_the_message(office: Office) -> None:
    acked = office.sends(office.picks("The newsletter?", thread_ts=ROOT), "email")
    assert "The answer comes in the message's thread." in words(acked["view"])
    (question,) = office.stored()
    assert (question.source, question.channel_id, question.thread_ts) == ("shortcut", CHANNEL, ROOT)
    assert question.link is not None
    (card,) = office.club.slack.all_in(office.club.oskar.slack_user_id)
    assert question.link in str(card.message.blocks)
    asker = office.club.asker(office.club.oskar)
    question_answering.reply(office.club.sessions, asker, "1.1", "The blue one", key="a", now=office.club.now)
    office.club.replica.tick()
    assert "The blue one" in office.club.slack.last_in(CHANNEL).words
    assert office.club.slack.last_in(CHANNEL).thread_ts == ROOT


def test_where_the_bot_is_not_the_answer_comes_as_a_direct_message_and_that_is_said(office: Office) -> None:
    office.club.slack.outside.add(CHANNEL)
    modal = office.picks("The newsletter?")
    said = "I am not in that conversation, so the answer comes to you as a direct message."
    assert said in words(modal)
    assert said in words(office.sends(modal, "email")["view"])
    (question,) = office.stored()
    assert question.thread_ts is None
    assert office.club.slack.all_in(CHANNEL) == []
    assert "Which flow?" in office.club.slack.last_in(office.club.anna.slack_user_id).words


def test_without_a_domain_there_is_no_link_and_the_question_is_asked_all_the_same(office: Office) -> None:
    spot = question_shortcut.Spot(CHANNEL, TS, TS, "", reachable=True)
    asker = office.club.asker(office.club.anna)
    form = question_shortcut.prepare(office.club.sessions, TopicDirectory(), asker, spot, "The newsletter?").content
    assert "Go to the message" not in words(catalog.message_question_modal(form, language="en"))
    assert question_shortcut.read_spot(form.state) == spot
    office.sends({"callback_id": ids.ASK_MESSAGE_SUBMIT, "private_metadata": form.state}, "email")
    assert [(question.link, question.thread_ts) for question in office.stored()] == [(None, TS)]


def test_one_submission_asks_once(office: Office) -> None:
    modal = office.picks("The newsletter?")
    office.sends(modal, "email")
    assert office.sends(modal, "email") == {"response_action": "clear"}
    assert len(office.stored()) == 1


def test_nobody_is_offered_their_own_hat(office: Office) -> None:
    offered = fields(office.picks("The newsletter?", by=office.club.oskar))[HAT]["options"]
    assert [option["value"] for option in offered] == ["hunter"]


def test_in_a_team_of_more_hats_than_a_menu_takes_the_hat_is_written(office: Office) -> None:
    for number in range(100):
        a_hat(office.club.sessions, office.club.team, f"Hat {number:03}")
    modal = office.picks("Who owns the newsletter?")
    assert fields(modal)[HAT]["initial_value"] == "Email"
    values = {HAT: {"value": {"value": "nothing"}}, TEXT: {"value": {"value": "Which?"}}}
    asker = office.club.asker(office.club.anna)
    acked = office.phone.submits(asker, modal["callback_id"], modal["private_metadata"], values)
    assert "I know no hat called “nothing”." in acked["errors"][HAT]
    values[HAT] = {"value": {"value": "newsletter"}}
    office.phone.submits(asker, modal["callback_id"], modal["private_metadata"], values)
    assert [question.text for question in office.stored()] == ["Which?"]


@pytest.mark.parametrize("state", ["", "C1", "C1 1.2 1.2 on", "C1 1.2 x in football", "C1 1.2 1.2 in a b"])
def test_a_form_from_elsewhere_is_refused(office: Office, state: str) -> None:
    modal = office.picks("The newsletter?") | {"private_metadata": state}
    assert "view" in office.sends(modal, "email")
    assert office.stored() == []
