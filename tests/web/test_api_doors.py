"""Who may ask, how often, what every answer looks like, and what is never shown."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any

import pytest
from sqlmodel import select

from bot import log
from bot.services.people import privacy
from bot.services.workspaces import api_tokens
from bot.services.workspaces.api_tokens import NewToken
from storage import Sessions
from storage.tables import ApiToken, Team, Workspace
from tests.support.http_api import Api, an_api
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY

WEEK = "2026-W48"
READING = {"kpi": "visits", "week": WEEK, "value": 1}


@pytest.fixture
def api(sqlite_sessions: Sessions) -> Iterator[Api]:
    with an_api(sqlite_sessions) as opened:
        yield opened


def change(api: Api, table: type[Any], **columns: Any) -> None:
    with api.sessions.write() as session:
        row = session.exec(select(table)).first()
        for name, value in columns.items():
            setattr(row, name, value)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic aGF0OmhhdA==",
        "Bearer hat_" + "a" * 43,
        "Bearer hat_" + "a" * 100_000,
        "Bearer ' OR 1=1 --",
        "Bearer \u00e5\u00e4\u00f6",
        "bearer \x7f",
    ],
)
def test_without_a_live_token_nothing_is_told(api: Api, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    for answer in (
        api.client.get("/api/v1/kpis", headers=headers),
        api.client.post("/api/v1/readings", json=READING, headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
    assert api.get("readings").json() == {"readings": []}


def test_a_token_that_differs_in_one_character_is_none(api: Api) -> None:
    other = api.token[:-1] + ("A" if api.token[-1] != "A" else "B")
    assert api.client.get("/api/v1/kpis", headers=api.bearer(other)).status_code == 401
    assert api.client.get("/api/v1/kpis", headers=api.bearer(api.token.swapcase())).status_code == 401


@pytest.mark.parametrize(
    ("table", "column"),
    [(ApiToken, "revoked_at"), (Team, "archived_at"), (Workspace, "uninstalled_at")],
)
def test_a_token_ends_with_itself_its_team_and_its_workspace(api: Api, table: type[Any], column: str) -> None:
    assert api.get("kpis").status_code == 200
    change(api, table, **{column: api.clock()})
    assert api.get("kpis").status_code == 401
    assert api.post(READING).status_code == 401


def test_when_a_token_was_used_is_remembered_to_the_minute(api: Api) -> None:
    used = []
    for seconds in (0, 30, 60):
        api.clock.forward(seconds=seconds)
        api.get("kpis")
        with api.sessions.read() as session:
            used.append(session.exec(select(ApiToken)).one().used_at)
    assert used == [TUESDAY, TUESDAY, api.clock()]


@pytest.mark.parametrize(
    "path", ["/api/v1/kpis", "/api/v1/nowhere", "/api/docs", "/api/openapi.json", "/api/v1/readings"]
)
def test_every_answer_has_its_security_headers(api: Api, path: str) -> None:
    for headers in ({}, api.bearer()):
        answer = api.client.get(path, headers=headers)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("method", "path", "status"), [("DELETE", "/api/v1/readings", 405), ("GET", "/api/v2", 404)])
def test_what_there_is_not_is_told_as_a_problem(api: Api, method: str, path: str, status: int) -> None:
    answer = api.client.request(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_page_needs_nothing_from_elsewhere(api: Api) -> None:
    page = api.client.get("/api/docs")
    assert page.status_code == 200
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert [address for address in loaded if "//" in address] == []
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"].split("style-src")[0]
    assert "<script>" not in page.text
    for address in loaded:
        if address.startswith("docs/"):
            asset = api.client.get(f"/api/{address}")
            assert (asset.status_code, len(asset.content) > 100) == (200, True)
    assert "SwaggerUIBundle" in api.client.get("/api/docs/swagger-ui-bundle.js").text
    assert api.client.get("/api/docs/../../pyproject.toml").status_code == 404


def test_the_document_describes_bodies_errors_and_the_token(api: Api) -> None:
    document = api.client.get("/api/openapi.json").json()
    post = document["paths"]["/v1/readings"]["post"]
    assert document["servers"] == [{"url": "/api"}]
    assert {"200", "400", "401", "413", "415", "422", "429"} <= set(post["responses"])
    assert post["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert "ProblemBody" in document["components"]["schemas"]


def test_a_crash_is_a_problem_with_a_reference_and_no_secret_is_logged(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("bot.services.workspaces.api_looking.live_kpis", broken)
    said = io.StringIO()
    with redirect_stderr(said):
        log.configure("console")
        answer = api.get("kpis")
        log.configure("json")
        api.get("kpis")
    assert answer.status_code == 500
    assert "disk" not in answer.text
    assert answer.json()["detail"].split("Reference: ")[1][:8] in said.getvalue()
    assert said.getvalue().count("the disk is full") >= 2
    assert api.token not in said.getvalue()


def test_the_plain_token_is_nowhere_but_in_its_makers_hands(api: Api) -> None:
    assert api.post(READING, Idempotency_Key="k").status_code == 200
    secret = api.token.removeprefix("hat_")
    with api.sessions.read() as session:
        (kept,) = session.exec(select(ApiToken)).all()
    assert secret[6:] not in str(kept)
    exported = json.dumps(privacy.export(api.sessions, api.workspace.slack_team_id), default=str)
    assert secret[6:] not in exported
    assert kept.token_hash not in exported
    assert secret not in repr(NewToken("CRM", api.token[:10], api.token))


def test_a_token_speaks_for_its_own_team_only(sqlite_sessions: Sessions) -> None:
    with an_api(sqlite_sessions) as north, an_api(sqlite_sessions) as south:
        north.post(READING)
        assert south.get("readings").json() == {"readings": []}
        assert len(north.get("readings").json()["readings"]) == 1


def test_a_hash_is_what_is_looked_up(api: Api) -> None:
    clock = StandingClock(api.clock())
    assert api_tokens.bearer_of(api.sessions, api.token, now=clock()) is not None
    with api.sessions.read() as session:
        stored = session.exec(select(ApiToken)).one().token_hash
    assert re.fullmatch("[0-9a-f]{64}", stored)
    assert api_tokens.bearer_of(api.sessions, stored, now=clock()) is None
    assert api_tokens.bearer_of(api.sessions, f"hat_{stored[:43]}", now=clock()) is None
