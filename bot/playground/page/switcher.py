"""The way to any conversation by a part of its name: Ctrl+K, as in Slack."""

from functools import partial
from typing import Any

from nicegui import ui

from bot.playground.page.desk import Desk
from bot.playground.page.offers import Place, places
from bot.playground.page.tags import Tag, div, span


class Switcher:
    """A box over everything, with the places that fit below it.

    It is always there, hidden: the page's script shows it at once, so that no key that follows goes elsewhere. The
    script also chooses among the places by key.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        texts = desk.texts
        with (
            div("hp-switcher", role="dialog", aria_modal="true", aria_label=texts.jump, hidden=True),
            div("hp-sheet hp-offering"),
        ):
            field = Tag("input", type="text", placeholder=texts.jump_to, aria_label=texts.jump_to, autocomplete="off")
            field.on("input", self._sought, js_handler="event => emit(event.target.value)")
            self._list = div("hp-hints", role="listbox", aria_label=texts.jump, data_eager="true")
        ui.on("hp-jump", lambda: self._show(""), [])

    def _sought(self, event: Any) -> None:
        self._show(str(event.args or ""))

    def _show(self, typed: str) -> None:
        found = places(self._desk, typed)
        self._list.props["data-for"] = typed
        self._list.clear()
        with self._list:
            for place in found:
                row = Tag("div", "hp-hint-row", role="option", aria_selected="false")
                with row.press(partial(self._go, place)):
                    span("hp-name", place.name)
                    span("hp-faint", place.about)
            if not found:
                div("hp-none", self._desk.texts.nothing_fits, role="option", aria_disabled="true")

    def _go(self, place: Place) -> None:
        desk = self._desk
        if place.user_id == desk.workspace.bot_user_id:
            desk.open_app("messages")
        elif place.user_id:
            desk.go(desk.slack.open_im(desk.workspace, desk.user_id, place.user_id).id)
        else:
            desk.go(place.channel_id)
