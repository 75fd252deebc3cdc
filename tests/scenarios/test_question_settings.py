"""Settings, lists, the message shortcut and what questions tell, with the real bot in both languages and transports."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.playground.seed import ANNA, ERIK, MARIA, OSKAR, RANDOM, TEAM, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import MONDAY, World, buttons, fields, open_world, spoken

pytestmark = pytest.mark.scenario

Json = dict[str, Any]
THURSDAY = 3
POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("question settings on postgres"))
PLACES = [
    pytest.param("socket", "en", "sqlite", marks=pytest.mark.xdist_group("question settings on sqlite")),
    pytest.param("http", "sv", "postgres", marks=POSTGRES),
]


@dataclass(frozen=True)
class Said:
    """What is typed in a language, and what it says."""

    my_settings: str
    saved: str
    newsletter: str
    in_thread: str
    questions: str
    nothing_to_answer: str
    no_answer_waited_for: str
    elsewhere: str
    settings: str
    not_admin: str
    unknown_country: str
    country: str
    vacant: str
    digest: str
    home: str
    kpi: str


SAID = {
    "en": Said(
        my_settings="settings me",
        saved="Your settings are saved.",
        newsletter="When does the newsletter go out?",
        in_thread="The answer comes in the message's thread.",
        questions="questions",
        nothing_to_answer="Nobody waits for an answer from you.",
        no_answer_waited_for="You wait for no answer.",
        elsewhere="I am not in that conversation, so the answer comes to you as a direct message.",
        settings="settings",
        not_admin="admin",
        unknown_country="I know no public holidays of “Atlantis”.",
        country="Sweden",
        vacant="owned by nobody. It was asked about 2 times in the last four weeks.",
        digest="4 questions, answered in less than an hour of working time at the median, "
        "2 reached the right person first, 2 still open",
        home="Questions about your hats",
        kpi="Nurtured leads",
    ),
    "sv": Said(
        my_settings="inställningar mig",
        saved="Dina inställningar är sparade.",
        newsletter="När går nyhetsbrevet ut?",
        in_thread="Svaret kommer i meddelandets tråd.",
        questions="frågor",
        nothing_to_answer="Ingen väntar på svar från dig.",
        no_answer_waited_for="Du väntar inte på något svar.",
        elsewhere="Jag är inte med i den konversationen, så svaret kommer till dig som direktmeddelande.",
        settings="inställningar",
        not_admin="administratör",
        unknown_country="Jag känner inte till några helgdagar för ”Atlantis”.",
        country="Sverige",
        vacant="ägs av ingen. Den frågades det om 2 gånger de senaste fyra veckorna.",
        digest="4 frågor, besvarade på mindre än en timme arbetstid i median, "
        "2 nådde rätt person först, 2 fortfarande öppna",
        home="Frågor om dina hattar",
        kpi="Bearbetade leads",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with new_database(engine, tmp_path) as url, open_world(url, tmp_path, language=language, mode=mode) as lived:
        lived.start()
        lived.playground.faults(duplicate_events=3)
        yield lived


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_questions_are_asked_listed_and_learned_from(world: World) -> None:
    said = SAID[world.language]
    questions_reach_the_owner_in_the_thread_from_now_on(world, said)
    a_message_becomes_a_question_and_is_answered_from_the_list(world, said)
    where_the_bot_is_not_the_answer_comes_as_a_direct_message(world, said)
    a_vacant_hat_that_people_ask_about_is_named(world, said)
    only_admins_say_when_the_team_works(world, said)
    the_owner_is_asked_at_the_time_of_their_own(world, said)
    the_digest_and_the_home_tell_what_was_learned(world, said)


# Steps


def form(**values: Any) -> Json:
    return {f"{ids.FORM_BLOCK}{name}": value for name, value in values.items()}


def opens(world: World, user: str, text: str) -> Json:
    """Type a command that opens a modal, and return the modal."""
    view: Json = world.playground.command(user, TEAM_CHANNEL, f"/hat {text}", wait=10)["view"]
    return view


def typed(world: World, user: str, text: str) -> Json:
    """Type a command, and return its answer."""
    (answer,) = world.playground.command(user, TEAM_CHANNEL, f"/hat {text}", wait=10)["messages"]
    assert answer["ephemeral_to"] == user
    return dict(answer)


def accessories(message: Json) -> list[Json]:
    return [block["accessory"] for block in message["blocks"] if "accessory" in block]


def asks_about(world: World, user: str, message: Json) -> Json:
    """Choose the shortcut in a message's menu, and return the modal."""
    where = {"channel": message["channel"], "message_ts": message["ts"]}
    view: Json = world.playground.act("shortcut", user, callback_id=ids.ASK_SHORTCUT, wait=10, **where)["view"]
    return view


def in_thread(world: World, message: Json) -> list[Json]:
    told = world.playground.messages(message["channel"], ephemeral=False)
    return [one for one in told if one.get("thread_ts") == message["ts"] and one["ts"] != message["ts"]]


def questions_reach_the_owner_in_the_thread_from_now_on(world: World, said: Said) -> None:
    opens(world, OSKAR, said.my_settings)
    missing = world.playground.submit(OSKAR, form(reach="thread", prompt_day="Thursday"), wait=10)
    assert list(missing["errors"]) == [f"{ids.FORM_BLOCK}prompt_time"]
    saved = world.playground.submit(OSKAR, form(prompt_time="07:30"), wait=10)
    assert said.saved in spoken(saved["view"])


