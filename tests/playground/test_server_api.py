"""The Web API as the real SDK meets it: answers, refusals, pages, files and installation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.playground.seed import ANNA, ERIK, GENERAL, GRACE, OTHER_BOT, RANDOM, TEAM_CHANNEL
from tests.support.playground import MANIFEST, Json, PlaygroundClient, start_playground


def refused(call: Callable[..., Any], **arguments: Any) -> SlackResponse:
    with pytest.raises(SlackApiError) as failure:
        call(**arguments)
    return failure.value.response


def test_auth_test_says_whose_token_it_is(playground: PlaygroundClient, client: WebClient) -> None:
    answer, workspace = client.auth_test(), playground.workspace()
    assert (answer["team_id"], answer["user_id"]) == (workspace["id"], workspace["bot_user_id"])


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("app", "not_allowed_token_type")],
)
def test_a_wrong_token_is_refused(playground: PlaygroundClient, token: str, error: str) -> None:
    token = playground.app()["app_token"] if token == "app" else token
    assert refused(WebClient(token, base_url=playground.api_url).auth_test)["error"] == error


def test_an_unknown_method_is_named_so(client: WebClient) -> None:
    assert refused(client.api_call, api_method="chat.shout")["error"] == "unknown_method"


def test_a_method_outside_the_manifests_scopes_names_the_one_that_is_missing(tmp_path: Path) -> None:
    narrow = tmp_path / "manifest.yml"
    narrow.write_text(MANIFEST.read_text(encoding="utf-8").replace("      - users:read\n", ""), encoding="utf-8")
    with start_playground(manifest=narrow) as other:
        client = WebClient(other.workspace()["bot_token"], base_url=other.api_url)
        answer = refused(client.users_info, user=ANNA)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
    assert "chat:write" in answer["provided"]


def test_a_message_to_a_person_opens_the_direct_conversation(playground: PlaygroundClient, client: WebClient) -> None:
    sent = client.chat_postMessage(channel=ERIK, text="How did W48 go?")
    assert sent["channel"].startswith("D")
    assert client.conversations_open(users=ERIK)["channel"]["id"] == sent["channel"]
    assert [m["text"] for m in playground.messages(user=ERIK)] == ["How did W48 go?"]


def test_metadata_is_in_history_only_for_who_asks(client: WebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"key": "prompt/E/W48"}}
    sent = client.chat_postMessage(channel=TEAM_CHANNEL, text="Hi", metadata=metadata)

    plain = client.conversations_history(channel=TEAM_CHANNEL)["messages"][0]
    full = client.conversations_history(channel=TEAM_CHANNEL, include_all_metadata=True)["messages"][0]

    assert "metadata" not in plain
    assert full["metadata"] == metadata
    assert full["ts"] == sent["ts"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE0", "text": "x"}, "channel_not_found"),
        ({"channel": "U0NOBODY00", "text": "x"}, "channel_not_found"),
        ({"channel": GENERAL, "text": "x"}, "not_in_channel"),
        ({"channel": RANDOM, "text": "x"}, "channel_not_found"),
        ({"channel": OTHER_BOT, "text": "x"}, "cannot_dm_bot"),
        ({"channel": TEAM_CHANNEL, "text": ""}, "no_text"),
        ({"channel": TEAM_CHANNEL, "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": TEAM_CHANNEL, "text": "x", "blocks": "no json"}, "invalid_blocks_format"),
        ({"channel": TEAM_CHANNEL, "text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        ({"channel": TEAM_CHANNEL, "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        (
            {
                "channel": TEAM_CHANNEL,
                "text": "x",
                "metadata": {"event_type": "a", "event_payload": {"k": "v" * 17_000}},
            },
            "metadata_too_large",
        ),
    ],
)
def test_a_message_that_slack_would_not_take_is_refused_with_its_code(
    client: WebClient, arguments: Json, error: str
) -> None:
    # Not chat_postMessage: the SDK itself warns about a message without text.
    answer = refused(client.api_call, api_method="chat.postMessage", json=arguments)
    assert answer["error"] == error


def test_too_many_letters_in_blocks_are_refused(client: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}] * 5
    answer = refused(client.chat_postMessage, channel=TEAM_CHANNEL, text="x", blocks=blocks)
    assert answer["error"] == "msg_blocks_too_long"


def test_an_archived_channel_takes_nothing(playground: PlaygroundClient, client: WebClient) -> None:
    playground.act("archive", ANNA, channel=TEAM_CHANNEL)
    answer = refused(client.chat_postMessage, channel=TEAM_CHANNEL, text="x")
    assert answer["error"] == "is_archived"


def test_a_deactivated_member_still_takes_messages(playground: PlaygroundClient, client: WebClient) -> None:
    playground.act("change_user", ERIK, changes={"deleted": True})
    assert client.chat_postMessage(channel=ERIK, text="x")["ok"]
    assert client.users_info(user=ERIK)["user"]["deleted"]


def test_the_bot_changes_and_deletes_its_own_messages_only(playground: PlaygroundClient, client: WebClient) -> None:
    mine = client.chat_postMessage(channel=TEAM_CHANNEL, text="one")["ts"]
    theirs = playground.say(ANNA, "two", channel=TEAM_CHANNEL)["ts"]

    client.chat_update(channel=TEAM_CHANNEL, ts=mine, text="three")
    assert [m["text"] for m in playground.messages(TEAM_CHANNEL)] == ["three", "two"]
    assert refused(client.chat_update, channel=TEAM_CHANNEL, ts=theirs, text="x")["error"] == ("cant_update_message")
    assert refused(client.chat_update, channel=TEAM_CHANNEL, ts="1.000000", text="x")["error"] == ("message_not_found")
    client.chat_delete(channel=TEAM_CHANNEL, ts=mine)
    assert [m["text"] for m in playground.messages(TEAM_CHANNEL)] == ["two"]


def test_history_is_newest_first_bounded_and_in_pages(playground: PlaygroundClient, client: WebClient) -> None:
    playground.limits(enabled=False)
    sent = [client.chat_postMessage(channel=TEAM_CHANNEL, text=str(n))["ts"] for n in range(5)]

    def texts(**arguments: Any) -> list[str]:
        return [m["text"] for m in client.conversations_history(channel=TEAM_CHANNEL, **arguments)["messages"]]

    assert texts() == ["4", "3", "2", "1", "0"]
    assert texts(oldest=sent[1], latest=sent[3]) == ["2"]
    assert texts(oldest=sent[1], latest=sent[3], inclusive=True) == ["3", "2", "1"]
    pages = [
        [m["text"] for m in page["messages"]] for page in client.conversations_history(channel=TEAM_CHANNEL, limit=2)
    ]
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


def test_replies_stand_in_the_thread_and_have_a_permalink(client: WebClient) -> None:
    parent = client.chat_postMessage(channel=TEAM_CHANNEL, text="digest")["ts"]
    reply = client.chat_postMessage(channel=TEAM_CHANNEL, text="detail", thread_ts=parent)["ts"]

    assert [m["ts"] for m in client.conversations_history(channel=TEAM_CHANNEL)["messages"]] == [parent]
    thread = client.conversations_replies(channel=TEAM_CHANNEL, ts=parent)["messages"]
    assert [m["text"] for m in thread] == ["digest", "detail"]
    assert thread[0]["reply_count"] == 1
    link = client.chat_getPermalink(channel=TEAM_CHANNEL, message_ts=reply)["permalink"]
    assert link == (
        f"https://hattrick-fc.slack.com/archives/{TEAM_CHANNEL}/p{reply.replace('.', '')}"
        f"?thread_ts={parent}&cid={TEAM_CHANNEL}"
    )


def test_members_have_zones_and_locales_and_come_in_pages(client: WebClient) -> None:
    grace = client.users_info(user=GRACE, include_locale=True)["user"]
    assert (grace["tz"], grace["locale"]) == ("America/New_York", "en-US")
    assert "locale" not in client.users_info(user=GRACE)["user"]
    pages = [[user["id"] for user in page["members"]] for page in client.users_list(limit=4)]
    everyone = [user_id for page in pages for user_id in page]
    assert [len(page) for page in pages] == [4, 4, 3]
    assert {ANNA, ERIK, GRACE, OTHER_BOT, "USLACKBOT"} <= set(everyone)
    assert len(everyone) == len(set(everyone)) == 11


def test_the_bot_joins_and_sees_channels(client: WebClient) -> None:
    names = {c["name"] for c in client.conversations_list()["channels"]}
    assert names == {"general", "marketing", "team-hattrick"}
    assert refused(client.conversations_info, channel=RANDOM)["error"] == "channel_not_found"
    client.conversations_join(channel=GENERAL)
    assert client.conversations_info(channel=GENERAL)["channel"]["is_member"]
    assert ANNA in client.conversations_members(channel=GENERAL)["members"]


def test_an_ephemeral_message_is_in_no_history(playground: PlaygroundClient, client: WebClient) -> None:
    client.chat_postEphemeral(channel=TEAM_CHANNEL, user=ANNA, text="for you")
    assert client.conversations_history(channel=TEAM_CHANNEL)["messages"] == []
    assert playground.messages(TEAM_CHANNEL)[0]["ephemeral_to"] == ANNA


def test_a_file_is_uploaded_and_shared(playground: PlaygroundClient, client: WebClient) -> None:
    answer = client.files_upload_v2(
        channel=TEAM_CHANNEL, filename="digest.csv", content="week,deals\nW48,12\n", initial_comment="All of it"
    )
    assert answer["file"]["name"] == "digest.csv"
    message = playground.messages(TEAM_CHANNEL)[0]
    assert (message["text"], message["files"][0]["size"]) == ("All of it", 18)


def test_a_code_buys_a_new_installation_and_an_uninstalled_app_is_out(playground: PlaygroundClient) -> None:
    app = playground.app()
    made = playground.post("/workspaces", name="Rovers", install=False)
    code = playground.post("/oauth/code", user="U0INSTALL1", team=made["id"])["code"]
    anyone = WebClient(base_url=playground.api_url)
    arguments = {"client_id": app["client_id"], "client_secret": app["client_secret"], "code": code}

    token = anyone.oauth_v2_access(**arguments)["access_token"]
    rovers = WebClient(token, base_url=playground.api_url)

    assert rovers.auth_test()["team"] == "Rovers"
    assert refused(anyone.oauth_v2_access, **arguments)["error"] == "invalid_code"
    playground.post("/act/uninstall", team=made["id"])
    assert refused(rovers.auth_test)["error"] == "account_inactive"


def test_one_workspace_does_not_see_another(playground: PlaygroundClient) -> None:
    made = playground.post("/workspaces", name="Rovers")
    other = WebClient(made["bot_token"], base_url=playground.api_url)
    assert other.auth_test()["team_id"] == made["id"]
    assert refused(other.chat_postMessage, channel=TEAM_CHANNEL, text="x")["error"] == "channel_not_found"
    assert refused(other.users_info, user=ANNA)["error"] == "user_not_found"
