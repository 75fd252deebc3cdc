"""rich_text blocks as HTML that is safe by construction, or as plain text for a cell that sorts."""

from html import escape
from typing import Any

from bot.playground.model import Json
from bot.playground.page.emoji import emoji
from bot.playground.page.mrkdwn import link, mention
from bot.playground.page.reader import Reader

_TAGS = {"bold": "strong", "italic": "em", "strike": "del", "code": "code", "underline": "u"}


def rich_text(block: Json, reader: Reader) -> str:
    """Return a rich_text block as HTML."""
    return "".join(_part(part, reader) for part in block.get("elements", []))


def _part(part: Json, reader: Reader) -> str:
    kind, children = part.get("type"), part.get("elements", [])
    if kind == "rich_text_list":
        tag = "ol" if part.get("style") == "ordered" else "ul"
        start = f' start="{int(part.get("offset", 0)) + 1}"' if tag == "ol" else ""
        items = "".join(f"<li>{_leaves(item.get('elements', []), reader)}</li>" for item in children)
        return f'<{tag}{start} class="hp-indent-{int(part.get("indent", 0))}">{items}</{tag}>'
    inner = _leaves(children, reader)
    if kind == "rich_text_preformatted":
        return f"<pre>{inner}</pre>"
    inner = inner.replace("\n", "<br>")
    return f"<blockquote>{inner}</blockquote>" if kind == "rich_text_quote" else f"<div>{inner}</div>"


def _leaves(leaves: list[Json], reader: Reader) -> str:
    return "".join(_styled(_leaf(leaf, reader), leaf.get("style", {})) for leaf in leaves)


def _styled(inner: str, style: dict[str, Any]) -> str:
    for name, tag in _TAGS.items():
        if style.get(name):
            inner = f"<{tag}>{inner}</{tag}>"
    return inner


def _leaf(leaf: Json, reader: Reader) -> str:
    kind = leaf.get("type")
    if kind == "link":
        url = str(leaf.get("url", ""))
        return link(url, escape(leaf.get("text") or url))
    if kind == "user":
        user_id = str(leaf.get("user_id", ""))
        return mention(f"@{reader.name_of(user_id)}", me=user_id == reader.user_id)
    if kind == "channel":
        return mention(f"#{reader.channel_name(str(leaf.get('channel_id', '')))}")
    if kind == "broadcast":
        return mention(f"@{leaf.get('range', '')}")
    if kind == "emoji":
        return escape(emoji(str(leaf.get("name", ""))))
    if kind == "date":
        return escape(reader.date(int(leaf.get("timestamp", 0)), str(leaf.get("format", ""))))
    return escape(str(leaf.get("text") or leaf.get("value") or leaf.get("usergroup_id") or ""))


def spoken(node: Any, reader: Reader) -> str:
    """Return the bare text of a rich_text block, to sort or to search by."""
    if isinstance(node, list):
        return "".join(spoken(item, reader) for item in node)
    if node.get("type") == "user":
        return f"@{reader.name_of(str(node.get('user_id', '')))}"
    return str(node.get("text", "")) + spoken(node.get("elements", []), reader)
