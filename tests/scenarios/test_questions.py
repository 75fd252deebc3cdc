"""A question finds its way, with the real bot in both languages and transports, every event told three times."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import select

from bot.playground.seed import ANNA, ERIK, JOHAN, MARIA, OSKAR, RANDOM, SARA, TEAM, TEAM_CHANNEL
from bot.services.questions import question_asking
from bot.services.workspaces.scene import Asker
from messages import ids
from storage.tables import Member, Team
from tests.scenarios.conftest import NewDatabase
from tests.support.builders import a_hat, wears
from tests.support.database import opened
from tests.support.world import FRIDAY, MONDAY, WEDNESDAY, World, buttons, open_world, spoken

pytestmark = pytest.mark.scenario

Json = dict[str, Any]
THURSDAY = 3
POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("questions on postgres"))
PLACES = [
    pytest.param("socket", "en", "sqlite", marks=pytest.mark.xdist_group("questions on sqlite")),
    pytest.param("http", "sv", "postgres", marks=POSTGRES),
]
LONG = "Which flow? " + "x" * 2988


@dataclass(frozen=True)
class Said:
    """What is asked in a language, and what it says."""

    seminars: str
    words: str
    campaigns: str
    teach: str
    taught: str
    with_now: str
    passed: str
    answers_it: str
    waits: str
    solved: str
    took: str
    quicker: str
    answers: str
    closed: str
    not_askable: str


SAID = {
    "en": Said(
        seminars="who owns the online seminars?",
        words="online seminars",
        campaigns="Campaigns",
        teach="Should “online seminars” find *Campaigns* from now on?",
        taught="“online seminars” finds *Campaigns* from now on.",
        with_now="is with Johan",
        passed=" passed it on:",
        answers_it="does that answer it?",
        waits="still waits for an answer",
        solved="✓ Solved",
        took="took it.",
        quicker="was a moment quicker",
        answers="answers your question about",
        closed="Nobody waits for an answer any more.",
        not_askable="people of this workspace can, no apps and nobody who has left",
    ),
    "sv": Said(
        seminars="vem äger webbträffarna?",
        words="webbträffarna",
        campaigns="Kampanjer",
        teach="Ska ”webbträffarna” leda till *Kampanjer* från och med nu?",
        taught="”webbträffarna” leder till *Kampanjer* från och med nu.",
        with_now="ligger hos Johan",
        passed=" skickade den vidare:",
        answers_it="är det svar på din fråga?",
        waits="väntar fortfarande på svar",
        solved="✓ Löst",
        took="tog den.",
        quicker="hann strax före",
        answers="svarar på din fråga om",
        closed="Ingen väntar på svar längre.",
        not_askable="det gör personer i den här arbetsytan",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with new_database(engine, tmp_path) as url, open_world(url, tmp_path, language=language, mode=mode) as lived:
        lived.start()
        lived.playground.faults(duplicate_events=3)
        yield lived


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_a_question_goes_to_the_right_person_and_comes_back_answered(world: World) -> None:
    said = SAID[world.language]
    not_my_hat_and_a_name_is_learned(world, said)
    not_my_hat_but_a_person_who_answers_in_the_thread(world, said)
    two_take_it_at_the_same_instant(world, said)
    three_thousand_characters_each_way(world, said)
    a_stranger_gets_no_question(world, said)
    what_is_pointed_at_is_found_in_the_thread(world)


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_a_question_outlives_channels_messages_people_and_silence(world: World) -> None:
    said = SAID[world.language]
    a_private_channel_and_an_archived_one(world, said)
    a_message_that_is_edited_and_deleted(world, said)
    a_reminder_then_an_admin_then_nothing(world, said)
    the_owner_leaves_meanwhile(world)


# Steps


def ask(world: World, user: str, text: str, *, hat: str = "email-nurturing", channel: str = TEAM_CHANNEL) -> Json:
    """Write a message and ask a hat's owner under it; return the message."""
    message = world.playground.say(user, text, channel=channel)
    with opened(world.database_url) as sessions:
        question_asking.ask_in_thread(
            sessions,
            Asker(TEAM, user, TEAM_CHANNEL),
            hat,
            text,
            channel_id=channel,
            thread_ts=message["ts"],
            key=f"{channel}:{message['ts']}",
            now=world.now(),
        )
    return message


