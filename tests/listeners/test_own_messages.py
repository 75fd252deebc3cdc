"""What the app posts itself is told to it like everything else, and is no work; what others post is."""

from typing import Any

import pytest
from slack_bolt import App, BoltRequest

from bot.app import _bolt
from bot.config import Settings
from bot.services.installs.installs import Installs
from storage import Sessions
from tests.support.database import counted_statements
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY

APP = "A0HATTRICK"


@pytest.fixture
def heard() -> list[str]:
    """Texts of the messages that reached a listener."""
    return []


@pytest.fixture
def app(sqlite_sessions: Sessions, heard: list[str]) -> App:
    """An app that hears every message."""
    installs = Installs(sqlite_sessions, lambda _: None)
    installs.own("T0NORTH001", "xoxb-1", bot_user_id="U0BOT", bot_id="B0BOT", name="North", now=TUESDAY)
    bolt = _bolt(Settings(_env_file=None), installs, StandingClock(TUESDAY))

    @bolt.event("message")
    def hear(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    return bolt


def told(app: App, **message: str) -> int:
    body = {
        "type": "event_callback",
        "team_id": "T0NORTH001",
        "api_app_id": APP,
        "event_id": "Ev1",
        "event": {"type": "message", "channel": "C1", "ts": "1.2", "text": "hello", **message},
        "authorizations": [{"team_id": "T0NORTH001", "user_id": "U0BOT", "is_bot": True}],
    }
    return app.dispatch(BoltRequest(body=body, mode="socket_mode")).status


def test_own_messages_are_taken_without_a_query(app: App, heard: list[str], sqlite_sessions: Sessions) -> None:
    with counted_statements(sqlite_sessions.engine) as statements:
        assert told(app, user="U0BOT", bot_id="B0BOT", app_id=APP) == 200
    assert (heard, statements) == ([], [])


def test_own_messages_are_known_without_the_app_s_name_too(app: App, heard: list[str]) -> None:
    assert told(app, user="U0BOT", bot_id="B0BOT") == 200
    assert heard == []


@pytest.mark.parametrize(
    "sender", [{"user": "U0ANNA"}, {"user": "U0OTHER", "bot_id": "B0OTHER", "app_id": "A0OTHER"}, {"app_id": ""}]
)
def test_what_people_and_other_apps_post_is_heard(app: App, heard: list[str], sender: dict[str, str]) -> None:
    assert told(app, **sender) == 200
    assert heard == ["hello"]
