"""The bar at the top: what time it is in the workspace, and buttons that move the clock on."""

from datetime import timedelta
from functools import partial

from nicegui import ui

from bot.playground.page.desk import Desk
from bot.playground.page.moments import FRIDAY_13, MONDAY_8, MONDAY_10, Weekly, next_moment
from bot.playground.page.tags import Tag, button, div, span
from bot.playground.page.texts import LANGUAGES


class ClockBar:
    """Show the workspace's clock, the jumps, the language, and on a narrow screen the way to the sidebar."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        texts = desk.texts
        with Tag("header", "hp-top"):
            self._burger = button("☰", self._toggle_side, "hp-icon hp-burger", aria_label=texts.menu)
            with div("hp-clock"):
                span("hp-clock-label", texts.workspace_clock)
                self._face = span("hp-clock-face", role="timer")
            with div("hp-jumps", role="group", aria_label=texts.move_clock):
                for label, short, weekly in (
                    (texts.to_friday, texts.friday, FRIDAY_13),
                    (texts.to_monday_8, texts.monday_8, MONDAY_8),
                    (texts.to_monday_10, texts.monday_10, MONDAY_10),
                ):
                    with button("", partial(jump, desk, weekly), "hp-on-dark"):
                        span("hp-long", label)
                        span("hp-short", short)
                button(texts.hour, lambda: wait(desk, timedelta(hours=1)), "hp-on-dark")
                button(texts.day, lambda: wait(desk, timedelta(days=1)), "hp-on-dark")
            self._inspect = button("", desk.toggle_inspector, "hp-on-dark hp-inspect", aria_label=texts.inspector)
            with self._inspect:
                span("hp-long", texts.inspector)
                span("hp-short", "⇄")
            self._draw_languages()
        ui.timer(1.0, self.refresh)

    def refresh(self) -> None:
        """Show the time; the browser hears of it only when the minute changed."""
        self._inspect.turn("aria-pressed", on=self._desk.inspecting)
        self._burger.turn("aria-expanded", on=self._desk.side_open)
        shown = self._desk.reader.moment(self._desk.slack.clock.now(), self._desk.zone)
        if self._face.text != shown:
            self._face.text = shown

    def _draw_languages(self) -> None:
        with div("hp-languages"):
            for lang, name in LANGUAGES.items():
                chosen = "true" if lang == self._desk.lang else "false"
                Tag("button", "hp-language", lang.upper(), type="button", title=name, aria_pressed=chosen).press(
                    partial(ui.navigate.to, "/" + self._desk.address(lang=lang))
                )

    def _toggle_side(self) -> None:
        self._desk.side_open = not self._desk.side_open
        self._desk.refresh()
        if self._desk.side_open:
            self._desk.focus("nav.hp-side .hp-closer")


def jump(desk: Desk, weekly: Weekly) -> None:
    """Move the clock to the next such moment of the workspace's week."""
    desk.slack.clock.move_to(next_moment(weekly, desk.slack.clock.now(), desk.zone))
    desk.slack.changed("clock")
    desk.refresh()


def wait(desk: Desk, step: timedelta) -> None:
    """Move the clock on by `step`."""
    desk.slack.clock.advance(step)
    desk.slack.changed("clock")
    desk.refresh()
