"""What the real client makes of everything that Slack and the network can answer."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.playground.seed import ANNA, ERIK, GENERAL, GRACE, GUEST, MARKETING, OTHER_BOT, RANDOM, TEAM, TEAM_CHANNEL
from bot.slack import client as real
from bot.slack import searching
from bot.slack.client import SlackClient, profile_of
from bot.slack.outcomes import PASSING_ERRORS, InDoubt, NotSent, Refusal, Sent, Throttled
from bot.slack.port import LookupFailed
from messages.content import Message
from tests.support.playground import PlaygroundClient, start_playground

HELLO = Message("Hello", [{"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}])
TABLE = {
    "type": "data_table",
    "caption": "Links",
    "rows": [[{"type": "raw_text", "text": "Link"}], [{"type": "raw_text", "text": "Leads"}]],
}
NEW = Message("Digest", [TABLE], older_blocks=HELLO.blocks)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[PlaygroundClient]:
    with start_playground() as started:
        yield started


@pytest.fixture
def playground(server: PlaygroundClient) -> Iterator[PlaygroundClient]:
    server.faults(hold_seconds=0.8)
    server.limits(enabled=False)
    yield server
    server.faults()


@pytest.fixture
def slack(playground: PlaygroundClient, monkeypatch: pytest.MonkeyPatch) -> SlackClient:
    monkeypatch.setattr(real, "TIMEOUT_SECONDS", 0.4)
    token = playground.workspace()["bot_token"]
    return SlackClient({TEAM: token}.get, base_url=playground.api_url)


def _keys(playground: PlaygroundClient, user: str) -> list[str]:
    return [m["metadata"]["event_payload"]["key"] for m in playground.messages(user=user) if m.get("metadata")]


def test_a_post_says_where_it_stands_and_carries_its_key(slack: SlackClient, playground: PlaygroundClient) -> None:
    outcome = slack.post(TEAM, ERIK, HELLO, key="k-plain")
    assert isinstance(outcome, Sent)
    said = playground.messages(user=ERIK)[-1]
    assert (said["text"], said["ts"]) == ("Hello", outcome.ts)
    assert outcome.channel_id.startswith("D")
    assert slack.find(TEAM, ERIK, "k-plain", since=LONG_AGO) == outcome


def test_a_server_error_leaves_doubt(slack: SlackClient, playground: PlaygroundClient) -> None:
    playground.faults({"kind": "server_error", "method": "chat.postMessage", "times": 1})
    assert isinstance(slack.post(TEAM, ANNA, HELLO, key="k-500"), InDoubt)
    assert slack.find(TEAM, ANNA, "k-500", since=LONG_AGO) is None


@pytest.mark.parametrize("error", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
def test_slacks_own_words_for_trouble_leave_doubt(slack: SlackClient, playground: PlaygroundClient, error: str) -> None:
    playground.faults({"kind": "error", "method": "chat.postMessage", "error": error, "times": 1})
    assert slack.post(TEAM, ANNA, HELLO) == InDoubt(error)


def test_too_many_requests_are_told_with_slacks_own_pause(slack: SlackClient, playground: PlaygroundClient) -> None:
    playground.faults({"kind": "ratelimited", "method": "chat.postMessage", "retry_after": 17, "times": 1})
    before = len(playground.messages(user=ANNA))
    assert slack.post(TEAM, ANNA, HELLO) == Throttled(17)
    assert len(playground.messages(user=ANNA)) == before


def test_the_word_that_posting_has_for_too_many_is_no_refusal(slack: SlackClient, playground: PlaygroundClient) -> None:
    playground.faults({"kind": "error", "method": "chat.postMessage", "error": "rate_limited", "times": 1})
    assert slack.post(TEAM, ANNA, HELLO) == Throttled(5)


@pytest.mark.parametrize("error", sorted(PASSING_ERRORS))
def test_what_will_be_possible_again_is_no_refusal(
    slack: SlackClient, playground: PlaygroundClient, error: str
) -> None:
    playground.faults({"kind": "error", "method": "chat.postMessage", "error": error, "times": 1})
    assert slack.post(TEAM, ANNA, HELLO) == NotSent(error)


def test_a_channel_that_is_full_throttles(slack: SlackClient, playground: PlaygroundClient) -> None:
    playground.limits(enabled=True, channel_burst=1)
    outcomes = [slack.post(TEAM, TEAM_CHANNEL, HELLO) for _ in range(2)]
    assert isinstance(outcomes[0], Sent)
    assert outcomes[1] == Throttled(1)


@pytest.mark.parametrize(("kind", "there"), [("timeout_before", False), ("timeout_after", True)])
def test_a_timeout_leaves_doubt_that_the_history_settles(
    slack: SlackClient, playground: PlaygroundClient, kind: str, *, there: bool
) -> None:
    playground.faults({"kind": kind, "method": "chat.postMessage", "times": 1}, hold_seconds=0.8)
    assert slack.post(TEAM, ANNA, HELLO, key=kind) == InDoubt("TimeoutError")
    found = slack.find(TEAM, ANNA, kind, since=LONG_AGO)
    assert (found is not None) is there
    assert _keys(playground, ANNA).count(kind) == int(there), "the SDK must not repeat a post of its own accord"


def test_when_nobody_listens_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real, "TIMEOUT_SECONDS", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        nobody = SlackClient({TEAM: "xoxb-0"}.get, base_url=f"http://127.0.0.1:{port}/api/")
        assert nobody.post(TEAM, ANNA, HELLO) == NotSent("ConnectionRefusedError")
        assert nobody.profile(TEAM, ANNA) is None
        assert nobody.publish_home(TEAM, ANNA, {}) == "URLError"
        with pytest.raises(LookupFailed):
            nobody.find(TEAM, ANNA, "k", since=LONG_AGO)


def test_a_connection_that_breaks_after_the_request_leaves_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real, "TIMEOUT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = []

        def hang_up() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                asked.append(connection.recv(65_536))
                connection.close()

        thread = Thread(target=hang_up, daemon=True)
        thread.start()
        rude = SlackClient({TEAM: "xoxb-0"}.get, base_url=f"http://127.0.0.1:{server.getsockname()[1]}/api/")
        assert isinstance(rude.post(TEAM, ANNA, HELLO), InDoubt)
        assert len(asked) == 1, "the SDK must not repeat a post of its own accord"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(2)


def test_a_workspace_that_does_not_know_a_block_gets_the_same_in_older_ones(
    slack: SlackClient, playground: PlaygroundClient
) -> None:
    playground.faults(reject_block_types=["data_table"])
    outcome = slack.post(TEAM, TEAM_CHANNEL, NEW, key="k-older")
    assert isinstance(outcome, Sent)
    assert [block["type"] for block in playground.messages(TEAM_CHANNEL)[-1]["blocks"]] == ["section"]
    assert slack.find(TEAM, TEAM_CHANNEL, "k-older", since=LONG_AGO) == outcome
    assert isinstance(slack.update(TEAM, outcome.channel_id, outcome.ts, NEW), Sent)
    assert isinstance(slack.post(TEAM, TEAM_CHANNEL, Message("in words", [TABLE])), Sent), "it has no older ones"
    alone = playground.messages(TEAM_CHANNEL)[-1]
    assert (alone["text"], alone.get("blocks") or []) == ("in words", [])


def test_words_that_are_too_long_are_cut(slack: SlackClient, playground: PlaygroundClient) -> None:
    playground.faults({"kind": "error", "method": "chat.postMessage", "error": "msg_blocks_too_long", "times": 1})
    assert isinstance(slack.post(TEAM, TEAM_CHANNEL, Message("long " * 1000, HELLO.blocks)), Sent)
    text = playground.messages(TEAM_CHANNEL)[-1]["text"]
    assert len(text) < 4_000
    assert text.endswith("…")


def test_a_workspace_that_knows_the_newest_blocks_gets_them(slack: SlackClient, playground: PlaygroundClient) -> None:
    assert isinstance(slack.post(TEAM, TEAM_CHANNEL, NEW), Sent)
    assert [block["type"] for block in playground.messages(TEAM_CHANNEL)[-1]["blocks"]] == ["data_table"]


def test_a_public_channel_is_joined_and_then_posted_to_once(slack: SlackClient, playground: PlaygroundClient) -> None:
    made = playground.post("/channels", name="kick-off", members=[ANNA], team=TEAM)
    outcome = slack.post(TEAM, made["id"], HELLO, key="k-joined")
    assert isinstance(outcome, Sent)
    assert [m["text"] for m in playground.messages(made["id"]) if m["text"] == "Hello"] == ["Hello"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"kind": "ratelimited", "retry_after": 30}, NotSent("ratelimited")),
        ({"kind": "error", "error": "internal_error"}, NotSent("internal_error")),
        ({"kind": "timeout_before"}, NotSent("TimeoutError")),
        ({"kind": "error", "error": "missing_scope"}, Refusal("not_in_channel")),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else None,
)
def test_only_slacks_no_to_joining_a_channel_refuses_what_was_to_go_there(
    slack: SlackClient, playground: PlaygroundClient, fault: dict[str, object], outcome: NotSent | Refusal
) -> None:
    playground.faults({"method": "conversations.join", "times": 1, **fault}, hold_seconds=0.8)
    assert slack.post(TEAM, GENERAL, HELLO) == outcome


def test_a_private_channel_that_the_bot_is_not_in_refuses(slack: SlackClient) -> None:
    assert slack.post(TEAM, RANDOM, HELLO) == Refusal("channel_not_found")
    assert slack.post(TEAM, "C0NOSUCH00", HELLO) == Refusal("channel_not_found")


def test_a_token_that_has_just_ended_sends_nothing_and_is_no_refusal() -> None:
    with start_playground() as playground:
        app = playground.app()
        playground.post("/rotation", seconds=60)
        code = playground.post("/oauth/code", user=ANNA, team=TEAM)["code"]
        credentials = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
        token = WebClient(base_url=playground.api_url).oauth_v2_access(**credentials, code=code)["access_token"]
        playground.advance_clock(61)
        slack = SlackClient({TEAM: token}.get, base_url=playground.api_url)
        assert slack.post(TEAM, TEAM_CHANNEL, HELLO) == NotSent("token_expired")


def test_where_there_is_no_token_yet_it_is_tried_again(slack: SlackClient) -> None:
    assert slack.post("T0ELSEWHER", ANNA, HELLO) == NotSent("not_authed")


def test_slack_tells_whether_a_token_holds(slack: SlackClient, playground: PlaygroundClient) -> None:
    assert slack.token_error(TEAM) is None
    playground.faults({"kind": "error", "method": "auth.test", "error": "token_revoked"})
    assert slack.token_error(TEAM) == "token_revoked"


def test_an_organisations_token_holds_where_the_app_is_let_in() -> None:
    with start_playground() as playground:
        north, south, org, ada = "T0NORTH001", "T0SOUTH001", "E0FOOTBALL", "U0ADANORTH"
        for team in (north, south):
            playground.post("/workspaces", name=team, id=team, install=False)
        playground.post("/users", user={"id": ada, "name": "ada", "is_admin": True}, team=north)
        playground.post("/organisations", name="Football", id=org, teams=[north, south])
        app, code = playground.app(), playground.post("/oauth/code", user=ada, team=org)["code"]
        credentials = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
        token = WebClient(base_url=playground.api_url).oauth_v2_access(**credentials, code=code)["access_token"]
        playground.post("/act/let_in", organisation=org, teams=[north])
        slack = SlackClient(dict.fromkeys((north, south), token).get, base_url=playground.api_url)
        assert (slack.token_error(north), slack.token_error(south)) == (None, "team_access_not_granted")


def test_a_key_is_found_over_several_pages_and_only_since_then(
    slack: SlackClient, playground: PlaygroundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "HISTORY_PAGE", 3)
    sent = slack.post(TEAM, MARKETING, HELLO, key="k-deep")
    assert isinstance(sent, Sent)
    for number in range(8):
        slack.post(TEAM, MARKETING, Message(str(number), []), key=f"k-{number}")
    before = len(playground.calls("conversations.history"))
    assert slack.find(TEAM, MARKETING, "k-deep", since=LONG_AGO) == sent
    assert len(playground.calls("conversations.history")) - before == 3
    assert slack.find(TEAM, MARKETING, "k-never", since=LONG_AGO) is None
    later = datetime.fromtimestamp(float(sent.ts), UTC) + searching.CLOCK_AHEAD + timedelta(seconds=30)
    assert slack.find(TEAM, MARKETING, "k-deep", since=later) is None


def test_what_a_clock_a_day_ahead_has_sent_is_found_as_far_as_can_be_read(
    slack: SlackClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "HISTORY_PAGE", 3)
    sent = slack.post(TEAM, ERIK, HELLO, key="k-ahead")
    assert isinstance(sent, Sent)
    due = datetime.fromtimestamp(float(sent.ts), UTC) + timedelta(days=1)
    assert slack.find(TEAM, ERIK, "k-ahead", since=due) == sent
    for number in range(5):
        slack.post(TEAM, ERIK, Message(str(number), []))
    assert slack.find(TEAM, ERIK, "k-ahead", since=due) == sent
    monkeypatch.setattr(searching, "MOST_PAGES", 1)
    assert slack.find(TEAM, ERIK, "k-ahead", since=due) is None, "since it was due there is nothing that it could be"
    with pytest.raises(LookupFailed):
        slack.find(TEAM, ERIK, "k-ahead", since=LONG_AGO)


def test_a_history_that_slack_shows_a_page_of_is_enough_when_that_reaches_back_to_when_it_was_due(
    slack: SlackClient, playground: PlaygroundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Apps that are sold outside of Slack's directory may ask once a minute."""

    class OnceAMinute(WebClient):
        """Is refused every page but the first."""

        def conversations_history(self, **where: Any) -> SlackResponse:
            answer = super().conversations_history(**where)
            playground.faults({"kind": "ratelimited", "method": "conversations.history", "retry_after": 60})
            return answer

    monkeypatch.setattr(searching, "HISTORY_PAGE", 3)
    for number in range(5):
        sent = slack.post(TEAM, MARKETING, Message(str(number), []))
    assert isinstance(sent, Sent)
    now = datetime.fromtimestamp(float(sent.ts), UTC)
    client = OnceAMinute(playground.workspace()["bot_token"], base_url=playground.api_url, retry_handlers=[])
    assert searching.search(client, MARKETING, "k-none", since=now + timedelta(hours=1), thread_ts=None) is None
    playground.faults()
    with pytest.raises(SlackApiError):
        searching.search(client, MARKETING, "k-none", since=now - timedelta(hours=1), thread_ts=None)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        ({"kind": "ratelimited", "retry_after": 42}, 42),
        ({"kind": "server_error"}, 5),
        ({"kind": "timeout_before"}, 5),
        ({"kind": "error", "error": "missing_scope"}, 5),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else None,
)
def test_a_history_that_cannot_be_read_is_not_an_answer(
    slack: SlackClient, playground: PlaygroundClient, fault: dict[str, object], seconds: float
) -> None:
    playground.faults({"method": "conversations.history", "times": 1, **fault}, hold_seconds=0.8)
    with pytest.raises(LookupFailed) as failed:
        slack.find(TEAM, TEAM_CHANNEL, "k", since=LONG_AGO)
    assert failed.value.seconds == seconds


