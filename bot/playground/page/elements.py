"""The elements of blocks that are pressed: buttons, overflow menus, and the question before a risky step."""

from functools import partial
from typing import Any

from nicegui import ui
from nicegui.element import Element

from bot.playground.model import Json
from bot.playground.page.dialogs import ask
from bot.playground.page.fields import FIELDS, draw_field, options_of, plain_text
from bot.playground.page.options import text_html
from bot.playground.page.pictures import draw_image
from bot.playground.page.stage import Stage
from bot.playground.page.tags import Tag, button, div, markup, menu_under

_CONFIRMED = {"primary": "hp-primary", "danger": "hp-danger"}


def draw_element(stage: Stage, block: Json, element: Json, *, about: str = "") -> None:
    """Draw an element of an actions block or a section's accessory, which tells the app at once.

    `about` is the id of the element with the section's words: of many alike, they say which one this is.
    """
    kind = element["type"]
    if kind in ("button", "workflow_button", "icon_button"):
        _describe(_button(stage, block, element, element), about)
    elif kind == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            _button(stage, block, element, element[side])
    elif kind == "overflow":
        _describe(_overflow(stage, block, element), about)
    elif kind == "image":
        draw_image(element, "hp-thumb")
    elif kind in FIELDS:
        _describe(_choice(stage, block, element), about)


def _describe(element: Element, about: str) -> None:
    if about:
        element.props["aria-describedby"] = about


def _button(stage: Stage, block: Json, element: Json, look: Json) -> Tag:
    style = _CONFIRMED.get(str(element.get("style", "")), "")

    async def press() -> None:
        if pressed.props.get("aria-disabled") == "true" or not await _agreed(stage, element):
            return
        # Not `disabled`: that would take the focus away.
        pressed.props["aria-disabled"] = "true"
        pressed.classes("hp-busy")
        try:
            await stage.act(block, element, look.get("value"))
        finally:
            # The message may have been replaced meanwhile, and the button with it.
            if not pressed.is_deleted:
                pressed.props.pop("aria-disabled", None)
                pressed.classes(remove="hp-busy")

    pressed = button(plain_text(look["text"]), press, style)
    if element.get("accessibility_label"):
        pressed.props["aria-label"] = str(element["accessibility_label"])
    url = str(element.get("url", ""))
    if url.startswith(("https://", "http://")):
        pressed.on("click", lambda: ui.navigate.to(url, new_tab=True), [])
    return pressed


def _overflow(stage: Stage, block: Json, element: Json) -> Tag:
    async def choose(value: str) -> None:
        if await _agreed(stage, element):
            await stage.act(block, element, value)

    opener = Tag("button", "hp-button hp-more", "⋯", type="button", aria_label=stage.texts.more, aria_haspopup="menu")
    with menu_under(opener):
        for value, label in options_of(element):
            ui.menu_item(label, partial(choose, value))
    return opener


def _choice(stage: Stage, block: Json, element: Json) -> Element:
    async def changed(value: Any) -> None:
        stage.enter(block, element, value)
        if value not in (None, "") and "text_input" not in element["type"] and element["type"] != "number_input":
            await send()

    async def send() -> None:
        if await _agreed(stage, element):
            await stage.act(block, element, stage.current(block, element))

    label = plain_text(element.get("placeholder")) or stage.texts.choose
    with div("hp-choice"):
        return draw_field(stage, block, element, label=label, changed=changed, entered=send)


async def _agreed(stage: Stage, element: Json) -> bool:
    """Ask the question that the element carries, if it carries one."""
    question = element.get("confirm")
    if not question:
        return True
    return await ask(
        plain_text(question["title"]),
        lambda: markup(text_html(question["text"], stage)),
        yes=plain_text(question["confirm"]),
        no=plain_text(question["deny"]),
        style=_CONFIRMED.get(str(question.get("style", "primary")), "hp-primary"),
    )
