"""The ticker goes on, whatever happened in a tick."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.jobs.lease import Lease
from bot.jobs.ticker import Beat, Chore, Ticker
from bot.slack.outcomes import Outcome
from bot.slack.port import Postable, Profile
from storage import Sessions
from tests.support.fake_slack import FakeSlack
from tests.support.replica import StandingClock
from tests.support.week import FRIDAY_13, Player, a_player, a_playing_team, deliveries_of


@pytest.fixture
def anna(sessions: Sessions) -> Player:
    return a_player(sessions, a_playing_team(sessions), "Anna")


@pytest.fixture
def ticker(sessions: Sessions, slack: FakeSlack, clock: StandingClock) -> Iterator[Ticker]:
    made = Ticker(sessions, slack, clock, seconds=0.05, workers=2)
    yield made
    made.stop()


class Outage:
    """A database that is away: each statement that starts like this fails, until it is over."""

    def __init__(self, engine: Engine, start: str) -> None:
        self.engine, self.start = engine, start

    def __enter__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._fail)

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._fail)

    def _fail(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(self.start):
            raise OperationalError(statement, {}, Exception("the database is away"))


@pytest.mark.parametrize("start", ["SELECT", "INSERT INTO delivery", "WITH", "UPDATE delivery"])
def test_a_tick_outlives_a_database_that_is_away_and_the_next_one_sends(
    ticker: Ticker, slack: FakeSlack, clock: StandingClock, anna: Player, start: str
) -> None:
    with Outage(ticker._sessions.engine, start), capture_logs() as logs:
        ticker.tick()
    assert "tick_failed" in {log["event"] for log in logs}
    for _ in range(3):
        clock.forward(seconds=95)
        ticker.tick()
    assert len(slack.all_in(anna.id)) == 1


def test_no_picture_is_begun_while_what_is_written_goes_out(
    ticker: Ticker, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch, anna: Player
) -> None:
    seen: list[bool] = []
    post = slack.post

    def looked_at(*given: Any, **named: Any) -> Outcome:
        seen.append(ticker._drawing.yielding())
        return post(*given, **named)

    monkeypatch.setattr(slack, "post", looked_at)
    ticker.tick()
    assert len(slack.all_in(anna.id)) == 1
    assert (seen, ticker._drawing.yielding()) == ([True], False)


def test_a_chore_that_fails_keeps_neither_the_messages_nor_the_other_chores_waiting(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock, anna: Player
) -> None:
    done: list[str] = []

    def poisoned(_sessions: Sessions, _now: datetime) -> None:
        done.append("poisoned")
        raise ZeroDivisionError

    def chore(name: str) -> Chore:
        return lambda _sessions, _now: done.append(name)

    ticker = Ticker(
        sessions, slack, clock, seconds=60, workers=1, chores=[chore("first"), poisoned, chore("last"), poisoned]
    )
    with capture_logs() as logs:
        for _ in range(4):
            ticker.tick()
    ticker.stop()
    assert len(slack.all_in(anna.id)) == 1
    assert done == ["first", "poisoned", "last", "poisoned"] * 2, "a tick does not begin with what has just failed"
    crashes = [log for log in logs if log["log_level"] == "error"]
    assert [log["event"] for log in crashes] == ["chore_crashed"] * 4


def test_what_was_sent_while_the_database_went_away_is_found_and_not_sent_again(
    slack: FakeSlack, clock: StandingClock, sessions: Sessions, anna: Player
) -> None:
    outage = Outage(sessions.engine, "")

    class Cut(FakeSlack):
        """The database goes away while the message is on its way."""

        def post(self, workspace: str, recipient: str, message: Postable, **options: Any) -> Outcome:
            outage.__enter__()
            return super().post(workspace, recipient, message, **options)

    cut = Cut(clock, said=slack.said)
    ticker = Ticker(sessions, cut, clock, seconds=60, workers=1)
    # Time passes as it is moved by hand: to the dispatcher that is no clock that was set.
    ticker._dispatcher._lease = Lease(lambda: clock().timestamp())
    with capture_logs() as logs:
        ticker.tick()
    outage.__exit__()
    assert "tick_failed" in {log["event"] for log in logs}
    clock.forward(seconds=95)
    ticker.tick()
    ticker.stop()
    assert len(slack.all_in(anna.id)) == 1
    assert [row.state for row in deliveries_of(sessions)] == ["sent"]


@pytest.mark.parametrize("seconds", [0.05, 1, 5, 30])
def test_ticks_come_at_full_minutes_whenever_a_bot_was_started_and_whatever_woke_it(seconds: float) -> None:
    beat = Beat(seconds=seconds)
    for started in (timedelta(0), timedelta(seconds=1, microseconds=234_567), timedelta(seconds=59.999_999)):
        at = [beat.get_next_fire_time(None, FRIDAY_13 - timedelta(minutes=1) + started)]
        while at[-1] < FRIDAY_13:
            at.append(beat.get_next_fire_time(at[-1], at[-1]))
        assert at[-1] == FRIDAY_13
        assert {later - earlier for earlier, later in pairwise(at)} <= {timedelta(seconds=seconds)}
    woken = FRIDAY_13 + timedelta(seconds=0.012_345)
    assert beat.get_next_fire_time(woken, woken) == FRIDAY_13 + timedelta(seconds=seconds)


def test_a_started_ticker_sends_by_itself_and_ends_when_told(
    sessions: Sessions, clock: StandingClock, anna: Player
) -> None:
    arrived = Event()

    class Loud(FakeSlack):
        """Says when something was posted."""

        def post(self, workspace: str, recipient: str, message: Postable, **options: Any) -> Outcome:
            outcome = super().post(workspace, recipient, message, **options)
            arrived.set()
            return outcome

    slack = Loud(clock)
    ticker = Ticker(sessions, slack, clock, seconds=0.05, workers=2)
    ticker.start()
    assert arrived.wait(10)
    ticker.stop()
    clock.forward(days=7)
    ticker.tick()
    assert len(slack.all_in(anna.id)) == 1, "what is stopped claims nothing more"


def test_a_machines_clock_that_is_set_back_keeps_nobody_waiting(
    sessions: Sessions, slack: FakeSlack, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticked, set_back = Event(), timedelta()

    class MachinesClock(datetime):
        """The machine's time, which somebody sets."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) - set_back

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", MachinesClock)
    monkeypatch.setattr("bot.jobs.ticker.datetime", MachinesClock)
    ticker = Ticker(sessions, slack, clock, seconds=0.05, workers=1, chores=[lambda *_: ticked.set()])
    ticker.start()
    assert ticked.wait(5)
    set_back = timedelta(hours=1)
    for _ in range(3):  # the first one may have begun before
        ticked.clear()
        assert ticked.wait(5)
    ticker.stop()


