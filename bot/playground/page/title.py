"""The title of the browser's tab: who sits there, where, and how much is new; so that many tabs can be told apart."""

import json

from bot.playground.page.desk import Desk


class TabTitle:
    """Keep the title true. It counts what is new in every conversation of the member."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown = ""

    def refresh(self) -> None:
        """Tell the browser when the title changed."""
        desk = self._desk
        unread = sum(desk.reads.unread(c, desk.user_id) for c in desk.workspace.channels_of(desk.user_id))
        channel = desk.channel
        place = desk.workspace.title_of(channel, desk.user_id) if channel else desk.workspace.name
        title = f"{f'({unread}) ' if unread else ''}{desk.reader.user.shown_name} · {place} · {desk.workspace.name}"
        if title != self._shown:
            self._shown = title
            desk.client.run_javascript(f"document.title = {json.dumps(title)}")
