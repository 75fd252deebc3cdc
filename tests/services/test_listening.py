"""Who-owns questions in a channel find their answer once, and nothing else does."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.listeners.binding import Deps
from bot.listeners.events.messages import joined, said
from bot.services.people.directory import HatDirectory
from bot.services.questions import listening, question_asking
from bot.services.questions.listening import Mode
from bot.services.workspaces.scene import Asker
from storage import Sessions
from tests.support.builders import a_hat
from tests.support.club import Club
from tests.support.database import counted_statements
from tests.support.week import CHANNEL

BOT = "U0THEBOT01"
QUESTION = "who owns the newsletter?"


@pytest.fixture
def club(sessions: Sessions) -> Iterator[Club]:
    club = Club(sessions)
    yield club
    club.close()


@pytest.fixture
def deps(club: Club) -> Iterator[Deps]:
    with ThreadPoolExecutor(1) as workers:
        yield Deps(club.sessions, HatDirectory(), club.slack, club.clock, workers)


def message(club: Club, text: str, **event: Any) -> dict[str, Any]:
    """A message of Anna's in the team's channel, as Slack tells of it."""
    return {
        "team_id": club.workspace.slack_team_id,
        "authorizations": [{"user_id": BOT}],
        "event": {
            "type": "message",
            "user": club.anna.slack_user_id,
            "text": text,
            "ts": f"{club.now.timestamp():.6f}",
            "channel": CHANNEL,
            "channel_type": "channel",
            **event,
        },
    }


def answers(club: Club) -> list[Any]:
    """What the channel has been told."""
    club.replica.tick()
    return [told for told in club.slack.all_in(CHANNEL) if told.thread_ts]


def set_mode(club: Club, mode: Mode) -> None:
    listening.listen(club.sessions, club.asker(club.anna), mode, now=club.now)


def test_a_new_channel_hears_nothing_until_the_bot_is_mentioned(club: Club, deps: Deps) -> None:
    said(deps, message(club, QUESTION))
    assert answers(club) == []
    said(deps, message(club, f"<@{BOT}> {QUESTION}", type="app_mention"))
    (told,) = answers(club)
    assert f"<@{club.oskar.slack_user_id}>" in told.words


def test_the_answer_stands_in_the_thread_once_however_often_slack_tells_of_the_question(club: Club, deps: Deps) -> None:
    set_mode(club, Mode.ANSWER)
    asked = message(club, f"<@{BOT}> {QUESTION}")
    for _ in range(3):
        said(deps, asked)
        said(deps, {**asked, "event": {**asked["event"], "type": "app_mention"}})
    (told,) = answers(club)
    assert told.thread_ts == asked["event"]["ts"]


def test_a_question_inside_a_thread_is_answered_there(club: Club, deps: Deps) -> None:
    set_mode(club, Mode.ANSWER)
    said(deps, message(club, "vem äger nyhetsbrevet email?", thread_ts="1764000000.000100"))
    said(deps, message(club, QUESTION, ts=f"{club.now.timestamp() + 1:.6f}", thread_ts="1764000000.000100"))
    assert {told.thread_ts for told in answers(club)} == {"1764000000.000100"}


def test_an_offer_is_seen_by_the_asker_only_and_once(club: Club, deps: Deps) -> None:
    set_mode(club, Mode.OFFER)
    asked = message(club, QUESTION)
    for _ in range(3):
        said(deps, asked)
    assert answers(club) == []
    ((_, channel, person, _, whispered),) = club.slack.whispers
    assert (channel, person) == (CHANNEL, club.anna.slack_user_id)
    assert "Email" in whispered.text


def test_in_a_direct_message_a_bare_name_is_a_question(club: Club, deps: Deps) -> None:
    said(deps, message(club, "newsletter?", channel="D0ANNA0001", channel_type="im"))
    club.replica.tick()
    (told,) = club.slack.all_in("D0ANNA0001")
    assert told.thread_ts is None
    assert "Email" in told.words


def test_when_two_hats_could_be_meant_it_asks_which(club: Club, deps: Deps) -> None:
    set_mode(club, Mode.ANSWER)
    a_hat(club.sessions, club.team, "Spring campaign")
    a_hat(club.sessions, club.team, "Autumn campaign")
    said(deps, message(club, "who owns the campaign?"))
    (told,) = answers(club)
    assert "Spring campaign" in told.words
    assert "Autumn campaign" in told.words
    assert "“”" not in told.words


@pytest.mark.parametrize(
    "event",
    [
        {"text": "I own the newsletter"},
        {"text": "who owns a car?"},
        {"text": "lunch at noon?"},
        {"bot_id": "B0OTHER001"},
        {"user": BOT},
        {"subtype": "message_changed", "message": {"text": QUESTION}},
        {"subtype": "message_deleted"},
        {"hidden": True},
        {"user_team": "T0ELSEWHERE"},
        {"ts": "1500000000.000100"},
        {"ts": "not a time"},
        {"user": None},
        {"text": ""},
    ],
)
def test_it_stays_silent(club: Club, deps: Deps, event: dict[str, Any]) -> None:
    set_mode(club, Mode.ANSWER)
    said(deps, message(club, QUESTION, **event) if "text" not in event else message(club, event["text"]))
    assert answers(club) == []
    assert club.slack.whispers == []


def test_a_message_that_is_no_question_costs_no_query(club: Club, deps: Deps) -> None:
    set_mode(club, Mode.ANSWER)
    with counted_statements(club.sessions.engine) as statements:
        for text in ("good morning", "the newsletter is out", "who is coming to lunch?"):
            said(deps, message(club, text))
    assert statements == []


def test_a_channel_that_the_bot_is_invited_to_is_greeted_once(club: Club, deps: Deps) -> None:
    body = message(club, "")
    body["event"] = {"user": BOT, "inviter": club.anna.slack_user_id, "channel": CHANNEL, "event_ts": "1764000000.1"}
    joined(deps, body)
    joined(deps, body)  # Slack repeats itself
    club.replica.tick()
    (greeting,) = club.slack.all_in(CHANNEL)
    assert "/hat listen answer" in greeting.words
    body["event"] = {"user": club.anna.slack_user_id, "inviter": BOT, "channel": CHANNEL}
    joined(deps, body)
    club.replica.tick()
    assert len(club.slack.all_in(CHANNEL)) == 1, "people come and go without a word"


def test_only_who_plays_in_the_team_sets_how_it_listens_and_it_is_noted(club: Club) -> None:
    set_mode(club, Mode.OFFER)
    assert listening.how(club.sessions, club.asker(club.anna)).content is Mode.OFFER
    assert club.changes()[-1].action == "channel.listening"
    stranger = Asker(club.workspace.slack_team_id, "U0NOBODY01", CHANNEL)
    with pytest.raises(Refused, match="not_a_member"):
        listening.listen(club.sessions, stranger, Mode.ANSWER, now=club.now)
    assert listening.how(club.sessions, club.asker(club.anna)).content is Mode.OFFER


def test_the_owners_reply_in_a_questions_thread_is_its_answer(club: Club, deps: Deps) -> None:
    root = message(club, "How do we reach the new leads?")["event"]["ts"]
    question_asking.ask_in_thread(
        club.sessions, club.asker(club.anna), "email", "How?", channel_id=CHANNEL, thread_ts=root, key="k", now=club.now
    )
    club.replica.tick()
    told = len(answers(club))
    reply = message(club, "With the welcome series.", user=club.oskar.slack_user_id, thread_ts=root)
    for _ in range(3):
        said(deps, reply)
    after = answers(club)[told:]
    assert len(after) == 1, "the asker is asked once whether this answers it"
    assert after[0].thread_ts == root


def test_events_are_forgotten_after_a_day(club: Club, deps: Deps) -> None:
    set_mode(club, Mode.OFFER)
    said(deps, message(club, QUESTION))
    club.clock.forward(days=2)
    listening.forget_old_events(club.sessions, club.now)
    listening.forget_old_events(club.sessions, club.now)
    assert len(club.slack.whispers) == 1


def test_a_question_that_points_finds_its_hat_in_the_message_that_the_thread_began_with(club: Club, deps: Deps) -> None:
    set_mode(club, Mode.ANSWER)
    root = f"{club.now.timestamp() - 60:.6f}"
    club.slack.first_words[CHANNEL, root] = "The newsletter went out with a typo."
    said(deps, message(club, "who owns this?", thread_ts=root))
    (told,) = answers(club)
    assert f"<@{club.oskar.slack_user_id}>" in told.words
    assert told.thread_ts == root


@pytest.mark.parametrize(
    ("text", "in_thread"),
    [("this is broken again", True), (QUESTION, True), ("who owns this?", False)],
)
def test_slack_is_asked_for_the_first_message_only_when_a_question_points_at_it(
    club: Club, deps: Deps, text: str, *, in_thread: bool
) -> None:
    set_mode(club, Mode.ANSWER)
    place = {"thread_ts": f"{club.now.timestamp() - 60:.6f}"} if in_thread else {}
    said(deps, message(club, text, **place))
    assert club.slack.read == []


def test_a_question_that_points_at_nothing_of_the_teams_stays_unanswered(club: Club, deps: Deps) -> None:
    set_mode(club, Mode.ANSWER)
    root = f"{club.now.timestamp() - 60:.6f}"
    club.slack.first_words[CHANNEL, root] = "> who owns the newsletter?\nThe coffee machine is broken."
    said(deps, message(club, "who owns this?", thread_ts=root))
    assert answers(club) == []


@pytest.mark.parametrize("subtype", ["message_deleted", "message_changed"])
def test_deleting_the_message_that_asked_takes_its_question_back(club: Club, deps: Deps, subtype: str) -> None:
    ts = "1764000000.000100"
    question_asking.ask_in_thread(
        club.sessions,
        club.asker(club.anna),
        "email",
        "Which flow?",
        channel_id=CHANNEL,
        thread_ts=ts,
        key="Ev1",
        now=club.now,
    )
    club.replica.tick()
    gone = {"previous_message": {"user": club.anna.slack_user_id, "ts": ts}, "hidden": True, "user": None}
    edited = {**gone, "subtype": "message_changed", "message": {"user": club.anna.slack_user_id, "ts": ts}}
    said(deps, message(club, "", **edited))
    assert club.slack.updates == [], "an edit takes nothing back"
    said(deps, message(club, "", **gone, subtype=subtype, message={"subtype": "tombstone", "ts": ts}))
    assert "Nobody waits for an answer any more" in str(club.slack.updates[-1][3].blocks)
