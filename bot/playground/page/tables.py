"""table and data_table blocks. A data table sorts by its columns and has pages."""

from typing import Any

from bot.playground.model import Json
from bot.playground.page.mrkdwn import plain
from bot.playground.page.rich_text import rich_text, spoken
from bot.playground.page.stage import Stage
from bot.playground.page.tags import Tag, button, div, markup, span

_PAGE_SIZE = 5


def draw_table(stage: Stage, block: Json) -> None:
    """Draw a table block: its first row is the head."""
    settings = block.get("column_settings", [])
    # A table that is too wide scrolls, and has nothing else in it to take the focus.
    with div("hp-table-frame", tabindex=0), Tag("table", "hp-table"):
        for index, row in enumerate(block["rows"]):
            with Tag("tr"):
                for column, cell in enumerate(row):
                    setting = (settings[column] if column < len(settings) else None) or {}
                    align = setting.get("align", "left")
                    wrap = " hp-wrap" if setting.get("is_wrapped") else ""
                    with Tag("th" if index == 0 else "td", f"hp-{align}{wrap}"):
                        _cell(stage, cell)


class DataTable:
    """A data_table block with its order and its page."""

    def __init__(self, stage: Stage, block: Json) -> None:
        self._stage = stage
        self._head: list[Json] = block["rows"][0]
        self._rows: list[list[Json]] = block["rows"][1:]
        self._numeric = [self._is_numeric(column) for column in range(len(self._head))]
        self._row_head = block.get("row_header_column_index")
        self._size = int(block.get("page_size", _PAGE_SIZE))
        self._order: tuple[int, bool] | None = None
        self._page = 0
        with div("hp-data-table"):
            div("hp-caption", block["caption"])
            with div("hp-table-frame"):
                self._table = Tag("table", "hp-table", aria_label=block["caption"])
            self._foot = div("hp-pages")
        self._draw()

    def _is_numeric(self, column: int) -> bool:
        # A dash stands for a number that is not there yet.
        return any(row[column]["type"] == "raw_number" for row in self._rows)

    def _draw(self) -> None:
        self._table.clear()
        first = self._page * self._size
        with self._table:
            with Tag("thead"), Tag("tr"):
                for column, cell in enumerate(self._head):
                    self._heading(column, cell)
            with Tag("tbody"):
                for row in self._sorted()[first : first + self._size]:
                    with Tag("tr"):
                        for column, cell in enumerate(row):
                            tag = "th" if column == self._row_head else "td"
                            with Tag(tag, "hp-right" if self._numeric[column] else ""):
                                _cell(self._stage, cell)
        self._draw_pages(first)

    def _heading(self, column: int, cell: Json) -> None:
        ordered = self._order is not None and self._order[0] == column
        down = bool(self._order and self._order[1])
        sort = ("descending" if down else "ascending") if ordered else "none"
        arrow = ("↓" if down else "↑") if ordered else "↕"
        with Tag("th", "hp-right" if self._numeric[column] else "", aria_sort=sort):
            sorter = Tag("button", "hp-sort", type="button", data_key=f"sort-{column}").press(
                lambda: self._sort_by(column)
            )
            with sorter:
                span(text=str(cell.get("text", "")))
                span("hp-arrow" + (" hp-on" if ordered else ""), arrow, aria_hidden="true")

    def _draw_pages(self, first: int) -> None:
        self._foot.clear()
        total = len(self._rows)
        if total <= self._size:
            return
        last = min(first + self._size, total)
        texts = self._stage.texts
        with self._foot:
            span(text=texts.page_of.format(first=first + 1, last=last, total=total))
            back = button("‹", lambda: self._turn(-1), "hp-icon", aria_label=texts.previous)
            forth = button("›", lambda: self._turn(1), "hp-icon", aria_label=texts.next)
        for turner, stuck in ((back, first == 0), (forth, last == total)):
            # Not `disabled`: whoever turns the pages by key keeps the focus at the end.
            turner.turn("aria-disabled", on=stuck)

    def _turn(self, by: int) -> None:
        pages = -(-len(self._rows) // self._size)
        if not 0 <= self._page + by < pages:
            return
        self._page += by
        self._draw()

    def _sort_by(self, column: int) -> None:
        down = self._order == (column, False)
        self._order = (column, down)
        self._page = 0
        self._draw()

    def _sorted(self) -> list[list[Json]]:
        if self._order is None:
            return self._rows
        column, down = self._order
        return sorted(self._rows, key=lambda row: self._key(row[column]), reverse=down)

    def _key(self, cell: Json) -> tuple[int, float, str]:
        if cell["type"] == "raw_number":
            return (0, float(cell["value"]), "")
        text: Any = cell.get("text") if cell["type"] == "raw_text" else spoken(cell, self._stage.reader)
        return (1, 0.0, str(text).casefold())


def _cell(stage: Stage, cell: Json) -> None:
    if cell["type"] == "rich_text":
        markup(rich_text(cell, stage.reader))
    elif cell["type"] == "raw_number":
        span(text=str(cell.get("text", f"{cell['value']:,}".replace(",", " "))))
    else:
        markup(plain(str(cell.get("text", ""))))
