"""What blocks need from the place where they are drawn."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.model import Json
from bot.playground.page.reader import Reader
from bot.playground.page.texts import Texts

Values = dict[str, dict[str, Any]]


@dataclass
class Stage:
    """A message, a modal or a Home tab.

    `act` sends an action to the app: block, element and the chosen value. `state` is Slack's state of the inputs when
    the blocks were drawn; `entered` collects what the person changes: block id, action id, value. `errors` holds the
    element that shows an input's error, by block id. `submit` is what Enter in a line of text does, in a modal.
    """

    reader: Reader
    texts: Texts
    act: Callable[[Json, Json, Any], Awaitable[None]]
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    entered: Values = field(default_factory=dict)
    errors: dict[str, Any] = field(default_factory=dict)
    submit: Callable[[], Awaitable[None]] | None = None

    def enter(self, block: Json, element: Json, value: Any) -> None:
        """Remember what the person entered."""
        self.entered.setdefault(block["block_id"], {})[element["action_id"]] = value

    def current(self, block: Json, element: Json) -> Any:
        """Return what an input holds: as entered here, else as Slack's state has it."""
        block_id, action_id = block.get("block_id", ""), element.get("action_id", "")
        if action_id in self.entered.get(block_id, {}):
            return self.entered[block_id][action_id]
        return plain_value(self.state.get(block_id, {}).get(action_id, {}))


def plain_value(value: Json) -> Any:
    """Return what stands in Slack's state value: text, an option's value, an id, a date, or a list of them."""
    for key, held in value.items():
        if key == "type":
            continue
        if key == "selected_option":
            return held["value"] if held else None
        if key == "selected_options":
            return [option["value"] for option in held or []]
        if key == "rich_text_value":
            return _words(held)
        return held
    return None


def _words(node: Any) -> str:
    if isinstance(node, list):
        return "".join(_words(item) for item in node)
    return str(node.get("text", "")) + _words(node.get("elements", [])) if isinstance(node, dict) else ""
