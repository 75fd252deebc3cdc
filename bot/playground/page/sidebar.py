"""The left side: who you are, and every conversation of yours."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from nicegui import ui

from bot.playground.model import Channel, User
from bot.playground.page.desk import Desk
from bot.playground.page.person import PersonSwitch
from bot.playground.page.tags import Tag, avatar, button, div, menu_under, span


class _Row(NamedTuple):
    section: str
    channel_id: str
    name: str
    unread: int = 0
    inside: bool = True


class _Drawn(NamedTuple):
    line: Tag
    badge: Tag
    mark: Tag | None


class Sidebar:
    """Show the workspace's name, the person, channels, direct messages and the app."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._key: Any = None
        self._drawn: dict[str, _Drawn] = {}
        self._root = Tag("nav", "hp-side", aria_label=desk.texts.conversations)
        with self._root:
            with div("hp-side-head"):
                Tag("h1", "hp-workspace hp-ellipsis", desk.workspace.name)
                jump = Tag("button", "hp-button hp-icon hp-jump", "⌕", type="button", aria_keyshortcuts="Control+K")
                jump.props["aria-label"], jump.props["title"] = desk.texts.jump, f"{desk.texts.jump} (Ctrl+K)"
                close = button("✕", self._close, "hp-icon hp-closer hp-side-close")
                close.props["aria-label"] = desk.texts.close
            self._switch = PersonSwitch(desk)
            self._list = div("hp-list")
        # On a narrow screen the sidebar lies above the rest; a press beside it closes it.
        div("hp-scrim").press(self._close)

    def refresh(self) -> None:
        """Redraw what changed."""
        desk = self._desk
        self._root.classes(**{"add" if desk.side_open else "remove": "hp-open"})
        self._switch.refresh()
        rows = self._rows()
        key = ([row[:3] for row in rows], desk.user_id)
        if key != self._key:
            self._key = key
            self._list.clear()
            with self._list:
                self._draw_list(rows)
        for row in rows:
            self._bring_up_to_date(row)

    def _close(self) -> None:
        self._desk.side_open = False
        self._desk.refresh()
        self._desk.focus(".hp-burger")

    def _rows(self) -> list[_Row]:
        """Return every conversation that the person may open."""
        desk = self._desk
        rows = []
        for channel in self._visible():
            inside = desk.user_id in channel.members
            unread = desk.reads.unread(channel, desk.user_id) if inside else 0
            name = desk.workspace.title_of(channel, desk.user_id)
            rows.append(_Row(self._section(channel), channel.id, name, unread, inside))
        return rows

    def _visible(self) -> list[Channel]:
        desk = self._desk
        mine = desk.workspace.channels_of(desk.user_id)
        others = [c for c in desk.workspace.channels.values() if c.kind == "public" and desk.user_id not in c.members]
        return [c for c in [*mine, *sorted(others, key=lambda c: c.name)] if not c.archived]

    def _section(self, channel: Channel) -> str:
        if channel.kind in ("public", "private"):
            return "channels"
        return "apps" if self._desk.workspace.bot_user_id in channel.members else "direct"

    def _draw_list(self, rows: list[_Row]) -> None:
        desk = self._desk
        self._drawn = {}
        for section, label in (("channels", desk.texts.channels), ("direct", desk.texts.direct)):
            Tag("h2", "hp-small-label", label)
            for row in rows:
                if row.section == section:
                    self._draw_row(row, partial(desk.go, row.channel_id))
        self._draw_new_direct()
        if desk.workspace.bot_user_id:
            Tag("h2", "hp-small-label", desk.texts.apps)
            found = next((row for row in rows if row.section == "apps"), _Row("apps", "", ""))
            self._draw_row(found._replace(name=desk.slack.app.name), self._open_app)

    def _open_app(self) -> None:
        """Go to what is new there, or else to the Home tab."""
        desk = self._desk
        channel = desk.workspace.im_between(desk.user_id, desk.workspace.bot_user_id)
        unread = desk.reads.unread(channel, desk.user_id) if channel else 0
        desk.open_app("messages" if unread or not desk.slack.manifest.home_tab else "home")

    def _draw_row(self, row: _Row, open_it: Callable[[], None]) -> None:
        with Tag("button", "hp-row", type="button", data_key=row.channel_id or "app").press(open_it) as line:
            mark = None
            if row.section != "channels":
                mark = avatar(self._other(row.channel_id), row.name, "hp-mini")
            span("hp-ellipsis", row.name)
            badge = span("hp-count")
        self._drawn[row.channel_id] = _Drawn(line, badge, mark)

    def _bring_up_to_date(self, row: _Row) -> None:
        """Change what a row shows, but not the row: somebody may be about to press it."""
        line, badge, mark = self._drawn[row.channel_id]
        here = bool(row.channel_id) and row.channel_id == self._desk.channel_id
        line.look("hp-here", on=here)
        line.look("hp-new", on=row.unread > 0)
        line.look("hp-dim", on=not row.inside)
        current = "page" if here else "false"
        if line.props.get("aria-current") != current:
            line.props["aria-current"] = current
        shown = str(row.unread) if row.unread else ""
        if badge.text != shown:
            badge.text = shown
        if mark is not None:
            other = self._other(row.channel_id)
            mark.look("hp-there", on=other is not None and self._desk.presence.here(other.id))

    def _other(self, channel_id: str) -> User | None:
        desk = self._desk
        channel = desk.workspace.channels.get(channel_id)
        members = list(channel.members) if channel else [desk.workspace.bot_user_id]
        other = next((m for m in members if m != desk.user_id), desk.user_id)
        return desk.workspace.users.get(other)

    def _draw_new_direct(self) -> None:
        desk = self._desk

        def open_with(user_id: str) -> None:
            desk.go(desk.slack.open_im(desk.workspace, desk.user_id, user_id).id)

        with Tag("button", "hp-row hp-dim", type="button") as opener:
            span(text=f"+ {desk.texts.new_direct}")
        with menu_under(opener):
            for person in desk.workspace.people():
                if person.id != desk.user_id:
                    ui.menu_item(person.shown_name, partial(open_with, person.id))
