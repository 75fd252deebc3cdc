"""views.*: modals and Home tabs."""

import time

from bot.playground.api.call import Call, method
from bot.playground.checks import check_view
from bot.playground.errors import ApiError
from bot.playground.model import Json, Trigger, View
from bot.playground.shapes import view_json
from bot.playground.state import TRIGGER_SECONDS


@method("views.open", tier=4)
def open_view(call: Call) -> Json:
    """Open a modal for the person whose trigger it is."""
    trigger = _trigger(call)
    content = check_view(call.parsed("view"), call.playground.dice, call.workspace.files, kind="modal")
    trigger.used = True
    return _shown(call, call.playground.screens.open(call.workspace, trigger.user_id, content))


@method("views.push", tier=4)
def push_view(call: Call) -> Json:
    """Lay a modal on top of the one that the trigger comes from."""
    trigger = _trigger(call)
    content = check_view(call.parsed("view"), call.playground.dice, call.workspace.files, kind="modal")
    if trigger.view_id is None:
        raise ApiError("invalid_trigger_id")
    view = call.playground.screens.push(call.workspace, trigger.user_id, content)
    trigger.used = True
    return _shown(call, view)


@method("views.update", tier=4)
def update_view(call: Call) -> Json:
    """Replace what a view shows."""
    view = _found(call)
    content = check_view(call.parsed("view"), call.playground.dice, call.workspace.files, kind=view.type)
    given_hash = call.text("hash") or None
    return _shown(call, call.playground.screens.update(call.workspace, view, content, given_hash=given_hash))


@method("views.publish", tier=4)
def publish_view(call: Call) -> Json:
    """Set a person's Home tab."""
    if not call.playground.slack.manifest.home_tab:
        raise ApiError("not_enabled")
    user = call.workspace.users.get(call.required("user_id"))
    if user is None or user.is_bot:
        raise ApiError("user_not_found")
    content = check_view(call.parsed("view"), call.playground.dice, call.workspace.files, kind="home")
    given_hash = call.text("hash") or None
    return _shown(call, call.playground.screens.publish(call.workspace, user.id, content, given_hash=given_hash))


def _trigger(call: Call) -> Trigger:
    name = call.required("trigger_id")
    trigger = call.playground.slack.triggers.get(name)
    if trigger is None or trigger.team_id != call.workspace.id:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if time.monotonic() - trigger.made > TRIGGER_SECONDS:
        raise ApiError("expired_trigger_id")
    return trigger


def _found(call: Call) -> View:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise ApiError("invalid_arguments", messages=["[ERROR] missing required field: view_id"])
    for view in call.workspace.views.values():
        if view.id == view_id or (not view_id and view.external_id == external_id):
            return view
    raise ApiError("not_found")


def _shown(call: Call, view: View) -> Json:
    return {"view": view_json(call.workspace, view, call.playground.slack.app.id)}
