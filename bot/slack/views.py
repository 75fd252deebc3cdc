"""Reading what people typed into modals."""

from typing import Any

# No row has an id of more digits.
_MOST_DIGITS = 18


def typed_numbers(view: dict[str, Any], *, block_prefix: str, action_id: str) -> dict[int, str]:
    """Return the text of each field whose block is `<prefix><number>`, by that number; empty fields are ''."""
    typed: dict[int, str] = {}
    for block_id, actions in _values(view).items():
        number = block_id.removeprefix(block_prefix)
        if block_id.startswith(block_prefix) and is_id(number) and action_id in actions:
            typed[int(number)] = typed_text(view, block_id, action_id)
    return typed


def typed_text(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """Return the text of one field; '' when it was left empty."""
    return as_text(_field(view, block_id, action_id).get("value"))


def chosen(view: dict[str, Any], block_id: str, action_id: str) -> list[str]:
    """Return the values that were chosen in one menu or in one group of boxes."""
    return _several(_field(view, block_id, action_id))


def form_values(view: dict[str, Any], *, block_prefix: str) -> dict[str, str]:
    """Return what each field of a form holds, by the name after its block's prefix; '' for an empty field.

    Of boxes that are ticked the values stand with commas between them.
    """
    held: dict[str, str] = {}
    for block_id, actions in _values(view).items():
        if block_id.startswith(block_prefix):
            for field in actions.values():
                held[block_id.removeprefix(block_prefix)] = _held(as_object(field))
    return held


def is_id(text: str) -> bool:
    """Tell whether a text can be the id of a row."""
    return text.isdecimal() and len(text) <= _MOST_DIGITS


def _values(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the fields of each block. What is not shaped as Slack does it is taken for empty, here and below."""
    values = as_object(as_object(view.get("state")).get("values"))
    return {block_id: as_object(fields) for block_id, fields in values.items()}


def _held(field: dict[str, Any]) -> str:
    one = as_text(as_object(field.get("selected_option")).get("value"))
    several = ",".join(_several(field))
    picked = (as_text(field.get(f"selected_{kind}")) for kind in ("user", "channel", "conversation", "date", "time"))
    return as_text(field.get("value")) or one or several or next((found for found in picked if found), "")


def _several(field: dict[str, Any]) -> list[str]:
    options = field.get("selected_options")
    values = [as_text(as_object(option).get("value")) for option in options] if isinstance(options, list) else []
    return [value for value in values if value]


def _field(view: dict[str, Any], block_id: str, action_id: str) -> dict[str, Any]:
    return as_object(_values(view).get(block_id, {}).get(action_id))


def as_object(part: Any) -> dict[str, Any]:
    """Return a payload's part that should be an object; empty where it is something else."""
    return part if isinstance(part, dict) else {}


def as_text(part: Any) -> str:
    """Return a payload's part that should be a text; '' where it is something else."""
    return part if isinstance(part, str) else ""


def chosen_one(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """Return the person or the one value that was chosen in a field; '' when none was."""
    field = _field(view, block_id, action_id)
    return as_text(field.get("selected_user")) or as_text(as_object(field.get("selected_option")).get("value"))
