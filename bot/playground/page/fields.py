"""The inputs that a person fills in or chooses from."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from nicegui import ui
from nicegui.element import Element

from bot.playground.model import Channel, Json
from bot.playground.page.emoji import with_emoji
from bot.playground.page.mrkdwn import unescaped
from bot.playground.page.options import draw_options
from bot.playground.page.reader import Reader
from bot.playground.page.stage import Stage
from bot.playground.page.tags import Handler, div

Changed = Callable[[Any], Any]
_TEXT = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"}
_NATIVE = {"datepicker": "date", "timepicker": "time", "datetimepicker": "datetime-local"}
FIELDS = frozenset(
    {*_TEXT, *_NATIVE, "radio_buttons", "checkboxes"}
    | {
        f"{several}{kind}_select"
        for several in ("", "multi_")
        for kind in ("static", "external", "users", "channels", "conversations")
    }
)


def draw_field(stage: Stage, block: Json, element: Json, *, label: str, changed: Changed, entered: Handler) -> Element:
    """Draw an input and return it. `changed` gets its value after each change, `entered` hears of Enter in a line."""
    kind, value = element["type"], stage.current(block, element)
    if kind in ("radio_buttons", "checkboxes"):
        return draw_options(stage, element, value, changed, label)
    if kind in _TEXT or kind.endswith("external_select"):
        field = _text(element, value, changed, entered)
    elif kind in _NATIVE:
        field = _date(stage, element, value, changed)
    else:
        # What must be chosen, or what the app hears of at once, can be changed but not taken back.
        field = _select(stage, element, value, changed, clearable=bool(block.get("optional")))
    field.props["aria-label"] = label
    field.classes("hp-field")
    if element.get("focus_on_load"):
        field.props["autofocus"] = True
    return field


def options_of(element: Json) -> Iterator[tuple[str, str]]:
    """Yield value and label of every option, with its group's name before it."""
    for option in element.get("options", []):
        yield option.get("value", ""), plain_text(option["text"])
    for group in element.get("option_groups", []):
        for option in group["options"]:
            yield option["value"], f"{plain_text(group['label'])} · {plain_text(option['text'])}"


def plain_text(text: Json | None) -> str:
    """Return a text object as the characters that it shows."""
    return with_emoji(unescaped(str(text.get("text", "")))) if text else ""


def _text(element: Json, value: Any, changed: Changed, entered: Handler) -> Element:
    several = element.get("multiline") or element["type"] == "rich_text_input"
    make: Any = ui.textarea if several else ui.input
    external = element["type"] == "multi_external_select"
    shown = ", ".join(value or []) if external else str(value or "")

    def take(event: Any) -> Any:
        words = [word.strip() for word in (event.value or "").split(",") if word.strip()]
        return changed(words if external else event.value or "")

    field: Element = make(value=shown, placeholder=plain_text(element.get("placeholder")), on_change=take)
    field.props("outlined dense hide-bottom-space")
    if several:
        field.props("autogrow")
    else:
        field.on("keydown.enter", entered, [])
    if element["type"] == "number_input":
        field.props("inputmode=decimal")
    if "max_length" in element:
        field.props["maxlength"] = int(element["max_length"])
    return field


def _date(stage: Stage, element: Json, value: Any, changed: Changed) -> Element:
    seconds = element["type"] == "datetimepicker"
    if seconds and value:
        value = datetime.fromtimestamp(int(value), stage.reader.zone).strftime("%Y-%m-%dT%H:%M")

    def take(event: Any) -> Any:
        if seconds and event.value:
            return changed(int(datetime.fromisoformat(event.value).replace(tzinfo=stage.reader.zone).timestamp()))
        return changed(event.value or None)

    field = ui.input(value=value or "", on_change=take)
    field.props("outlined dense hide-bottom-space")
    field.props["type"] = _NATIVE[element["type"]]
    return field


def _select(stage: Stage, element: Json, value: Any, changed: Changed, *, clearable: bool) -> Element:
    several = element["type"].startswith("multi_")
    choices = dict(_choices(stage.reader, element)) | dict(_gone(stage.reader, element, value))
    wanted = [one for one in value or [] if one in choices] if several else value if value in choices else None
    invitation = plain_text(element.get("placeholder")) or stage.texts.choose

    def take(event: Any) -> Any:
        _invite(field, invitation)
        return changed(event.value)

    field = ui.select(
        choices,
        value=wanted,
        multiple=several,
        # Searched by typing, as in Slack; and only the box of a search can say what its menu is about.
        with_input=True,
        clearable=clearable and not several,
        on_change=take,
    )
    field.props("outlined dense hide-bottom-space options-dense behavior=menu" + (" use-chips" if several else ""))
    if "max_selected_items" in element:
        field.props["max-values"] = int(element["max_selected_items"])
    with field.add_slot("no-option"):
        div("hp-none", stage.texts.nothing_fits, role="option", aria_disabled="true")
    _invite(field, invitation)
    return field


def _invite(field: ui.select, invitation: str) -> None:
    """Show the invitation to choose where nothing is chosen."""
    if field.value in (None, []):
        field.props["placeholder"] = invitation
    else:
        field.props.pop("placeholder", None)


def _choices(reader: Reader, element: Json) -> Iterator[tuple[str, str]]:
    kind = element["type"].removeprefix("multi_")
    if kind == "static_select":
        yield from options_of(element)
    elif kind == "users_select":
        yield from ((user.id, user.shown_name) for user in reader.workspace.users.values() if not user.deleted)
    else:
        wanted = _wanted_kinds(element)
        for channel in reader.workspace.channels.values():
            if channel.kind in wanted and _shows(channel, reader):
                yield channel.id, reader.workspace.title_of(channel, reader.user_id)


def _gone(reader: Reader, element: Json, value: Any) -> Iterator[tuple[str, str]]:
    """Yield whom or what is chosen already, also where it could not be chosen any more: it is shown all the same."""
    held = value if isinstance(value, list) else [value] if value else []
    kind = element["type"].removeprefix("multi_")
    if kind == "users_select":
        yield from ((one, reader.name_of(one)) for one in held if reader.workspace.users.get(one))
    elif kind in ("channels_select", "conversations_select"):
        known = ((one, reader.workspace.channels.get(one)) for one in held)
        yield from ((one, reader.workspace.title_of(channel, reader.user_id)) for one, channel in known if channel)


def _wanted_kinds(element: Json) -> set[str]:
    if "channels_select" in element["type"]:
        return {"public"}
    return set(element.get("filter", {}).get("include", ["public", "private", "im", "mpim"]))


def _shows(channel: Channel, reader: Reader) -> bool:
    return not channel.archived and (channel.kind == "public" or reader.user_id in channel.members)
