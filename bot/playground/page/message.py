"""One message on the screen, with its menu."""

from dataclasses import dataclass
from functools import partial

from nicegui import ui

from bot.playground.blockkit import validate_blocks
from bot.playground.inputs import initial_state
from bot.playground.model import Json, Message
from bot.playground.page.blocks import draw_blocks
from bot.playground.page.desk import Desk
from bot.playground.page.editing import delete, edit
from bot.playground.page.mrkdwn import mrkdwn
from bot.playground.page.stage import Stage
from bot.playground.page.tags import Tag, avatar, button, div, markup, span

_MOST_FACES = 3


@dataclass(frozen=True)
class Replies:
    """What stands below a message: how many replies, by whom, and the `ts` of the last one."""

    count: int = 0
    authors: tuple[str, ...] = ()
    last: str = ""

    def and_one(self, reply: Message) -> "Replies":
        """Return this with one more reply."""
        known = reply.user_id in self.authors
        return Replies(self.count + 1, self.authors if known else (*self.authors, reply.user_id), reply.ts)


def draw_message(desk: Desk, message: Message, *, compact: bool, in_thread: bool) -> Tag:
    """Draw a message, and return the place at whose end its replies are told.

    `compact` leaves out the author where the message before has the same one.
    """
    user = desk.workspace.users.get(message.user_id)
    name = desk.reader.name_of(message.user_id)
    classes = "hp-message" + (" hp-compact" if compact else "") + (" hp-only" if message.ephemeral_to else "")
    with Tag("article", classes, data_ts=message.ts, tabindex=-1):
        if compact:
            span("hp-time hp-gutter", desk.reader.clock_time(message.ts))
        else:
            avatar(user, name)
        with div("hp-said") as said:
            if message.ephemeral_to:
                div("hp-ephemeral", desk.texts.only_you)
            if not compact:
                _head(desk, message, name, is_app=bool(message.bot_id))
            _content(desk, message)
        if not message.ephemeral_to:
            _tools(desk, message, in_thread=in_thread)
    return said


def _head(desk: Desk, message: Message, name: str, *, is_app: bool) -> None:
    with div("hp-head"):
        span("hp-name", name)
        if is_app:
            span("hp-badge", desk.texts.app_badge)
        span("hp-time", desk.reader.clock_time(message.ts))


def _content(desk: Desk, message: Message) -> None:
    async def act(block: Json, element: Json, value: object) -> None:
        await desk.steps.act_on(message, block, element, value)

    stage = Stage(desk.reader, desk.texts, act, state=initial_state(message.blocks))
    if message.is_reply and message.broadcast:
        div("hp-faint", desk.texts.also_in_channel)
    if message.blocks:
        draw_blocks(stage, message.blocks)
    elif message.text:
        markup(mrkdwn(message.text, desk.reader))
    for attachment in message.attachments:
        _attachment(stage, attachment)
    for file_id in message.files:
        file = desk.workspace.files.get(file_id)
        div("hp-file", f"{desk.texts.file}: {file.title or file.name if file else file_id}")
    if message.edited_ts and not message.ephemeral_to:
        span("hp-faint hp-edited", desk.texts.edited)


def _attachment(stage: Stage, attachment: Json) -> None:
    with div("hp-attachment"):
        for part in ("pretext", "title", "text", "fallback"):
            if isinstance(attachment.get(part), str) and (part != "fallback" or len(attachment) == 1):
                markup(mrkdwn(attachment[part], stage.reader), "hp-card-title" if part == "title" else "")
        blocks = attachment.get("blocks") or []
        # What hangs on a message is not checked by the Web API; only what is well formed can be drawn.
        if blocks and not validate_blocks(blocks, surface="message"):
            draw_blocks(stage, blocks)


def draw_replies(desk: Desk, message: Message, replies: Replies) -> None:
    """Draw the way into a message's thread."""
    same_day = desk.reader.day(replies.last) == desk.reader.day(message.ts)
    when = desk.reader.clock_time(replies.last) if same_day else desk.reader.day(replies.last)
    opener = Tag("button", "hp-button hp-replies", type="button", data_key="replies")
    with opener.press(lambda: desk.go(message.channel_id, thread_ts=message.ts)):
        for author in replies.authors[:_MOST_FACES]:
            avatar(desk.workspace.users.get(author), desk.reader.name_of(author), "hp-mini")
        span(text=desk.texts.count_replies(replies.count))
        span("hp-time", desk.texts.last_reply.format(time=when))


def _tools(desk: Desk, message: Message, *, in_thread: bool) -> None:
    """Draw the small bar with the menu, which is made when somebody opens it."""

    def show() -> None:
        menu.clear()
        with menu:
            _menu_items(desk, message, in_thread=in_thread)
        menu.open()

    with div("hp-tools"):
        if not in_thread:
            thread = message.thread_ts or message.ts
            reply = button("↩", lambda: desk.go(message.channel_id, thread_ts=thread), "hp-icon hp-reply")
            reply.props["aria-label"] = reply.props["title"] = desk.texts.reply_in_thread
        with button("⋯", show, "hp-icon", aria_label=desk.texts.more), ui.menu().props("no-parent-event") as menu:
            pass


def _menu_items(desk: Desk, message: Message, *, in_thread: bool) -> None:
    if not in_thread:
        thread = message.thread_ts or message.ts
        ui.menu_item(desk.texts.reply_in_thread, lambda: desk.go(message.channel_id, thread_ts=thread))
    _app_items(desk, message)
    if message.user_id == desk.user_id:
        ui.menu_item(desk.texts.edit, partial(edit, desk, message))
        ui.menu_item(desk.texts.delete, partial(delete, desk, message)).classes("hp-risky")


def _app_items(desk: Desk, message: Message) -> None:
    """Draw what the app offers on a message: the message shortcuts of its manifest."""
    for shortcut in desk.menu.on_messages():
        ui.menu_item(shortcut.name, partial(desk.steps.shortcut, shortcut.callback_id, message))
