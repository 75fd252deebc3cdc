"""What goes wrong on request: limits, errors, timeouts, lost connections, events that come again."""

import gc
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import httpx
import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.playground.seed import ANNA, ERIK, TEAM_CHANNEL
from tests.support.bolt_app import bolt_app, by_http, by_socket
from tests.support.playground import PlaygroundClient

Transport = Callable[[PlaygroundClient, App], AbstractContextManager[object]]
# websocket-client leaves the socket of a connection that was cut to the garbage collector.
LEAVES_SOCKETS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_a_channel_takes_a_burst_and_then_one_message_a_second(playground: PlaygroundClient, client: WebClient) -> None:
    for n in range(4):
        client.chat_postMessage(channel=TEAM_CHANNEL, text=str(n))
    with pytest.raises(SlackApiError) as limited:
        client.chat_postMessage(channel=TEAM_CHANNEL, text="5")
    assert limited.value.response.status_code == 429
    assert limited.value.response["error"] == "ratelimited"
    assert limited.value.response.headers["Retry-After"] == "1"
    assert client.chat_postMessage(channel=ERIK, text="another conversation")["ok"]

    patient = WebClient(
        client.token,
        base_url=playground.api_url,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=2)],
    )
    assert patient.chat_postMessage(channel=TEAM_CHANNEL, text="5")["ok"]


def test_a_methods_tier_holds_per_workspace(playground: PlaygroundClient, client: WebClient) -> None:
    playground.limits(tier_2=2, burst=0)
    client.users_list(limit=200)
    client.users_list(limit=200)
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.users_list(limit=200)
    made = playground.post("/workspaces", name="Rovers")
    assert WebClient(made["bot_token"], base_url=playground.api_url).users_list()["ok"]
    playground.limits(enabled=False)
    assert client.users_list(limit=200)["ok"]


def test_the_next_two_calls_fail_and_the_third_does_not(playground: PlaygroundClient, client: WebClient) -> None:
    playground.faults({"kind": "server_error", "method": "chat.postMessage", "times": 2})
    for _ in range(2):
        with pytest.raises(SlackApiError) as failed:
            client.chat_postMessage(channel=TEAM_CHANNEL, text="x")
        assert failed.value.response.status_code == 500
    assert client.chat_postMessage(channel=TEAM_CHANNEL, text="x")["ok"]
    assert [call["status"] for call in playground.calls("chat.postMessage")] == [500, 500, 200]


def test_a_timeout_before_posts_nothing_and_one_after_has_posted(playground: PlaygroundClient) -> None:
    hurried = WebClient(playground.workspace()["bot_token"], base_url=playground.api_url, timeout=1)
    for kind, expected in (("timeout_before", 0), ("timeout_after", 1)):
        playground.faults({"kind": kind, "times": 1}, hold_seconds=1.5)
        with pytest.raises(TimeoutError):
            hurried.chat_postMessage(channel=TEAM_CHANNEL, text=kind)
        assert len(playground.messages(TEAM_CHANNEL)) == expected


def test_a_rate_strikes_about_that_often_and_the_same_way_for_one_seed(
    playground: PlaygroundClient, client: WebClient
) -> None:
    playground.limits(enabled=False)
    runs = []
    for _ in range(2):
        playground.faults({"kind": "error", "error": "fatal_error", "rate": 0.3}, seed=7)
        runs.append([_struck(client) for _ in range(60)])
    assert runs[0] == runs[1]
    assert 8 <= sum(runs[0]) <= 28


def _struck(client: WebClient) -> bool:
    try:
        client.api_test()
    except SlackApiError:
        return True
    return False


def test_latency_is_added_to_every_call(playground: PlaygroundClient, client: WebClient) -> None:
    playground.faults(latency_ms=150)
    started = time.monotonic()
    client.api_test()
    assert 0.15 <= time.monotonic() - started < 1