def test_a_public_channel_that_the_bot_is_not_in_yet_is_joined_to_look_into_it(
    slack: SlackClient, playground: PlaygroundClient
) -> None:
    made = playground.post("/channels", name="new-here", members=[ANNA], team=TEAM)
    playground.faults({"kind": "server_error", "method": "chat.postMessage", "times": 1})
    assert isinstance(slack.post(TEAM, made["id"], HELLO, key="k-first"), InDoubt)
    assert slack.find(TEAM, made["id"], "k-first", since=LONG_AGO) is None
    with pytest.raises(LookupFailed, match="channel_not_found"):
        slack.find(TEAM, RANDOM, "k-first", since=LONG_AGO)


def test_views_tell_what_went_wrong(slack: SlackClient, playground: PlaygroundClient) -> None:
    view = {"type": "home", "blocks": HELLO.blocks}
    assert slack.publish_home(TEAM, ANNA, view) is None
    home = playground.home(ANNA)
    assert home is not None
    assert home["blocks"][0]["text"]["text"] == "Hello"
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": HELLO.blocks}
    assert slack.open_view(TEAM, "1.2.3", modal) in ("invalid_trigger_id", "expired_trigger_id", "invalid_trigger")
    playground.faults({"kind": "timeout_before", "times": 1}, hold_seconds=0.8)
    assert slack.publish_home(TEAM, ANNA, view) == "TimeoutError"


