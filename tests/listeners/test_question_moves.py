"""Questions go on: 'Not my hat', 'I'll take it', reminders, people who leave, and channels that take no answer."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.services.agreements import ownership
from bot.services.people import leaving
from bot.services.questions import question_chores, question_taking, question_withdrawal
from bot.slack.outcomes import NotSent, Refusal
from messages import ids
from storage import absences, assignments, hats, teams
from storage.tables import Alias, Evidence, Member, QuestionRoute
from tests.support.builders import a_hat, wears
from tests.support.desk import THREAD, Desk
from tests.support.fake_slack import words
from tests.support.week import CHANNEL

TUESDAY_TO_REMINDER = {"days": 1, "hours": 1}  # 8 working hours after Tuesday 13:00 in Stockholm
WORKING_DAY = {"days": 1, "hours": 1}


@pytest.fixture
def sara(desk: Desk) -> Member:
    return desk.club.joins("Sara")


def evidence(desk: Desk) -> list[tuple[str, int, int]]:
    return [(one.kind, one.hat_id, one.member_id) for one in desk.stored(Evidence)]


def action_ids(blocks: list[dict[str, Any]]) -> list[str]:
    found = [e["action_id"] for b in blocks if b["type"] == "actions" for e in b["elements"]]
    return found + [b["accessory"]["action_id"] for b in blocks if "accessory" in b]


def card_now(desk: Desk, member: Member) -> list[dict[str, Any]]:
    """Return a person's first card as it reads after the last update."""
    (card, *_) = desk.told(member)
    after = [update[3].blocks for update in desk.club.slack.updates if update[1:3] == (card.channel, card.ts)]
    return after[-1] if after else card.message.blocks


def wearers_of_a_vacant_hat(desk: Desk) -> tuple[Member, Member]:
    sara = desk.club.joins("Sara")
    with desk.club.sessions.write() as session:
        assignments.assign(
            session,
            hats.entity_by_id(session, desk.club.team.id or 0, desk.club.email.id or 0),
            None,
            ending="left",
            now=desk.club.now,
        )
        hats.stop_wearing(session, desk.club.email.id or 0, desk.club.oskar.id or 0, now=desk.club.now)
    for member in (desk.bo, sara):
        wears(desk.club.sessions, member, desk.club.email)
    return desk.bo, sara


# Not my hat


def test_the_form_offers_the_teams_other_hats(desk: Desk, sara: Member) -> None:
    desk.hat_of(sara, "Webinars")
    desk.asks("Which flow?")
    desk.presses(desk.club.oskar, ids.QUESTION_NOT_MINE, f"{desk.question.id}.1")
    view = desk.club.slack.modals[-1][2]
    (menu,) = [b["element"]["options"] for b in view["blocks"] if b.get("element", {}).get("type") == "static_select"]
    assert [option["text"]["text"] for option in menu] == ["Webinars"]


def test_not_my_hat_moves_the_question_once_to_the_owner_of_the_right_one(desk: Desk, sara: Member) -> None:
    webinars = desk.hat_of(sara, "Webinars")
    desk.asks("Which flow?")
    first_reminder = desk.question.remind_at
    desk.club.clock.forward(hours=1)
    acked = desk.passes(desk.club.oskar, hat=str(webinars.id))
    again = desk.passes(desk.club.oskar, hat=str(webinars.id))
    assert f"<@{sara.slack_user_id}>" in words(acked["view"])
    assert "with Sara now" in words(again["view"])
    (card,) = desk.told(sara)
    assert "*Webinars*" in card.words
    assert "It is with Sara now." in words(card_now(desk, desk.club.oskar))
    assert action_ids(card_now(desk, desk.club.oskar)) == []
    first, second = desk.in_dm(desk.club.anna)
    assert "is with Sara now" in second.words
    assert second.thread_ts == first.ts
    assert (desk.question.hat_id, desk.question.holder_id) == (webinars.id, sara.id)
    assert desk.question.remind_at > first_reminder
    assert [one.hop for one in desk.stored(QuestionRoute)] == [1, 2]
    assert evidence(desk) == [("passed_on", webinars.id, sara.id)]


@pytest.mark.parametrize("hat", ["Webinars", "-1", "9" * 19, "9" * 50])
def test_what_is_no_hat_s_number_is_no_hat(desk: Desk, hat: str) -> None:
    desk.asks("Which flow?")
    assert "put away" in words(desk.passes(desk.club.oskar, hat=hat)["view"])
    assert desk.question.hat_id == desk.club.email.id


