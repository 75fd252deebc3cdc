"""Lines into sections, so that a message of any size keeps Slack's limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

SECTION: Final = 2900  # characters in a section's text, of Slack's 3,000


@dataclass(frozen=True)
class Packed:
    """The texts of the sections, how many lines they hold, and how many characters."""

    texts: tuple[str, ...]
    lines: int
    characters: int


def pack(lines: Iterable[str], *, room: int) -> Packed:
    """Put lines into as few sections as possible, and stop before they exceed `room` characters.

    Lines are taken one by one, so that those which do not fit need never be made.
    """
    texts: list[str] = []
    taken = used = 0
    for line in lines:
        if used + len(line) + 1 > room:
            break
        if texts and len(texts[-1]) + len(line) + 1 <= SECTION:
            texts[-1] = f"{texts[-1]}\n{line}"
        else:
            texts.append(line)
        taken += 1
        used += len(line) + 1
    return Packed(tuple(texts), taken, used)
