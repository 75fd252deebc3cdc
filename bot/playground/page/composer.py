"""The box to write in: messages and slash commands, with a hint of what the app understands."""

from functools import partial

from nicegui import ui

from bot.playground.page.desk import Desk
from bot.playground.page.menu import Command
from bot.playground.page.tags import Tag, button, div, menu_under, span


class Composer:
    """Write to a conversation, or to the thread `thread_ts` in it. Enter sends, Shift and Enter breaks the line."""

    def __init__(self, desk: Desk, placeholder: str, *, thread_ts: str = "") -> None:
        self._desk = desk
        self._thread_ts = thread_ts
        self._offered: list[Command] | None = None
        with div("hp-composer"):
            self._hints = div("hp-hints", role="listbox", aria_label=desk.texts.commands)
            with div("hp-write"):
                self._field = ui.textarea(placeholder=placeholder, on_change=self._hint)
                self._field.props("borderless dense autogrow rows=1").classes("hp-input")
                self._field.props["aria-label"] = placeholder
                self._field.on("keydown.enter.exact.prevent", self._send, [])
                self._field.on("keydown.tab.exact", self._complete, [])
                self._shortcuts()
                button(desk.texts.send, self._send, "hp-primary hp-send")

    def _shortcuts(self) -> None:
        anywhere = [s for s in self._desk.menu.shortcuts if s.kind == "global"]
        if not anywhere or self._thread_ts:
            return
        with menu_under(Tag("button", "hp-button hp-icon", "⚡", type="button", aria_label=self._desk.texts.more)):
            for shortcut in anywhere:
                ui.menu_item(shortcut.name, partial(self._desk.steps.shortcut, shortcut.callback_id))

    async def _send(self) -> None:
        text = (self._field.value or "").strip()
        if not text:
            return
        self._field.value = ""
        self._hint()
        await self._desk.steps.say(text, thread_ts=self._thread_ts)

    def _hint(self) -> None:
        typed = (self._field.value or "").lstrip()
        offered = self._desk.menu.matching(typed) if typed.startswith("/") and not self._thread_ts else []
        if offered == self._offered:
            return
        self._offered = offered
        self._hints.clear()
        with self._hints:
            for command in offered:
                self._offer(command)

    def _offer(self, command: Command) -> None:
        row = Tag("div", "hp-hint-row", role="option", aria_selected="false")
        with row.press(lambda: self._fill(command)):
            span("hp-name", command.name)
            span("hp-usage", command.usage_hint)
            span("hp-faint", command.description)

    def _complete(self) -> None:
        typed = (self._field.value or "").strip()
        if self._offered and typed != self._offered[0].name:
            self._fill(self._offered[0])

    def _fill(self, command: Command) -> None:
        self._field.value = f"{command.name} "
        self._field.run_method("focus")
