"""A message of one's own, changed or taken away."""

import re
from functools import partial

from nicegui import ui

from bot.playground.model import Message
from bot.playground.page.desk import Desk
from bot.playground.page.dialogs import ask
from bot.playground.page.mrkdwn import unescaped
from bot.playground.page.reader import Reader
from bot.playground.page.tags import div

_REFERENCE = re.compile(r"<([@#])([A-Z0-9]+)(?:\|([^<>]*))?>")


async def edit(desk: Desk, message: Message) -> None:
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


async def delete(desk: Desk, message: Message) -> None:
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
