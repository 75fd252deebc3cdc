"""A click that changes something is acknowledged once that is stored: lost before, the person sees that it was."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.listeners.at_once import stored
from bot.listeners.binding import Turn
from messages import ids
from storage import Sessions
from tests.support.desk import Desk


class Lost(ThreadPoolExecutor):
    """The process ends before what was handed over is begun."""

    def submit(self, _work: Callable[..., Any], /, *_args: Any, **_kwargs: Any) -> Future[Any]:
        return Future()


@pytest.fixture
def sessions(sqlite_sessions: Sessions) -> Sessions:
    """What is tested here is the same on each engine."""
    return sqlite_sessions


def clicked(desk: Desk, change: Callable[[list[str]], Callable[[], None]]) -> list[str]:
    """Click on something; return what was done, in its order."""
    done: list[str] = []
    body = {"team": {"id": desk.club.workspace.slack_team_id}, "user": {"id": "U1"}, "trigger_id": "1"}
    turn = Turn(body, lambda **_: done.append("acknowledged"), lambda **_: None, desk.phone.deps)
    stored(turn, lambda: change(done), lambda *_: done.append("told"))
    return done


def test_it_is_stored_then_acknowledged_then_shown(desk: Desk) -> None:
    def change(done: list[str]) -> Callable[[], None]:
        done.append("stored")
        return lambda: done.append("shown")

    assert clicked(desk, change) == ["stored", "acknowledged", "shown"]


@pytest.mark.parametrize("error", [Refused("form_outdated"), ZeroDivisionError()], ids=["refused", "crashed"])
def test_what_cannot_be_stored_is_acknowledged_and_told(desk: Desk, error: Exception) -> None:
    def change(_done: list[str]) -> Callable[[], None]:
        raise error

    assert clicked(desk, change) == ["acknowledged", "told"]


def test_what_is_stored_and_cannot_be_shown_is_not_told_as_a_crash_that_changed_nothing(desk: Desk) -> None:
    told: list[str] = []
    body = {"team": {"id": desk.club.workspace.slack_team_id}, "user": {"id": "U1"}, "trigger_id": "1"}
    turn = Turn(body, lambda **_: None, lambda **_: None, desk.phone.deps)

    def fail() -> None:
        raise ConnectionError

    stored(turn, lambda: fail, lambda _turn, _language, refusal: told.append(refusal.name))
    assert told == ["stored_not_shown"]
    stored(turn, fail, lambda _turn, _language, refusal: told.append(refusal.name))
    assert told == ["stored_not_shown", "something_failed"]


def test_nothing_that_was_acknowledged_is_lost_with_the_process(desk: Desk) -> None:
    desk.asks("Which flow?")
    desk.replies(desk.club.oskar, "The new one.")
    desk.phone.deps = replace(desk.phone.deps, workers=Lost(1))
    desk.presses(desk.club.anna, ids.QUESTION_NOT_YET)
    assert desk.question.state == "open"
