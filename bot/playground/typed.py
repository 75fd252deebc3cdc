"""What Slack makes of text that a person types: entities escaped, `@name` and `#channel` turned into references."""

import re

from bot.playground.workspace import Workspace

_REFERENCE = re.compile(r"<(?:[@#][A-Z0-9]+(?:\|[^<>]*)?|![a-z]+(?:\^[A-Z0-9]+)?)>")
_NAMED = re.compile(r"(?<![\w<])([@#])([\w.-]+(?: [\w.-]+)?)")


def as_sent(workspace: Workspace, text: str, *, labels: bool = False) -> str:
    """Return the text as Slack sends it to an app.

    References that are already in Slack's form stay. `labels` keeps names in them, as commands do:
    `<@U012|anna>`, `<#C012|general>`.
    """
    parts: list[str] = []
    position = 0
    for match in _REFERENCE.finditer(text):
        parts += [_plain(workspace, text[position : match.start()], labels=labels), match.group()]
        position = match.end()
    parts.append(_plain(workspace, text[position:], labels=labels))
    return "".join(parts)


def _plain(workspace: Workspace, text: str, *, labels: bool) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def refer(match: re.Match[str]) -> str:
        sign, name = match.groups()
        for candidate in (name, name.split(" ")[0].rstrip(".-")):
            found = _user(workspace, candidate) if sign == "@" else _channel(workspace, candidate)
            if found:
                label = f"|{found[1]}" if labels or sign == "#" else ""
                return f"<{sign}{found[0]}{label}>{match.group()[1 + len(candidate) :]}"
        return match.group()

    return _NAMED.sub(refer, escaped)


def _user(workspace: Workspace, name: str) -> tuple[str, str] | None:
    wanted = name.casefold()
    for user in workspace.users.values():
        if wanted in (user.name.casefold(), user.display_name.casefold(), user.real_name.casefold()):
            return user.id, user.name
    return None


def _channel(workspace: Workspace, name: str) -> tuple[str, str] | None:
    channel = workspace.channel_named(name)
    return (channel.id, channel.name) if channel else None