def a_message_becomes_a_question_and_is_answered_from_the_list(world: World, said: Said) -> None:
    slack = world.playground
    message = slack.say(MARIA, said.newsletter, channel=TEAM_CHANNEL)
    view = asks_about(world, MARIA, message)
    hat, question = (field["element"] for field in fields(view).values())
    assert hat["initial_option"]["value"] == "email-nurturing"
    assert question["initial_value"] == said.newsletter
    assert said.in_thread in spoken(slack.submit(MARIA, {}, wait=10)["view"])
    world.eventually(lambda: f"<@{OSKAR}>" in spoken(in_thread(world, message)))
    assert world.told(OSKAR) == [], "he chose the thread"
    listed = typed(world, OSKAR, said.questions)
    assert said.newsletter in spoken(listed)
    (reply,) = accessories(listed)
    slack.click(OSKAR, reply["action_id"], channel=TEAM_CHANNEL, message_ts=listed["ts"], wait=10)
    slack.submit(OSKAR, {ids.REPLY_BLOCK: "On Thursday."}, wait=1)
    world.eventually(lambda: "On Thursday." in spoken(in_thread(world, message)))
    assert said.nothing_to_answer in spoken(typed(world, OSKAR, said.questions))
    waiting = typed(world, MARIA, said.questions)
    (solved,) = accessories(waiting)
    assert solved["action_id"] == ids.QUESTIONS_SOLVED
    came = slack.click(MARIA, solved["action_id"], channel=TEAM_CHANNEL, message_ts=waiting["ts"], wait=10)
    assert said.no_answer_waited_for in spoken(came["messages"])


def where_the_bot_is_not_the_answer_comes_as_a_direct_message(world: World, said: Said) -> None:
    slack = world.playground
    message = slack.say(ERIK, said.newsletter, channel=RANDOM)
    assert said.elsewhere in spoken(asks_about(world, ERIK, message))
    assert said.elsewhere in spoken(slack.submit(ERIK, {}, wait=10)["view"])
    (card,) = world.eventually(lambda: world.told(OSKAR))
    (link,) = [button["url"] for button in buttons(card) if "url" in button]
    assert link.endswith(f"/archives/{RANDOM}/p{message['ts'].replace('.', '')}")
    slack.click(OSKAR, ids.QUESTION_REPLY, channel=card["channel"], message_ts=card["ts"], wait=10)
    slack.submit(OSKAR, {ids.REPLY_BLOCK: "On Friday."}, wait=1)
    world.eventually(lambda: "On Friday." in spoken(world.told(ERIK)))
    assert in_thread(world, message) == []
    seen = spoken(typed(world, MARIA, said.questions))
    assert said.newsletter not in seen, "what was written in a private channel stays there"


def a_vacant_hat_that_people_ask_about_is_named(world: World, said: Said) -> None:
    for words in ("Who calls them?", "Which lists?"):
        world.playground.command(MARIA, TEAM_CHANNEL, f"/hat ask prospecting {words}", wait=10)
    assert said.vacant in spoken(typed(world, MARIA, "health"))


def only_admins_say_when_the_team_works(world: World, said: Said) -> None:
    refused = opens(world, MARIA, said.settings)
    assert fields(refused) == {}
    assert said.not_admin in spoken(refused)
    opens(world, ANNA, said.settings)
    wrong = world.playground.submit(ANNA, form(holidays="Atlantis"), wait=10)
    assert said.unknown_country in wrong["errors"][f"{ids.FORM_BLOCK}holidays"]
    work = form(working_days=["1", "2", "3", "4"], work_ends="16:30", holidays=said.country, answer_hours="4")
    world.playground.submit(ANNA, work, wait=10)
    exported = world.hattrick("team", "export", "--workspace", TEAM)
    assert exported.returncode == 0, exported.stderr
    assert all(part in exported.stdout for part in ("holidays: SE", "16:30", "answer_hours: 4", "Thursday"))
    assert "Friday, " not in exported.stdout.split("work:")[1].splitlines()[0]


def the_owner_is_asked_at_the_time_of_their_own(world: World, said: Said) -> None:
    world.go_to(THURSDAY, 7, 30)
    world.eventually(lambda: [one for one in world.told(OSKAR) if said.kpi in spoken(one)])
    assert [one for one in world.told(ANNA) if ids.REPORT_OPEN in str(buttons(one))] == [], "hers is on Friday"


def the_digest_and_the_home_tell_what_was_learned(world: World, said: Said) -> None:
    world.go_to(MONDAY, 10, weeks=1)
    posted = world.eventually(lambda: [one for one in world.posted() if said.digest in spoken(one)])
    assert len(posted) == 1
    home = world.eventually(lambda: world.playground.open_home(OSKAR, wait=10))
    assert said.home in spoken(home)
    world.playground.click(OSKAR, ids.MY_SETTINGS, wait=10)
    world.eventually(lambda: (world.playground.modal(OSKAR) or {}).get("callback_id") == ids.MY_SETTINGS_SUBMIT)