def last(world: World, user: str, *parts: str) -> Json:
    """Return the latest message in which a person reads all of this, once it is there."""
    return world.eventually(lambda: next((m for m in reversed(world.told(user)) if _has(m, parts)), None))


def press(world: World, user: str, message: Json, action: str, *, wait: float = 0) -> Json:
    return world.playground.click(user, action, channel=message["channel"], message_ts=message["ts"], wait=wait)


def in_thread(world: World, message: Json, *parts: str) -> list[Json]:
    """Return what the bot has said under a message."""
    bot = world.playground.workspace()["bot_user_id"]
    said = world.playground.messages(message["channel"], ephemeral=False)
    return [m for m in said if m.get("thread_ts") == message["ts"] and m["user"] == bot and _has(m, parts)]


def same(world: World, user: str, message: Json) -> Json:
    """Return a message as it reads now."""
    return next(m for m in world.told(user) if m["ts"] == message["ts"])


def _has(message: Json, parts: tuple[str, ...]) -> bool:
    text = spoken(message)
    return all(part in text for part in parts)


def _actions(message: Json) -> set[str]:
    return {one["action_id"] for one in buttons(message)}


def not_my_hat_and_a_name_is_learned(world: World, said: Said) -> None:
    asked = ask(world, ERIK, said.seminars)
    card = last(world, OSKAR, said.words)
    view = press(world, OSKAR, card, ids.QUESTION_NOT_MINE, wait=10)["view"]
    (menu,) = [b["element"] for b in view["blocks"] if b.get("element", {}).get("type") == "static_select"]
    option = next(one["value"] for one in menu["options"] if one["text"]["text"] == said.campaigns)
    world.playground.submit(OSKAR, {ids.FORM_BLOCK + "hat": option}, wait=10)
    moved = last(world, JOHAN, said.words, said.teach)
    (note,) = world.eventually(lambda: in_thread(world, asked, said.with_now))
    assert f"<@{JOHAN}>" not in spoken(note), "the note pings nobody"
    world.eventually(lambda: _actions(same(world, OSKAR, card)) == set())
    press(world, JOHAN, moved, ids.QUESTION_TEACH)
    world.eventually(lambda: said.taught in spoken(world.playground.modal(JOHAN) or {}))
    found = world.playground.command(ERIK, TEAM_CHANNEL, f"/hat who {said.words}", wait=10)
    assert f"<@{JOHAN}>" in spoken(found["messages"])
    assert len([m for m in world.told(JOHAN) if said.words in spoken(m)]) == 1


def not_my_hat_but_a_person_who_answers_in_the_thread(world: World, said: Said) -> None:
    slack = world.playground
    asked = ask(world, MARIA, "Which template do we use?")
    card = last(world, OSKAR, "Which template")
    press(world, OSKAR, card, ids.QUESTION_NOT_MINE, wait=10)
    note = {ids.FORM_BLOCK + "person": SARA, ids.FORM_BLOCK + "note": "She made it <!channel>"}
    slack.submit(OSKAR, note, wait=10)
    moved = last(world, SARA, "Which template", said.passed, "> She made it")
    assert "<!channel>" not in spoken(moved)
    slack.say(SARA, "The blue one.", channel=TEAM_CHANNEL, thread_ts=asked["ts"])
    (check,) = world.eventually(lambda: in_thread(world, asked, said.answers_it))
    press(world, MARIA, check, ids.QUESTION_NOT_YET)
    last(world, SARA, "Which template", said.waits)
    world.eventually(lambda: _actions(in_thread(world, asked)[-1]) == set())
    slack.say(SARA, "The one from May.", channel=TEAM_CHANNEL, thread_ts=asked["ts"])
    checks = world.eventually(lambda: _two(in_thread(world, asked, said.answers_it)) or _open(world, asked))
    press(world, MARIA, checks[-1], ids.QUESTION_SOLVED)
    world.eventually(lambda: in_thread(world, asked, said.solved))
    slack.post("/settle", seconds=5)
    assert len(in_thread(world, asked)) == 4, "two notes of who has it, and each answer was asked about once"
    assert len([m for m in world.told(SARA) if "Which template" in spoken(m)]) == 2