def test_people_are_told_apart(slack: SlackClient, playground: PlaygroundClient) -> None:
    grace, guest, robot = (slack.profile(TEAM, user) for user in (GRACE, GUEST, OTHER_BOT))
    assert grace is not None
    assert guest is not None
    assert robot is not None
    assert (grace.name, grace.handle, grace.timezone) == ("Grace", "grace", "America/New_York")
    assert (guest.is_restricted, robot.is_bot) == (True, True)
    assert slack.profile(TEAM, "U0NOBODY00") is None
    playground.faults({"kind": "server_error", "times": 1})
    assert slack.profile(TEAM, GRACE) is None


@pytest.mark.parametrize(
    ("facts", "is_stranger"),
    [
        ({"team_id": "T1"}, False),
        ({"team_id": "T9"}, True),
        ({}, False),
        ({"team_id": "T9", "enterprise_user": {"teams": ["T1", "T9"]}}, False),
        ({"enterprise_user": {"teams": ["T1"]}}, False),
        ({"enterprise_user": {"teams": ["T9"]}}, True),
        ({"team_id": "T1", "enterprise_user": {"teams": []}}, False),
        ({"team_id": "T1", "enterprise_user": {"teams": ["T1"]}, "is_stranger": True}, True),
    ],
)
def test_people_of_an_organisation_are_no_strangers_in_any_workspace_that_they_are_in(
    facts: dict[str, Any], *, is_stranger: bool
) -> None:
    assert profile_of({"id": "U1", **facts}, "T1").is_stranger is is_stranger


def test_it_knows_where_it_reads_along(slack: SlackClient) -> None:
    assert slack.is_member(TEAM, TEAM_CHANNEL)
    assert not slack.is_member(TEAM, GENERAL), "a public channel that it is not in"
    assert not slack.is_member(TEAM, RANDOM), "a private channel that it does not even see"
    assert not slack.is_member(TEAM, "C0NOWHERE1")
    assert not slack.is_member(TEAM, "")
