"""Readings from programs: stored all or none, once for each key, with every bad row named."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from bot.services.readings import api_readings
from storage import Sessions
from storage.tables import ApiRequest, Audit, Kpi, Reading, ReadingVersion
from tests.support.builders import a_hat, a_kpi, a_workspace, reads
from tests.support.database import at_once
from tests.support.http_api import Api, an_api
from tests.support.week import a_playing_team

WEEK = "2026-W48"


@pytest.fixture
def api(sessions: Sessions) -> Iterator[Api]:
    with an_api(sessions) as opened:
        yield opened


@pytest.fixture
def lite(sqlite_sessions: Sessions) -> Iterator[Api]:
    with an_api(sqlite_sessions) as opened:
        yield opened


def stored(api: Api) -> dict[str, Decimal]:
    with api.sessions.read() as session:
        return {f"{one.kpi_id} {one.period}": one.value for one in session.exec(select(Reading))}


def a_reading(**changes: Any) -> dict[str, Any]:
    return {"kpi": "visits", "week": WEEK, "value": 4200, **changes}


def errors(response: Any) -> list[tuple[int | None, str]]:
    assert response.headers["content-type"] == "application/problem+json"
    return [(one["index"], one["field"]) for one in response.json()["errors"]]


def test_one_reading_is_stored_and_says_that_a_program_sent_it(api: Api) -> None:
    response = api.post(a_reading(note="from the CRM"))
    assert (response.status_code, response.json()) == (200, {"readings": 1, "new": 1, "corrected": 0, "same": 0})
    (row,) = api.get("readings").json()["readings"]
    assert (row["kpi"], row["week"], row["value"], row["note"], row["source"]) == (
        "visits",
        WEEK,
        4200,
        "from the CRM",
        "api",
    )


def test_a_correction_keeps_what_was_said_before_and_the_note(api: Api) -> None:
    api.post(a_reading(note="first"))
    assert api.post(a_reading(value=4300)).json()["corrected"] == 1
    assert api.post(a_reading(value=4300)).json()["same"] == 1
    with api.sessions.read() as session:
        (version,) = session.exec(select(ReadingVersion))
        (reading,) = session.exec(select(Reading))
        noted = [row for row in session.exec(select(Audit)) if row.action == "readings.received"]
    assert (version.value, version.source, reading.value, reading.note) == (4200, "api", 4300, "first")
    assert [(row.subject, row.after) for row in noted] == [
        ("CRM", {"new": 1, "corrected": 0}),
        ("CRM", {"new": 0, "corrected": 1}),
    ]


def test_a_list_with_one_bad_row_stores_nothing_and_names_the_row(api: Api) -> None:
    rows = [a_reading(), a_reading(kpi="visitz"), a_reading(week="2026-W47", value=-1), a_reading(value=1.5)]
    response = api.post(rows)
    assert response.status_code == 422
    assert errors(response) == [(1, "kpi"), (2, "value"), (3, "value")]
    assert stored(api) == {}


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"kpi": "rate"}, "kpi", "rate is computed from other KPIs (revenue / visits)"),
        ({"kpi": "old"}, "kpi", "old has been put away"),
        ({"kpi": "nothing"}, "kpi", "no KPI “nothing”"),
        ({"week": "2026-W49"}, "week", "2026-W49 has not begun; it is 2026-W48 now"),
        ({"week": "2026-W41"}, "week", "the oldest week that can is 2026-W42"),
        ({"week": "2026-W54"}, "week", "no week 54 in 2026"),
        ({"week": "last"}, "week", "written like 2026-W48"),
        ({"value": 10**15}, "value", "at most 15 digits"),
        ({"kpi": "revenue", "value": 0.0000001}, "value", "at most six decimals"),
        ({"note": "a\0b"}, "note", "A note is text"),
        ({"note": "\ud800"}, "note", ""),
        ({"value": "4200"}, "value", ""),
        ({"value": True}, "value", ""),
        ({"value": None}, "value", ""),
        ({"colour": "red"}, "colour", ""),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(lite: Api, change: dict[str, Any], field: str, says: str) -> None:
    response = lite.post(a_reading(**change))
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["index"], error["field"]) == (0, field)
    assert says in error["detail"]
    assert stored(lite) == {}


def test_a_week_that_is_not_a_kpis_turn_is_refused_with_the_one_before_that_was(lite: Api) -> None:
    with lite.sessions.write() as session:
        for kpi in session.exec(select(Kpi)):
            kpi.cadence = "monthly" if kpi.slug == "revenue" else "biweekly"
    refused = lite.post([a_reading(week="2026-W47"), a_reading(kpi="revenue", week="2026-W47")]).json()["errors"]
    assert [one["detail"] for one in refused] == [
        "visits is reported every two weeks, and not for 2026-W47; 2026-W46 was its turn.",
        "revenue is reported once a month, and not for 2026-W47; 2026-W44 was its turn.",
    ]
    assert lite.post([a_reading(), a_reading(kpi="revenue", week="2026-W44")]).status_code == 200


def test_the_oldest_open_week_is_still_taken(lite: Api) -> None:
    assert lite.post(a_reading(week="2026-W42")).status_code == 200


def test_the_same_kpi_and_week_twice_in_a_request_is_refused(lite: Api) -> None:
    response = lite.post([a_reading(), a_reading(value=1)])
    assert errors(response) == [(1, "kpi")]
    assert "is in row 0 already" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"kpi":"visits","week":"2026-W48","value":NaN}',
        b'{"kpi":"visits","week":"2026-W48","value":1e99999999999999999999}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_is_answered_with_400(lite: Api, body: bytes) -> None:
    headers = {**lite.bearer(), "Content-Type": "application/json; charset=utf-8"}
    response = lite.client.post("/api/v1/readings", content=body, headers=headers)
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"
    assert stored(lite) == {}


@pytest.mark.parametrize("body", ["null", "[]", "3", '"x"', "[null]", "[[]]", json.dumps([a_reading()] * 1001)])
def test_what_is_no_reading_is_answered_with_422(lite: Api, body: str) -> None:
    headers = {**lite.bearer(), "Content-Type": "application/json"}
    assert lite.client.post("/api/v1/readings", content=body, headers=headers).status_code == 422


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp"])
def test_only_json_is_taken(lite: Api, kind: str) -> None:
    response = lite.client.post(
        "/api/v1/readings", content=json.dumps(a_reading()), headers={**lite.bearer(), "Content-Type": kind}
    )
    assert response.status_code == 415


def test_a_body_that_is_too_long_is_refused_while_it_is_read(lite: Api) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 100_000

    headers = {**lite.bearer(), "Content-Type": "application/json"}
    response = lite.client.post("/api/v1/readings", content=pieces(), headers=headers)
    assert response.status_code == 413
    assert "several" in response.json()["detail"]


def test_the_same_key_and_body_is_stored_once_and_answered_the_same(api: Api) -> None:
    first = api.post(a_reading(), Idempotency_Key="monday-1")
    reads_meanwhile(api)
    again = api.post(a_reading(), Idempotency_Key="monday-1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json() == {"readings": 1, "new": 1, "corrected": 0, "same": 0}
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert list(stored(api).values()) == [5000], "the repeated request has no effect"


def reads_meanwhile(api: Api) -> None:
    assert api.post(a_reading(value=5000)).json()["corrected"] == 1


def test_the_same_key_with_another_body_is_refused(api: Api) -> None:
    api.post(a_reading(), Idempotency_Key="k")
    response = api.post(a_reading(value=1), Idempotency_Key="k")
    assert response.status_code == 422
    assert "Idempotency-Key" in response.json()["detail"]
    assert list(stored(api).values()) == [4200]


def test_a_refused_request_leaves_its_key_free(api: Api) -> None:
    assert api.post(a_reading(value=-1), Idempotency_Key="k").status_code == 422
    assert api.post(a_reading(), Idempotency_Key="k").json()["new"] == 1


def test_two_tokens_may_use_the_same_key(lite: Api) -> None:
    lite.post(a_reading(), Idempotency_Key="k")
    other = lite.client.post(
        "/api/v1/readings",
        json=a_reading(value=7),
        headers={**lite.bearer(lite.new_token("ERP")), "Idempotency-Key": "k"},
    )
    assert other.json()["corrected"] == 1


def test_the_same_key_at_the_same_instant_is_stored_once(api: Api) -> None:
    rows = [a_reading(), a_reading(kpi="revenue", value=12.5)]
    answers = at_once(*[lambda: api.post(rows, Idempotency_Key="now")] * 6)
    assert [one.status_code for one in answers] == [200] * 6
    assert [one.json() for one in answers] == [{"readings": 2, "new": 2, "corrected": 0, "same": 0}] * 6
    assert sum("Idempotent-Replayed" not in one.headers for one in answers) == 1
    with api.sessions.read() as session:
        assert len(session.exec(select(ReadingVersion)).all()) == 0
        assert len([row for row in session.exec(select(Audit)) if row.action == "readings.received"]) == 1


def test_keys_are_forgotten_after_a_week(api: Api) -> None:
    api.post(a_reading(), Idempotency_Key="k")
    api_readings.forget_old_keys(api.sessions, api.clock.forward(days=6))
    with api.sessions.read() as session:
        assert len(session.exec(select(ApiRequest)).all()) == 1
    api_readings.forget_old_keys(api.sessions, api.clock.forward(days=2))
    with api.sessions.read() as session:
        assert session.exec(select(ApiRequest)).all() == []


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "k" * 101])
def test_a_key_that_cannot_be_kept_is_refused(lite: Api, key: str) -> None:
    headers = {**lite.bearer(), "Idempotency-Key": key.encode()}
    response = lite.client.post("/api/v1/readings", json=a_reading(), headers=headers)
    assert response.status_code == 422
    assert stored(lite) == {}


def test_another_teams_kpi_is_unknown_and_its_readings_unseen(api: Api) -> None:
    for workspace in (api.workspace, a_workspace(api.sessions)):
        team = a_playing_team(api.sessions, workspace=workspace)
        theirs = a_kpi(api.sessions, a_hat(api.sessions, team), "Secret visits")
        reads(api.sessions, theirs, {WEEK: 99})
    assert errors(api.post(a_reading(kpi="secret-visits"))) == [(0, "kpi")]
    assert api.get("readings").json() == {"readings": []}
    assert api.get("readings", kpi="secret-visits").status_code == 404
    assert "secret-visits" not in api.get("kpis").text


def test_the_teams_kpis_are_listed_in_the_chains_order(api: Api) -> None:
    listed = api.get("kpis").json()["kpis"]
    assert [(one["kpi"], one["hat"], one["formula"], one["goal"]) for one in listed] == [
        ("visits", "online", "", False),
        ("revenue", "online", "", True),
        ("rate", "online", "revenue / visits", False),
    ]


def test_readings_are_listed_by_week_and_page(lite: Api) -> None:
    weeks = [f"2026-W{number}" for number in range(42, 49)]
    lite.post([a_reading(week=week, value=index) for index, week in enumerate(weeks)])
    lite.post(a_reading(kpi="revenue", value=0.1))
    assert [one["week"] for one in lite.get("readings", kpi="visits").json()["readings"]] == weeks
    paged = lite.get("readings", first="2026-W43", last="2026-W47", limit=2, offset=1).json()["readings"]
    assert [(one["week"], one["value"]) for one in paged] == [("2026-W44", 2), ("2026-W45", 3)]
    assert lite.get("readings", kpi="revenue").json()["readings"][0]["value"] == 0.1
    assert lite.get("readings", first="2026-W60").status_code == 422
    assert lite.get("readings", limit=0).status_code == 422