def test_not_my_hat_takes_a_person_and_a_word_with_it(desk: Desk, sara: Member) -> None:
    desk.club.slack_says(sara)
    desk.asks("Which flow?")
    acked = desk.passes(desk.club.oskar, person=sara.slack_user_id, note="Hers since May <!channel>")
    assert f"<@{sara.slack_user_id}>" in words(acked["view"])
    (card,) = desk.told(sara)
    assert "a colleague thinks that you know" in card.words
    assert "Oskar passed it on" in card.words
    assert "> Hers since May" in card.words
    assert "<!channel>" not in card.words
    assert evidence(desk) == [("passed_on", desk.club.email.id, sara.id)]
    desk.replies(sara, "The new one.")
    assert desk.question.answered_by == sara.id


def test_the_word_reaches_the_asker_and_stays_with_the_question(desk: Desk, sara: Member) -> None:
    with desk.club.sessions.write() as session:
        hat = hats.entity_by_id(session, desk.club.team.id or 0, desk.club.email.id or 0)
        absences.set_deputy(session, hat, desk.bo.id, now=desk.club.now)
    desk.club.slack_says(sara)
    desk.asks("Which flow?")
    desk.passes(desk.club.oskar, person=sara.slack_user_id, note="Hers since May <!channel>")
    note = desk.in_dm(desk.club.anna)[-1].words
    assert "is with Sara now" in note
    assert "Oskar passed it on:" in note
    assert "> Hers since May" in note
    assert "<!channel>" not in note
    desk.presses(sara, ids.QUESTION_REPLY, f"{desk.question.id}.2")
    assert "> Hers since May" in words(desk.club.slack.modals[-1][2])
    desk.passes_time(days=3)
    desk.passes_time(days=3)
    (card,) = desk.told(desk.bo)
    assert "> Hers since May" in card.words, "it went on by itself, and its word with it"
    assert "> Hers since May" not in desk.in_dm(desk.club.anna)[-1].words, "the asker has read it already"


def test_a_word_is_read_in_the_thread_by_whom_it_calls_there(desk: Desk, sara: Member) -> None:
    with desk.club.sessions.write() as session:
        session.get_one(Member, sara.id).reach = "thread"
    desk.club.slack_says(sara)
    desk.asks_in_thread()
    desk.passes(desk.club.oskar, person=sara.slack_user_id, note="Hers since May <!channel>")
    mention = desk.club.slack.all_in(CHANNEL)[-1].words
    assert f"<@{sara.slack_user_id}>" in mention
    assert "> Hers since May" in mention
    assert "<!channel>" not in mention


def test_what_does_not_fit_is_marked_at_its_field_and_moves_nothing(desk: Desk) -> None:
    own = desk.hat_of(desk.club.oskar, "Landing pages")
    askers = desk.hat_of(desk.club.anna, "Online")
    for member in (desk.club.oskar, desk.club.anna):
        desk.club.slack_says(member)
    desk.asks("Which flow?")
    said = {
        "hat": [
            desk.passes(desk.club.oskar),
            *(desk.passes(desk.club.oskar, hat=str(hat.id)) for hat in (desk.club.email, own, askers)),
        ],
        "person": [
            desk.passes(desk.club.oskar, person=person)
            for person in (desk.club.oskar.slack_user_id, desk.club.anna.slack_user_id)
        ],
    }
    for field, answers in said.items():
        for acked in answers:
            assert list(acked["errors"]) == [ids.FORM_BLOCK + field]
    assert "went to somebody else" in words(desk.passes(desk.bo, hat=str(own.id))["view"])
    assert [one.hop for one in desk.stored(QuestionRoute)] == [1]


def test_a_person_whom_nobody_has_spoken_of_is_asked_for_in_slack_first(desk: Desk) -> None:
    desk.asks("Which flow?")
    acked = desk.passes(desk.club.oskar, person="U0NOBODY")
    assert acked == {"response_action": "clear"}
    assert "people of this workspace can" in desk.told(desk.club.oskar)[-1].words
    assert desk.question.holder_id == desk.club.oskar.id


