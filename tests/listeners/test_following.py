"""What people do in Slack is counted by kind and outcome, and followed by an id where it leaves something to do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import structlog
from prometheus_client import REGISTRY
from slack_bolt import BoltRequest
from structlog.testing import capture_logs

from bot import log
from bot.domain.errors import Refused
from bot.listeners.binding import Deps, Turn, bind, under_the_command
from bot.listeners.events.hearing import bind_event
from bot.services.people.directory import HatDirectory
from storage import Sessions, requests
from tests.support.fake_slack import FakeSlack
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY

BODY = {"command": "/hat", "text": "x", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}
EVENT = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {"type": "message", "text": "secret"}}


@pytest.fixture
def deps(sqlite_sessions: Sessions) -> Iterator[Deps]:
    clock = StandingClock(TUESDAY)
    with ThreadPoolExecutor(2) as workers:
        yield Deps(sqlite_sessions, HatDirectory(), FakeSlack(clock), clock, workers)


def done(deps: Deps, listener: Callable[[Turn], None]) -> list[dict[str, Any]]:
    """Let a listener answer a command; return what was logged until all its work was done."""
    with capture_logs(processors=[log.with_request]) as lines:
        bind(deps, listener, under_the_command, "command")(ack=lambda **_: None, body=BODY, respond=None)
        deps.workers.shutdown(wait=True)
    return [dict(line) for line in lines]


def told(deps: Deps, listener: Callable[[Deps, Any], None], **headers: str) -> list[dict[str, Any]]:
    """Let Slack tell of an event; return what was logged until all its work was done."""
    request = BoltRequest(body=EVENT, headers=headers, mode="socket_mode")
    with capture_logs(processors=[log.with_request]) as lines:
        bind_event(deps, listener)(ack=lambda: None, body=EVENT, request=request)
        deps.workers.shutdown(wait=True)
    return [dict(line) for line in lines]


def count(kind: str, outcome: str) -> float:
    return REGISTRY.get_sample_value("hattrick_listener_seconds_count", {"kind": kind, "outcome": outcome}) or 0.0


def refuse(_turn: Turn) -> None:
    raise Refused("no_team")


def crash(_turn: Turn) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(("listener", "outcome"), [(lambda _: None, "ok"), (refuse, "refused"), (crash, "crashed")])
def test_every_outcome_is_counted(deps: Deps, listener: Callable[[Turn], None], outcome: str) -> None:
    before = count("command", outcome)
    done(deps, listener)
    assert count("command", outcome) == before + 1


def test_an_answer_that_leaves_nothing_to_do_leaves_no_line(deps: Deps) -> None:
    assert done(deps, lambda _: None) == []


def test_a_refusal_leaves_a_line_that_says_whose_it_was_and_nothing_that_they_wrote(deps: Deps) -> None:
    (line,) = done(deps, refuse)
    assert {"event": "request_taken", "outcome": "refused", "user": "U1", "name": "/hat"}.items() <= line.items()
    assert len(line["request"]) == 16
    assert "text" not in line


def test_work_after_the_acknowledgement_carries_the_id(deps: Deps) -> None:
    def listener(turn: Turn) -> None:
        turn.deps.later(lambda: structlog.get_logger().info("worked"))

    lines = {line["event"]: line["request"] for line in done(deps, listener)}
    assert lines["worked"] == lines["request_taken"]


def test_each_request_has_an_id_of_its_own_and_leaves_none_behind(deps: Deps) -> None:
    ids = set()
    for _ in range(3):
        bound = bind(deps, lambda _: ids.add(requests.owing()), under_the_command, "command")
        bound(ack=lambda **_: None, body=BODY, respond=None)
    assert len(ids) == 3
    assert requests.current() is None


def test_work_that_crashes_is_logged_under_the_id(deps: Deps) -> None:
    def listener(turn: Turn) -> None:
        turn.deps.later(lambda: 1 / 0)

    lines = {line["event"]: line["request"] for line in done(deps, listener)}
    assert lines["later_crashed"] == lines["request_taken"]


def test_an_event_that_concerns_nobody_leaves_no_line(deps: Deps) -> None:
    before = count("event", "ok")
    assert told(deps, lambda *_: None) == []
    assert count("event", "ok") == before + 1


def test_one_that_owes_something_does_and_never_what_was_said(deps: Deps) -> None:
    (line,) = told(deps, lambda *_: requests.owing())
    assert {"event": "request_taken", "kind": "event", "name": "message", "event_id": "Ev1"}.items() <= line.items()
    assert "secret" not in str(line)


@pytest.mark.parametrize(
    ("headers", "repeated"), [({}, 0), ({"x-slack-retry-num": "0"}, 0), ({"x-slack-retry-num": "2"}, 1)]
)
def test_what_slack_tells_again_is_counted(deps: Deps, headers: dict[str, str], repeated: int) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("hattrick_events_repeated_total", {"known_by": "slack"}) or 0.0

    before = counted()
    told(deps, lambda *_: None, **headers)
    assert counted() == before + repeated


def test_what_is_left_to_do_while_the_bot_ends_is_done_at_once(deps: Deps) -> None:
    deps.workers.shutdown()
    did: list[str] = []
    lines = done(deps, lambda turn: turn.deps.later(lambda: did.append("refreshed")))
    assert did == ["refreshed"]
    assert [line["event"] for line in lines if line["log_level"] == "error"] == []
    assert lines[-1]["outcome"] == "ok"
