"""What Slack tells of an organisation of Enterprise Grid finds its install, whichever workspace it names."""

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from slack_bolt import App, BoltRequest

from bot.app import _bolt
from bot.config import Settings
from bot.listeners.binding import Deps
from bot.listeners.register import register
from bot.services.installs.installing import Installed, install
from bot.services.installs.installs import Installs
from bot.services.installs.uninstalling import access_changed
from bot.services.people.directory import HatDirectory
from bot.slack.vault import Vault
from storage import Sessions
from tests.support.doors import AtOnce
from tests.support.fake_slack import FakeSlack
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY

ORG, TEAM = "E0FOOTBALL", "T0NORTH001"
VAULT = Vault(Fernet.generate_key().decode())
# As Slack's pages show them, and as they may come: with the workspace, with another one, or with none.
AUTHORIZED: list[dict[str, Any]] = [
    {"enterprise_id": ORG, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": True},
    {"enterprise_id": ORG, "team_id": TEAM, "user_id": "U0BOT", "is_bot": False, "is_enterprise_install": False},
    {"enterprise_id": ORG, "team_id": None, "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": True},
    {"enterprise_id": ORG, "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": True},
]


@pytest.fixture
def app(sqlite_sessions: Sessions) -> Iterator[App]:
    """A bot that an organisation has installed, and let into one workspace."""
    who = {"bot_user_id": "U0BOT", "bot_id": "B1", "installer_id": "U1", "scopes": "commands", "name": "Football"}
    made = Installed(ORG, is_org=True, enterprise_id=ORG, token="xoxb-org", **who)  # no secret
    install(sqlite_sessions, VAULT, made, now=TUESDAY)
    clock, installs = StandingClock(TUESDAY), Installs(sqlite_sessions, VAULT.open)
    assert installs.voice(TEAM, ORG, now=TUESDAY)
    bolt = _bolt(Settings(_env_file=None), installs, clock)  # type: ignore[call-arg]  # pydantic's own argument
    with AtOnce(1) as workers:
        deps = Deps(sqlite_sessions, HatDirectory(), FakeSlack(clock), clock, workers, forget_installs=installs.forget)
        register(bolt, deps)
        yield bolt


def told(app: App, event: dict[str, Any], authorized: dict[str, Any], **outer: str | None) -> int:
    body = {"type": "event_callback", "api_app_id": "A1", "event_id": "Ev1", "event": event, **outer}
    return app.dispatch(BoltRequest(body={**body, "authorizations": [authorized]}, mode="socket_mode")).status


def speaks(sessions: Sessions) -> bool:
    return Installs(sessions, VAULT.open).token_of(TEAM) is not None


@pytest.mark.parametrize("authorized", AUTHORIZED)
def test_a_workspace_loses_the_app_and_gets_it_back(
    app: App, sqlite_sessions: Sessions, authorized: dict[str, Any]
) -> None:
    lost, again = "team_access_revoked", "team_access_granted"
    # Slack tells of the first once more when its acknowledgement was lost.
    for kind, may_speak in ((lost, False), (again, True), (lost, True)):
        event, whose = {"type": kind, "team_ids": [TEAM]}, {"team_id": None, "enterprise_id": ORG}
        assert told(app, event, authorized, **whose, event_id=kind) == 200
        assert speaks(sqlite_sessions) is may_speak, kind


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
def test_an_organisation_that_takes_it_out_takes_it_out_everywhere(
    app: App, sqlite_sessions: Sessions, kind: str
) -> None:
    event = {"type": kind, "tokens": {"bot": ["U0BOT"]}}
    now = int(TUESDAY.timestamp())
    body = {"team_id": None, "enterprise_id": ORG, "event_time": now}
    assert told(app, event, AUTHORIZED[2], **body) == 200
    assert not speaks(sqlite_sessions)


def test_a_workspace_that_lost_the_app_does_not_get_it_back_by_speaking(app: App, sqlite_sessions: Sessions) -> None:
    access_changed(sqlite_sessions, ORG, [TEAM], granted=False, now=TUESDAY)
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "1.2", "text": "hello"}
    told(app, event, AUTHORIZED[0], team_id=TEAM, enterprise_id=ORG)
    assert not speaks(sqlite_sessions)