def test_a_workspace_that_does_not_know_a_block_refuses_it(playground: PlaygroundClient, client: WebClient) -> None:
    blocks = [{"type": "divider"}]
    assert client.chat_postMessage(channel=TEAM_CHANNEL, text="x", blocks=blocks)["ok"]
    playground.faults(reject_block_types=["divider"])
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=TEAM_CHANNEL, text="x", blocks=blocks)
    assert refused.value.response["error"] == "invalid_blocks"
    assert "divider" in refused.value.response["errors"][0]


@pytest.mark.parametrize("transport", [by_socket, by_http], ids=["socket", "http"])
def test_every_event_comes_three_times_with_one_id(
    playground: PlaygroundClient, app: App, transport: Transport
) -> None:
    heard = []
    app.event("message")(lambda body: heard.append(body["event_id"]))
    playground.faults(duplicate_events=3)
    with transport(playground, app):
        playground.say(ANNA, "once", channel=TEAM_CHANNEL)
        playground.eventually(lambda: len(heard) == 3)
    assert len(set(heard)) == 1


def test_an_event_that_failed_comes_again_with_its_retry_number(playground: PlaygroundClient, app: App) -> None:
    attempts = []

    @app.middleware
    def remember(req: BoltRequest, next: Callable[[], None]) -> None:  # noqa: A002  # Bolt calls it by this name
        attempts.append(req.headers.get("x-slack-retry-num", [None])[0])
        if len(attempts) == 1:
            raise RuntimeError("the first time fails")
        next()

    app.error(lambda: None)
    app.event("message")(lambda: None)
    with by_http(playground, app, retry_delays=(0.05, 0.05)):
        playground.say(ANNA, "again", channel=TEAM_CHANNEL)
        playground.eventually(lambda: playground.deliveries()[0]["outcome"] == "acked")
    assert attempts[:2] == [None, "1"]


def test_a_forged_signature_is_refused_by_the_app(playground: PlaygroundClient, app: App) -> None:
    with by_http(playground, app) as url:
        forged = httpx.post(url, content=b"command=/hat", headers={"X-Slack-Signature": "v0=1"})
    assert forged.status_code == 401


@LEAVES_SOCKETS
@pytest.mark.parametrize("hard", [False, True], ids=["refresh", "cut"])
def test_the_app_hears_again_after_it_lost_its_connection(playground: PlaygroundClient, app: App, hard: bool) -> None:
    app.command("/hat")(lambda ack: ack("here"))
    with by_socket(playground, app):
        assert playground.post("/disconnect", hard=hard)["connections"] == 1
        playground.eventually(lambda: playground.app()["sockets"] == 1)
        # The SDK may open one more, and a command that goes to the one that it closes is lost: people repeat it.
        playground.eventually(lambda: playground.command(ANNA, TEAM_CHANNEL, "/hat")["ok"], seconds=15)
    # Here, where it is expected, and not in whatever test comes next.
    gc.collect()


@LEAVES_SOCKETS
def test_two_connections_take_turns(playground: PlaygroundClient) -> None:
    answered = []
    first, second = bolt_app(playground), bolt_app(playground)
    first.command("/hat")(lambda ack: (answered.append("first"), ack()))
    second.command("/hat")(lambda ack: (answered.append("second"), ack()))
    with by_socket(playground, first), by_socket(playground, second):
        for _ in range(6):
            assert playground.command(ANNA, TEAM_CHANNEL, "/hat")["ok"]
    assert sorted(answered) == ["first"] * 3 + ["second"] * 3
    gc.collect()


def test_messages_follow_the_clock_that_is_moved(playground: PlaygroundClient, client: WebClient) -> None:
    friday = datetime(2026, 11, 27, 13, 0, tzinfo=UTC)
    playground.move_clock(friday)
    sent = client.chat_postMessage(channel=TEAM_CHANNEL, text="x")
    assert 0 <= float(sent["ts"]) - friday.timestamp() < 60
    told = playground.get("/clock")
    assert datetime.fromisoformat(told["now"]) >= friday
