"""The pane on the right: one thread and a box to reply."""

from bot.playground.model import Message
from bot.playground.page.composer import Composer
from bot.playground.page.desk import Desk
from bot.playground.page.tags import Tag, button, div, span
from bot.playground.page.timeline import Timeline


class ThreadPane:
    """Show the thread that lies open on the desk, if one does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._root = Tag("aside", "hp-thread", aria_label=desk.texts.thread)
        self._key = ("", "", "")
        self._timeline: Timeline | None = None

    def refresh(self) -> None:
        """Open, close or bring up to date."""
        desk = self._desk
        if desk.thread_ts and desk.workspace.find_message(desk.channel_id, desk.thread_ts) is None:
            desk.thread_ts = ""
        key = (desk.user_id, desk.channel_id, desk.thread_ts)
        self._root.visible = bool(desk.thread_ts)
        if key != self._key:
            self._key, self._timeline = key, None
            self._root.clear()
            if desk.thread_ts:
                with self._root:
                    self._draw()
        if self._timeline is not None:
            self._timeline.refresh()

    def _draw(self) -> None:
        desk = self._desk
        channel = desk.channel
        with Tag("header", "hp-title"):
            with div("hp-title-text"):
                Tag("h2", "", desk.texts.thread)
                if channel is not None:
                    span("hp-faint hp-ellipsis", desk.workspace.title_of(channel, desk.user_id))
            close = button("✕", lambda: desk.go(desk.channel_id, tab=desk.tab), "hp-icon hp-closer")
            close.props["aria-label"] = desk.texts.close
        self._timeline = Timeline(desk, self._messages, label=desk.texts.thread, in_thread=True)
        if channel is not None and desk.user_id in channel.members and not channel.archived:
            Composer(desk, desk.texts.reply, thread_ts=desk.thread_ts)

    def _messages(self) -> list[Message]:
        desk = self._desk
        return desk.workspace.thread(desk.channel_id, desk.thread_ts, desk.user_id)
