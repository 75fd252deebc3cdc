"""The app is installed in a browser: what comes back is checked, and what Slack grants is kept, encrypted."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from slack_sdk import WebClient
from sqlmodel import select

from bot.playground.seed import ANNA, TEAM
from storage import Sessions
from storage.tables import Delivery, Install, InstallState, Workspace
from tests.support.installing import Entrance, an_entrance
from tests.support.playground import MANIFEST


@pytest.fixture
def entrance(sessions: Sessions) -> Iterator[Entrance]:
    with an_entrance(sessions) as opened:
        yield opened


def stored(entrance: Entrance, table: type[Any]) -> list[Any]:
    with entrance.sessions.read() as session:
        return list(session.exec(select(table)))


def test_slack_is_asked_for_the_manifests_scopes(entrance: Entrance) -> None:
    address = entrance.web.get("/slack/install").headers["location"]
    assert address.startswith(f"{entrance.playground.url}/oauth/v2/authorize?")
    wanted = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"]
    assert parse_qs(urlsplit(address).query)["scope"] == [",".join(wanted)]


def test_who_installs_the_app_is_told_so_and_greeted_and_the_token_works(entrance: Entrance) -> None:
    page = entrance.install(TEAM, ANNA)
    assert page.status_code == 200
    assert "It is in Hattrick FC now" in page.text
    token = entrance.installs().token_of(TEAM)
    assert WebClient(token, base_url=entrance.playground.api_url).auth_test()["team_id"] == TEAM
    (install,) = stored(entrance, Install)
    assert token not in install.bot_token_encrypted
    assert [(one.kind, one.recipient) for one in stored(entrance, Delivery)] == [("installed", ANNA)]
    assert TEAM in entrance.told


def test_a_state_is_good_for_once(entrance: Entrance) -> None:
    state, cookie = entrance.begin()
    assert entrance.come_back(cookie=cookie, state=state, code=entrance.code(TEAM, ANNA)).status_code == 200
    again = entrance.come_back(cookie=cookie, state=state, code=entrance.code(TEAM, ANNA))
    assert again.status_code == 401
    assert "Begin once more" in again.text


def test_a_state_lives_ten_minutes(entrance: Entrance) -> None:
    state, cookie = entrance.begin()
    entrance.clock.forward(minutes=10)
    answer = entrance.come_back(cookie=cookie, state=state, code=entrance.code(TEAM, ANNA))
    assert answer.status_code == 401
    assert stored(entrance, Install) == []


def test_another_browser_cannot_end_what_this_one_began(entrance: Entrance) -> None:
    state, _ = entrance.begin()
    _, anothers = entrance.begin()
    answer = entrance.come_back(cookie=anothers, state=state, code=entrance.code(TEAM, ANNA))
    assert answer.status_code == 400
    assert stored(entrance, Install) == []


def test_a_made_up_state_or_code_installs_nothing(entrance: Entrance) -> None:
    assert entrance.come_back(cookie="x", state="x", code=entrance.code(TEAM, ANNA)).status_code == 401
    state, cookie = entrance.begin()
    assert entrance.come_back(cookie=cookie, state=state, code="made-up").status_code == 401
    assert stored(entrance, Install) == []
    assert stored(entrance, Workspace) == []


@pytest.mark.parametrize(("language", "words"), [("en", "Slack did not answer"), ("sv", "Slack svarade inte")])
def test_where_slack_cannot_be_asked_nothing_is_installed_and_the_page_says_how_to_go_on(
    entrance: Entrance, language: str, words: str
) -> None:
    state, cookie = entrance.begin()
    there = entrance.flow.client.base_url
    entrance.flow.client.base_url = "http://127.0.0.1:1/api/"
    page = entrance.come_back(cookie=cookie, language=language, state=state, code=entrance.code(TEAM, ANNA))
    assert page.status_code == 503
    assert words in page.text
    assert "/slack/install" in page.text
    assert stored(entrance, Install) == []
    entrance.flow.client.base_url = there
    assert entrance.install(TEAM, ANNA).status_code == 200


def test_the_database_does_not_tell_which_states_are_open(entrance: Entrance) -> None:
    state, _ = entrance.begin()
    (row,) = stored(entrance, InstallState)
    assert state not in row.state_hash


def test_who_does_not_allow_it_reads_that_nothing_happened_in_their_language(entrance: Entrance) -> None:
    state, cookie = entrance.begin()
    page = entrance.come_back(cookie=cookie, state=state, error="access_denied", language="sv-SE,sv;q=0.9,en;q=0.8")
    assert page.status_code == 200
    assert "Inget installerades" in page.text
    assert '<html lang="sv">' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


class OrgSlack:
    """Slack as it answers when a whole organisation installs the app."""

    def oauth_v2_access(self, **_: Any) -> dict[str, Any]:
        return {
            "app_id": "A1",
            "authed_user": {"id": "W1"},
            "scope": "commands,chat:write",
            "token_type": "bot",
            "access_token": "xoxb-org",
            "bot_user_id": "W0BOT",
            "team": None,
            "enterprise": {"id": "E1", "name": "Football & Sons"},
            "is_enterprise_install": True,
            "refresh_token": "xoxe-1-org",
            "expires_in": 43200,
        }

    def auth_test(self, **_: Any) -> dict[str, Any]:
        return {"bot_id": "B1", "url": "https://football.enterprise.slack.com/"}


def test_an_organisations_install_is_for_each_of_its_workspaces_and_for_no_other(entrance: Entrance) -> None:
    entrance.flow._client = OrgSlack()
    state, cookie = entrance.begin()
    page = entrance.come_back(cookie=cookie, state=state, code="any")
    assert "Football &amp; Sons" in page.text
    installs, now = entrance.installs(), entrance.clock()
    assert installs.token_of("T7") is None
    voice = installs.voice("T7", "E1", now=now)
    assert voice is not None
    assert (voice.token, voice.bot_user_id, voice.bot_id) == ("xoxb-org", "W0BOT", "B1")
    assert installs.token_of("T7") == "xoxb-org"
    assert installs.voice("T8", "E2", now=now) is None
    assert installs.voice("T9", None, now=now) is None
    assert [one.slack_team_id for one in stored(entrance, Workspace)] == ["T7"]


def test_a_workspaces_own_install_goes_before_its_organisations(entrance: Entrance) -> None:
    entrance.install(TEAM, ANNA)
    own = entrance.installs().token_of(TEAM)
    entrance.flow._client = OrgSlack()
    state, cookie = entrance.begin()
    entrance.come_back(cookie=cookie, state=state, code="any")
    voice = entrance.installs().voice(TEAM, "E1", now=entrance.clock())
    assert voice is not None
    assert voice.token == own
