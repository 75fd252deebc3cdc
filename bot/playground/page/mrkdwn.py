"""Slack's mrkdwn as HTML that is safe by construction.

Every character of the source goes through `html.escape`; only this module adds tags, and a link gets an address
only if its scheme is harmless.
"""

import re
from html import escape

from markdown_it import MarkdownIt

from bot.playground.page.emoji import with_emoji
from bot.playground.page.reader import Reader

_FENCE = re.compile(r"```\n?(.*?)```", re.DOTALL)
_ATOM = re.compile(r"`([^`\n]+)`|<([^<>\n]+)>|(https?://[^\s<>|]*[^\s<>|.,;:!?)])")
_MARK = re.compile("\ue000([0-9]+)\ue001")
_STYLES = [
    (re.compile(rf"(?<![\w{re.escape(sign)}]){re.escape(sign)}(?=\S)(.+?)(?<=\S){re.escape(sign)}(?!\w)"), tag)
    for sign, tag in (("*", "strong"), ("_", "em"), ("~", "del"))
]
_HARMLESS = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")
)


def mrkdwn(text: str, reader: Reader) -> str:
    """Return the text as HTML: bold, italic, strike, code, quotes, links, mentions, dates and emoji."""
    parts: list[str] = []
    position = 0
    for fence in _FENCE.finditer(text):
        parts += [_paragraphs(text[position : fence.start()], reader), f"<pre>{plain(fence[1])}</pre>"]
        position = fence.end()
    parts.append(_paragraphs(text[position:], reader))
    return "".join(parts)


def plain(text: str) -> str:
    """Escape text in which Slack has written `&`, `<` and `>` as entities."""
    return escape(unescaped(text))


def unescaped(text: str) -> str:
    """Turn Slack's three entities back into the characters that a person typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def markdown(text: str) -> str:
    """Return the text of a markdown block as HTML. HTML in it stays text; javascript: links stay text too."""
    return str(_MARKDOWN.render(with_emoji(text)))


def link(url: str, label: str) -> str:
    """Return a link whose label is HTML already; an address with a scheme that could do harm is shown as text."""
    if not _HARMLESS.match(url):
        return label
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{label}</a>'


def _paragraphs(text: str, reader: Reader) -> str:
    """Gather lines that begin with `>` into quotes and format the rest."""
    out: list[str] = []
    quoted: list[str] = []
    lines: list[str] = []

    def flush() -> None:
        if quoted:
            out.append(f"<blockquote>{_inline(chr(10).join(quoted), reader)}</blockquote>")
            quoted.clear()
        if lines:
            out.append(_inline("\n".join(lines), reader))
            lines.clear()

    for line in text.strip("\n").split("\n"):
        sign = next((s for s in ("&gt;", ">") if line.startswith(s)), "")
        target, other = (quoted, lines) if sign else (lines, quoted)
        if other:
            flush()
        target.append(line[len(sign) :].lstrip() if sign else line)
    flush()
    return "".join(out)


def _inline(text: str, reader: Reader) -> str:
    atoms: list[str] = []

    def keep(match: re.Match[str]) -> str:
        atoms.append(_atom(match, reader))
        return f"\ue000{len(atoms) - 1}\ue001"

    marked = _ATOM.sub(keep, text.replace("\ue000", "").replace("\ue001", ""))
    safe = with_emoji(plain(marked))
    for pattern, tag in _STYLES:
        safe = pattern.sub(rf"<{tag}>\1</{tag}>", safe)
    return _MARK.sub(lambda match: atoms[int(match[1])], safe).replace("\n", "<br>")


def _atom(match: re.Match[str], reader: Reader) -> str:
    code, angle, address = match.groups()
    if code is not None:
        return f"<code>{plain(code)}</code>"
    if address is not None:
        return link(unescaped(address), plain(address))
    return _reference(angle, reader)


def _reference(inner: str, reader: Reader) -> str:
    """Return what stands between `<` and `>`: a mention, a date, or a link."""
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return mention(f"@{reader.name_of(target[1:])}", me=target[1:] == reader.user_id)
    if target.startswith("#"):
        return mention(f"#{reader.channel_name(target[1:])}")
    if target.startswith("!date^"):
        return _date(target, label, reader)
    if target.startswith("!"):
        return mention(unescaped(label) or f"@{target[1:].partition('^')[0]}")
    url = unescaped(target)
    # What is no address was never meant as one: the brackets are the person's own.
    return link(url, with_emoji(plain(label or target))) if _HARMLESS.match(url) else plain(f"<{inner}>")


def _date(target: str, fallback: str, reader: Reader) -> str:
    _, seconds, form, *_ = [*target.split("^"), ""]
    return plain(reader.date(int(seconds), form)) if seconds.isdigit() else plain(fallback)


def mention(name: str, *, me: bool = False) -> str:
    """Return a name in the colour of mentions, stronger where it is the reader's own."""
    return f'<span class="hp-mention{" hp-me" if me else ""}">{escape(name)}</span>'
