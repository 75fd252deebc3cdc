"""What is offered to somebody who types: commands, people after an @, channels after a #, places to go to."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.playground.model import User
from bot.playground.page.desk import Desk

_MOST = 8
# The end of what is typed: the page does not know where in the box the person is.
_NAMED = re.compile(r"(?:^|\s)([@#])([\w.-]*)$")


class Offer(NamedTuple):
    """A row to choose: its name, what to write behind it, a word about it, and what the box says when it is chosen."""

    name: str
    usage: str
    about: str
    filled: str


def commands(desk: Desk, typed: str) -> list[Offer]:
    """Return the commands that `typed` may become or already is."""
    found = desk.menu.matching(typed) if typed.startswith("/") else []
    return [Offer(command.name, command.usage_hint, command.description, f"{command.name} ") for command in found]


def names(desk: Desk, typed: str) -> list[Offer]:
    """Return people or channels that the last word of `typed` begins to name; nothing where it names one already."""
    found = _NAMED.search(typed)
    if found is None:
        return []
    sign, begun = found.groups()
    known = list(_people(desk) if sign == "@" else _channels(desk))
    if any(begun.casefold() in map(str.casefold, words) for words, _ in known):
        return []
    head = typed[: found.start(1)]
    return [
        Offer(f"{sign}{words[0]}", "", about, f"{head}{sign}{words[0]} ")
        for words, about in known
        if _fits(begun, words)
    ][:_MOST]


def _people(desk: Desk) -> Iterator[tuple[tuple[str, ...], str]]:
    for user in desk.workspace.people():
        yield (user.shown_name, user.name, user.real_name), " · ".join(filter(None, [user.real_name, user.title]))


def _channels(desk: Desk) -> Iterator[tuple[tuple[str, ...], str]]:
    for channel in desk.workspace.channels.values():
        if not channel.archived and (channel.kind == "public" or desk.user_id in channel.members) and channel.name:
            yield (channel.name,), channel.topic


def _fits(begun: str, words: tuple[str, ...]) -> bool:
    """Tell whether any part of the names begins so."""
    wanted = begun.casefold()
    return any(part.startswith(wanted) for word in words for part in [word.casefold(), *word.casefold().split()])


class Place(NamedTuple):
    """Somewhere to go: a conversation that is there, or somebody to begin one with."""

    name: str
    about: str
    channel_id: str = ""
    user_id: str = ""


def places(desk: Desk, typed: str) -> list[Place]:
    """Return where the member can go, by any part of a name: first what begins so, conversations before people."""
    wanted = typed.strip().lstrip("#@").casefold()
    found = [place for place in _everywhere(desk) if wanted in f"{place.name} {place.about}".casefold()]
    return sorted(found, key=lambda place: not place.name.lstrip("#").casefold().startswith(wanted))[:_MOST]


def _everywhere(desk: Desk) -> Iterator[Place]:
    workspace = desk.workspace
    for channel in workspace.channels_of(desk.user_id):
        if not channel.archived and channel.kind in ("public", "private", "mpim"):
            yield Place(workspace.title_of(channel, desk.user_id), channel.topic, channel_id=channel.id)
    app: list[User] = [user for user in workspace.users.values() if user.id == workspace.bot_user_id]
    for user in [*app, *workspace.people()]:
        if user.id != desk.user_id:
            about = user.real_name if user.real_name != user.shown_name else user.title
            yield Place(user.shown_name, about, user_id=user.id)
    for channel in workspace.channels.values():
        if channel.kind == "public" and not channel.archived and desk.user_id not in channel.members:
            yield Place(workspace.title_of(channel, desk.user_id), desk.texts.not_joined, channel_id=channel.id)
