"""What a writer says in a chat message: no quotes, no code, no markup.

Slack sends mentions, channels and links in angle brackets and escapes ``&``, ``<`` and ``>``
(docs.slack.dev, "Formatting message text"). Every expression here stops at its own delimiter, so the cost grows with
the length of the text and no faster.
"""

import re
import unicodedata
from typing import Final

MENTION: Final = "mentioned0"  # stands for a person or group that was mentioned; no word of any language

_ASKING = re.compile(r"\b(?:who|whos|whose|whom|vem|vems)\b", re.IGNORECASE)
_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED_LINE = re.compile(r"^[ \t]*(?:&gt;|>).*$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]*)`")
_ANGLE = re.compile(r"<([^<>\n]*)>")
_STRUCK = re.compile(r"(?<!\w)~[^~\n]+~(?!\w)")
_EMOJI = re.compile(r":[\w+'-]+:")
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»\n]*)[\"“”„«»]")
_SINGLE_QUOTED = re.compile(r"(?<!\w)['‘’]([^'‘’\n]+)['‘’](?!\w)")


def own_words(text: str) -> str:
    """Give what the writer says in their own words.

    Code blocks, quoted lines and struck text are gone; so are quotes and code that ask who. Other quotes and code keep
    their words (``who owns `email-nurturing`?``), links and channels their labels, and a mention becomes ``MENTION``.
    """
    said = unicodedata.normalize("NFC", text.replace("&quot;", '"'))
    said = _QUOTED_LINE.sub("", _BLOCK.sub("\n", said))
    said = _ANGLE.sub(_label, _CODE.sub(_unless_asking, said))
    said = _EMOJI.sub(" ", _STRUCK.sub(" ", said))
    said = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("*", "")
    return _SINGLE_QUOTED.sub(_unless_asking, _QUOTED.sub(_unless_asking, said))


def _label(angle: re.Match[str]) -> str:
    target, _, label = angle[1].partition("|")
    if target.startswith(("@", "!")):
        return f" {MENTION} "
    return f" {label} "


def _unless_asking(quoted: re.Match[str]) -> str:
    return " " if _ASKING.search(quoted[1]) else f" {quoted[1]} "
