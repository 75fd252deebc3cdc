"""What is heard through Socket Mode: decoded at once, not lost where it is no text, nor when the connection ends."""

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.app import _identify
from bot.domain.errors import UserFacingError
from bot.listeners.binding import Deps
from bot.listeners.events.hearing import bind_event
from bot.playground.seed import ANNA, TEAM_CHANNEL
from bot.slack.socket_mode import AppTokenRefused, SocketMode, read_quickly
from tests.support.playground import PlaygroundClient


class Session:
    """Hears one message as soon as it runs, like `websocket.WebSocketApp`: as bytes if it is not to look at them."""

    def __init__(self, message: bytes) -> None:
        self.message = message
        self.heard: list[str] = []
        self.options: dict[str, Any] = {}
        self.on_message: Callable[[Any, Any], None] = lambda _, message: self.heard.append(message)

    def run_forever(self, *, skip_utf8_validation: bool = False, **options: Any) -> None:
        self.options = options
        self.on_message(self, self.message if skip_utf8_validation else self.message.decode())


@pytest.mark.parametrize(
    ("sent", "heard"), [("Åsa 👍".encode(), "Åsa 👍"), (b"\xc3\xa5\xff!", "å\ufffd!")], ids=["text", "broken"]
)
def test_what_slack_says_is_heard_as_text(sent: bytes, heard: str) -> None:
    session = Session(sent)
    read_quickly(session)
    session.run_forever(ping_interval=10)
    assert (session.heard, session.options) == ([heard], {"ping_interval": 10})


def test_a_session_that_runs_already_goes_on() -> None:
    session = Session("Åsa".encode())
    run = session.run_forever
    read_quickly(session)
    run()
    assert session.heard == ["Åsa"]


@pytest.fixture
def bolt(playground: PlaygroundClient) -> App:
    client = WebClient(playground.workspace()["bot_token"], base_url=playground.api_url)
    return App(client=client, signing_secret="unused", process_before_response=True)


def connection_of(playground: PlaygroundClient, bolt: App) -> SocketMode:
    return SocketMode(bolt, playground.app()["app_token"], base_url=playground.api_url)


def outcomes(playground: PlaygroundClient) -> dict[str, str]:
    """Tell what has become of each message's event."""
    return {one["payload"]["event"]["text"]: one["outcome"] for one in playground.deliveries("events_api")}


def test_what_is_worked_on_when_the_bot_ends_is_acknowledged_and_what_comes_then_is_another_connections(
    playground: PlaygroundClient, bolt: App
) -> None:
    began, may_end, done = threading.Event(), threading.Event(), list[str]()

    def slow(_deps: Deps, body: dict[str, Any]) -> None:
        began.set()
        may_end.wait(2)
        done.append(body["event"]["text"])

    bolt.event("message")(bind_event(cast("Deps", None), slow))
    ending, other = connection_of(playground, bolt), connection_of(playground, bolt)
    assert ending.open(threading.Event())
    playground.say(ANNA, "before", channel=TEAM_CHANNEL)
    assert began.wait(5)
    close = threading.Thread(target=ending.close)
    close.start()
    playground.eventually(lambda: ending._handler._at_work.ending)
    playground.say(ANNA, "meanwhile", channel=TEAM_CHANNEL)
    assert other.open(threading.Event())
    may_end.set()
    close.join(5)
    playground.eventually(lambda: set(outcomes(playground).values()) == {"acked"})
    other.close()
    assert done == ["before", "meanwhile"], "each once"
    assert [one["attempts"] for one in playground.deliveries("events_api")] == [1, 2]


def test_commands_are_answered_in_turn_and_so_are_those_that_come_in_the_moment_in_which_it_ends(
    playground: PlaygroundClient, bolt: App
) -> None:
    threads: list[str] = []

    def answer(ack: Callable[..., Any]) -> None:
        threads.append(threading.current_thread().name)
        ack("Anna owns this hat.")

    bolt.command("/hat")(answer)
    connection = connection_of(playground, bolt)
    assert connection.open(threading.Event())
    for _ in range(2):
        playground.command(ANNA, TEAM_CHANNEL, "/hat who web")
    connection._handler._commands.shutdown()
    playground.command(ANNA, TEAM_CHANNEL, "/hat who web")
    playground.eventually(lambda: [one["outcome"] for one in playground.deliveries("slash_commands")] == ["acked"] * 3)
    connection.close()
    assert threads[:2] == ["commands_0"] * 2
    assert threads[2] != "commands_0"


@pytest.mark.parametrize("error", ["internal_error", "team_added_to_org"])
def test_slacks_own_troubles_when_it_begins_are_waited_for(playground: PlaygroundClient, bolt: App, error: str) -> None:
    playground.faults({"kind": "error", "method": "apps.connections.open", "error": error, "times": 1})
    connection = connection_of(playground, bolt)
    assert connection.open(threading.Event())
    connection.close()


def test_a_token_that_is_none_is_told_at_once(playground: PlaygroundClient, bolt: App) -> None:
    playground.faults({"kind": "error", "method": "apps.connections.open", "error": "invalid_auth"})
    with pytest.raises(AppTokenRefused, match="invalid_auth"):
        connection_of(playground, bolt).open(threading.Event())


def test_so_is_who_the_bot_is(playground: PlaygroundClient) -> None:
    token = playground.workspace()["bot_token"]
    playground.faults({"kind": "error", "method": "auth.test", "error": "internal_error", "times": 1})
    assert _identify(token, playground.api_url).workspace == playground.workspace()["id"]
    playground.faults({"kind": "error", "method": "auth.test", "error": "invalid_auth"})
    with pytest.raises(UserFacingError, match="invalid_auth"):
        _identify(token, playground.api_url)
