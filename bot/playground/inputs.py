"""What a person enters: element types, the state that Slack makes of it, and what the client itself refuses."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.model import Json

_TEXT = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
_ONE_OPTION = {"static_select", "external_select", "radio_buttons", "overflow"}
_OPTIONS = {"multi_static_select", "multi_external_select", "checkboxes"}
_PICKED = {
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
_INITIAL = {
    "users_select": "initial_user",
    "channels_select": "initial_channel",
    "conversations_select": "initial_conversation",
    "multi_users_select": "initial_users",
    "multi_channels_select": "initial_channels",
    "multi_conversations_select": "initial_conversations",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
}
_STATELESS = {"button", "workflow_button", "image", "overflow", "icon_button", "feedback_buttons"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every interactive element with its block, containers included."""
    for block in blocks:
        nested = "elements" if block["type"] == "carousel" else "child_blocks"
        if isinstance(block.get(nested), list):
            yield from elements(block[nested])
        single = [block.get("element"), block.get("accessory")]
        for element in [*single, *block.get("elements", []), *block.get("actions", [])]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def find_element(blocks: list[Json], action_id: str, block_id: str | None = None) -> tuple[Json, Json] | None:
    """Find an element by its action id, and by its block id where one is given."""
    for block, element in elements(blocks):
        if element["action_id"] == action_id and block_id in (None, block.get("block_id")):
            return block, element
    return None


def state_value(element: Json, given: Any) -> Json:
    """Make Slack's state value of what a person entered.

    `given` is text, an option's value (or a list of them), an id, a date, or already Slack's own mapping with `type`.
    Raises `ValueError` when the element has no such option.
    """
    kind = element["type"]
    if isinstance(given, Mapping) and "type" in given:
        return dict(given)
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": None if given is None else _option(element, given)}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [_option(element, value) for value in given or []]}
    return {"type": kind, **_free_value(kind, given)}


def _free_value(kind: str, given: Any) -> Json:
    """Return the value of an element that offers no options of its own."""
    if kind in _PICKED:
        empty: Any = [] if kind.startswith("multi_") else None
        return {_PICKED[kind]: empty if given is None else given}
    if kind == "rich_text_input":
        return {"rich_text_value": _rich_text(given)}
    if kind in _TEXT:
        return {"value": None if given in (None, "") else str(given)}
    return {"value": given}


def initial_state(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """Return the state before the person touched anything: initial values and empties."""
    state: dict[str, dict[str, Json]] = {}
    for block, element in elements(blocks):
        if element["type"] not in _STATELESS:
            state.setdefault(block["block_id"], {})[element["action_id"]] = _initial(element)
    return state


def _initial(element: Json) -> Json:
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    return state_value(element, element.get(_INITIAL.get(kind, "initial_value")))


def with_values(
    blocks: list[Json], state: dict[str, dict[str, Json]], values: Mapping[str, Any]
) -> dict[str, dict[str, Json]]:
    """Return the state after the person entered `values`: by block id, by action id, or nested as Slack does.

    Raises `ValueError` for a name that stands for no input.
    """
    after = {block_id: dict(actions) for block_id, actions in state.items()}
    known = [(b["block_id"], e) for b, e in elements(blocks) if e["type"] not in _STATELESS]
    for name, given in values.items():
        nested = isinstance(given, Mapping) and "type" not in given
        hits = [
            (block_id, element, given[element["action_id"]] if nested else given)
            for block_id, element in known
            if (nested and name == block_id and element["action_id"] in given)
            or (not nested and name in (block_id, element["action_id"]))
        ]
        if not hits:
            raise ValueError(f"the view has no input {name!r}")
        for block_id, element, value in hits:
            after.setdefault(block_id, {})[element["action_id"]] = state_value(element, value)
    return after


def client_errors(blocks: list[Json], state: dict[str, dict[str, Json]]) -> dict[str, str]:
    """Return what Slack's client refuses before the app hears of it: block id and sentence."""
    errors: dict[str, str] = {}
    for block in blocks:
        element = block.get("element")
        if block.get("type") != "input" or not isinstance(element, dict):
            continue
        value = state.get(block["block_id"], {}).get(element["action_id"], {})
        problem = _refusal(element, value, optional=bool(block.get("optional")))
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _refusal(element: Json, value: Json, *, optional: bool) -> str:
    entered = [v for key, v in value.items() if key != "type" and v not in (None, "", [])]
    if not entered:
        return "" if optional else "Please complete this required field."
    text = value.get("value")
    if element["type"] == "number_input":
        return _number_refusal(element, str(text))
    if isinstance(text, str) and len(text) < int(element.get("min_length", 0)):
        return f"Please enter at least {element['min_length']} characters."
    if isinstance(text, str) and len(text) > int(element.get("max_length", 3000)):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return ""


def _number_refusal(element: Json, text: str) -> str:
    if not _NUMBER.fullmatch(text) or ("." in text and not element.get("is_decimal_allowed")):
        return "Please enter a valid number."
    if "min_value" in element and float(text) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(text) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""


def _option(element: Json, given: Any) -> Json:
    if isinstance(given, Mapping):
        return dict(given)
    options = list(element.get("options", []))
    for group in element.get("option_groups", []):
        options += group.get("options", [])
    for option in options:
        if option.get("value") == given:
            return dict(option)
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(given)}, "value": str(given)}
    raise ValueError(f"{element['action_id']!r} has no option {given!r}")


def _rich_text(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": given}]}
    return {"type": "rich_text", "elements": [section]}
