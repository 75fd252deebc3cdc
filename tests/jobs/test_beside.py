"""A slow chore keeps no tick waiting."""

from datetime import UTC, datetime
from threading import Event

from structlog.testing import capture_logs

from bot.jobs.beside import Beside
from storage import Sessions

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_a_tick_goes_on_while_a_chore_runs_and_begins_no_second_one(sqlite_sessions: Sessions) -> None:
    began, may_end, done = Event(), Event(), []

    def slow(_sessions: Sessions, now: datetime) -> None:
        began.set()
        may_end.wait(10)
        done.append(now)

    beside = Beside(slow)
    beside(sqlite_sessions, NOW)
    assert began.wait(10)
    beside(sqlite_sessions, NOW)
    assert done == []
    may_end.set()
    beside.close()
    assert done == [NOW]


def test_a_chore_that_crashes_is_told_and_begun_again(sqlite_sessions: Sessions) -> None:
    tried = []
    ended = Event()

    def crashes(_sessions: Sessions, now: datetime) -> None:
        tried.append(now)
        if len(tried) > 1:
            ended.set()
        raise ValueError

    beside = Beside(crashes)
    with capture_logs() as logs:
        while not ended.wait(0.01):
            beside(sqlite_sessions, NOW)
        beside.close()
    assert [entry["event"] for entry in logs][:2] == ["chore_crashed"] * 2
