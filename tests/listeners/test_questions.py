"""What people see of a question and of its answer, from `/hat ask` to 'Solved'."""

import pytest
from sqlmodel import select

from messages import ids
from storage.tables import Answer, Evidence, Member, Question
from tests.support.desk import THREAD, Desk
from tests.support.fake_slack import words
from tests.support.week import CHANNEL

HOSTILE = "<!channel> <@U0OTHER> *bold* " + "x" * 2970


def test_a_question_reaches_the_owner_with_the_asker_and_the_place_and_the_asker_sees_who_has_it(desk: Desk) -> None:
    seen = desk.asks("Which flow?")
    assert f"<@{desk.club.oskar.slack_user_id}>" in seen
    (card,) = desk.told(desk.club.oskar)
    assert f"<@{desk.club.anna.slack_user_id}>" in card.words
    assert "> Which flow?" in card.words
    assert f"<#{CHANNEL}>" in card.words
    (note,) = desk.told(desk.club.anna)
    assert "went to Oskar" in note.words


def test_an_answer_lands_under_the_askers_note_in_the_owners_name_and_the_card_says_so(desk: Desk) -> None:
    desk.asks("Which flow?")
    (note,) = desk.told(desk.club.anna)
    desk.replies(desk.club.oskar, "The new one.")
    desk.replies(desk.club.oskar, "The new one.")
    answers = desk.in_thread(note.channel, note.ts)
    assert len(answers) == 1, "a form that is submitted twice answers once"
    assert f"<@{desk.club.oskar.slack_user_id}> answers" in answers[0]
    assert "> The new one." in answers[0]
    assert "Oskar has answered" in words(desk.club.slack.updates[-1][3].blocks)
    assert [(one.kind, one.member_id) for one in desk.stored(Evidence)] == [("answered", desk.club.oskar.id)]


def test_solved_closes_and_not_yet_opens_again_and_tells_who_answered(desk: Desk) -> None:
    desk.asks("Which flow?")
    desk.replies(desk.club.oskar, "The new one.")
    desk.presses(desk.club.anna, ids.QUESTION_NOT_YET)
    assert desk.question.state == "open"
    desk.presses(desk.club.anna, ids.QUESTION_NOT_YET)
    assert len(desk.told(desk.club.oskar)) == 2, "the card, and once that it is still waited for"
    assert "still waits" in desk.told(desk.club.oskar)[-1].words
    desk.presses(desk.club.anna, ids.QUESTION_SOLVED)
    assert desk.question.state == "open", "there is no answer to say it of"
    values = {ids.REPLY_BLOCK: {ids.REPLY_INPUT: {"value": "Ask Bo then."}}}
    with desk.club.sessions.write() as session:
        session.exec(select(Answer)).one().key = "another form"
    desk.phone.submits(desk.club.asker(desk.club.oskar), ids.REPLY_SUBMIT, f"{desk.question.id}.1", values)
    desk.presses(desk.club.anna, ids.QUESTION_SOLVED)
    assert desk.question.state == "solved"


def test_only_the_asker_says_that_it_is_solved(desk: Desk) -> None:
    desk.asks("Which flow?")
    desk.replies(desk.club.oskar, "The new one.")
    desk.presses(desk.bo, ids.QUESTION_SOLVED)
    assert desk.question.state == "answered"
    assert "Whoever asked" in words(desk.club.slack.modals[-1][2])


def test_somebody_whom_it_did_not_go_to_cannot_answer_with_the_form(desk: Desk) -> None:
    desk.asks("Which flow?")
    acked = desk.replies(desk.bo, "Me!")
    assert "went to somebody else" in words(acked["view"])
    assert desk.question.state == "open"


def test_a_reply_in_the_thread_is_noticed_once_and_only_from_those_who_were_asked(desk: Desk) -> None:
    desk.asks_in_thread()
    desk.asks_in_thread()
    assert len(desk.stored(Question)) == 1, "an event that comes again asks once"
    assert desk.writes(desk.bo, "1764000001.0001") is None
    assert desk.writes(desk.club.anna, "1764000002.0001") is None
    assert desk.writes(desk.club.oskar, "1764000003.0001") == desk.question.id
    assert desk.writes(desk.club.oskar, "1764000003.0001") == desk.question.id, "the cards may not have been told"
    thread = desk.in_thread(CHANNEL, THREAD)
    assert ["went to Oskar" in thread[0], "does that answer it" in thread[1], len(thread)] == [True, True, 2]
    assert "<@" not in thread[0], "the note pings nobody"
    desk.presses(desk.club.anna, ids.QUESTION_NOT_YET)
    assert desk.writes(desk.club.oskar, "1764000003.0001") is None, "an old reply does not close it again"
    assert desk.question.state == "open"


def test_who_chose_to_be_reached_in_threads_is_mentioned_there(desk: Desk) -> None:
    with desk.club.sessions.write() as session:
        oskar = session.get(Member, desk.club.oskar.id)
        assert oskar is not None
        oskar.reach = "thread"
    desk.asks_in_thread()
    assert desk.told(desk.club.oskar) == []
    (mention,) = desk.in_thread(CHANNEL, THREAD)
    assert f"<@{desk.club.oskar.slack_user_id}>" in mention


def test_hostile_and_long_texts_ping_nobody_and_are_told(desk: Desk) -> None:
    desk.asks(HOSTILE)
    desk.replies(desk.club.oskar, HOSTILE)
    said = "\n".join(one.words for one in desk.club.slack.said)
    assert "<!channel>" not in said
    assert "<@U0OTHER>" not in said
    (note,) = desk.told(desk.club.anna)
    assert len(desk.in_thread(note.channel, note.ts)) == 1


@pytest.mark.parametrize("value", ["", "x", "1.2.3", "0", "99999999999", "77.1"])
def test_a_button_with_a_strange_value_is_refused_with_a_sentence(desk: Desk, value: str) -> None:
    desk.asks("Which flow?")
    for action in (ids.QUESTION_REPLY, ids.QUESTION_SOLVED, ids.QUESTION_NOT_YET):
        desk.phone.presses(desk.club.asker(desk.club.oskar), action, value)
        assert desk.club.slack.modals
    assert desk.question.state == "open"