def test_of_more_hats_than_a_menu_holds_the_right_one_is_named(desk: Desk, sara: Member) -> None:
    webinars = desk.hat_of(sara, "Webinars", aliases=["online seminars"])
    for number in range(100):
        a_hat(desk.club.sessions, desk.club.team, f"Small hat {number}")
    with desk.club.sessions.write() as session:
        teams.touch_directory(session, desk.club.team.id or 0)
    desk.asks("Which flow?")
    asker, value = desk.club.asker(desk.club.oskar), f"{desk.question.id}.1"
    desk.presses(desk.club.oskar, ids.QUESTION_NOT_MINE, value)
    blocks = desk.club.slack.modals[-1][2]["blocks"]
    assert ids.FORM_BLOCK + "hat_name" in {block.get("block_id") for block in blocks}
    values = {ids.FORM_BLOCK + "hat_name": {ids.FORM_INPUT: {"value": "xyzzy"}}}
    acked = desk.phone.submits(asker, ids.NOT_MINE_SUBMIT, value, values)
    assert list(acked["errors"]) == [ids.FORM_BLOCK + "hat_name"]
    values[ids.FORM_BLOCK + "hat_name"][ids.FORM_INPUT]["value"] = "Online seminars"
    desk.phone.submits(asker, ids.NOT_MINE_SUBMIT, value, values)
    assert (desk.question.hat_id, desk.question.holder_id) == (webinars.id, sara.id)


def test_a_mention_in_the_thread_has_the_buttons_and_is_updated(desk: Desk, sara: Member) -> None:
    webinars = desk.hat_of(sara, "Webinars")
    with desk.club.sessions.write() as session:
        session.get_one(Member, desk.club.oskar.id).reach = "thread"
    desk.asks_in_thread()
    (mention,) = desk.club.slack.all_in(CHANNEL)
    assert action_ids(mention.message.blocks) == [ids.QUESTION_NOT_MINE]
    desk.presses(desk.bo, ids.QUESTION_NOT_MINE, f"{desk.question.id}.1")
    assert "went to somebody else" in words(desk.club.slack.modals[-1][2])
    desk.passes(desk.club.oskar, hat=str(webinars.id))
    after = [update[3].blocks for update in desk.club.slack.updates if update[2] == mention.ts][-1]
    assert action_ids(after) == []
    assert "It is with Sara now." in words(after)


# Teaching


def taught(desk: Desk) -> set[str]:
    return {one.text for one in desk.stored(Alias) if one.kind == "alias"}


def test_the_askers_words_become_another_name_of_the_right_hat_when_its_owner_says_yes(
    desk: Desk, sara: Member
) -> None:
    webinars = desk.hat_of(sara, "Webinars")
    desk.asks("who owns the online seminars?")
    acked = desk.passes(desk.club.oskar, hat=str(webinars.id))
    assert "online seminars" not in words([b for b in acked["view"]["blocks"] if "accessory" in b])
    (card,) = desk.told(sara)
    assert "Should “online seminars” find *Webinars*" in card.words
    desk.presses(desk.club.oskar, ids.QUESTION_TEACH, f"{desk.question.id}.2")
    assert "online seminars" not in taught(desk), "only who may change the hat teaches it"
    for _ in range(2):
        desk.presses(sara, ids.QUESTION_TEACH, f"{desk.question.id}.2")
        assert "finds *Webinars* from now on" in words(desk.club.slack.modals[-1][2])
    assert "online seminars" in taught(desk)
    changed = [one for one in desk.club.changes() if one.action == "hat.changed"]
    assert [(one.actor, one.after["aliases"]) for one in changed] == [(sara.slack_user_id, ["online seminars"])]
    assert ids.QUESTION_TEACH not in action_ids(card_now(desk, sara))


def test_an_admin_who_passes_it_on_is_asked_at_once(desk: Desk, sara: Member) -> None:
    webinars = desk.hat_of(sara, "Webinars")
    with desk.club.sessions.write() as session:
        teams.set_admin(session, desk.club.team.id or 0, desk.club.oskar.id or 0, is_admin=True)
    desk.asks("who owns the online seminars?")
    acked = desk.passes(desk.club.oskar, hat=str(webinars.id))
    (offer,) = [block for block in acked["view"]["blocks"] if "accessory" in block]
    desk.presses(desk.club.oskar, ids.QUESTION_TEACH, offer["accessory"]["value"])
    assert "online seminars" in taught(desk)


