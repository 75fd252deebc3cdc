"""One browser tab: who sits there and what lies open."""

import json
from typing import Protocol
from urllib.parse import urlencode

from nicegui import Client

from bot.playground.errors import NotPossibleError
from bot.playground.model import Change, Channel
from bot.playground.page.menu import Menu
from bot.playground.page.presence import Presence
from bot.playground.page.reader import Reader
from bot.playground.page.reads import Reads
from bot.playground.page.steps import Steps
from bot.playground.page.texts import Texts, texts
from bot.playground.playground import Playground
from bot.playground.workspace import Workspace

# What changes nothing on the screen but in the inspector.
_TRAFFIC = {"call", "delivery"}


class Part(Protocol):
    """A piece of the page that brings itself up to date; cheap when nothing of it changed."""

    def refresh(self) -> None:
        """Show what is true now."""


class Desk:
    """Hold the tab's state. Parts read it, and `refresh` after each step or change of the workspace."""

    def __init__(
        self,
        client: Client,
        playground: Playground,
        workspace: Workspace,
        *,
        menu: Menu,
        reads: Reads,
        presence: Presence,
        zone: str,
    ) -> None:
        self.client = client
        self.playground = playground
        self.slack = playground.slack
        self.workspace = workspace
        self.menu = menu
        self.reads = reads
        self.presence = presence
        self.zone = zone
        self.lang = "en"
        self.user_id = ""
        self.channel_id = ""
        self.tab = "messages"
        self.thread_ts = ""
        self.side_open = False
        self.inspecting = False
        self.tour = ""
        self.notice = ""
        # By member, conversation and thread: what is half written, and what was sent last.
        self.drafts: dict[tuple[str, str, str], str] = {}
        self.sent: dict[tuple[str, str, str], str] = {}
        self.parts: list[Part] = []
        self.steps = Steps(self)
        self._dirty = False
        self._seated = ""
        client.on_delete(self.slack.subscribe(self._hear))
        client.on_delete(lambda: self.presence.move(self._seated, ""))

    @property
    def texts(self) -> Texts:
        """The page's texts in the tab's language."""
        return texts(self.lang)

    @property
    def reader(self) -> Reader:
        """The person who sits here."""
        return Reader(self.workspace, self.user_id, self.lang)

    @property
    def channel(self) -> Channel | None:
        """The conversation that lies open."""
        return self.workspace.channels.get(self.channel_id)

    # Staying up to date

    def _hear(self, change: Change) -> None:
        """Note a change. Called from any thread, so it only raises a flag."""
        shown = change.kind not in _TRAFFIC or self.inspecting
        if shown and change.team_id in ("", self.workspace.id):
            self._dirty = True

    def seat(self) -> None:
        """Let the others see who sits here now."""
        self._seated, before = self.user_id, self._seated
        self.presence.move(before, self.user_id)

    def poll(self) -> None:
        """Refresh if something changed since the last time; called by the tab's timer on the server's loop."""
        if self._dirty:
            self.refresh()

    def refresh(self) -> None:
        """Bring every part up to date."""
        self._dirty = False
        for part in self.parts:
            part.refresh()

    # Moving about

    def go(self, channel_id: str, *, tab: str = "messages", thread_ts: str = "") -> None:
        """Open a conversation, and a thread in it if one is named; the keyboard goes along."""
        left = self.thread_ts if channel_id == self.channel_id and not thread_ts else ""
        self.channel_id, self.tab, self.thread_ts = channel_id, tab, thread_ts
        self.side_open = False
        self.notice = ""
        self.remember()
        self.refresh()
        if left:
            self.focus(f'.hp-main [data-ts="{left}"] .hp-replies, .hp-main [data-ts="{left}"] .hp-reply')
        else:
            self.focus(f"{'.hp-thread' if thread_ts else '.hp-main'} .hp-input textarea", always=False)

    def become(self, user_id: str) -> None:
        """Act as another member, and stay where that member may be."""
        self.user_id = user_id
        self.seat()
        channel = self.channel
        if channel is None or (channel.kind != "public" and user_id not in channel.members):
            self.channel_id = self.first_channel()
        self.go(self.channel_id, tab="messages")

    def first_channel(self) -> str:
        """The conversation to begin with: the person's first channel with the app in it, or any other one."""
        mine = self.workspace.channels_of(self.user_id)
        channels = [c for c in mine if c.kind in ("public", "private") and not c.archived]
        open_now = sorted(channels, key=lambda c: (self.workspace.bot_user_id not in c.members, c.is_general))
        return open_now[0].id if open_now else self.app_channel()

    def app_channel(self) -> str:
        """The person's direct conversation with the app, opened if need be."""
        found = self.workspace.im_between(self.user_id, self.workspace.bot_user_id)
        return (found or self.slack.open_im(self.workspace, self.user_id, self.workspace.bot_user_id)).id

    def open_app(self, tab: str) -> None:
        """Look at the app's Home or Messages tab; the app hears of it."""
        try:
            self.playground.acting.open_home(self.workspace, self.user_id, tab=tab)
        except NotPossibleError:
            # An app without a Home tab shows its messages.
            tab = "messages"
        self.go(self.app_channel(), tab=tab)

    def address(self, **changes: str) -> str:
        """Return the address of this tab as it is now, with these changes."""
        now = {
            "team": self.workspace.id,
            "as": self.user_id,
            "in": self.channel_id,
            "lang": self.lang,
            "tab": self.tab if self.tab != "messages" else "",
            "thread": self.thread_ts,
            "inspect": "1" if self.inspecting else "",
            "tour": self.tour,
        }
        return "?" + urlencode({name: value for name, value in (now | changes).items() if value})

    def remember(self) -> None:
        """Keep the tab's state in its address, so that a reload comes back to the same place."""
        self.client.run_javascript(f"history.replaceState(null, '', '{self.address()}')")

    def focus(self, selector: str, *, always: bool = True) -> None:
        """Put the keyboard's focus on the first such element in sight.

        Without `always` only where there is a mouse: on a telephone the focus would raise the keyboard.
        """
        self.client.run_javascript(f"hpFocus({json.dumps(selector)}, {json.dumps(not always)})")

    def point(self, selector: str) -> None:
        """Lead the person's eye to the last such element in sight."""
        self.client.run_javascript(f"hpPoint({json.dumps(selector)})")

    def toggle_inspector(self) -> None:
        """Open or close the view of the traffic."""
        self.inspecting = not self.inspecting
        self.remember()
        self.refresh()
        self.focus(".hp-inspector input" if self.inspecting else ".hp-inspect", always=not self.inspecting)

    def tell(self, sentence: str) -> None:
        """Show a sentence above everything until it is dismissed."""
        self.notice = sentence
        self.refresh()
