"""Says aloud what comes in elsewhere: a screen reader has no badge to glance at."""

from bot.playground.page.desk import Desk
from bot.playground.page.tags import div


class Announcer:
    """A polite live region that nobody sees; it speaks of new messages in conversations that are not open."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._counted: dict[tuple[str, str], int] = {}
        self._heard = ""
        self._root = div("hp-unseen", role="status")

    def refresh(self) -> None:
        """Say what is new since the last time this member was looked at."""
        desk = self._desk
        first = self._heard != desk.user_id
        self._heard = desk.user_id
        for channel in desk.workspace.channels_of(desk.user_id):
            key = (desk.user_id, channel.id)
            unread = desk.reads.unread(channel, desk.user_id)
            if unread > self._counted.get(key, 0) and not first and channel.id != desk.channel_id:
                name = desk.workspace.title_of(channel, desk.user_id)
                self._root.text = desk.texts.new_in.format(n=unread, name=name)
            self._counted[key] = unread