def test_a_miss_is_logged_with_what_and_whom_it_was_for(ticker: Ticker, clock: StandingClock, anna: Player) -> None:
    clock.now = FRIDAY_13 + timedelta(hours=30)
    with capture_logs() as logs:
        ticker.tick()
        ticker.tick()
    (missed,) = [log for log in logs if log["event"] == "missed"]
    assert (missed["log_level"], missed["kind"], missed["recipient"]) == ("warning", "prompt", anna.id)
    assert (missed["period"], missed["due"]) == ("2026-W48", FRIDAY_13.isoformat())


def test_people_are_described_anew_and_a_failure_waits_for_the_next_round(ticker: Ticker, sessions: Sessions) -> None:
    with Outage(sessions.engine, "SELECT"), capture_logs() as logs:
        ticker.refresh_people()
    assert [log["event"] for log in logs] == ["refresh_failed"]


@pytest.mark.parametrize("job", ["refresh_people", "refresh_asked"])
def test_a_bot_that_ends_asks_slack_about_nobody_more(
    sessions: Sessions, clock: StandingClock, anna: Player, job: str
) -> None:
    a_player(sessions, anna.team, "Bo")
    asked: list[str] = []

    class Slow(FakeSlack):
        """Takes so long to describe somebody that the bot is asked to end meanwhile."""

        def profile(self, workspace: str, user_id: str) -> Profile | None:
            asked.append(user_id)
            ending._stopping.set()
            return super().profile(workspace, user_id)

    ending = Ticker(sessions, Slow(clock), clock, seconds=60, workers=1)
    getattr(ending, job)()
    ending.stop()
    assert len(asked) == 1
