"""Reading what people typed into modals."""

from typing import Any

# No row has an id of more digits.
_MOST_DIGITS = 18


def typed_numbers(view: dict[str, Any], *, block_prefix: str, action_id: str) -> dict[int, str]:
    """Return the text of each field whose block is `<prefix><number>`, by that number; empty fields are ''."""
    typed: dict[int, str] = {}
    for block_id, actions in _values(view).items():
        number = block_id.removeprefix(block_prefix)
        if block_id.startswith(block_prefix) and is_id(number) and action_id in (actions or {}):
            typed[int(number)] = _field(view, block_id, action_id).get("value") or ""
    return typed


def typed_text(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """Return the text of one field; '' when it was left empty."""
    return _field(view, block_id, action_id).get("value") or ""


def chosen(view: dict[str, Any], block_id: str, action_id: str) -> list[str]:
    """Return the values that were chosen in one menu or in one group of boxes."""
    return [option["value"] for option in _field(view, block_id, action_id).get("selected_options") or ()]


def form_values(view: dict[str, Any], *, block_prefix: str) -> dict[str, str]:
    """Return what each field of a form holds, by the name after its block's prefix; '' for an empty field.

    Of boxes that are ticked the values stand with commas between them.
    """
    held: dict[str, str] = {}
    for block_id, actions in _values(view).items():
        if block_id.startswith(block_prefix):
            for field in (actions or {}).values():
                held[block_id.removeprefix(block_prefix)] = _held(field or {})
    return held


def is_id(text: str) -> bool:
    """Tell whether a text can be the id of a row."""
    return text.isdecimal() and len(text) <= _MOST_DIGITS


def _values(view: dict[str, Any]) -> dict[str, Any]:
    return (view.get("state") or {}).get("values") or {}


def _held(field: dict[str, Any]) -> str:
    one = (field.get("selected_option") or {}).get("value")
    several = ",".join(option["value"] for option in field.get("selected_options") or ())
    picked = (field.get(f"selected_{kind}") for kind in ("user", "channel", "conversation", "date", "time"))
    return field.get("value") or one or several or next((found for found in picked if found), "")


def _field(view: dict[str, Any], block_id: str, action_id: str) -> dict[str, Any]:
    return (_values(view).get(block_id) or {}).get(action_id) or {}


def chosen_one(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """Return the person or the one value that was chosen in a field; '' when none was."""
    field = _field(view, block_id, action_id)
    return field.get("selected_user") or (field.get("selected_option") or {}).get("value") or ""
