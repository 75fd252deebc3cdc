"""No event is lost with the process that works on it: it is acknowledged once its effect has been had, not before."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from structlog.testing import capture_logs

from bot.listeners.binding import Deps
from bot.listeners.events import hearing
from bot.listeners.events.hearing import BUSY, FAILED, bind_event
from bot.listeners.register import EVENTS
from bot.services.people.directory import HatDirectory
from bot.services.questions import listening
from bot.services.questions.heard import HELD, NotNowError, StillBusyError
from bot.services.questions.listening import Mode
from bot.slack.outcomes import InDoubt, NotSent, Throttled
from bot.slack.port import LookupFailed
from storage import members, teams
from tests.support.builders import a_kpi
from tests.support.desk import Desk
from tests.support.fake_slack import FakeSlack, Killed, KilledAfterPosting, KilledBeforePosting, PostedButInDoubt
from tests.support.replica import StandingClock
from tests.support.week import CHANNEL, TUESDAY

Json = dict[str, Any]
ACKED = 200
BOT = "U0THEBOT01"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for who will not come."""
    monkeypatch.setattr(hearing, "PAUSES", (0.0, 0.0))


@pytest.fixture
def deps(desk: Desk) -> Iterator[Deps]:
    with ThreadPoolExecutor(1) as workers:
        yield Deps(desk.club.sessions, HatDirectory(), desk.club.slack, desk.club.clock, workers)


def told(deps: Deps, body: Json, listener: Callable[[Deps, Json], None] | None = None) -> int:
    """Let Slack tell of an event; return the status that it gets, 0 when the process ended before."""
    acks: list[int] = []
    bound = bind_event(deps, listener or EVENTS[body["event"]["type"]])
    try:
        answer = bound(lambda: acks.append(ACKED), body, BoltRequest(body=body, mode="socket_mode"))
    except Killed:
        return 0
    return answer.status if isinstance(answer, BoltResponse) else acks[0]


def event(desk: Desk, kind: str, *, event_id: str = "Ev1", **fields: Any) -> Json:
    said = {"type": kind, "user": desk.club.anna.slack_user_id, "channel": CHANNEL, **fields}
    workspace = desk.club.workspace.slack_team_id
    return {"team_id": workspace, "event_id": event_id, "authorizations": [{"user_id": BOT}], "event": said}


def message(desk: Desk, text: str, **fields: Any) -> Json:
    return event(desk, "message", text=text, ts=f"{desk.club.now.timestamp():.6f}", channel_type="channel", **fields)


def a_written_report(desk: Desk, ending: Any) -> Json:
    """Let Anna write a number, and the answer to her end so."""
    a_kpi(desk.club.sessions, desk.hat_of(desk.club.anna, "Visits"), "Visits")
    desk.club.slack.answers("D0ANNA0001", ending)
    return message(desk, "visits 12", channel="D0ANNA0001")


def is_read_back_once(desk: Desk, deps: Deps, written: Json) -> None:
    """Let Slack tell of it again, twice: the number stands there once."""
    desk.club.clock.forward(seconds=HELD.total_seconds())
    for _ in range(2):
        assert told(deps, written) == ACKED
    (asked,) = desk.club.slack.all_in("D0ANNA0001")
    assert "12" in asked.words


@pytest.fixture
def alone() -> Iterator[Deps]:
    clock = StandingClock(TUESDAY)
    with ThreadPoolExecutor(1) as workers:
        yield Deps(None, HatDirectory(), FakeSlack(clock), clock, workers)  # type: ignore[arg-type]  # nobody looks


ANY: Json = {"team_id": "T1", "event_id": "Ev1", "event": {"type": "message"}}


def test_what_fails_is_not_acknowledged_and_is_worked_on_when_it_is_told_again(alone: Deps) -> None:
    tries = []

    def listener(_deps: Deps, _body: Json) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ConnectionError

    with capture_logs() as lines:
        assert told(alone, ANY, listener) == FAILED
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["event_crashed"]
    assert told(alone, ANY, listener) == ACKED


@pytest.mark.parametrize(("raised", "tries"), [(StillBusyError, 2), (NotNowError, 1)])
def test_somebody_who_is_at_it_is_waited_for_and_slack_is_not(alone: Deps, raised: type[Exception], tries: int) -> None:
    tried = []

    def listener(_deps: Deps, _body: Json) -> None:
        tried.append(1)
        raise raised

    assert told(alone, ANY, listener) == BUSY
    assert len(tried) == tries


