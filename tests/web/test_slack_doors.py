"""Slack's doors on a real server: who may knock, how, and what every answer carries."""

import http.client
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
from sqlmodel import select

from bot.app import _bolt
from bot.config import Settings
from bot.listeners.binding import Deps
from bot.listeners.register import register
from bot.playground.delivery import sign
from bot.services.installs.installs import Installs
from bot.services.people.directory import HatDirectory
from bot.web.server import MOST_BYTES, WebServer, create_web
from storage import Sessions
from storage.tables import Workspace
from tests.support.doors import AtOnce
from tests.support.fake_slack import FakeSlack
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
GONE = {
    "type": "event_callback",
    "team_id": "T1",
    "api_app_id": "A1",
    "event_id": "Ev1",
    "event_time": int(TUESDAY.timestamp()) + 60,
    "event": {"type": "app_uninstalled"},
}
PROMISED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


@dataclass
class Server:
    """The bot behind a real server."""

    address: str
    sessions: Sessions
    http: httpx.Client

    def knock(self, body: bytes, headers: Mapping[str, str | bytes], path: str = "/slack/events") -> httpx.Response:
        return self.http.post(path, content=body, headers={"Content-Type": "application/json", **headers})

    @property
    def is_installed(self) -> bool:
        with self.sessions.read() as session:
            return session.exec(select(Workspace)).one().uninstalled_at is None


@pytest.fixture
def server(sqlite_sessions: Sessions) -> Iterator[Server]:
    clock = StandingClock(TUESDAY)
    installs = Installs(sqlite_sessions, lambda _: None)
    installs.own("T1", "xoxb-1", bot_user_id="U0BOT", name="North", now=clock())
    settings = Settings(_env_file=None, slack_signing_secret=SECRET)  # type: ignore[call-arg]  # pydantic's own argument
    app = _bolt(settings, installs, clock)
    with AtOnce(1) as workers:
        register(app, Deps(sqlite_sessions, HatDirectory(), FakeSlack(clock), clock, workers))
        web = WebServer(create_web(sqlite_sessions, bolt=app, clock=clock), host="127.0.0.1", port=0)
        web.start()
        with httpx.Client(base_url=web.address, trust_env=False) as http:
            yield Server(web.address, sqlite_sessions, http)
        web.stop()


def body_of(**changed: object) -> bytes:
    return json.dumps({**GONE, **changed}).encode()


def test_what_slack_signed_just_now_is_taken(server: Server) -> None:
    body = body_of()
    assert server.knock(body, sign(SECRET, body)).status_code == 200
    assert not server.is_installed


@pytest.mark.parametrize("minutes", [-6, 6], ids=["six minutes old", "six minutes ahead"])
def test_what_was_signed_at_another_time_is_not(server: Server, minutes: int) -> None:
    body = body_of()
    assert server.knock(body, sign(SECRET, body, at=int(time.time()) + 60 * minutes)).status_code == 401
    assert server.is_installed


def test_nor_what_somebody_else_signed_or_changed_or_nobody_did(server: Server) -> None:
    body, other = body_of(), body_of(event_id="Ev2")
    good = sign(SECRET, body)
    for headers in ({}, sign("another secret", body), sign(SECRET, other), {**good, "X-Slack-Signature": "v0="}):
        assert server.knock(body, headers).status_code == 401
    assert server.is_installed


def test_a_timestamp_that_is_none_is_refused_and_not_a_crash(server: Server) -> None:
    body = body_of()
    for stamp in ("soon", "", "-1", "1e9", "\u0663", "9" * 400, "9" * 5_000):
        headers = {**sign(SECRET, body), "X-Slack-Request-Timestamp": stamp.encode()}
        assert server.knock(body, headers).status_code == 401
        twice = [(b"X-Slack-Request-Timestamp", b"1"), (b"X-Slack-Request-Timestamp", stamp.encode())]
        assert server.http.post("/slack/events", content=body, headers=twice).status_code == 401
    assert server.is_installed


def test_a_signature_that_is_none_is_refused_and_not_a_crash(server: Server) -> None:
    body = body_of()
    for signature in (b"", b"v0=", b"v0=\xe4", "v0=ä".encode(), b"v0=" + b"0" * 5_000):
        assert server.knock(body, {**sign(SECRET, body), "X-Slack-Signature": signature}).status_code == 401
    assert server.is_installed


def test_bytes_that_are_no_text_are_refused_and_not_a_crash(server: Server) -> None:
    body = b"\xff\xfe" + body_of()
    assert server.knock(body, sign(SECRET, body)).status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_slacks_doors_take_posts_only(server: Server, method: str) -> None:
    for door in ("events", "commands", "interactivity"):
        assert server.http.request(method, f"/slack/{door}").status_code == 405


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"7", b"{", b"[" * 100_000, b'{"a":' * 100_000])
def test_json_that_is_no_object_is_refused_whoever_sends_it_and_not_a_crash(server: Server, body: bytes) -> None:
    for headers in (sign(SECRET, body), {"Content-Type": "application/json"}):
        assert server.knock(body, headers).status_code == 400
    assert server.is_installed


def test_a_door_that_slack_does_not_know_is_none(server: Server) -> None:
    body = body_of()
    assert server.knock(body, sign(SECRET, body), "/slack/else").status_code == 404
    assert server.knock(body, sign(SECRET, body), "/slack/install").status_code == 404


def test_every_answer_carries_the_headers(server: Server) -> None:
    for path in ("/healthz", "/metrics", "/nothing", "/slack/events", "/api/docs", "/api/v1/kpis", "/slack/install"):
        answer = server.http.get(path)
        assert {name: answer.headers.get(name) for name in PROMISED} == PROMISED, path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
        assert "server" not in answer.headers
    refused = server.knock(b"{}", {})
    assert PROMISED.items() <= dict(refused.headers).items()


def test_a_body_that_is_too_long_is_not_read_whether_it_says_so_or_not(server: Server) -> None:
    long = b"x" * (MOST_BYTES + 1)
    announced = server.knock(long, sign(SECRET, long))
    assert announced.status_code == 413
    assert PROMISED.items() <= dict(announced.headers).items()
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=10)
    pieces = (b"x" * 100_000 for _ in range(11))
    connection.request("POST", "/slack/events", body=pieces, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_of_the_greatest_length_is_read(server: Server) -> None:
    body = body_of().ljust(MOST_BYTES)
    assert server.knock(body, sign(SECRET, body)).status_code == 200
