"""The inspector: what Slack and the app say to each other, newest first."""

from functools import partial
from itertools import islice

from nicegui import ui

from bot.playground.page.desk import Desk
from bot.playground.page.tags import Tag, button, div, markup, span
from bot.playground.page.traffic import Direction, Exchange, coloured, exchanges, pretty

_PAGE = 60


class Inspector:
    """A pane with one row per exchange; a row opens to the JSON of both sides."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._root = Tag("aside", "hp-inspector", aria_label=desk.texts.inspector)
        self._root.visible = False
        self._direction: Direction | None = None
        self._words = ""
        self._most = _PAGE
        self._since = ""
        self._rows: dict[str, tuple[str, Tag]] = {}
        self._open: set[str] = set()
        self._directions: dict[Direction | None, Tag] = {}
        with self._root:
            self._draw_head()
            self._scroll = div("hp-scroll-down hp-calls", role="list", tabindex=0, aria_label=desk.texts.inspector)
            self._empty = div("hp-empty", desk.texts.no_traffic)
            self._more = button(desk.texts.older, self._show_older, "hp-quiet hp-older")

    def refresh(self) -> None:
        """Show what came since; nothing is read while the pane is closed."""
        self._root.visible = self._desk.inspecting
        if not self._desk.inspecting:
            return
        found = exchanges(self._desk.slack, self._desk.workspace.id, direction=self._direction, words=self._words)
        fresh = (exchange for exchange in found if exchange.at > self._since)
        shown = list(islice(fresh, self._most + 1))
        self._more.visible = len(shown) > self._most
        shown = shown[: self._most]
        keys = {exchange.key for exchange in shown}
        for key in [key for key in self._rows if key not in keys]:
            self._rows.pop(key)[1].delete()
        for index, exchange in enumerate(shown):
            self._show(index, exchange)
        self._empty.visible = not shown

    def _draw_head(self) -> None:
        texts = self._desk.texts
        with Tag("header", "hp-title"):
            with div("hp-title-text"):
                Tag("h2", "hp-ellipsis", texts.inspector)
            button(texts.clear, self._clear, "hp-quiet")
            button("✕", self._desk.toggle_inspector, "hp-icon hp-closer", aria_label=texts.close)
        with div("hp-filters"):
            search = ui.input(placeholder=texts.filter, on_change=lambda event: self._search(event.value))
            search.props("outlined dense hide-bottom-space debounce=150 clearable").classes("hp-field")
            search.props["aria-label"] = texts.filter
            with div("hp-tabs", role="group", aria_label=texts.direction):
                choices: tuple[tuple[Direction | None, str], ...] = (
                    (None, texts.both),
                    ("to_app", texts.to_app),
                    ("from_app", texts.from_app),
                )
                for direction, label in choices:
                    pressed = "true" if direction is None else "false"
                    tab = Tag("button", "hp-tab", label, type="button", aria_pressed=pressed)
                    self._directions[direction] = tab.press(partial(self._only, direction))

    def _show(self, index: int, exchange: Exchange) -> None:
        known = self._rows.get(exchange.key)
        if known is not None and known[0] == exchange.outcome:
            return
        if known is None:
            with self._scroll:
                row = div("hp-call", role="listitem")
            row.move(self._scroll, target_index=index)
        else:
            row = known[1]
            row.clear()
        self._rows[exchange.key] = (exchange.outcome, row)
        with row:
            self._draw(exchange)

    def _draw(self, exchange: Exchange) -> None:
        reader, texts = self._desk.reader, self._desk.texts
        to_app = exchange.direction == "to_app"

        def toggle() -> None:
            self._open ^= {exchange.key}
            opened = exchange.key in self._open
            head.turn("aria-expanded", on=opened)
            body.clear()
            if opened:
                with body:
                    _draw_content(exchange, texts.sent if to_app else texts.called, texts.answer, texts.copy)

        opened = "true" if exchange.key in self._open else "false"
        head = Tag("button", "hp-call-head", type="button", aria_expanded=opened, data_key=exchange.key).press(toggle)
        with head:
            span(f"hp-way hp-{exchange.direction.replace('_', '-')}", "→" if to_app else "←", aria_hidden="true")
            span("hp-unseen", texts.to_app if to_app else texts.from_app)
            span("hp-call-name hp-ellipsis", exchange.name)
            span("hp-outcome" + ("" if exchange.ok else " hp-bad"), exchange.outcome)
            person = reader.name_of(exchange.user_id) if exchange.user_id else ""
            span("hp-call-sub hp-ellipsis", " · ".join(filter(None, [reader.second(exchange.at), person])))
        body = div("hp-call-body")
        if exchange.key in self._open:
            with body:
                _draw_content(exchange, texts.sent if to_app else texts.called, texts.answer, texts.copy)

    def _search(self, words: str | None) -> None:
        self._words = words or ""
        self.refresh()

    def _only(self, direction: Direction | None) -> None:
        self._direction = direction
        for key, tab in self._directions.items():
            tab.turn("aria-pressed", on=key == direction)
        self.refresh()

    def _show_older(self) -> None:
        self._most += _PAGE
        self.refresh()

    def _clear(self) -> None:
        """Begin with what comes from now on."""
        newest = next(exchanges(self._desk.slack, self._desk.workspace.id), None)
        self._since = newest.at if newest else ""
        self._open.clear()
        self.refresh()


def _draw_content(exchange: Exchange, request: str, answer: str, copy: str) -> None:
    for label, content in ((request, exchange.request), (answer, exchange.answer)):
        with div("hp-call-part"):
            with div("hp-call-label"):
                span(text=label)
                Tag("button", "hp-button hp-quiet hp-copy", copy, type="button")
            with Tag("pre", "hp-json"):
                markup(coloured(pretty(content)))
