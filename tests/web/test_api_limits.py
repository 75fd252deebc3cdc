"""How often a token may ask: as often together as it says, however many processes answer (both engines)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.web.api.limits import RateLimiter
from bot.web.server import create_web
from storage import Sessions
from storage.api import Bearer
from tests.support.database import at_once
from tests.support.http_api import Api, InProcess, an_api
from tests.support.week import TUESDAY

READING = {"kpi": "visits", "week": "2026-W48", "value": 1}


@pytest.fixture
def api(sessions: Sessions) -> Iterator[Api]:
    with an_api(sessions, per_minute=6) as opened:
        yield opened


def holder(api: Api, token_id: int = 1) -> Bearer:
    workspace_id, team_id = api.workspace.id or 0, api.team.id or 0
    return Bearer(token_id, "", "CRM", "hat_", workspace_id, team_id, None)


def limiter(api: Api, per_minute: int = 60) -> RateLimiter:
    return RateLimiter(api.sessions, api.clock, per_minute=per_minute)


def test_two_processes_let_through_together_what_one_would(api: Api) -> None:
    other = InProcess(create_web(api.sessions, bolt=None, clock=api.clock, per_minute=6))
    doors = [api.client, other]
    answers = [doors[turn % 2].get("/api/v1/kpis", headers=api.bearer()) for turn in range(8)]
    assert [one.status_code for one in answers] == [200] * 6 + [429] * 2
    assert [one.headers["Retry-After"] for one in answers[6:]] == ["10", "10"]
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert "Try again in 10 s" in answers[-1].json()["detail"]
    api.clock.forward(seconds=10)
    assert [door.get("/api/v1/kpis", headers=api.bearer()).status_code for door in doors] == [200, 429]


def test_reading_and_storing_count_alike_and_each_token_for_itself(api: Api) -> None:
    assert [api.get("kpis").status_code for _ in range(6)] == [200] * 6
    assert api.post(READING).status_code == 429
    other = api.bearer(api.new_token("ERP"))
    assert api.client.get("/api/v1/kpis", headers=other).status_code == 200


def test_it_lets_through_what_it_says_and_no_more(api: Api) -> None:
    ours = limiter(api)
    assert [ours.wait(holder(api)) for _ in range(61)] == [0] * 60 + [1]
    api.clock.forward(seconds=10)
    assert [ours.wait(holder(api)) for _ in range(11)] == [0] * 10 + [1]
    api.clock.forward(hours=1)
    assert sum(ours.wait(holder(api)) == 0 for _ in range(100)) == 60


def test_of_processes_that_meet_a_token_at_the_same_instant_none_counts_too_little(api: Api) -> None:
    processes = [limiter(api, 3) for _ in range(8)]
    waits = at_once(*[lambda one=one: one.wait(holder(api)) for one in processes])
    assert sorted(waits) == [0] * 3 + [20] * 5


def test_a_clock_that_is_set_back_locks_nobody_out(api: Api) -> None:
    ours = limiter(api, 3)
    assert [ours.wait(holder(api)) for _ in range(4)] == [0, 0, 0, 20]
    api.clock.now = TUESDAY - timedelta(days=1)
    assert [ours.wait(holder(api)) for _ in range(4)] == [0, 0, 0, 20]


def asked_of(database: Sessions) -> list[str]:
    """Keep the first word of every statement that the database is sent from now on."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement.split(maxsplit=1)[0])

    event.listen(database.engine, "before_cursor_execute", note)
    return statements


def test_who_is_refused_costs_the_database_nothing_until_their_turn(api: Api) -> None:
    ours = limiter(api, 3)
    for _ in range(4):
        ours.wait(holder(api))
    statements = asked_of(api.sessions)
    assert [ours.wait(holder(api)) for _ in range(100)] == [20] * 100
    assert statements == []
    api.clock.forward(seconds=20)
    assert ours.wait(holder(api)) == 0
    assert statements


def test_what_is_let_through_costs_a_look_and_a_note(api: Api) -> None:
    ours = limiter(api)
    ours.wait(holder(api))
    statements = asked_of(api.sessions)
    ours.wait(holder(api))
    assert [word for word in statements if word != "BEGIN"] == ["SELECT", "UPDATE"]
