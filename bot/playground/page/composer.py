"""The box to write in: messages and slash commands, with what may be meant offered above it."""

from functools import partial

from nicegui import ui

from bot.playground.model import Message
from bot.playground.page import offers
from bot.playground.page.desk import Desk
from bot.playground.page.editing import edit
from bot.playground.page.offers import Offer
from bot.playground.page.tags import Tag, button, div, menu_under, span

# Only where nothing is written: elsewhere the key moves in the text.
_WHERE_EMPTY = "event => { if (!event.target.value) { event.preventDefault(); emit(); } }"


class Composer:
    """Write to a conversation, or to the thread `thread_ts` in it. Enter sends, Shift and Enter breaks the line.

    What is half written stays with its conversation until the member comes back to it.
    """

    def __init__(self, desk: Desk, placeholder: str, *, thread_ts: str = "") -> None:
        self._desk = desk
        self._thread_ts = thread_ts
        self._place = (desk.user_id, desk.channel_id, thread_ts)
        self._offered: list[Offer] | None = None
        with div("hp-composer hp-offering"):
            self._hints = div("hp-hints", role="listbox", aria_label=desk.texts.suggestions)
            with div("hp-write"):
                self._field = ui.textarea(
                    placeholder=placeholder, value=desk.drafts.get(self._place, ""), on_change=self._typed
                )
                self._field.props("borderless dense autogrow rows=1").classes("hp-input")
                self._field.props["aria-label"] = placeholder
                self._field.on("keydown.enter.exact.prevent", self._send, [])
                self._field.on("keydown.up.exact", self._again, [], js_handler=_WHERE_EMPTY)
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
        self._desk.sent[self._place] = text
        self._field.value = ""
        if not await self._desk.steps.say(text, thread_ts=self._thread_ts) and not self._field.is_deleted:
            self._field.value = self._field.value or text

    async def _again(self) -> None:
        """Bring back what the person sent last here: a command into the box, a message to be changed."""
        text = self._desk.sent.get(self._place, "")
        mine = self._my_last()
        if text.startswith("/"):
            self._field.value = text
        elif mine is not None:
            await edit(self._desk, mine)

    def _my_last(self) -> Message | None:
        user_id, channel_id, thread_ts = self._place
        workspace = self._desk.workspace
        said = (
            workspace.thread(channel_id, thread_ts, user_id) if thread_ts else workspace.timeline(channel_id, user_id)
        )
        return next((message for message in reversed(said) if message.user_id == user_id), None)

    def _typed(self) -> None:
        text = self._field.value or ""
        self._desk.drafts[self._place] = text
        offered = offers.names(self._desk, text)
        self._hints.turn("data-eager", on=bool(offered))
        if not offered and not self._thread_ts:
            offered = offers.commands(self._desk, text.lstrip())
        if offered == self._offered:
            return
        self._offered = offered
        self._hints.clear()
        with self._hints:
            for offer in offered:
                self._offer(offer)

    def _offer(self, offer: Offer) -> None:
        row = Tag("div", "hp-hint-row", role="option", aria_selected="false")
        with row.press(lambda: self._fill(offer)):
            span("hp-name", offer.name)
            span("hp-usage", offer.usage)
            span("hp-faint", offer.about)

    def _fill(self, offer: Offer) -> None:
        self._field.value = offer.filled
        self._field.run_method("focus")
