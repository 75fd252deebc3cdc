"""After a crash the person reads in their own language that something went wrong, if it can be told what that is."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.domain.errors import Refused
from bot.listeners.binding import Turn, bind, under_the_command
from bot.services.workspaces.scene import Asker, scene_of
from storage import Sessions
from tests.support.desk import Desk

IN_SWEDISH, IN_ENGLISH = "Något gick fel hos mig", "Something went wrong on my side"


@pytest.fixture
def sessions(sqlite_sessions: Sessions) -> Sessions:
    """What is tested here is the same on each engine."""
    return sqlite_sessions


@pytest.fixture
def goes_away(sqlite_sessions: Sessions) -> Iterator[Callable[[], None]]:
    """Let the database go away when this is called: every statement fails from then on."""

    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the database is away"))

    yield lambda: event.listen(sqlite_sessions.engine, "before_cursor_execute", fail)
    event.remove(sqlite_sessions.engine, "before_cursor_execute", fail)


def read(desk: Desk, listener: Callable[[Turn], None], *, channel: str | None = None) -> str:
    """Let somebody from Sweden type a command; return what they read."""
    asker = desk.club.asker(desk.club.joins("Sven", locale="sv-SE"))
    asker = replace(asker, channel=channel or asker.channel)
    body = {"command": "/hat", "text": "", "team_id": asker.workspace, "user_id": asker.user}
    answers: list[str] = []
    bind(desk.phone.deps, listener, under_the_command)(
        ack=lambda **answer: answers.append(answer["text"]),
        body={**body, "channel_id": asker.channel},
        respond=lambda **_: None,
    )
    (answer,) = answers
    return answer


def locate(turn: Turn, asker: Asker | None = None) -> None:
    with scene_of(turn.deps.sessions, asker or turn.asker) as (_, scene):
        assert scene.language == "sv"


def test_it_is_looked_up_where_it_is_not_known_yet(desk: Desk) -> None:
    def crash(_turn: Turn) -> None:
        raise ZeroDivisionError

    assert read(desk, crash).startswith(IN_SWEDISH)


@pytest.mark.parametrize("channel", [None, "C0ELSEWHERE"], ids=["in the team's channel", "elsewhere"])
def test_a_database_that_went_away_is_not_asked_for_what_was_known_before(
    desk: Desk, goes_away: Callable[[], None], channel: str | None
) -> None:
    def crash(turn: Turn) -> None:
        locate(turn)
        goes_away()
        locate(turn)

    assert IN_SWEDISH in read(desk, crash, channel=channel)


@pytest.mark.parametrize(
    ("raised", "words"),
    [(None, IN_ENGLISH), (ZeroDivisionError(), IN_ENGLISH), (Refused("no_team"), "There is no team here yet")],
    ids=["database", "bug", "refusal"],
)
def test_where_the_database_was_away_from_the_beginning_there_is_an_answer_all_the_same(
    desk: Desk, goes_away: Callable[[], None], raised: Exception | None, words: str
) -> None:
    def crash(turn: Turn) -> None:
        goes_away()
        if raised is not None:
            raise raised
        locate(turn)

    assert read(desk, crash).startswith(words)


def test_somebody_else_whom_the_request_is_about_does_not_change_it(desk: Desk) -> None:
    def crash(turn: Turn) -> None:
        locate(turn)
        locate(turn, desk.club.asker(desk.club.anna))
        raise ZeroDivisionError

    assert read(desk, crash).startswith(IN_SWEDISH)