def _two(found: list[Json]) -> list[Json]:
    return found if len(found) > 1 else []


def _open(world: World, asked: Json) -> list[Json]:
    return [m for m in in_thread(world, asked) if ids.QUESTION_SOLVED in _actions(m)]


def two_take_it_at_the_same_instant(world: World, said: Said) -> None:
    with opened(world.database_url) as sessions:
        with sessions.read() as session:
            team, people = session.exec(select(Team)).one(), session.exec(select(Member)).all()
        events = a_hat(sessions, team, "Events")
        for member in people:
            if member.slack_user_id in {ERIK, MARIA, SARA}:
                wears(sessions, member, events)
    asked = ask(world, JOHAN, "Any lists for Friday?", hat="events")
    cards = {user: last(world, user, "Any lists") for user in (ERIK, MARIA, SARA)}
    assert all(ids.QUESTION_TAKE in _actions(card) for card in cards.values())
    with ThreadPoolExecutor(2) as pool:
        racers = (ERIK, SARA)
        for done in [pool.submit(press, world, user, cards[user], ids.QUESTION_TAKE) for user in racers]:
            done.result()
    late = world.eventually(
        lambda: [user for user in racers if said.quicker in spoken(world.playground.modal(user) or {})]
    )
    assert len(late) == 1, "one wins, the other reads a kind sentence"
    (winner,) = set(racers) - set(late)
    for user in (*late, MARIA):
        world.eventually(lambda user=user: said.took in spoken(same(world, user, cards[user])))
        assert _actions(same(world, user, cards[user])) == set()
    assert ids.QUESTION_REPLY in _actions(same(world, winner, cards[winner]))
    world.eventually(lambda: len(in_thread(world, asked)) == 2)


def three_thousand_characters_each_way(world: World, said: Said) -> None:
    slack = world.playground
    command = {"en": "ask", "sv": "fråga"}[world.language]
    assert slack.command(ERIK, TEAM_CHANNEL, f"/hat {command} email-nurturing", wait=10)["view"]
    assert slack.submit(ERIK, {ids.ASK_BLOCK: LONG}, wait=10)["ok"]
    card = last(world, OSKAR, "> Which flow?", "xxxx")
    press(world, OSKAR, card, ids.QUESTION_REPLY, wait=10)
    assert slack.submit(OSKAR, {ids.REPLY_BLOCK: "This one. " + "y" * 2990})["ok"]
    answer = last(world, ERIK, said.answers, "> This one.")
    assert answer["thread_ts"] != answer["ts"], "it stands under the note of who has the question"


def a_stranger_gets_no_question(world: World, said: Said) -> None:
    slack = world.playground
    user = {"id": "U0STRANGER", "name": "visitor", "team_id": "T0ELSEWHERE", "is_stranger": True}
    slack.post("/users", user=user)
    slack.post("/act/invite", user=ANNA, channel=TEAM_CHANNEL, guest="U0STRANGER")
    asked = ask(world, JOHAN, "Who may see the list?")
    card = last(world, OSKAR, "Who may see")
    slack.say("U0STRANGER", "I know it.", channel=TEAM_CHANNEL, thread_ts=asked["ts"])
    press(world, OSKAR, card, ids.QUESTION_NOT_MINE, wait=10)
    slack.submit(OSKAR, {ids.FORM_BLOCK + "person": "U0STRANGER"})
    last(world, OSKAR, said.not_askable)
    world.eventually(lambda: in_thread(world, asked))
    slack.post("/settle", seconds=5)
    assert len(in_thread(world, asked)) == 1, "what a stranger writes is no answer"
    assert ids.QUESTION_REPLY in _actions(same(world, OSKAR, card))


