"""Filling in the forms that listeners open, as a person does."""

from bot.services.workspaces.scene import Asker
from messages import ids
from tests.support.fake_slack import Json
from tests.support.listening import Phone


def filled(view: Json, **typed: str) -> Json:
    """Return what a modal's fields hold after a person has typed into some of them."""
    state: Json = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            name, element = block["block_id"].removeprefix(ids.FORM_BLOCK), block["element"]
            state[block["block_id"]] = {ids.FORM_INPUT: _held(element, typed.get(name))}
    assert {f"{ids.FORM_BLOCK}{name}" for name in typed} <= set(state), "there is such a field"
    return state


def _held(element: Json, typed: str | None) -> Json:
    kind = element["type"]
    if kind == "static_select":
        values = [option["value"] for option in element["options"]]
        assert typed is None or typed in values, f"{typed} is not among {values}"
        chosen = typed or element.get("initial_option", {}).get("value")
        return {"type": kind, "selected_option": {"value": chosen} if chosen else None}
    if kind == "timepicker":
        return {"type": kind, "selected_time": typed or element.get("initial_time")}
    if kind == "checkboxes":
        ticked = [{"value": typed}] if typed else element.get("initial_options", [])
        return {"type": kind, "selected_options": ticked}
    if kind == "conversations_select":
        return {"type": kind, "selected_conversation": typed or element.get("initial_conversation")}
    return {"type": kind, "value": element.get("initial_value") if typed is None else typed or None}


def submit(phone: Phone, asker: Asker, **typed: str) -> Json:
    """Fill in the modal that was opened last, and submit it."""
    view = phone.slack.modals[-1][2]
    state = view.get("private_metadata", "")
    return phone.submits(asker, view["callback_id"], state, filled(view, **typed), view["blocks"])
