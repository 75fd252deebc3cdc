"""A small real Bolt app to look at in the playground's page: blocks, a modal with errors, a slow command."""

import time
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from bot.playground.playground import Playground
from tests.support.page_blocks import (
    ESCAPED,
    card_blocks,
    digest_blocks,
    hostile_blocks,
    many_blocks,
    plain,
    report_view,
)

# Slack waits for 3 seconds.
_TOO_LONG = 3.3


def start_page_app(playground: Playground) -> SocketModeHandler:
    """Connect the app to a running playground; close the handler to end it."""
    url = f"{playground.slack.url}/api/"
    installation = playground.slack.workspace().installation
    assert installation is not None
    app = App(
        client=WebClient(installation.bot_token, base_url=url),
        signing_secret=playground.slack.app.signing_secret,
        process_before_response=True,
    )
    app.command("/hat")(_command)
    app.action("ask")(_open_modal)
    app.action("drop")(lambda ack, respond: (ack(), respond(delete_original=True)))
    app.action("pick")(_picked)
    app.action("late")(_late)
    app.view("report")(_reported)
    app.view("more")(lambda ack: ack(response_action="clear"))
    app.event("app_home_opened")(_home)
    app.event("message")(lambda: None)
    app.shortcut("make_hat")(_shortcut)
    handler = SocketModeHandler(
        app, playground.slack.app.app_token, web_client=WebClient(playground.slack.app.app_token, base_url=url)
    )
    handler.connect()
    return handler


def _late(ack: Any) -> None:
    time.sleep(_TOO_LONG)
    ack()


def _command(ack: Any, command: dict[str, Any], say: Any, respond: Any) -> None:
    word = command["text"].split(" ")[0]
    if word == "late":
        time.sleep(_TOO_LONG)
    ack()
    if word == "chart":
        say(text="The week", blocks=digest_blocks())
    elif word == "hostile":
        say(text=ESCAPED, blocks=hostile_blocks())
    elif word == "blocks":
        say(text="All blocks", blocks=many_blocks())
    else:
        respond(text="Who owns it", blocks=card_blocks(command["user_id"]))


def _open_modal(ack: Any, body: dict[str, Any], client: WebClient) -> None:
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=report_view())


def _reported(ack: Any, view: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
    values = view["state"]["values"]
    number = values["leads"]["v"]["value"]
    if number == "999":
        time.sleep(_TOO_LONG)
    if not number.isdigit():
        ack(response_action="errors", errors={"leads": f"{number} is not a number."})
        return
    if number == "0":
        more = {"type": "modal", "callback_id": "more", "title": plain("Nothing?"), "submit": plain("Nothing")}
        ack(response_action="push", view=more | {"blocks": [{"type": "section", "text": plain("Was it really zero?")}]})
        return
    ack()
    chosen = values["sure"]["v"]["selected_option"]
    answer = f"Stored {number}, final: {chosen['value'] if chosen else 'unknown'}, note: {values['note']['v']['value']}"
    client.chat_postMessage(channel=body["user"]["id"], text=answer)


def _picked(ack: Any, action: dict[str, Any], respond: Any) -> None:
    ack()
    chosen = action.get("selected_option") or {}
    respond(text=f"Picked {chosen.get('value')}", replace_original=False, response_type="ephemeral")


def _home(event: dict[str, Any], client: WebClient) -> None:
    if event["tab"] == "home":
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("Your hats")}, *card_blocks(event["user"])]}
        client.views_publish(user_id=event["user"], view=view)


def _shortcut(ack: Any, shortcut: dict[str, Any], respond: Any) -> None:
    ack()
    respond(text=f"Noted {len(shortcut['message']['text'].split())} words")
