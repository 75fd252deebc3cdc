"""One message on the screen, with its menu."""

import re
from functools import partial

from nicegui import ui

from bot.playground.blockkit import validate_blocks
from bot.playground.inputs import initial_state
from bot.playground.model import Json, Message
from bot.playground.page.blocks import draw_blocks
from bot.playground.page.desk import Desk
from bot.playground.page.dialogs import ask
from bot.playground.page.mrkdwn import mrkdwn, unescaped
from bot.playground.page.reader import Reader
from bot.playground.page.stage import Stage
from bot.playground.page.tags import Tag, avatar, button, div, markup, span

_REFERENCE = re.compile(r"<([@#])([A-Z0-9]+)(?:\|([^<>]*))?>")


def draw_message(desk: Desk, message: Message, *, compact: bool, in_thread: bool) -> None:
    """Draw a message. `compact` leaves out the author where the message before has the same one."""
    user = desk.workspace.users.get(message.user_id)
    name = desk.reader.name_of(message.user_id)
    classes = "hp-message" + (" hp-compact" if compact else "") + (" hp-only" if message.ephemeral_to else "")
    with Tag("article", classes, data_ts=message.ts, tabindex=-1):
        if compact:
            span("hp-time hp-gutter", desk.reader.clock_time(message.ts))
        else:
            avatar(user, name)
        with div("hp-said"):
            if message.ephemeral_to:
                div("hp-ephemeral", desk.texts.only_you)
            if not compact:
                _head(desk, message, name, is_app=bool(message.bot_id))
            _content(desk, message)
            if not in_thread:
                _thread_foot(desk, message)
        if not message.ephemeral_to:
            _tools(desk, message, in_thread=in_thread)


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


def _thread_foot(desk: Desk, message: Message) -> None:
    count = desk.workspace.reply_count(message.channel_id, message.ts)
    if count:
        text = desk.texts.replies_one if count == 1 else desk.texts.replies.format(n=count)
        button(text, lambda: desk.go(message.channel_id, thread_ts=message.ts), "hp-replies")


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
        ui.menu_item(desk.texts.edit, partial(_edit, desk, message))
        ui.menu_item(desk.texts.delete, partial(_delete, desk, message)).classes("hp-risky")


def _app_items(desk: Desk, message: Message) -> None:
    """Draw what the app offers on a message: the message shortcuts of its manifest."""
    for shortcut in desk.menu.on_messages():
        ui.menu_item(shortcut.name, partial(desk.steps.shortcut, shortcut.callback_id, message))


async def _edit(desk: Desk, message: Message) -> None:
    """Let the person change what the message says."""
    fields: list[ui.textarea] = []

    def draw() -> None:
        field = ui.textarea(value=as_typed(message.text, desk.reader)).props("outlined autogrow autofocus")
        field.classes("hp-field").props["aria-label"] = desk.texts.edit
        fields.append(field)

    sure = await ask(desk.texts.edit, draw, yes=desk.texts.save, no=desk.texts.cancel)
    text = fields[0].value if sure else ""
    if text:
        people = desk.playground.people
        desk.steps.attempt(
            lambda: people.edit_message(desk.workspace, desk.user_id, message.channel_id, message.ts, text)
        )


async def _delete(desk: Desk, message: Message) -> None:
    """Delete a message once the person is sure."""
    texts = desk.texts
    warn = partial(div, "", texts.delete_sure)
    if await ask(texts.delete, warn, yes=texts.yes, no=texts.cancel, style="hp-danger"):
        people = desk.playground.people
        desk.steps.attempt(lambda: people.delete_message(desk.workspace, desk.user_id, message.channel_id, message.ts))


def as_typed(text: str, reader: Reader) -> str:
    """Return a message's text as it is typed: references as names, entities as characters."""

    def name(match: re.Match[str]) -> str:
        sign, target, label = match.groups()
        return sign + (label or (reader.name_of(target) if sign == "@" else reader.channel_name(target)))

    return unescaped(_REFERENCE.sub(name, text))
