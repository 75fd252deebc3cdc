"""Binding events to Bolt: acknowledged, followed, and counted when Slack tells of one again."""

from collections.abc import Callable
from typing import Any

from slack_bolt import BoltRequest

from bot.following import WELL, followed
from bot.listeners.binding import Deps
from bot.metrics import EVENTS_REPEATED

EventListener = Callable[[Deps, dict[str, Any]], None]


def bind_event(deps: Deps, listener: EventListener) -> Callable[..., None]:
    """Make a function that Bolt can call: the event is acknowledged at once and worked on afterwards."""

    def bound(ack: Callable[..., Any], body: dict[str, Any], request: BoltRequest) -> None:
        ack()
        _note_repeated(request)
        deps.later(lambda: _follow(deps, listener, body))

    return bound


def bind_install_event(deps: Deps, listener: EventListener) -> Callable[..., None]:
    """Make a function that Bolt can call. It acknowledges last: what fails here, Slack tells again."""

    def bound(ack: Callable[..., Any], body: dict[str, Any], request: BoltRequest) -> None:
        _note_repeated(request)
        _follow(deps, listener, body)
        ack()

    return bound


def _follow(deps: Deps, listener: EventListener, body: dict[str, Any]) -> None:
    def work() -> str:
        listener(deps, body)
        return WELL

    name = str(body["event"].get("type"))
    said = {"name": name, "workspace": body.get("team_id"), "event_id": body.get("event_id")}
    followed("event", work, lambda: said)


def _note_repeated(request: BoltRequest) -> None:
    if request.headers.get("x-slack-retry-num", ["0"])[0] != "0":
        EVENTS_REPEATED.labels("slack").inc()
