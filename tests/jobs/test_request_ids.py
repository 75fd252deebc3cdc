"""One id leads from a command's acknowledgement to the message that somebody else gets because of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot import log
from bot.listeners.binding import Deps, bind, under_the_command
from bot.listeners.commands.table import answer
from bot.services.people.directory import HatDirectory
from bot.slack.outcomes import Refusal
from storage import Sessions, deliveries, requests
from storage.requests import Request
from tests.support.club import Club
from tests.support.doors import AtOnce

Lines = list[dict[str, Any]]


@pytest.fixture
def club(sessions: Sessions) -> Iterator[Club]:
    club = Club(sessions)
    yield club
    club.close()


def ask(club: Club) -> Lines:
    """Let Anna ask the owner of the email hat with a command; return what was logged."""
    body = {
        "command": "/hat",
        "text": "ask email May I send this?",
        "team_id": club.workspace.slack_team_id,
        "user_id": club.anna.slack_user_id,
        "channel_id": club.team.channel_id,
        "trigger_id": "1.2.3",
    }
    acks: list[Any] = []
    with AtOnce(1) as workers, capture_logs(processors=[log.with_request]) as lines:
        deps = Deps(club.sessions, HatDirectory(), club.slack, club.clock, workers)
        bind(deps, answer, under_the_command, "command")(ack=lambda **said: acks.append(said), body=body, respond=None)
    assert acks
    return [dict(line) for line in lines]


def tick(club: Club) -> Lines:
    with capture_logs(processors=[log.with_request]) as lines:
        club.replica.tick()
    return [dict(line) for line in lines]


def named(lines: Lines, event: str) -> set[str | None]:
    return {line.get("request") for line in lines if line["event"] == event}


def test_a_commands_id_comes_back_when_its_message_is_sent(club: Club) -> None:
    (taken,) = [line for line in ask(club) if line["event"] == "request_taken"]
    assert taken["kind"] == "command"
    assert named(tick(club), "delivery_sent") == {taken["request"]}


def test_so_it_does_when_slack_refuses_the_message(club: Club) -> None:
    (request_id,) = named(ask(club), "request_taken")
    club.slack.answers(club.oskar.slack_user_id, Refusal("account_inactive"))
    assert named(tick(club), "delivery_failed") == {request_id}


def test_what_the_week_brings_belongs_to_no_request(club: Club) -> None:
    with club.sessions.write() as session:
        scope = {"workspace_id": club.team.workspace_id, "team_id": club.team.id}
        row = {"kind": "news", "recipient": "C1", "about": "x", "now": club.now}
        deliveries.owe_news(session, **scope, **row)
        with requests.following(Request("abcdefgh")):
            deliveries.owe_news(session, **scope, **{**row, "about": "y"})
        claimed = deliveries.claim(session, now=club.now, limit=9, lease=timedelta(minutes=1))
    assert {one.period: one.request_id for one in claimed} == {"x": None, "y": "abcdefgh"}
