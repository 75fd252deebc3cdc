"""Whatever arrives at a door, there is an acknowledgement and a sentence, and nothing is half written."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.listeners.register import ACTIONS, VIEWS
from messages import ids
from storage import Sessions
from tests.support.builders import a_hat, a_kpi, a_member, wears
from tests.support.doors import Answer, Doors, Json, ResponseUrls, open_doors
from tests.support.hostile import NASTY
from tests.support.replica import StandingClock, replica
from tests.support.week import FRIDAY_13, THIS_WEEK, Player, a_player, a_playing_team

ALL_ACTION_IDS = [key if isinstance(key, str) else f"{ids.HAT_CHOOSE}_1" for table in ACTIONS for key in table]
# A button that opens a page is only acknowledged.
ACTION_IDS = [action_id for action_id in ALL_ACTION_IDS if action_id != ids.QUESTION_LINK]
CALLBACKS = [key for table in VIEWS for key in table]
# What a refusal must leave as it was: everything but who is known.
UNTOUCHED = {"member"}


@dataclass
class House:
    """A database with a team, a team of another workspace, and doors to both."""

    sessions: Sessions
    doors: Doors
    anna: Player
    rival: Player
    erik: str

    @property
    def workspace(self) -> str:
        return self.anna.workspace.slack_team_id

    def dump(self) -> dict[str, list[Any]]:
        """Return every row that a refusal must not touch."""
        with self.sessions.engine.connect() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(select(table)).all()))
                for table in SQLModel.metadata.sorted_tables
                if table.name not in UNTOUCHED
            }


@contextmanager
def a_house(sessions: Sessions, response_urls: ResponseUrls) -> Iterator[House]:
    team = a_playing_team(sessions, name="North", channel_id="C0NORTH")
    anna = a_player(sessions, team, "Anna", hat="Email manager", kpi={"name": "Leads"})
    wears(sessions, anna.member, a_hat(sessions, team, "Hunter"))
    rivals = a_playing_team(sessions, name="Rivals", channel_id="C0RIVALS")
    rival = a_player(sessions, rivals, "Rival", hat="Secret hat")
    erik = a_member(sessions, team, "Erik").slack_user_id
    workspaces = (anna.workspace.slack_team_id, rival.workspace.slack_team_id)
    with open_doors(sessions, StandingClock(FRIDAY_13), response_urls, *workspaces) as doors:
        yield House(sessions, doors, anna, rival, erik)


@pytest.fixture
def house(sqlite_sessions: Sessions, response_urls: ResponseUrls) -> Iterator[House]:
    with a_house(sqlite_sessions, response_urls) as built:
        yield built


@pytest.fixture
def either_house(sessions: Sessions, response_urls: ResponseUrls) -> Iterator[House]:
    """The same on each engine: PostgreSQL refuses texts and numbers that SQLite takes."""
    with a_house(sessions, response_urls) as built:
        yield built


def fine(answer: Answer, after: str = "") -> str:
    """Check what every answer must be, and return its words."""
    assert not answer.log, f"{after}: {answer.log[0]}"
    assert answer.status == 200, after
    assert answer.words.strip(), f"no sentence after {after}"
    assert "Something went wrong" not in answer.words
    assert "Traceback" not in answer.words
    assert "Secret" not in answer.words, "another workspace's hat"
    return answer.words


_TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.characters().map(lambda one: one * 2999))
_FIELD = st.one_of(
    st.none(),
    st.just({}),
    st.builds(lambda text: {"type": "plain_text_input", "value": text}, st.none() | _TEXTS),
    st.builds(lambda value: {"selected_options": value and [{"value": value}]}, st.none() | _TEXTS),
    st.builds(lambda value: {"selected_option": value and {"value": value}}, st.none() | _TEXTS),
    st.builds(lambda value: {"selected_user": value}, st.none() | _TEXTS),
)
_BLOCKS = [getattr(ids, name) for name in dir(ids) if name.endswith("_BLOCK")]
_INPUTS = [getattr(ids, name) for name in dir(ids) if name.endswith("_INPUT")]
_BLOCK_IDS = st.one_of(
    st.sampled_from(_BLOCKS), st.builds("{}{}".format, st.sampled_from(_BLOCKS), st.sampled_from(["1", *NASTY])), _TEXTS
)
_STATE = st.one_of(
    st.none(),
    st.just({}),
    st.just({"values": None}),
    st.builds(
        lambda values: {"values": values},
        st.dictionaries(
            _BLOCK_IDS,
            st.none() | st.dictionaries(st.sampled_from(_INPUTS) | _TEXTS, _FIELD, max_size=2),
            max_size=4,
        ),
    ),
)
_RELAXED = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_a_person_whom_nobody_knows_is_asked_about(house: House) -> None:
    fine(house.doors.command(house.workspace, house.erik, "of <@U0NOBODY|x>", "C0NORTH"))


@_RELAXED
@given(
    callback=st.sampled_from([*CALLBACKS, "long_gone"]),
    metadata=st.none() | _TEXTS,
    state=_STATE,
)
def test_any_form_gets_a_sentence_and_is_stored_whole_or_not_at_all(
    house: House, callback: str, metadata: str | None, state: Json | None
) -> None:
    view = {"callback_id": callback, "private_metadata": metadata, "state": state}
    before = house.dump()
    fine(house.doors.submit(house.workspace, house.erik, view))
    if callback not in (ids.ASK_SUBMIT, ids.HAT_CHECK_SUBMIT):
        assert house.dump() == before, "Erik owns nothing that could change"


def test_every_button_takes_what_hostile_hands_put_into_its_value(either_house: House) -> None:
    house = either_house
    before = house.dump()["reading"]
    for action_id in ACTION_IDS:
        for value in NASTY:
            answer = house.doors.click(house.workspace, house.anna.id, {"action_id": action_id, "value": value})
            fine(answer, f"{action_id} with {value[:40]!r}")
    assert house.dump()["reading"] == before


def test_a_form_with_a_broken_state_stores_nothing(either_house: House) -> None:
    house = either_house
    values = {
        f"{ids.KPI_BLOCK}{house.rival.kpi.id}": {ids.KPI_INPUT: {"value": "12"}},
        ids.ASK_BLOCK: {ids.ASK_INPUT: {"value": " "}},
    }
    before = house.dump()
    for callback in (ids.REPORT_SUBMIT, ids.ASK_SUBMIT):
        for metadata in (None, *NASTY):
            view = {"callback_id": callback, "private_metadata": metadata, "state": {"values": values}}
            fine(house.doors.submit(house.workspace, house.anna.id, view), f"{callback} with {metadata!r:.40}")
    assert house.dump() == before


def questions_to_anna(house: House) -> list[str]:
    """Send what is owed, and return the questions that reached Anna."""
    with replica(house.sessions, house.doors.slack, StandingClock(FRIDAY_13)) as bot:
        bot.tick()
    told = [said.words for said in house.doors.slack.all_in(house.anna.id)]
    return [words for words in told if "has a question about" in words]


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud83d", "å" * 3000])
def test_any_question_is_stored_and_sent(either_house: House, text: str) -> None:
    house = either_house
    view = {
        "callback_id": ids.ASK_SUBMIT,
        "private_metadata": "email-manager \x00",
        "state": {"values": {ids.ASK_BLOCK: {ids.ASK_INPUT: {"value": f"Wherefore {text}?"}}}},
    }
    assert "Wherefore" not in fine(house.doors.command(house.workspace, house.erik, f"ask {text}"))
    fine(house.doors.submit(house.workspace, house.erik, view))
    assert "Wherefore" in "".join(questions_to_anna(house))


@pytest.mark.parametrize("missing", ["state", "private_metadata", "id"])
@pytest.mark.parametrize("callback", CALLBACKS)
def test_a_form_that_lacks_a_part_gets_a_sentence(house: House, callback: str, missing: str) -> None:
    view: Json = {"callback_id": callback, "id": "V9", "private_metadata": f"1:{THIS_WEEK}", "state": {"values": {}}}
    before = house.dump()
    fine(house.doors.submit(house.workspace, house.anna.id, {**view, missing: None}))
    if callback not in (ids.HAT_CHECK_SUBMIT, ids.SKIP_SUBMIT):  # an empty form of which is an answer
        assert house.dump() == before


@pytest.mark.parametrize("action_id", ACTION_IDS)
def test_a_button_without_a_value_gets_a_sentence(house: House, action_id: str) -> None:
    fine(house.doors.click(house.workspace, house.anna.id, {"action_id": action_id}))


@pytest.mark.parametrize("action_id", ACTION_IDS)
def test_a_button_in_the_home_where_there_is_nothing_to_replace_gets_a_sentence(house: House, action_id: str) -> None:
    answer = house.doors.click(
        house.workspace,
        house.anna.id,
        {"action_id": action_id, "value": "email-manager"},
        response_url=None,
        channel=None,
        container={"type": "view", "view_id": "V1"},
        view={"id": "V1", "type": "home"},
    )
    fine(answer)


def test_see_all_hats_in_the_home_shows_them(house: House) -> None:
    answer = house.doors.click(
        house.workspace,
        house.anna.id,
        {"action_id": ids.HAT_LIST_OPEN},
        response_url=None,
        channel=None,
        container={"type": "view", "view_id": "V1"},
    )
    assert "Hunter" in fine(answer)


def test_a_report_of_one_owner_is_stored_and_the_same_form_of_another_is_not(house: House) -> None:
    kpi, state = house.anna.kpi.id, f"{house.anna.team.id}:{THIS_WEEK}"
    view = {
        "callback_id": ids.REPORT_SUBMIT,
        "private_metadata": state,
        "state": {"values": {f"{ids.KPI_BLOCK}{kpi}": {ids.KPI_INPUT: {"value": "12"}}}},
    }
    assert "nothing to report" in fine(house.doors.submit(house.workspace, house.erik, view))
    assert house.dump()["reading"] == []
    # The other workspace's owner, with this team's state and KPI.
    refused = house.doors.submit(house.rival.workspace.slack_team_id, house.rival.id, view)
    assert "older than the team's numbers" in refused.words
    assert house.dump()["reading"] == []
    assert "12" in fine(house.doors.submit(house.workspace, house.anna.id, view))
    assert len(house.dump()["reading"]) == 1


def test_a_field_that_cannot_be_read_is_marked_and_the_others_stay_as_they_are(house: House) -> None:
    calls = a_kpi(house.sessions, house.anna.hat, "Calls")
    fields = {house.anna.kpi.id: "12", calls.id: "twelve"}
    view = {
        "callback_id": ids.REPORT_SUBMIT,
        "private_metadata": f"{house.anna.team.id}:{THIS_WEEK}",
        "state": {
            "values": {f"{ids.KPI_BLOCK}{kpi}": {ids.KPI_INPUT: {"value": text}} for kpi, text in fields.items()}
        },
    }
    answer = house.doors.submit(house.workspace, house.anna.id, view)
    assert answer.ack["response_action"] == "errors"
    assert set(answer.ack["errors"]) == {f"{ids.KPI_BLOCK}{calls.id}"}
    assert house.dump()["reading"] == []


def test_a_question_is_sent_once_however_often_its_form_arrives(house: House) -> None:
    view = {
        "callback_id": ids.ASK_SUBMIT,
        "private_metadata": "email-manager C0NORTH",
        "state": {"values": {ids.ASK_BLOCK: {ids.ASK_INPUT: {"value": "x" * 3000}}}},
    }
    for _ in range(3):
        answer = house.doors.submit(house.workspace, house.erik, view)
        assert (answer.status, answer.log) == (200, [])
    assert len(questions_to_anna(house)) == 1
    assert len(house.dump()["question"]) == 1


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_home_opened", "tab": "home"},
        {"type": "app_home_opened", "tab": "messages", "user": "U1"},
        {"type": "user_change", "user": {"id": "U1", "profile": None, "tz": None, "name": None}},
        {"type": "user_change", "user": {"id": "U1", "profile": {"display_name": None}, "deleted": True}},
        {"type": "user_change", "user": {}},
        {"type": "user_change"},
        {"type": "message", "subtype": "channel_join", "channel": "C1", "user": "U1"},
        {"type": "message", "text": None, "channel": "C1"},
        {"type": "app_mention", "text": "<@U0BOT> who", "channel": "C1", "user": "U1"},
        {"type": "something_new"},
    ],
    ids=lambda event: event["type"],
)
def test_every_event_is_acknowledged(house: House, event: Json) -> None:
    answer = house.doors.event(house.workspace, event)
    assert (answer.status, answer.log) == (200, [])


def test_a_home_that_is_opened_is_shown(house: House) -> None:
    for user in (house.anna.id, "U0STRANGER"):
        event = {"type": "app_home_opened", "tab": "home", "user": user}
        assert house.doors.event(house.workspace, event).status == 200
        assert house.doors.slack.homes[house.workspace, user]["type"] == "home"


def test_a_workspace_that_has_no_app_is_answered_too(house: House) -> None:
    answer = house.doors.command("T0UNKNOWN", "U1", "who hunter")
    assert (answer.status, answer.log) == (200, [])
