"""Installing an app in the playground, as a browser and the app see it."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.seed import ANNA, ERIK, TEAM
from tests.support.playground import PlaygroundClient

BACK = "http://127.0.0.1:9/slack/oauth_redirect"


def browse(playground: PlaygroundClient, **changed: str) -> httpx.Response:
    asked = {"client_id": playground.app()["client_id"], "scope": "commands,chat:write", "state": "s1"}
    with httpx.Client(base_url=playground.url, trust_env=False) as browser:
        return browser.get("/oauth/v2/authorize", params={**asked, "redirect_uri": BACK, **changed})


def answer(playground: PlaygroundClient, page: httpx.Response, choice: str, who: str) -> dict[str, list[str]]:
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text.partition("<select")[0]))
    with httpx.Client(base_url=playground.url, trust_env=False) as browser:
        sent = browser.post("/oauth/v2/authorize", data={**form, "who": who, "answer": choice})
    assert sent.status_code == 302
    assert sent.headers["location"].startswith(BACK)
    return parse_qs(urlsplit(sent.headers["location"]).query)


def credentials(playground: PlaygroundClient) -> dict[str, str]:
    app = playground.app()
    return {"client_id": app["client_id"], "client_secret": app["client_secret"]}


def error_of(client: WebClient, method: str, **arguments: str) -> str:
    with pytest.raises(SlackApiError) as refused:
        client.api_call(method, params=arguments)
    return str(refused.value.response["error"])


def test_who_allows_the_app_is_sent_back_with_a_code_and_the_state(playground: PlaygroundClient) -> None:
    page = browse(playground)
    assert "Hattrick FC: Anna" in page.text
    told = answer(playground, page, "allow", f"{TEAM}/{ANNA}")
    assert told["state"] == ["s1"]
    anyone = WebClient(base_url=playground.api_url)
    bought = anyone.oauth_v2_access(**credentials(playground), code=told["code"][0])
    assert (bought["team"]["id"], bought["authed_user"]["id"]) == (TEAM, ANNA)


def test_who_does_not_is_sent_back_without(playground: PlaygroundClient) -> None:
    told = answer(playground, browse(playground), "deny", f"{TEAM}/{ERIK}")
    assert told == {"state": ["s1"], "error": ["access_denied"]}


def test_another_apps_id_and_scopes_beyond_the_manifest_are_refused(playground: PlaygroundClient) -> None:
    assert browse(playground, client_id="1.2").status_code == 400
    assert "admin" in browse(playground, scope="commands,admin").text


def test_a_rotating_token_ends_and_its_refresh_token_is_good_for_once(playground: PlaygroundClient) -> None:
    playground.post("/rotation", seconds=3600)
    code = playground.post("/oauth/code", user=ANNA, team=TEAM)["code"]
    anyone = WebClient(base_url=playground.api_url)
    first = anyone.oauth_v2_access(**credentials(playground), code=code)
    renewing = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = anyone.oauth_v2_access(**credentials(playground), **renewing)
    assert error_of(anyone, "oauth.v2.access", **credentials(playground), **renewing) == "invalid_refresh_token"

    assert WebClient(first["access_token"], base_url=playground.api_url).auth_test()["ok"]
    playground.advance_clock(3601)
    assert error_of(WebClient(first["access_token"], base_url=playground.api_url), "auth.test") == "token_expired"
    assert error_of(WebClient(second["access_token"], base_url=playground.api_url), "auth.test") == "token_expired"
    third = anyone.oauth_v2_access(
        **credentials(playground), grant_type="refresh_token", refresh_token=second["refresh_token"]
    )
    assert WebClient(third["access_token"], base_url=playground.api_url).auth_test()["ok"]