def test_a_name_that_another_hat_has_taken_meanwhile_stays_there(desk: Desk, sara: Member) -> None:
    webinars = desk.hat_of(sara, "Webinars")
    desk.asks("who owns the online seminars?")
    desk.passes(desk.club.oskar, hat=str(webinars.id))
    desk.hat_of(desk.bo, "Events", aliases=["Online seminars"])
    desk.presses(sara, ids.QUESTION_TEACH, f"{desk.question.id}.2")
    assert "is a name of Events already" in words(desk.club.slack.modals[-1][2])


def test_known_names_and_other_questions_teach_nothing(desk: Desk, sara: Member) -> None:
    webinars = desk.hat_of(sara, "Webinars")
    desk.asks("who owns the newsletter?")
    desk.passes(desk.club.oskar, hat=str(webinars.id))
    assert ids.QUESTION_TEACH not in action_ids(desk.told(sara)[0].message.blocks)


# I'll take it


def test_of_several_one_takes_it_and_everybody_sees_who(desk: Desk) -> None:
    bo, sara = wearers_of_a_vacant_hat(desk)
    desk.asks("Which flow?")
    assert ids.QUESTION_TAKE in action_ids(card_now(desk, bo))
    value = f"{desk.question.id}.1"
    desk.presses(bo, ids.QUESTION_TAKE, value)
    desk.presses(bo, ids.QUESTION_TAKE, value)
    assert desk.club.slack.modals == []
    desk.presses(sara, ids.QUESTION_TAKE, value)
    assert "Bo was a moment quicker" in words(desk.club.slack.modals[-1][2])
    assert "You took it" in words(card_now(desk, bo))
    assert "Bo took it" in words(card_now(desk, sara))
    assert action_ids(card_now(desk, sara)) == []
    assert [("with Bo now" in one.words) for one in desk.in_dm(desk.club.anna)] == [False, True]
    assert evidence(desk) == [("took_it", desk.club.email.id, bo.id)]


def test_two_who_press_at_the_same_instant_leave_one_winner(desk: Desk) -> None:
    people = wearers_of_a_vacant_hat(desk)
    desk.asks("Which flow?")
    value = f"{desk.question.id}.1"

    def press(member: Member) -> str:
        try:
            question_taking.take(desk.club.sessions, desk.club.asker(member), value, now=desk.club.now)
        except Refused as refused:
            return refused.name
        return "won"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, people)) == ["question_taken", "won"]
    assert len(evidence(desk)) == 1


# Not forgotten


def reminders(desk: Desk, member: Member) -> int:
    return sum("still waits" in one.words for one in desk.told(member))


def in_dms(desk: Desk) -> int:
    return sum(one.recipient != CHANNEL for one in desk.club.slack.said)


def test_one_reminder_then_the_deputy_and_nothing_more(desk: Desk, sara: Member) -> None:
    with desk.club.sessions.write() as session:
        hat = hats.entity_by_id(session, desk.club.team.id or 0, desk.club.email.id or 0)
        absences.set_deputy(session, hat, sara.id, now=desk.club.now)
    desk.asks("Which flow?")
    desk.passes_time(hours=3)
    assert reminders(desk, desk.club.oskar) == 0
    desk.passes_time(**TUESDAY_TO_REMINDER)
    desk.passes_time(seconds=1)
    assert (reminders(desk, desk.club.oskar), len(desk.told(sara))) == (1, 0)
    desk.passes_time(**WORKING_DAY)
    (card,) = desk.told(sara)
    assert "You stand in for Oskar, who has not answered yet" in card.words
    assert "is with Sara now" in desk.in_dm(desk.club.anna)[-1].words
    assert action_ids(card_now(desk, desk.club.oskar)) == [ids.QUESTION_REPLY], "it is his hat, so he may answer still"
    assert "It is with Sara now." in words(card_now(desk, desk.club.oskar))
    said = in_dms(desk)
    for _ in range(10):
        desk.passes_time(days=1)
    assert in_dms(desk) == said


def test_without_a_deputy_an_admin_hears_who_neither_asked_nor_was_asked(desk: Desk) -> None:
    sara = desk.club.joins("Sara", is_admin=True)
    desk.asks("Which flow?")
    desk.passes_time(days=7)
    desk.passes_time(days=1)
    assert len(desk.told(sara)) == 1
    assert reminders(desk, desk.club.oskar) == 0, "both times passed while the bot was down: the later one counts"


