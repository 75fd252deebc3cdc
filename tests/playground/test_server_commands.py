"""Commands, messages and buttons between a person, the playground and a real Bolt app."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.playground.seed import ANNA, ERIK, GRACE, GUEST, MARKETING, RANDOM, TEAM_CHANNEL
from tests.support.bolt_app import bolt_app, by_http, by_socket
from tests.support.playground import MANIFEST, Json, PlaygroundClient, StepRefused, start_playground

BUTTON = {
    "type": "actions",
    "block_id": "row",
    "elements": [
        {
            "type": "button",
            "action_id": "ask",
            "value": "hunter",
            "text": {"type": "plain_text", "text": "Ask"},
        }
    ],
}


@pytest.fixture
def connected(playground: PlaygroundClient, app: App) -> Iterator[App]:
    """The app behind a request URL."""
    with by_http(playground, app):
        yield app


@pytest.fixture(params=[by_socket, by_http], ids=["socket", "http"])
def either(request: pytest.FixtureRequest, playground: PlaygroundClient, app: App) -> Iterator[App]:
    """The app in both transports."""
    with request.param(playground, app):
        yield app


def test_a_command_reaches_the_app_and_its_ack_is_seen_by_its_user_alone(
    playground: PlaygroundClient, either: App
) -> None:
    seen = []

    @either.command("/hat")
    def hat(ack: Ack, body: Json) -> None:
        seen.append(body)
        ack("Erik owns it")

    came = playground.command(ANNA, TEAM_CHANNEL, "/hat who @erik in #general <now>")

    assert came["ok"]
    assert [m["text"] for m in came["messages"]] == ["Erik owns it"]
    assert came["messages"][0]["ephemeral_to"] == ANNA
    assert seen[0]["text"] == "who <@U0ERIKBERG|erik> in <#C0GENERAL1|general> &lt;now&gt;"
    assert (seen[0]["channel_name"], seen[0]["user_name"]) == ("team-hattrick", "anna")


def test_an_answer_in_the_channel_is_in_its_history(
    playground: PlaygroundClient, connected: App, client: WebClient
) -> None:
    connected.command("/hat")(lambda ack: ack(text="for all", response_type="in_channel"))

    playground.command(ANNA, TEAM_CHANNEL, "/hat list")

    assert client.conversations_history(channel=TEAM_CHANNEL)["messages"][0]["text"] == "for all"


def test_a_late_app_leaves_operation_timeout_on_the_screen(playground: PlaygroundClient, connected: App) -> None:
    @connected.command("/hat")
    def hat(ack: Ack) -> None:
        time.sleep(3.3)
        ack()

    came = playground.command(ANNA, TEAM_CHANNEL, "/hat who")

    assert came["error"] == "operation_timeout"
    assert came["messages"][0]["text"] == '/hat failed with the error "operation_timeout"'


def test_a_command_without_an_app_fails_at_once(playground: PlaygroundClient) -> None:
    started = time.monotonic()
    assert playground.command(ANNA, TEAM_CHANNEL, "/hat who")["error"] == "dispatch_failed"
    assert time.monotonic() - started < 1


@pytest.mark.usefixtures("connected")
def test_a_command_that_the_manifest_does_not_name_goes_nowhere(playground: PlaygroundClient) -> None:
    assert "not a valid command" in playground.command(ANNA, TEAM_CHANNEL, "/cap who")["error"]
    assert playground.deliveries() == []


def test_a_response_url_takes_five_posts_and_no_sixth(playground: PlaygroundClient, connected: App) -> None:
    urls = []

    @connected.command("/hat")
    def hat(ack: Ack, body: Json) -> None:
        urls.append(body["response_url"])
        ack()

    playground.command(ANNA, TEAM_CHANNEL, "/hat")
    answers = [httpx.post(urls[0], json={"text": f"part {n}"}) for n in range(6)]

    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert answers[5].json()["error"] == "used_url"
    assert [m["text"] for m in playground.messages(TEAM_CHANNEL)] == [f"part {n}" for n in range(5)]


def test_a_response_url_lives_for_half_an_hour_of_the_playgrounds_clock(
    playground: PlaygroundClient, connected: App
) -> None:
    urls = []

    @connected.command("/hat")
    def hat(ack: Ack, body: Json) -> None:
        urls.append(body["response_url"])
        ack()

    playground.command(ANNA, TEAM_CHANNEL, "/hat")
    playground.advance_clock(29 * 60)
    assert httpx.post(urls[0], json={"text": "in time"}).status_code == 200
    playground.advance_clock(2 * 60)
    assert httpx.post(urls[0], json={"text": "late"}).json()["error"] == "expired_url"


def test_a_button_brings_value_message_and_a_url_that_replaces_it(
    playground: PlaygroundClient, either: App, client: WebClient
) -> None:
    clicks = []

    @either.action("ask")
    def ask(ack: Ack, body: Json, respond: Respond) -> None:
        clicks.append(body)
        ack()
        respond(text="asked", replace_original=True)

    sent = client.chat_postMessage(channel=TEAM_CHANNEL, text="Who?", blocks=[BUTTON])
    came = playground.click(ERIK, "ask", channel=TEAM_CHANNEL, message_ts=sent["ts"], wait=2)

    assert came["ok"]
    assert clicks[0]["actions"][0]["value"] == "hunter"
    assert clicks[0]["message"]["ts"] == sent["ts"]
    assert clicks[0]["user"]["id"] == ERIK
    assert client.conversations_history(channel=TEAM_CHANNEL)["messages"][0]["text"] == "asked"


def test_a_button_in_an_ephemeral_message_is_there_for_its_reader_only(
    playground: PlaygroundClient, connected: App
) -> None:
    connected.command("/hat")(lambda ack: ack(text="Who?", blocks=[BUTTON]))
    clicks = []

    @connected.action("ask")
    def ask(ack: Ack, body: Json, respond: Respond) -> None:
        clicks.append(body)
        ack()
        respond(delete_original=True)

    ts = playground.command(ANNA, TEAM_CHANNEL, "/hat")["messages"][0]["ts"]
    with pytest.raises(StepRefused):
        playground.click(ERIK, "ask", channel=TEAM_CHANNEL, message_ts=ts)
    playground.click(ANNA, "ask", channel=TEAM_CHANNEL, message_ts=ts)

    assert clicks[0]["container"]["is_ephemeral"]
    assert "message" not in clicks[0]
    playground.eventually(lambda: not playground.messages(TEAM_CHANNEL))


def test_the_app_hears_messages_only_where_its_bot_is(playground: PlaygroundClient, either: App) -> None:
    heard = []
    either.event("message")(lambda event: heard.append((event["channel_type"], event["text"])))
    either.event("app_mention")(lambda event: heard.append(("mention", event["text"])))
    bot = playground.workspace()["bot_user_id"]

    playground.say(ANNA, "not for you", channel=MARKETING)
    playground.say(ANNA, "not for you", channel=RANDOM)
    playground.say(ANNA, "R&D <3 @erik", channel=TEAM_CHANNEL)
    playground.say(ANNA, "just us")
    playground.say(ANNA, f"<@{bot}> who?", channel=TEAM_CHANNEL)
    playground.eventually(lambda: len(heard) == 4)

    assert sorted(heard) == [
        ("channel", f"<@{bot}> who?"),
        ("channel", "R&amp;D &lt;3 <@U0ERIKBERG>"),
        ("im", "just us"),
        ("mention", f"<@{bot}> who?"),
    ]


def test_edits_and_deletions_are_told(playground: PlaygroundClient, connected: App) -> None:
    heard: list[Json] = []

    @connected.event("message")
    def message(event: Json) -> None:
        heard.append(event)

    said = playground.say(ANNA, "twelve", channel=TEAM_CHANNEL)
    playground.act("edit", ANNA, channel=TEAM_CHANNEL, ts=said["ts"], text="thirteen")
    playground.act("edit", ANNA, channel=TEAM_CHANNEL, ts=said["ts"])
    playground.eventually(lambda: len(heard) == 3)

    by_kind = {event.get("subtype"): event for event in heard}
    assert by_kind["message_changed"]["message"]["text"] == "thirteen"
    assert by_kind["message_changed"]["previous_message"]["text"] == "twelve"
    assert by_kind["message_deleted"]["deleted_ts"] == said["ts"]


def test_what_happens_to_members_and_channels_is_told(tmp_path: Path) -> None:
    heard = {}
    told = ("user_change", "channel_rename", "channel_archive", "member_left_channel")
    asking = tmp_path / "manifest.yml"
    events = "".join(f"      - {name}\n" for name in told)
    asking.write_text(MANIFEST.read_text("utf-8").replace("      - user_change\n", events), encoding="utf-8")
    with start_playground(manifest=asking) as playground, by_http(playground, app := bolt_app(playground)):
        for name in told:
            app.event(name)(lambda event: heard.__setitem__(event["type"], event))

        playground.act("change_user", GRACE, changes={"tz": "Australia/Sydney", "deleted": True})
        playground.act("rename", ANNA, channel=MARKETING, name="brand")
        playground.act("leave", ERIK, channel=TEAM_CHANNEL)
        playground.act("archive", ANNA, channel=MARKETING)
        playground.eventually(lambda: len(heard) == 4)

    assert heard["user_change"]["user"]["deleted"]
    assert heard["channel_rename"]["channel"]["name"] == "brand"
    assert heard["channel_archive"]["channel"] == MARKETING
    assert heard["member_left_channel"]["user"] == ERIK


def test_a_person_cannot_do_what_slacks_client_would_not_offer(playground: PlaygroundClient) -> None:
    with pytest.raises(StepRefused, match="not_in_channel"):
        playground.say(GUEST, "hello", channel=TEAM_CHANNEL)
    with pytest.raises(StepRefused, match="no member"):
        playground.command("U0NOBODY99", TEAM_CHANNEL, "/hat")
    playground.act("change_user", ERIK, changes={"deleted": True})
    with pytest.raises(StepRefused, match="deactivated"):
        playground.command(ERIK, TEAM_CHANNEL, "/hat")
