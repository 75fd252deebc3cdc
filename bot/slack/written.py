"""What somebody wrote, as they typed it: Slack's markup for people, channels and links turned into words.

Source: Slack's "Formatting message text": references stand in angle brackets, and `&`, `<` and `>` are escaped.
"""

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"<([@#!][^<>|]*|[a-z]+:[^<>|\s]+)(?:\|([^<>]*))?>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)")
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def people_in(text: str) -> set[str]:
    """Return Slack's ids of the people whom a message mentions."""
    return set(_PERSON.findall(text))


def as_typed(text: str, names: Mapping[str, str]) -> str:
    """Return a message as it was typed.

    Args:
        text: The message's text as Slack sends it.
        names: What people are called, by Slack's id.
    """

    def words(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target.startswith("@"):
            return f"@{names.get(target[1:]) or label or target[1:]}"
        if target.startswith(("#", "!")):
            return f"{'#' if target[0] == '#' else '@'}{(label or target[1:].split('^')[0]).lstrip('@#')}"
        return label or target.removeprefix("mailto:")

    shown = _REFERENCE.sub(words, text)
    for escape, mark in _ESCAPES:
        shown = shown.replace(escape, mark)
    return shown