def test_two_replicas_remind_once(desk: Desk) -> None:
    desk.asks("Which flow?")
    desk.club.clock.forward(**TUESDAY_TO_REMINDER)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: question_chores.look_after_questions(desk.club.sessions, desk.club.now), range(2)))
    desk.club.replica.tick()
    assert reminders(desk, desk.club.oskar) == 1


def test_of_several_nobody_who_has_left_is_reminded(desk: Desk) -> None:
    bo, sara = wearers_of_a_vacant_hat(desk)
    desk.asks("Which flow?")
    leaving.leave(desk.club.sessions, desk.club.asker(sara), desk.club.team.id or 0, now=desk.club.now)
    desk.passes_time(**TUESDAY_TO_REMINDER)
    assert (reminders(desk, bo), reminders(desk, sara)) == (1, 0)


@pytest.mark.parametrize("end", ["answered", "solved", "moved"])
def test_what_does_not_wait_any_more_is_not_reminded_of(desk: Desk, sara: Member, end: str) -> None:
    desk.asks("Which flow?")
    if end == "moved":
        desk.passes(desk.club.oskar, person=sara.slack_user_id)
    else:
        desk.replies(desk.club.oskar, "The new one.")
    if end == "solved":
        desk.presses(desk.club.anna, ids.QUESTION_SOLVED)
    for _ in range(6):
        desk.passes_time(days=1)
    assert reminders(desk, desk.club.oskar) == 0
    assert reminders(desk, sara) == (1 if end == "moved" else 0)


def test_a_holder_who_is_away_is_not_reminded_and_the_deputy_gets_it(desk: Desk, sara: Member) -> None:
    with desk.club.sessions.write() as session:
        hat = hats.entity_by_id(session, desk.club.team.id or 0, desk.club.email.id or 0)
        absences.set_deputy(session, hat, sara.id, now=desk.club.now)
    desk.asks("Which flow?")
    go_away(desk, desk.club.oskar)
    desk.passes_time(**TUESDAY_TO_REMINDER)
    assert reminders(desk, desk.club.oskar) == 0
    assert len(desk.told(sara)) == 1
    assert desk.question.holder_id == sara.id


def go_away(desk: Desk, member: Member) -> None:
    with desk.club.sessions.write() as session:
        until = desk.club.now.replace(day=30)
        absences.start(session, member.workspace_id, member.id or 0, now=desk.club.now, until=until)


def test_not_yet_sets_new_reminders(desk: Desk) -> None:
    desk.asks("Which flow?")
    desk.passes_time(**TUESDAY_TO_REMINDER)
    desk.replies(desk.club.oskar, "The new one.")
    desk.presses(desk.club.anna, ids.QUESTION_NOT_YET)
    assert reminders(desk, desk.club.oskar) == 2, "the reminder, and that the asker has said 'Not yet'"
    desk.passes_time(**WORKING_DAY)
    desk.passes_time(seconds=1)
    assert reminders(desk, desk.club.oskar) == 3


def test_not_yet_goes_to_those_who_have_it_when_the_answer_came_from_before(desk: Desk, sara: Member) -> None:
    desk.asks("Which flow?")
    desk.passes(desk.club.oskar, person=sara.slack_user_id)
    desk.replies(desk.club.oskar, "It was mine after all.")
    desk.presses(desk.club.anna, ids.QUESTION_NOT_YET)
    assert (reminders(desk, desk.club.oskar), reminders(desk, sara)) == (0, 1)


# People who leave


def test_when_the_owner_leaves_the_question_goes_on_once_and_the_asker_hears_it(desk: Desk) -> None:
    sara = desk.club.joins("Sara", is_admin=True)
    desk.asks("Which flow?")
    leaving.leave(desk.club.sessions, desk.club.asker(desk.club.oskar), desk.club.team.id or 0, now=desk.club.now)
    for _ in range(3):
        desk.passes_time(seconds=10)
    cards = [one for one in desk.told(sara) if "Which flow?" in one.words]
    assert len(cards) == 1
    assert ["is with Sara now" in one.words for one in desk.in_dm(desk.club.anna)].count(True) == 1


