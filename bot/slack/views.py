"""Reading what people typed into modals."""

from typing import Any


def typed_numbers(view: dict[str, Any], *, block_prefix: str, action_id: str) -> dict[int, str]:
    """Return the text of each field whose block is `<prefix><number>`, by that number; empty fields are ''."""
    typed: dict[int, str] = {}
    for block_id, actions in view["state"]["values"].items():
        number = block_id.removeprefix(block_prefix)
        if block_id.startswith(block_prefix) and number.isdecimal() and action_id in actions:
            typed[int(number)] = actions[action_id].get("value") or ""
    return typed


def typed_text(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """Return the text of one field; '' when it was left empty."""
    return view["state"]["values"].get(block_id, {}).get(action_id, {}).get("value") or ""


def chosen(view: dict[str, Any], block_id: str, action_id: str) -> list[str]:
    """Return the values that were chosen in one menu or in one group of boxes."""
    field = view["state"]["values"].get(block_id, {}).get(action_id, {})
    return [option["value"] for option in field.get("selected_options") or ()]
