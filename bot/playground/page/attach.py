"""Mount the page on the server's application."""

from pathlib import Path

from fastapi import FastAPI
from nicegui import Client, ui

from bot.playground.page.announcer import Announcer
from bot.playground.page.clockbar import ClockBar
from bot.playground.page.conversation import Conversation
from bot.playground.page.desk import Desk
from bot.playground.page.guide import Guide, Plan
from bot.playground.page.inspector import Inspector
from bot.playground.page.language import speak
from bot.playground.page.menu import Menu
from bot.playground.page.modal import Modal
from bot.playground.page.notice import Notice
from bot.playground.page.presence import Presence
from bot.playground.page.reads import Reads
from bot.playground.page.sidebar import Sidebar
from bot.playground.page.switcher import Switcher
from bot.playground.page.tags import div
from bot.playground.page.texts import ENGLISH, LANGUAGES
from bot.playground.page.thread import ThreadPane
from bot.playground.page.title import TabTitle
from bot.playground.playground import Playground

_HERE = Path(__file__).parent
_STYLE = "".join((_HERE / name).read_text(encoding="utf-8") for name in ("colours.css", "panes.css", "style.css"))
_KEYS = "".join((_HERE / name).read_text(encoding="utf-8") for name in ("typing.js", "keys.js"))
_POLL_SECONDS = 0.15


def attach_page(
    app: FastAPI,
    playground: Playground,
    *,
    menu: Menu | None = None,
    plan: Plan | None = None,
    zone: str = "Europe/Stockholm",
    lang: str = "en",
    title: str = "Hattrick playground",
) -> None:
    """Serve the page for a person at `/`.

    Call it once per process, after the application has its own routes and before it starts: NiceGUI is one per process,
    and its mount at `/` takes every path that no earlier route has.

    Args:
        app: The playground's own application; NiceGUI joins its lifespan.
        playground: What the page shows and acts on. The page runs on the server's loop.
        menu: Commands and shortcuts with their hints; without it, their names from the manifest.
        plan: What the newcomer's guide speaks of.
        zone: IANA zone of the workspace's clock.
        lang: Language of the page where the address names none: `en` or `sv`.
        title: Title of the browser's tab.
    """
    reads = Reads(playground.slack.clock.now().timestamp())
    presence = Presence(lambda: playground.slack.changed("workspace"))
    offered = menu or Menu.of(playground.slack.manifest)

    def page(client: Client) -> None:
        query = client.request.query_params
        workspace = playground.slack.workspaces.get(query.get("team", ""))
        workspace = workspace or next(iter(playground.slack.workspaces.values()), None)
        if workspace is None or not workspace.people():
            ui.label(ENGLISH.no_workspace)
            return
        desk = Desk(client, playground, workspace, menu=offered, reads=reads, presence=presence, zone=zone)
        desk.lang = query["lang"] if query.get("lang") in LANGUAGES else lang
        people = {user.id for user in workspace.people()}
        desk.user_id = query["as"] if query.get("as") in people else workspace.people()[0].id
        open_to_me = {c.id for c in workspace.channels.values() if c.kind == "public" or desk.user_id in c.members}
        desk.channel_id = query["in"] if query.get("in") in open_to_me else desk.first_channel()
        if desk.channel_id == query.get("in"):
            desk.tab = "home" if query.get("tab") == "home" and playground.slack.manifest.home_tab else "messages"
            desk.thread_ts = query.get("thread", "")
        desk.inspecting = query.get("inspect") == "1"
        desk.tour = query.get("tour", "")
        if desk.tab == "home" and workspace.home_of(desk.user_id) is None:
            playground.acting.open_home(workspace, desk.user_id)
        speak(client, desk.lang)
        _lay_out(desk, plan or Plan())

    ui.page("/", title=title)(page)
    # Without `dark` the page follows the colour scheme that the person's system asks for.
    ui.run_with(
        app,
        title=title,
        favicon="🎩",
        dark=None,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=10,
    )


def _lay_out(desk: Desk, plan: Plan) -> None:
    ui.add_css(_STYLE)
    ui.add_head_html('<base target="_blank"><meta name="color-scheme" content="light dark">')
    ui.add_body_html(f"<script>{_KEYS}</script>")
    # NiceGUI puts everything into one `main`; the page has its own landmarks.
    for frame in desk.client.page_container.default_slot.children:
        frame.props["role"] = "none"
    with div("hp-app", lang=desk.lang):
        clock = ClockBar(desk)
        guide = Guide(desk, plan)
        with div("hp-body"):
            sidebar = Sidebar(desk)
            conversation = Conversation(desk)
            thread = ThreadPane(desk)
            inspector = Inspector(desk)
        notice = Notice(desk)
        announcer = Announcer(desk)
        modal = Modal(desk)
        Switcher(desk)
    # The conversation marks what is read before the sidebar counts.
    desk.parts = [clock, conversation, thread, announcer, sidebar, guide, inspector, modal, notice, TabTitle(desk)]
    desk.seat()
    desk.refresh()
    desk.client.run_javascript("hpBegin()")
    ui.timer(_POLL_SECONDS, desk.poll)