def test_a_hat_that_gets_another_owner_takes_its_open_questions_along(desk: Desk, sara: Member) -> None:
    desk.asks("Which flow?")
    asker = desk.club.asker(desk.club.anna)
    ownership.force(
        desk.club.sessions, desk.club.directory, asker, "email", sara.slack_user_id, "She has time", now=desk.club.now
    )
    for _ in range(3):
        desk.passes_time(seconds=10)
    assert [one.message.text for one in desk.told(sara)].count(desk.told(sara)[-1].message.text) == 1
    assert (desk.question.holder_id, len(desk.stored(QuestionRoute))) == (sara.id, 2)


def test_somebody_who_is_deactivated_hands_it_back_to_the_hats_owner(desk: Desk, sara: Member) -> None:
    desk.asks("Which flow?")
    desk.passes(desk.club.oskar, person=sara.slack_user_id)
    desk.club.slack_says(sara, deleted=True)
    desk.passes_time(seconds=10)
    assert desk.question.holder_id == desk.club.oskar.id
    assert len(desk.told(desk.club.oskar)) == 2


def test_a_question_that_nobody_else_can_get_stays_open_and_is_looked_at_once(desk: Desk) -> None:
    desk.asks("Which flow?")
    leaving.leave(desk.club.sessions, desk.club.asker(desk.club.oskar), desk.club.team.id or 0, now=desk.club.now)
    desk.passes_time(seconds=10)
    assert (desk.question.state, desk.question.holder_id, desk.question.remind_at) == ("open", None, None)
    assert sum("I can reach nobody who could answer" in one.words for one in desk.in_dm(desk.club.anna)) == 1
    said = in_dms(desk)
    desk.passes_time(days=9)
    assert in_dms(desk) == said


# Where the answer lands


def test_an_answer_that_the_channel_does_not_take_comes_to_the_asker_as_a_dm_once(desk: Desk) -> None:
    desk.asks_in_thread("Which flow?")
    desk.club.slack.answers(CHANNEL, Refusal("is_archived"), Refusal("is_archived"))
    desk.replies(desk.club.oskar, "The new one.")
    desk.replies(desk.club.oskar, "The new one.")
    (answer,) = [said for said in desk.told(desk.club.anna) if "> The new one." in said.words]
    assert "> Which flow?" in answer.words
    desk.presses(desk.club.anna, ids.QUESTION_SOLVED)
    assert desk.question.state == "solved"


def test_a_mention_that_the_channel_does_not_take_comes_as_a_card(desk: Desk) -> None:
    with desk.club.sessions.write() as session:
        session.get_one(Member, desk.club.oskar.id).reach = "thread"
    desk.club.slack.answers(CHANNEL, Refusal("not_in_channel"))
    desk.asks_in_thread()
    (card,) = desk.told(desk.club.oskar)
    assert ids.QUESTION_REPLY in action_ids(card.message.blocks)


def test_an_answer_waits_for_the_note_that_begins_its_thread(desk: Desk) -> None:
    desk.club.slack.answers(desk.club.anna.slack_user_id, NotSent("ConnectionRefusedError"))
    desk.asks("Which flow?")
    assert desk.told(desk.club.anna) == []
    desk.club.slack.answers(desk.club.anna.slack_user_id)
    desk.replies(desk.club.oskar, "The new one.")
    assert desk.told(desk.club.anna) == []
    for _ in range(3):
        desk.passes_time(seconds=5)
    note, answer = desk.in_dm(desk.club.anna)
    assert answer.thread_ts == note.ts
    assert "> The new one." in answer.words


def test_deleting_the_message_that_asked_takes_the_question_back(desk: Desk) -> None:
    desk.asks_in_thread()
    workspace = desk.club.workspace.slack_team_id

    def deletes(member: Member, ts: str) -> int | None:
        place = (workspace, CHANNEL, ts, member.slack_user_id)
        return question_withdrawal.withdraw(desk.club.sessions, *place, now=desk.club.now)

    assert deletes(desk.club.anna, "1764000009.000100") is None
    assert deletes(desk.bo, THREAD) is None, "it was not their question"
    assert deletes(desk.club.anna, THREAD) == desk.question.id
    assert deletes(desk.club.anna, THREAD) == desk.question.id, "the cards may not have been told the first time"
    for _ in range(3):
        desk.passes_time(days=1)
    assert reminders(desk, desk.club.oskar) == 0
    assert desk.question.state == "withdrawn"
