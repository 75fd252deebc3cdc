"""Questions whose hat gets an owner, and those that can be brought to nobody."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.services.agreements import ownership
from bot.services.people import leaving
from bot.services.questions import question_chores
from bot.slack.outcomes import Refusal
from messages import ids
from storage import assignments, hats, teams
from storage.tables import Member, QuestionRoute
from tests.support.builders import wears
from tests.support.desk import THREAD, Desk
from tests.support.fake_slack import words
from tests.support.week import CHANNEL


@pytest.fixture
def sara(desk: Desk) -> Member:
    return desk.club.joins("Sara")


def nobody_owns_it(desk: Desk) -> None:
    with desk.club.sessions.write() as session:
        hat = hats.entity_by_id(session, desk.club.team.id or 0, desk.club.email.id or 0)
        assignments.assign(session, hat, None, ending="left", now=desk.club.now)
        hats.stop_wearing(session, hat.id or 0, desk.club.oskar.id or 0, now=desk.club.now)


def owns_it_now(desk: Desk, member: Member) -> None:
    asker = desk.club.asker(desk.club.anna)
    desk.club.clock.forward(minutes=1)
    ownership.force(
        desk.club.sessions, desk.club.directory, asker, "email", member.slack_user_id, "Agreed", now=desk.club.now
    )


def cards(desk: Desk, member: Member, question: str) -> list[str]:
    return [one.words for one in desk.told(member) if f"> {question}" in one.words]


def in_thread_of_asker(desk: Desk, part: str) -> list[str]:
    return [one.words for one in desk.in_dm(desk.club.anna) if part in one.words and one.thread_ts is not None]


def hops(desk: Desk) -> list[tuple[int, int, str]]:
    return [(one.hop, one.member_id, one.role) for one in desk.stored(QuestionRoute)]


# A vacant hat gets an owner


def test_who_comes_to_own_a_vacant_hat_gets_its_open_questions_and_the_asker_hears_it(desk: Desk, sara: Member) -> None:
    nobody_owns_it(desk)
    for member in (desk.bo, sara):
        wears(desk.club.sessions, member, desk.club.email)
    desk.asks("Which flow?")
    desk.asks_in_thread("Which list?")
    desk.passes_time(seconds=10)
    assert {hop for hop, *_ in hops(desk)} == {1}, "as long as nobody owns it nothing moves"
    owns_it_now(desk, desk.club.oskar)
    for _ in range(3):
        desk.passes_time(seconds=10)
    for question in ("Which flow?", "Which list?"):
        (card,) = cards(desk, desk.club.oskar, question)
        assert "because the hat is yours" in card
    news = "Oskar owns *Email* now, and has your question."
    assert len(in_thread_of_asker(desk, news)) == 1
    assert len([one for one in desk.in_thread(CHANNEL, THREAD) if news in one]) == 1
    assert desk.question.holder_id == desk.club.oskar.id
    updates = [words(one[3].blocks) for one in desk.club.slack.updates]
    assert sum("It is with Oskar now." in one for one in updates) == 4, "both cards of both who wear it"


def test_replicas_bring_it_once(desk: Desk) -> None:
    nobody_owns_it(desk)
    wears(desk.club.sessions, desk.bo, desk.club.email)
    desk.asks("Which flow?")
    owns_it_now(desk, desk.club.oskar)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: question_chores.look_after_questions(desk.club.sessions, desk.club.now), range(3)))
    desk.club.replica.tick()
    assert len(cards(desk, desk.club.oskar, "Which flow?")) == 1
    assert [role for *_, role in hops(desk)] == ["wearer", "owner"]


def test_who_has_a_question_already_and_then_owns_the_hat_keeps_it(desk: Desk) -> None:
    nobody_owns_it(desk)
    wears(desk.club.sessions, desk.bo, desk.club.email)
    desk.asks("Which flow?")
    owns_it_now(desk, desk.bo)
    desk.passes_time(seconds=10)
    assert len(cards(desk, desk.bo, "Which flow?")) == 1
    assert {hop for hop, *_ in hops(desk)} == {1}


@pytest.mark.parametrize("kept", ["taken", "named", "answered", "own"])
def test_a_question_that_is_somebodys_stays_with_them(desk: Desk, sara: Member, kept: str) -> None:
    nobody_owns_it(desk)
    for member in (desk.bo, sara):
        wears(desk.club.sessions, member, desk.club.email)
    desk.club.slack_says(sara)
    desk.asks("Which flow?")
    if kept == "taken":
        desk.presses(desk.bo, ids.QUESTION_TAKE, f"{desk.question.id}.1")
    elif kept == "named":
        desk.passes(desk.bo, person=sara.slack_user_id)
    elif kept == "answered":
        desk.replies(desk.bo, "The new one.")
    before = hops(desk)
    owns_it_now(desk, desk.club.anna if kept == "own" else desk.club.oskar)
    for _ in range(2):
        desk.passes_time(seconds=10)
    assert hops(desk) == before
    assert cards(desk, desk.club.oskar, "Which flow?") == []


def test_a_question_that_went_on_to_an_admin_is_not_brought_back_to_who_did_not_answer(desk: Desk) -> None:
    desk.club.joins("Sara", is_admin=True)
    desk.asks("Which flow?")
    for _ in range(4):
        desk.passes_time(days=2)
    assert [role for *_, role in hops(desk)] == ["owner", "admin"]


# Nobody can be reached


def test_a_question_that_slack_does_not_bring_to_one_goes_on_to_another(desk: Desk, sara: Member) -> None:
    with desk.club.sessions.write() as session:
        teams.set_admin(session, desk.club.team.id or 0, sara.id or 0, is_admin=True)
    desk.club.slack.answers(desk.club.oskar.slack_user_id, Refusal("messages_tab_disabled"))
    desk.asks("Which flow?")
    desk.passes_time(seconds=10)
    assert len(cards(desk, sara, "Which flow?")) == 1
    assert in_thread_of_asker(desk, "is with Sara now")
    assert not in_thread_of_asker(desk, "can't bring")


def test_when_slack_brings_it_to_nobody_the_asker_hears_once_how_to_go_on(desk: Desk) -> None:
    desk.club.slack.answers(desk.club.oskar.slack_user_id, Refusal("messages_tab_disabled"))
    desk.asks("Which flow?")
    for _ in range(5):
        desk.passes_time(days=1)
    (told,) = in_thread_of_asker(desk, "I can't bring your question about *Email* to Oskar")
    assert "Write to them yourself" in told
    assert (desk.question.state, desk.question.holder_id) == ("open", None)


def test_of_several_one_whom_it_reaches_is_enough(desk: Desk, sara: Member) -> None:
    nobody_owns_it(desk)
    for member in (desk.bo, sara):
        wears(desk.club.sessions, member, desk.club.email)
    desk.club.slack.answers(desk.bo.slack_user_id, Refusal("messages_tab_disabled"))
    desk.asks("Which flow?")
    desk.passes_time(seconds=10)
    assert len(cards(desk, sara, "Which flow?")) == 1
    assert {hop for hop, *_ in hops(desk)} == {1}


def test_of_several_whom_it_does_not_reach_the_asker_hears_in_the_channels_thread(desk: Desk, sara: Member) -> None:
    nobody_owns_it(desk)
    for member in (desk.bo, sara):
        wears(desk.club.sessions, member, desk.club.email)
        desk.club.slack.answers(member.slack_user_id, Refusal("messages_tab_disabled"))
    desk.asks_in_thread("Which flow?")
    for _ in range(3):
        desk.passes_time(seconds=10)
    (told,) = [one for one in desk.club.slack.all_in(CHANNEL) if "I can reach nobody" in one.words]
    assert "comes to whoever owns the hat next" in told.words
    owns_it_now(desk, desk.club.oskar)
    desk.passes_time(seconds=10)
    assert len(cards(desk, desk.club.oskar, "Which flow?")) == 1, "and so it does"


def test_a_channel_that_does_not_take_that_either_leaves_it_to_a_dm(desk: Desk) -> None:
    desk.club.slack.answers(desk.club.oskar.slack_user_id, Refusal("messages_tab_disabled"))
    desk.club.slack.answers(CHANNEL, None, Refusal("is_archived"))
    desk.asks_in_thread("Which flow?")
    for _ in range(3):
        desk.passes_time(seconds=10)
    (told,) = [one for one in desk.told(desk.club.anna) if "I can't bring" in one.words]
    assert "> Which flow?" in told.words


def test_who_owns_the_hat_before_the_news_goes_out_makes_it_needless(desk: Desk, sara: Member) -> None:
    desk.asks("Which flow?")
    leaving.leave(desk.club.sessions, desk.club.asker(desk.club.oskar), desk.club.team.id or 0, now=desk.club.now)
    question_chores.look_after_questions(desk.club.sessions, desk.club.now)
    owns_it_now(desk, sara)
    desk.passes_time(seconds=10)
    assert len(cards(desk, sara, "Which flow?")) == 1
    assert not in_thread_of_asker(desk, "I can reach nobody")
    assert len(in_thread_of_asker(desk, "Sara owns *Email* now")) == 1
