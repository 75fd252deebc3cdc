"""`/healthz` says that the process answers; `/readyz` says, check by check, whether it can do its work."""

from threading import Barrier

from bot.slack.client import SlackClient
from bot.slack.measured import Reach
from bot.web.health import Remembered
from bot.web.server import create_web
from storage import Sessions, open_engine
from tests.support.database import at_once
from tests.support.http_api import InProcess
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY

AWAY = "postgresql://hattrick:hunter2secret@127.0.0.1:9/hattrick"
NOWHERE = "http://127.0.0.1:9/api/"


def watched(sessions: Sessions, **reasons: str | None) -> InProcess:
    checks = {name: lambda reason=reason: reason for name, reason in reasons.items()}
    return InProcess(create_web(sessions, bolt=None, clock=StandingClock(TUESDAY), checks=checks))


def test_it_is_ready_when_every_check_is_well(sqlite_sessions: Sessions) -> None:
    answer = watched(sqlite_sessions, slack=None, scheduler=None).get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "slack": "ok", "scheduler": "ok"}}


def test_it_is_not_ready_and_says_why_when_one_is_not(sqlite_sessions: Sessions) -> None:
    answer = watched(sqlite_sessions, slack="Socket Mode is not connected", scheduler=None).get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "slack": "Socket Mode is not connected", "scheduler": "ok"}


def test_without_a_database_it_lives_and_is_not_ready_and_names_no_password() -> None:
    sessions = Sessions(open_engine(AWAY))
    web = watched(sessions)
    assert web.get("/healthz").status_code == 200
    answer = web.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "the database does not answer"
    assert "hunter2" not in answer.text
    assert 'hattrick_check_ok{check="database"} 0.0' in web.get("/metrics").text
    sessions.close()


def test_an_answer_is_remembered_for_a_moment_and_then_looked_up_again() -> None:
    now, asked = [0.0], []
    remembered = Remembered(lambda: asked.append(now[0]) or len(asked), 3, lambda: now[0])
    assert [remembered(), remembered()] == [1, 1]
    now[0] = 3.1
    assert remembered() == 2


def test_many_who_ask_at_once_cost_one_look() -> None:
    gate, asked = Barrier(4), []
    remembered = Remembered(lambda: asked.append(1), 3)

    def ask() -> None:
        gate.wait(timeout=10)
        remembered()

    at_once(*[ask] * 4)
    assert len(asked) == 1


def test_slack_counts_as_there_while_it_has_answered_lately() -> None:
    slack = SlackClient(lambda _: None, base_url=NOWHERE)
    assert slack.unreachable() == "Slack does not answer: URLError"
    slack._reach.answered()
    assert slack.unreachable() is None


def test_silence_is_counted_from_the_last_answer() -> None:
    now = [100.0]
    reach = Reach(lambda: now[0])
    assert reach.silent_for() == float("inf")
    reach.answered()
    now[0] += 61
    assert reach.silent_for() == 61
