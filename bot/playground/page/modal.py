"""The modal on the person's screen: inputs, errors beside them, and the stack below."""

from typing import Any

from nicegui import ui

from bot.playground.model import Json, View
from bot.playground.page.blocks import draw_blocks
from bot.playground.page.desk import Desk
from bot.playground.page.fields import plain_text
from bot.playground.page.language import refusal
from bot.playground.page.stage import Stage, Values
from bot.playground.page.tags import Tag, button, div

# Where the focus goes when a modal opens: to the first thing to fill in, or else to the first to press.
_FIRST = ", ".join(
    f".hp-modal-body {field}" for field in ("input:not([type=checkbox])", "textarea", "[role=radio]", "[role=checkbox]")
)


class Modal:
    """Show the top view of the person's stack as a dialog, and keep what was entered while the app changes it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._key: Any = None
        self._entered: dict[str, Values] = {}
        self._stage: Stage | None = None
        self._busy = False
        with ui.dialog().props("persistent no-shake") as self._dialog:
            self._root = div("hp-modal")
        # The page's script says it: Quasar itself is silent about Escape in a persistent dialog.
        ui.on("hp-escape", self._escape)

    def refresh(self) -> None:
        """Open, close, redraw, or set the errors."""
        view = self._desk.workspace.modal_of(self._desk.user_id)
        key = (self._desk.user_id, view.id, view.hash) if view else None
        if key != self._key:
            another = key is None or self._key is None or key[:2] != self._key[:2]
            self._key = key
            self._redraw(view)
            if view is not None and another:
                self._desk.focus(
                    _FIRST if view.content.get("submit") else ".hp-modal-body button, .hp-modal-foot button"
                )
        if view is not None and self._stage is not None:
            for block_id, place in self._stage.errors.items():
                place.text = refusal(view.errors.get(block_id, ""), self._desk.lang)

    def _redraw(self, view: View | None) -> None:
        self._root.clear()
        stack = self._desk.workspace.modals.get(self._desk.user_id, [])
        self._entered = {v.id: self._entered.get(v.id, {}) for v in stack}
        if view is None:
            self._stage = None
            self._dialog.close()
            return
        self._stage = self._make_stage(view)
        with self._root:
            self._draw(view, self._stage, depth=len(stack))
        self._dialog.open()

    def _make_stage(self, view: View) -> Stage:
        async def act(block: Json, element: Json, value: Any) -> None:
            await self._desk.steps.act_in(view, block, element, value, stage.entered)

        # Only what still has its input: the app may have taken others away.
        entered = {
            block_id: {action_id: v for action_id, v in actions.items() if action_id in view.state.get(block_id, {})}
            for block_id, actions in self._entered[view.id].items()
            if block_id in view.state
        }
        self._entered[view.id] = entered
        stage = Stage(self._desk.reader, self._desk.texts, act, state=view.state, entered=entered)
        return stage

    def _draw(self, view: View, stage: Stage, *, depth: int) -> None:
        desk, content = self._desk, view.content
        title = plain_text(content.get("title"))
        self._dialog.props["aria-label"] = title
        with div("hp-modal-title"):
            if depth > 1:
                button("‹", lambda: self._close(view), "hp-icon", aria_label=desk.texts.back)
            Tag("h2", "hp-ellipsis", title)
            button("✕", lambda: self._close(view, whole=True), "hp-icon", aria_label=desk.texts.close)
        with div("hp-modal-body"):
            draw_blocks(stage, view.blocks)
        with div("hp-modal-foot"):
            close = plain_text(content.get("close")) or desk.texts.close
            button(close, lambda: self._close(view, whole=bool(content.get("clear_on_close"))))
            if content.get("submit"):
                self._draw_submit(view, stage, plain_text(content["submit"]))

    def _draw_submit(self, view: View, stage: Stage, label: str) -> None:
        async def submit() -> None:
            if self._busy:
                return
            self._busy = True
            pressed.text = self._desk.texts.working
            pressed.classes("hp-busy").props["disabled"] = True
            try:
                await self._desk.steps.submit(view, stage.entered)
            finally:
                self._busy = False
                # An answer may have replaced the modal, and the button with it.
                if not pressed.is_deleted:
                    pressed.text = label
                    pressed.classes(remove="hp-busy").props.pop("disabled", None)

        pressed = button(label, submit, "hp-primary")
        stage.submit = submit

    async def _close(self, view: View, *, whole: bool = False) -> None:
        await self._desk.steps.close(view, whole_stack=whole)

    async def _escape(self) -> None:
        view = self._desk.workspace.modal_of(self._desk.user_id)
        if view is not None and not self._busy:
            await self._close(view)
