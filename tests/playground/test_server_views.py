"""Modals and the Home tab, used by a person and answered by a real Bolt app."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.seed import ANNA, ERIK, TEAM_CHANNEL
from tests.support.bolt_app import by_http, by_socket
from tests.support.playground import Json, PlaygroundClient, StepRefused


def modal(*, title: str = "Numbers", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "report",
        "private_metadata": "W48",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "visits",
                "label": {"type": "plain_text", "text": "Visits"},
                "element": {"type": "plain_text_input", "action_id": "value", "initial_value": "4000"},
            },
            {
                "type": "input",
                "block_id": "unit",
                "optional": True,
                "label": {"type": "plain_text", "text": "Unit"},
                "element": {
                    "type": "static_select",
                    "action_id": "choice",
                    "options": [{"text": {"type": "plain_text", "text": "Count"}, "value": "count"}],
                },
            },
        ],
        **more,
    }


@pytest.fixture
def triggers(app: App) -> list[str]:
    """The trigger ids that commands brought."""
    given: list[str] = []

    @app.command("/hat")
    def hat(ack: Ack, body: Json) -> None:
        given.append(body["trigger_id"])
        ack()

    return given


@pytest.fixture
def connected(playground: PlaygroundClient, app: App, triggers: list[str]) -> Iterator[App]:
    """The app behind a request URL."""
    with by_http(playground, app):
        assert triggers == []
        yield app


@pytest.fixture(params=[by_socket, by_http], ids=["socket", "http"])
def either(
    request: pytest.FixtureRequest, playground: PlaygroundClient, app: App, triggers: list[str]
) -> Iterator[App]:
    """The app in both transports."""
    with request.param(playground, app):
        assert triggers == []
        yield app


def open_modal(playground: PlaygroundClient, client: WebClient, triggers: list[str], view: Json) -> Json:
    playground.command(ANNA, TEAM_CHANNEL, "/hat report")
    return client.views_open(trigger_id=triggers[-1], view=view)["view"]


def test_a_submitted_modal_brings_state_and_closes(
    playground: PlaygroundClient, either: App, client: WebClient, triggers: list[str]
) -> None:
    sent = []

    @either.view("report")
    def report(ack: Ack, view: Json) -> None:
        sent.append(view)
        ack()

    open_modal(playground, client, triggers, modal())
    came = playground.submit(ANNA, {"visits": "12 500", "choice": "count"})

    assert came["ok"]
    assert came["view"] is None
    assert sent[0]["private_metadata"] == "W48"
    values = sent[0]["state"]["values"]
    assert values["visits"]["value"]["value"] == "12 500"
    assert values["unit"]["choice"]["selected_option"]["value"] == "count"


def test_errors_stand_beside_the_input_and_the_modal_stays(
    playground: PlaygroundClient, connected: App, client: WebClient, triggers: list[str]
) -> None:
    connected.view("report")(
        lambda ack: ack(response_action="errors", errors={"visits": "Is 1.234 one or a thousand?"})
    )
    open_modal(playground, client, triggers, modal())

    came = playground.submit(ANNA, {"visits": "1.234"})

    assert came["errors"] == {"visits": "Is 1.234 one or a thousand?"}
    assert playground.modal(ANNA)["errors"] == came["errors"]
    began = time.monotonic()
    assert playground.submit(ANNA, {"visits": "1.234"}, wait=20)["errors"] == came["errors"]
    assert time.monotonic() - began < 10, "what is wrong is something to see, and not waited for any longer"


def test_an_error_for_no_input_is_slacks_trouble_connecting(
    playground: PlaygroundClient, connected: App, client: WebClient, triggers: list[str]
) -> None:
    connected.view("report")(lambda ack: ack(response_action="errors", errors={"nowhere": "?"}))
    open_modal(playground, client, triggers, modal())
    assert playground.submit(ANNA, {})["error"] == "invalid_errors"


@pytest.mark.usefixtures("connected")
def test_a_required_input_is_refused_by_the_client_without_a_word_to_the_app(
    playground: PlaygroundClient, client: WebClient, triggers: list[str]
) -> None:
    open_modal(playground, client, triggers, modal())
    assert playground.submit(ANNA, {"visits": ""})["errors"] == {"visits": "Please complete this required field."}
    assert playground.deliveries("interactive") == []


def test_an_ack_can_update_and_push_and_clear(
    playground: PlaygroundClient, either: App, client: WebClient, triggers: list[str]
) -> None:
    answers = iter(
        [
            {"response_action": "update", "view": modal(title="Again")},
            {"response_action": "push", "view": modal(title="Deeper")},
            {"response_action": "clear"},
        ]
    )
    either.view("report")(lambda ack: ack(**next(answers)))
    open_modal(playground, client, triggers, modal())

    assert playground.submit(ANNA, {})["view"]["title"]["text"] == "Again"
    deeper = playground.submit(ANNA, {})["view"]
    assert deeper["title"]["text"] == "Deeper"
    assert deeper["previous_view_id"]
    assert playground.submit(ANNA, {})["view"] is None


@pytest.mark.usefixtures("connected")
def test_a_trigger_opens_one_modal_within_three_seconds(
    playground: PlaygroundClient, client: WebClient, triggers: list[str]
) -> None:
    open_modal(playground, client, triggers, modal())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=triggers[-1], view=modal())
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        client.views_open(trigger_id="1.2.nonsense", view=modal())
    playground.command(ANNA, TEAM_CHANNEL, "/hat report")
    time.sleep(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=triggers[-1], view=modal())


@pytest.mark.usefixtures("connected")
def test_an_update_keeps_what_was_typed_and_minds_the_hash(
    playground: PlaygroundClient, client: WebClient, triggers: list[str]
) -> None:
    first = open_modal(playground, client, triggers, modal())
    second = client.views_update(view_id=first["id"], hash=first["hash"], view=modal(title="New"))["view"]

    assert second["hash"] != first["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=first["id"], hash=first["hash"], view=modal())
    with pytest.raises(SlackApiError, match="not_found"):
        client.views_update(view_id="V0NOWHERE00", view=modal())


@pytest.mark.usefixtures("connected")
def test_a_bad_view_is_refused_with_slacks_reasons(
    playground: PlaygroundClient, client: WebClient, triggers: list[str]
) -> None:
    with pytest.raises(SlackApiError) as refused:
        open_modal(playground, client, triggers, modal(title="A title of more than 24 letters"))
    assert refused.value.response["error"] == "invalid_arguments"
    assert "24" in refused.value.response["response_metadata"]["messages"][0] or (
        "25" in refused.value.response["response_metadata"]["messages"][0]
    )
    with pytest.raises(SlackApiError, match="view_too_large"):
        client.views_open(trigger_id=triggers[-1], view=modal(private_metadata="x" * 250_000))


def test_closing_is_told_to_an_app_that_asked(
    playground: PlaygroundClient, connected: App, client: WebClient, triggers: list[str]
) -> None:
    closed = []

    @connected.view_closed("report")
    def report(ack: Ack, view: Json) -> None:
        closed.append(view["callback_id"])
        ack()

    open_modal(playground, client, triggers, modal(notify_on_close=True))
    playground.act("close", ANNA)

    assert closed == ["report"]
    with pytest.raises(StepRefused):
        playground.submit(ANNA, {})


def test_the_home_tab_is_published_when_it_is_opened(playground: PlaygroundClient, connected: App) -> None:
    @connected.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        client.views_publish(
            user_id=event["user"],
            view={"type": "home", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Hi"}}]},
        )

    shown = playground.open_home(ERIK)

    assert shown["blocks"][0]["text"]["text"] == "Hi"
    assert playground.home(ANNA) is None


def test_a_menu_in_a_view_tells_its_choice_and_what_stands_in_the_inputs(
    playground: PlaygroundClient, connected: App, client: WebClient, triggers: list[str]
) -> None:
    chosen = []

    @connected.action("choice")
    def choice(ack: Ack, body: Json) -> None:
        chosen.append(body)
        ack()

    view = modal()
    view["blocks"][1]["dispatch_action"] = True
    open_modal(playground, client, triggers, view)
    playground.click(ANNA, "choice", value="count", values={"visits": "7"})

    assert chosen[0]["actions"][0]["selected_option"]["value"] == "count"
    assert chosen[0]["view"]["state"]["values"]["visits"]["value"]["value"] == "7"
