"""The switch that lets one person play everybody."""

from typing import Any

from nicegui import ui

from bot.playground.model import User
from bot.playground.page.desk import Desk
from bot.playground.page.tags import Tag, avatar, div, span


class PersonSwitch:
    """Show who acts in this tab, and everybody else with local time and what waits for them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._key: Any = None
        self._menu: ui.menu | None = None
        self._badge: Tag | None = None
        self._root = div("hp-me")

    def refresh(self) -> None:
        """Redraw when the person or the name changed; count for how many of the others something waits."""
        if self._menu is not None and self._menu.value:
            # It would go away under the person's hands.
            return
        key = (self._desk.user_id, self._desk.reader.user.shown_name)
        if key != self._key:
            self._key = key
            self._root.clear()
            with self._root:
                self._draw()
        waiting = self._others_wait()
        shown = str(waiting) if waiting else ""
        if self._badge is not None and self._badge.text != shown:
            self._badge.text = shown

    def _others_wait(self) -> int:
        desk = self._desk
        waiting = desk.reads.waiting(desk.workspace)
        return sum(waiting[user.id] > 0 for user in desk.workspace.people() if user.id != desk.user_id)

    def _draw(self) -> None:
        desk, user = self._desk, self._desk.reader.user

        def show() -> None:
            menu.clear()
            waiting = desk.reads.waiting(desk.workspace)
            with menu:
                for person in desk.workspace.people():
                    self._draw_person(person, menu, waiting[person.id])
            menu.open()
            desk.focus(".hp-people .hp-person")

        span("hp-small-label", desk.texts.you_are)
        with Tag(
            "button", "hp-person-button", type="button", aria_label=f"{desk.texts.you_are}: {user.shown_name}"
        ).press(show):
            avatar(user, user.shown_name)
            with div("hp-person-text"):
                span("hp-name hp-ellipsis", user.shown_name)
                span("hp-person-title hp-ellipsis", user.title)
            self._badge = span("hp-count")
            span("hp-caret", "▾", aria_hidden="true")
            self._menu = menu = ui.menu().props("no-parent-event fit").classes("hp-people")

    def _draw_person(self, person: User, menu: ui.menu, waiting: int) -> None:
        desk = self._desk

        def choose() -> None:
            menu.close()
            desk.become(person.id)

        there = desk.presence.here(person.id)
        with div("hp-person-row", role="none"):
            with Tag("button", "hp-person", type="button", role="menuitem").press(choose):
                avatar(person, person.shown_name, "hp-there" if there else "")
                with div("hp-person-text"):
                    span("hp-name hp-ellipsis", person.shown_name)
                    local = desk.reader.moment(desk.slack.clock.now(), person.tz)
                    place = person.tz.rpartition("/")[2].replace("_", " ")
                    now_here = [desk.texts.here_now] if there else []
                    span("hp-person-title hp-ellipsis", " · ".join([local, place, *now_here]))
                if waiting:
                    span("hp-count", str(waiting))
            own = Tag("a", "hp-person hp-own-window", "↗", role="menuitem", target="_blank")
            own.props["href"] = "/" + desk.address(**{"as": person.id, "tour": "off", "thread": "", "inspect": ""})
            own.props["aria-label"] = own.props["title"] = desk.texts.own_window.format(name=person.shown_name)
