"""Radio buttons and checkboxes, with descriptions and formatting in their labels."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.playground.model import Json
from bot.playground.page.emoji import with_emoji
from bot.playground.page.mrkdwn import mrkdwn, plain
from bot.playground.page.stage import Stage
from bot.playground.page.tags import Tag, div, markup


def draw_options(stage: Stage, element: Json, value: Any, changed: Callable[[Any], Any], label: str) -> Tag:
    """Draw every option as a row that can be chosen, and return their group.

    `changed` gets a value, or the list of values of checkboxes.
    """
    several = element["type"] == "checkboxes"
    chosen: list[str] = list(value or []) if several else [value] if value is not None else []
    rows: dict[str, Tag] = {}

    def choose(option_value: str) -> Any:
        after = [v for v in rows if (v in chosen) != (v == option_value)] if several else [option_value]
        chosen[:] = after
        for held, row in rows.items():
            row.props["aria-checked"] = "true" if held in chosen else "false"
        return changed(list(chosen) if several else option_value)

    role = "checkbox" if several else "radio"
    with div("hp-options", role="group" if several else "radiogroup", aria_label=label) as group:
        for option in element["options"]:
            held = option["value"]
            row = Tag("button", f"hp-option hp-{role}", type="button", role=role)
            row.props["aria-checked"] = "true" if held in chosen else "false"
            row.press(partial(choose, held))
            rows[held] = row
            with row:
                div("hp-mark")
                with div("hp-option-text"):
                    markup(text_html(option["text"], stage))
                    if option.get("description"):
                        markup(text_html(option["description"], stage), "hp-faint")
    return group


def text_html(text: Json, stage: Stage) -> str:
    """Return a text object as safe HTML: mrkdwn, or plain text with emoji."""
    words = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return mrkdwn(words, stage.reader)
    return with_emoji(plain(words)).replace("\n", "<br>")
