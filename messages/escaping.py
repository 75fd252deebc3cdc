"""People's texts, made safe to show in Slack.

``mrkdwn`` turns a text into one that Slack shows letter by letter:

1. control characters, lone surrogates and marks that turn the writing direction are dropped; a text with letters
   that are written from right to left is isolated, so that it cannot reorder what stands beside it;
2. ``&``, ``<`` and ``>`` are escaped, which also defuses ``<!channel>``, ``<@U…>`` and ``<http://…|a mask>``;
3. ``@channel``, ``@here`` and ``@everyone`` get a word joiner after the ``@``;
4. a ``*``, ``_`` or ``~`` at the edge of a word, where Slack would format, and every backtick give way to a
   look-alike character: a zero-width one would be invisible, but clients differ in what they take for a word's edge.
   Marks inside a word, as in ``utm_source``, stay as they are.

Every function takes a limit in characters that the result keeps, escapes included.
"""

import re
import unicodedata
from typing import Final

NOTHING: Final = "–"  # stands for a missing value or name: Slack refuses empty texts
_JOINER = "\u2060"
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_UNSAFE = re.compile(r"[&<>*_~`@\x00-\x1f\x7f-\x9f\u0590-\u08ff\u2000-\u206f\ud800-\udfff\ufb1d-\ufeff]|^\s|\s$|\s\s")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_MARKER = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`")
_LOOK_ALIKE = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_BROADCAST = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_LIVE = re.compile(r"<(?=[!@#])")
_BEHIND = 20  # characters: longer than any word that a broadcast is known by
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_COST = {mark: len(escape) for mark, escape in _ESCAPES.items()}
_QUOTE_COST = {**_COST, "\n": 3}  # the break, and the next line's "> "


def cut(text: str, limit: int) -> str:
    """Shorten a text to at most `limit` characters, the last one an ellipsis."""
    return text if len(text) <= limit else _shortened(text, limit, {})


def mrkdwn(text: str, limit: int = 150, *, lines: bool = False) -> str:
    """Escape a person's text for a mrkdwn object, at most `limit` characters long; `lines` keeps its line breaks."""
    if not _UNSAFE.search(text) and text:
        return cut(text, limit)
    return _isolated(_escape(_fitted(_defused(_clean(text, lines=lines), limit), limit - 2, _COST)))


def quote(text: str, limit: int = 2900) -> str:
    """Escape a person's text like `mrkdwn` and set it as a quotation, line by line."""
    fitted = _fitted(_defused(_clean(text, lines=True), limit), limit - 4, _QUOTE_COST)
    return "> " + "\n> ".join(_isolated(_escape(line)) if line else line for line in fitted.split("\n"))


def plain(text: str, limit: int = 150, *, lines: bool = False) -> str:
    """Give a person's text on one line for a plain_text object, at most `limit` characters; `lines` keeps breaks."""
    return _fitted(_LIVE.sub("<" + _JOINER, _clean(text, lines=lines)), limit, {})


def _clean(text: str, *, lines: bool) -> str:
    visible = _DROPPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not lines:
        return " ".join(visible.split()) or NOTHING
    tidy = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in visible.split("\n")))
    return tidy.strip() or NOTHING


def _defused(text: str, limit: int) -> str:
    # What is cut off afterwards is not looked at, but for what stands right behind the cut: nothing gets shorter here.
    marked = _MARKER.sub(lambda found: _LOOK_ALIKE[found[0]], text[: limit + _BEHIND])
    return _BROADCAST.sub("@" + _JOINER, marked)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _isolated(text: str) -> str:
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text


def _fitted(text: str, limit: int, cost: dict[str, int]) -> str:
    """Give the text, shortened when it is longer than `limit` with each character counted at its cost."""
    if len(text) + sum((price - 1) * text.count(mark) for mark, price in cost.items()) <= limit:
        return text
    return _shortened(text, limit, cost)


def _shortened(text: str, limit: int, cost: dict[str, int]) -> str:
    room = limit - 1
    for end, character in enumerate(text):  # noqa: B007 (its last value is the cut)
        room -= cost.get(character, 1)
        if room < 0:
            break
    kept = text[:end].rstrip()
    # No half of a letter or emoji: joiners and marks belong to the character that was cut off, or to the last one.
    while kept and (kept[-1] in "\u200d\ufe0f" or unicodedata.combining(kept[-1])):
        kept = kept[:-1]
    return kept + "…"
