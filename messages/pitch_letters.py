"""How wide what is written in a drawing will be: near enough to tell what fits, without reading the font."""

import unicodedata
from typing import Final

from messages.escaping import plain

# Shares of the letters' size, in bold.
_NARROW: Final = frozenset("ijlIftr .,:;'|!()[]-·")
_WIDE: Final = frozenset("mwMW@%…—")
_SHARES: Final = {"narrow": 0.36, "wide": 0.92, "capital": 0.68, "usual": 0.58, "full": 1.05}


def width_of(text: str, size: float) -> float:
    """Return how wide a line is in letters of a size."""
    return size * sum(_SHARES[_kind(character)] for character in text)


def fitted(text: str, size: float, room: float) -> str:
    """Give as much of a text as fits into a room in letters of a size, with an ellipsis where something is left out."""
    if width_of(text, size) <= room:
        return text
    for length in range(len(text), 1, -1):
        shorter = plain(text, length)
        if width_of(shorter, size) <= room:
            return shorter
    return "…"


def _kind(character: str) -> str:
    if character in _NARROW:
        return "narrow"
    if character in _WIDE:
        return "wide"
    if unicodedata.east_asian_width(character) in "WF":
        return "full"
    return "capital" if character.isupper() else "usual"