def what_is_pointed_at_is_found_in_the_thread(world: World) -> None:
    listen, first, points = {
        "en": ("listen answer", "The newsletter has a typo.", "who owns this?"),
        "sv": ("lyssna svara", "Nyhetsbrevet har ett stavfel.", "vem äger det här?"),
    }[world.language]
    slack = world.playground
    slack.command(ANNA, TEAM_CHANNEL, f"/hat {listen}", wait=10)
    root = slack.say(ANNA, first, channel=TEAM_CHANNEL)
    slack.say(JOHAN, points, channel=TEAM_CHANNEL, thread_ts=root["ts"])
    (answer,) = world.eventually(lambda: in_thread(world, root))
    assert f"<@{OSKAR}>" in spoken(answer)
    slack.post("/settle", seconds=5)
    assert len(in_thread(world, root)) == 1


def a_private_channel_and_an_archived_one(world: World, said: Said) -> None:
    slack = world.playground
    bot = slack.workspace()["bot_user_id"]
    project = slack.post("/channels", name="project", members=[ERIK, OSKAR, bot])["id"]
    for number, channel in enumerate((RANDOM, project)):
        asked = ask(world, ERIK, f"Question {number}?", channel=channel)
        card = last(world, OSKAR, f"Question {number}?")
        if channel == project:
            world.eventually(lambda asked=asked: in_thread(world, asked))
            slack.act("archive", ERIK, channel=project)
        press(world, OSKAR, card, ids.QUESTION_REPLY, wait=10)
        assert slack.submit(OSKAR, {ids.REPLY_BLOCK: f"Answer {number}."})["ok"]
        answer = last(world, ERIK, f"> Answer {number}.", f"> Question {number}?")
        press(world, ERIK, answer, ids.QUESTION_SOLVED)
        last(world, ERIK, f"> Answer {number}.", said.solved)
    slack.post("/settle", seconds=5)
    assert [sum(f"> Answer {number}." in spoken(m) for m in world.told(ERIK)) for number in (0, 1)] == [1, 1]


def a_message_that_is_edited_and_deleted(world: World, said: Said) -> None:
    asked = ask(world, ERIK, "Where are the pictures?")
    card = last(world, OSKAR, "Where are the pictures?")
    where = {"channel": TEAM_CHANNEL, "ts": asked["ts"]}
    world.playground.act("edit", ERIK, text="Where are the old pictures?", **where)
    world.playground.post("/settle", seconds=5)
    assert ids.QUESTION_REPLY in _actions(same(world, OSKAR, card))
    world.playground.act("edit", ERIK, text=None, **where)
    world.eventually(lambda: said.closed in spoken(same(world, OSKAR, card)))
    assert _actions(same(world, OSKAR, card)) == set()


def a_reminder_then_an_admin_then_nothing(world: World, said: Said) -> None:
    asked = ask(world, JOHAN, "When does it go out?")
    last(world, OSKAR, "When does it go out?")

    def told(user: str) -> int:
        return sum("When does it go out?" in spoken(m) for m in world.told(user))

    world.go_to(WEDNESDAY, 17)
    world.playground.post("/settle", seconds=5)
    assert told(OSKAR) == 1
    world.go_to(THURSDAY, 8, 5)  # asked soon after 9, eight working hours later
    last(world, OSKAR, "When does it go out?", said.waits)
    assert told(ANNA) == 0
    world.go_to(THURSDAY, 16, 5)
    last(world, ANNA, "When does it go out?")
    world.eventually(lambda: len(in_thread(world, asked)) == 2)
    for weekday, hour, weeks in ((FRIDAY, 12, 0), (MONDAY, 16, 1)):
        world.go_to(weekday, hour, weeks=weeks)
        world.playground.post("/settle", seconds=5)
    assert (told(OSKAR), told(ANNA)) == (2, 1)
    assert len(in_thread(world, asked)) == 2
    assert not any("Where are the pictures?" in spoken(m) and said.waits in spoken(m) for m in world.told(OSKAR))


def the_owner_leaves_meanwhile(world: World) -> None:
    asked = ask(world, ERIK, "Who writes the next one?")
    last(world, OSKAR, "Who writes the next one?")
    world.playground.act("change_user", OSKAR, changes={"deleted": True})
    last(world, JOHAN, "Who writes the next one?")  # the one who wears the hat still
    world.eventually(lambda: len(in_thread(world, asked)) == 2)
    world.playground.post("/settle", seconds=5)
    assert sum("Who writes the next one?" in spoken(m) for m in world.told(JOHAN)) == 1