def test_what_is_worked_on_still_is_not_begun_a_second_time(alone: Deps) -> None:
    begun, may_end, worked = Event(), Event(), []

    def listener(_deps: Deps, _body: Json) -> None:
        begun.set()
        assert may_end.wait(10)
        worked.append(1)

    with ThreadPoolExecutor(1) as slack:
        first = slack.submit(told, alone, ANY, listener)
        assert begun.wait(10)
        assert told(alone, ANY, listener) == BUSY
        assert worked == []
        may_end.set()
        assert first.result() == ACKED
    assert worked == [1]


@pytest.mark.parametrize("ending", [KilledBeforePosting(), KilledAfterPosting()], ids=["before", "after"])
def test_an_offer_is_made_although_the_process_ended(desk: Desk, deps: Deps, ending: Any) -> None:
    listening.listen(desk.club.sessions, desk.club.asker(desk.club.anna), Mode.OFFER, now=desk.club.now)
    asked = message(desk, "who owns the newsletter?")
    desk.club.slack.answers(f"{CHANNEL} {desk.club.anna.slack_user_id}", ending)
    assert told(deps, asked) == 0
    assert told(deps, asked) == BUSY, "it could be that somebody else is saying it just now"
    desk.club.clock.forward(seconds=HELD.total_seconds())
    for _ in range(2):
        assert told(deps, asked) == ACKED
    # Nobody can look up whether it was seen: said twice is better than not at all.
    assert len(desk.club.slack.whispers) == (1 if isinstance(ending, KilledBeforePosting) else 2)


@pytest.mark.parametrize("ending", [KilledBeforePosting(), KilledAfterPosting()], ids=["before", "after"])
def test_a_written_report_is_read_back_once_although_the_process_ended(desk: Desk, deps: Deps, ending: Any) -> None:
    written = a_written_report(desk, ending)
    assert told(deps, written) == 0
    desk.club.clock.forward(seconds=HELD.total_seconds())
    desk.club.slack.lookups.append(LookupFailed("ratelimited"))
    assert told(deps, written) == BUSY
    is_read_back_once(desk, deps, written)


@pytest.mark.parametrize(
    "ending", [Throttled(1), NotSent("token_expired"), InDoubt("TimeoutError"), PostedButInDoubt()], ids=str
)
def test_a_written_report_is_read_back_once_although_slack_took_no_message_at_first(
    desk: Desk, deps: Deps, ending: Any
) -> None:
    written = a_written_report(desk, ending)
    assert told(deps, written) == BUSY
    is_read_back_once(desk, deps, written)


def test_an_offer_that_slack_took_too_many_of_is_made_when_it_is_told_again(desk: Desk, deps: Deps) -> None:
    listening.listen(desk.club.sessions, desk.club.asker(desk.club.anna), Mode.OFFER, now=desk.club.now)
    asked = message(desk, "who owns the newsletter?")
    desk.club.slack.answers(f"{CHANNEL} {desk.club.anna.slack_user_id}", Throttled(1))
    assert told(deps, asked) == BUSY
    assert desk.club.slack.whispers == []
    desk.club.clock.forward(seconds=HELD.total_seconds())
    assert told(deps, asked) == ACKED
    assert len(desk.club.slack.whispers) == 1


def test_the_cards_of_an_answered_question_say_so_although_the_process_ended(desk: Desk, deps: Deps) -> None:
    desk.asks_in_thread()
    asked = desk.club.slack.said[-1]
    reply = message(desk, "The new one.", user=desk.club.oskar.slack_user_id, thread_ts=asked.thread_ts or asked.ts)
    desk.club.slack.failed_updates.append(Killed())
    first = told(deps, reply)
    assert first == 0, desk.club.slack.said
    assert desk.question.state == "answered"
    before = len(desk.club.slack.updates)
    assert told(deps, reply) == ACKED
    assert len(desk.club.slack.updates) > before


def test_news_that_is_told_again_after_newer_news_changes_nothing(desk: Desk, deps: Deps) -> None:
    archived, back = event(desk, "channel_archive"), event(desk, "channel_unarchive", event_id="Ev2")
    for body in (archived, back, archived):
        assert told(deps, body) == ACKED
    with desk.club.sessions.read() as session:
        team = teams.get(session, desk.club.workspace.id or 0, desk.club.team.id or 0)
        assert team is not None
        assert team.channel_paused_at is None
    old, new = ({"id": desk.club.anna.slack_user_id, "profile": {"real_name": name}} for name in ("Anna", "Ann"))
    first, second = (
        event(desk, "user_change", event_id=event_id, user=user) for event_id, user in (("Ev3", old), ("Ev4", new))
    )
    for body in (first, second, first):
        assert told(deps, body) == ACKED
    with desk.club.sessions.read() as session:
        anna = members.by_slack_id(session, desk.club.workspace.id or 0, desk.club.anna.slack_user_id)
        assert anna is not None
        assert anna.name == "Ann"
