"""A token speaks for one team of one workspace, on every route, although another has the same names."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from starlette.routing import Mount, Route

from bot.services.people import privacy
from storage import Sessions
from tests.support.http_api import Api, an_api

WEEK = "2026-W48"


@pytest.fixture
def both(sessions: Sessions) -> Iterator[tuple[Api, Api]]:
    with ExitStack() as stack:
        yield stack.enter_context(an_api(sessions)), stack.enter_context(an_api(sessions))


def everything(api: Api) -> object:
    content = privacy.export(api.sessions, api.workspace.slack_team_id)["tables"]
    return {name: rows for name, rows in content.items() if name != "api_token"}  # which notes when it was used


def routes_read(api: Api) -> list[str]:
    (mounted,) = (route.app for route in api.web.routes if isinstance(route, Mount))
    return [route.path for route in mounted.app.routes if isinstance(route, Route) and "GET" in (route.methods or ())]


def test_what_one_sends_reaches_its_own_team_alone(both: tuple[Api, Api]) -> None:
    ours, theirs = both
    before = everything(theirs)
    answer = ours.post({"kpi": "visits", "week": WEEK, "value": 4321})
    assert answer.status_code == 200
    assert everything(theirs) == before
    assert "4321" in ours.get("readings").text
    assert "4321" not in theirs.get("readings").text


def test_the_same_idempotency_key_of_another_workspace_is_another_request(both: tuple[Api, Api]) -> None:
    for number, api in enumerate(both, start=1):
        api.post({"kpi": "visits", "week": WEEK, "value": number}, Idempotency_Key="same")
    told = [api.get("readings").json()["readings"][0]["value"] for api in both]
    assert [float(value) for value in told] == [1, 2]


def test_nothing_of_another_workspace_is_listed_on_any_route(both: tuple[Api, Api]) -> None:
    ours, theirs = both
    theirs.post({"kpi": "visits", "week": WEEK, "value": 98765.25, "note": "theirs alone"})
    routes = routes_read(ours)
    assert {"/v1/kpis", "/v1/readings"} <= set(routes)
    for path in routes:
        shown = ours.client.get(f"/api{path}", headers=ours.bearer()).text
        assert "98765.25" not in shown
        assert "theirs alone" not in shown
