"""What Slack tells about a team's channel pauses it, and lets it go on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.listeners.binding import Deps
from bot.listeners.register import EVENTS
from bot.services.people.directory import HatDirectory
from storage import Sessions
from storage.tables import Team, Workspace
from tests.support.fake_slack import FakeSlack
from tests.support.replica import StandingClock
from tests.support.week import CHANNEL, FRIDAY_13, a_playing_team

BOT = "U0HATTRICK"


@pytest.fixture
def deps(sqlite_sessions: Sessions) -> Iterator[Deps]:
    clock = StandingClock(FRIDAY_13)
    with ThreadPoolExecutor(1) as workers:
        yield Deps(sqlite_sessions, HatDirectory(), FakeSlack(clock), clock, workers)


def paused_for(deps: Deps, team: Team, kind: str, **event: Any) -> str | None:
    """Let Slack tell of an event; return why the team's channel is paused then."""
    with deps.sessions.read() as session:
        workspace = session.get_one(Workspace, team.workspace_id).slack_team_id
    body = {"team_id": workspace, "event": {"type": kind, **event}, "authorizations": [{"user_id": BOT}]}
    EVENTS[kind](deps, body)
    with deps.sessions.read() as session:
        return session.get_one(Team, team.id).channel_paused_for


@pytest.mark.parametrize("prefix", ["channel", "group"])
def test_an_archived_channel_is_left_alone_until_it_is_brought_back(deps: Deps, prefix: str) -> None:
    team = a_playing_team(deps.sessions, name="North")
    assert paused_for(deps, team, f"{prefix}_archive", channel="C0OTHER") is None
    assert paused_for(deps, team, f"{prefix}_archive", channel=CHANNEL) == "is_archived"
    assert paused_for(deps, team, f"{prefix}_unarchive", channel=CHANNEL) is None


def test_a_deleted_channel_is_left_alone(deps: Deps) -> None:
    team = a_playing_team(deps.sessions, name="North")
    assert paused_for(deps, team, "channel_deleted", channel=CHANNEL) == "channel_not_found"


def test_an_invitation_of_the_bot_lets_its_channel_go_on_and_nobody_elses_does(deps: Deps) -> None:
    team = a_playing_team(deps.sessions, name="North")
    paused_for(deps, team, "channel_deleted", channel=CHANNEL)
    joined = {"channel": CHANNEL, "event_ts": "1.0"}
    assert paused_for(deps, team, "member_joined_channel", user="U0ANNA", **joined) == "channel_not_found"
    assert paused_for(deps, team, "member_joined_channel", user=BOT, **joined) is None
