"""Organisations of Enterprise Grid in the playground, as their admins and the app see them."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.support.playground import PlaygroundClient, StepRefused

ORG, NORTH, SOUTH, ADA = "E0FOOTBALL", "T0NORTH001", "T0SOUTH001", "U0ADANORTH"
Json = dict[str, Any]


@pytest.fixture
def north(playground: PlaygroundClient) -> str:
    """Give the channel of one of an organisation's two workspaces."""
    for team, name in ((NORTH, "North"), (SOUTH, "South")):
        playground.post("/workspaces", name=name, id=team, install=False)
    playground.post("/users", user={"id": ADA, "name": "ada", "is_admin": True}, team=NORTH)
    playground.post("/organisations", name="Football", id=ORG, teams=[NORTH, SOUTH])
    return str(playground.post("/channels", name="north", team=NORTH, members=[ADA])["id"])


def install(playground: PlaygroundClient) -> tuple[Json, WebClient]:
    """Let Ada install the app in the organisation; return Slack's answer, and a client with the token."""
    app = playground.app()
    code = playground.post("/oauth/code", user=ADA, team=ORG)["code"]
    bought = WebClient(base_url=playground.api_url).oauth_v2_access(
        client_id=app["client_id"], client_secret=app["client_secret"], code=code
    )
    return dict(bought.data), WebClient(bought["access_token"], base_url=playground.api_url)  # type: ignore[arg-type]


def error_of(client: WebClient, method: str, **arguments: str) -> str:
    with pytest.raises(SlackApiError) as refused:
        client.api_call(method, params=arguments)
    return str(refused.value.response["error"])


def last_event(playground: PlaygroundClient) -> Json:
    payload: Json = playground.deliveries("events_api")[-1]["payload"]
    return payload


@pytest.mark.usefixtures("north")
def test_an_install_is_the_organisations_and_in_no_workspace_yet(playground: PlaygroundClient) -> None:
    bought, client = install(playground)
    assert (bought["team"], bought["is_enterprise_install"]) == (None, True)
    assert bought["enterprise"] == {"id": ORG, "name": "Football"}
    said = client.auth_test()
    assert (said["enterprise_id"], said["is_enterprise_install"], said["team_id"]) == (ORG, True, None)
    assert client.auth_teams_list()["teams"] == []


def test_it_speaks_where_it_is_let_in_and_nowhere_else(playground: PlaygroundClient, north: str) -> None:
    _, client = install(playground)
    assert error_of(client, "chat.postMessage", channel=north, text="x") == "team_access_not_granted"
    playground.post("/act/let_in", organisation=ORG, teams=[NORTH])
    assert client.auth_teams_list()["teams"] == [{"id": NORTH, "name": "North"}]
    assert client.conversations_join(channel=north)["ok"]
    assert client.chat_postMessage(channel=north, text="here")["ok"]
    assert client.users_info(user=ADA)["user"]["team_id"] == NORTH
    playground.post("/act/take_out", organisation=ORG, teams=[NORTH])
    assert error_of(client, "chat.postMessage", channel=north, text="x") == "team_access_not_granted"
    assert client.auth_test()["ok"], "the token itself lives on"


@pytest.mark.usefixtures("north")
def test_what_could_be_about_any_workspace_has_to_name_it(playground: PlaygroundClient) -> None:
    _, client = install(playground)
    playground.post("/act/let_in", organisation=ORG, teams=[NORTH])
    assert error_of(client, "conversations.list") == "missing_argument"
    assert [one["name"] for one in client.conversations_list(team_id=NORTH)["channels"]] == ["north"]
    assert error_of(client, "users.list", team_id=SOUTH) == "team_access_not_granted"


def test_it_is_told_of_each_workspace_and_of_itself(playground: PlaygroundClient, north: str) -> None:
    bought, client = install(playground)
    playground.post("/act/let_in", organisation=ORG, teams=[NORTH])
    told = last_event(playground)
    assert (told["team_id"], told["enterprise_id"]) == (None, ORG)
    assert told["event"]["team_ids"] == [NORTH]
    client.conversations_join(channel=north)
    playground.post("/act/post", user=ADA, team=NORTH, channel=north, text="hello")
    told = last_event(playground)
    assert told["team_id"] == NORTH
    whose = {"enterprise_id": ORG, "team_id": NORTH, "user_id": bought["bot_user_id"], "is_enterprise_install": True}
    assert whose.items() <= told["authorizations"][0].items()
    playground.post("/act/uninstall_organisation", organisation=ORG)
    assert last_event(playground)["event"]["type"] == "app_uninstalled"
    assert error_of(client, "auth.test") == "account_inactive"
    with pytest.raises(StepRefused):
        playground.post("/act/let_in", organisation=ORG, teams=[NORTH])


@pytest.mark.usefixtures("north")
def test_installed_anew_it_stays_where_it_is_let_in(playground: PlaygroundClient) -> None:
    first, old = install(playground)
    playground.post("/act/let_in", organisation=ORG, teams=[NORTH])
    second, client = install(playground)
    assert (first["bot_user_id"], first["access_token"]) != (second["bot_user_id"], second["access_token"])
    assert first["bot_user_id"] == second["bot_user_id"]
    assert [team["id"] for team in client.auth_teams_list()["teams"]] == [NORTH]
    assert old.auth_test()["ok"]
