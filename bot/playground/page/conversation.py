"""The middle of the page: a conversation, or the app's Home tab."""

from functools import partial
from typing import Any

from bot.playground.model import Channel, Json, Message, View
from bot.playground.page.blocks import draw_blocks
from bot.playground.page.composer import Composer
from bot.playground.page.desk import Desk
from bot.playground.page.stage import Stage
from bot.playground.page.tags import Tag, button, div, span
from bot.playground.page.timeline import Timeline


class Conversation:
    """Show what lies open on the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._root = Tag("main", "hp-main")
        self._key: Any = None
        self._timeline: Timeline | None = None
        self._empty: Tag | None = None
        self._count: Tag | None = None
        self._home: Tag | None = None
        self._home_key: Any = None

    def refresh(self) -> None:
        """Draw the place anew when the person went elsewhere; bring its messages up to date."""
        channel = self._desk.channel
        key = self._place(channel)
        if key != self._key:
            self._key, self._timeline, self._count, self._home, self._home_key = key, None, None, None, None
            self._root.clear()
            with self._root:
                self._draw(channel)
        if self._timeline is not None and channel is not None:
            shown = self._timeline.refresh()
            self._desk.reads.mark(self._desk.user_id, channel.id, shown)
            if self._empty is not None:
                self._empty.visible = not shown
        if self._count is not None and channel is not None:
            self._count.text = self._desk.texts.people.format(n=self._people_in(channel))
        if self._home is not None:
            self._draw_home(self._home)

    def _place(self, channel: Channel | None) -> Any:
        if channel is None:
            return None
        desk = self._desk
        inside = desk.user_id in channel.members
        title = desk.workspace.title_of(channel, desk.user_id)
        return (desk.user_id, channel.id, desk.tab, inside, channel.archived, title, channel.topic)

    def _people_in(self, channel: Channel) -> int:
        users = self._desk.workspace.users
        return sum(member in users and not users[member].is_bot for member in channel.members)

    def _draw(self, channel: Channel | None) -> None:
        if channel is None:
            div("hp-empty", self._desk.texts.no_workspace)
            return
        name = self._desk.workspace.title_of(channel, self._desk.user_id)
        self._draw_title(channel, name)
        if self._desk.tab == "home":
            self._home = div("hp-scroll-down", tabindex=0, role="group", aria_label=self._desk.texts.home)
            return
        self._timeline = Timeline(self._desk, self._messages, label=self._desk.texts.messages_in.format(name=name))
        texts = self._desk.texts
        beginning = texts.empty_direct if channel.kind in ("im", "mpim") else texts.empty_channel
        self._empty = div("hp-empty", beginning.format(name=name))
        self._draw_foot(channel, name)

    def _messages(self) -> list[Message]:
        return self._desk.workspace.timeline(self._desk.channel_id, self._desk.user_id)

    def _draw_title(self, channel: Channel, name: str) -> None:
        desk = self._desk
        with Tag("header", "hp-title"):
            with div("hp-title-text"):
                Tag("h2", "hp-ellipsis", name)
                if channel.kind in ("public", "private"):
                    self._count = span("hp-faint")
                if channel.topic:
                    span("hp-faint hp-ellipsis", channel.topic)
            if desk.workspace.bot_user_id in channel.members and channel.kind == "im":
                self._draw_tabs()

    def _draw_tabs(self) -> None:
        desk = self._desk
        if not desk.slack.manifest.home_tab:
            return
        with div("hp-tabs", role="tablist", aria_label=desk.slack.app.name):
            for tab, label in (("home", desk.texts.home), ("messages", desk.texts.messages)):
                chosen = desk.tab == tab
                Tag(
                    "button",
                    "hp-tab",
                    label,
                    type="button",
                    role="tab",
                    aria_selected="true" if chosen else "false",
                    tabindex=0 if chosen else -1,
                ).press(partial(desk.open_app, tab))

    def _draw_foot(self, channel: Channel, name: str) -> None:
        texts, desk = self._desk.texts, self._desk
        if channel.archived:
            div("hp-bar", texts.archived.format(name=name))
        elif desk.user_id not in channel.members:
            with div("hp-bar"):
                span(text=texts.not_member.format(name=name))
                people = desk.playground.people
                button(
                    texts.join.format(name=name),
                    lambda: desk.steps.attempt(lambda: people.join(desk.workspace, desk.user_id, channel.id)),
                    "hp-primary",
                )
        else:
            Composer(desk, texts.write_to.format(name=name))

    def _draw_home(self, root: Tag) -> None:
        view = self._desk.workspace.home_of(self._desk.user_id)
        key = (view.id, view.hash) if view else ()
        if key == self._home_key:
            return
        self._home_key = key
        root.clear()
        with root:
            if view is None:
                div("hp-empty", self._desk.texts.empty_home.format(app=self._desk.slack.app.name))
            else:
                with div("hp-home"):
                    draw_blocks(self._home_stage(view), view.blocks)

    def _home_stage(self, view: View) -> Stage:
        async def act(block: Json, element: Json, value: Any) -> None:
            await self._desk.steps.act_in(view, block, element, value, stage.entered)

        stage = Stage(self._desk.reader, self._desk.texts, act, state=view.state)
        return stage
