"""People's texts as a database can keep them."""

import re

# PostgreSQL keeps no NUL, and neither database keeps half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

MOST_CHARACTERS = 3000  # what a text field of Slack's takes


def storable(text: str, longest: int) -> str:
    """Return the text without what no database keeps, cut to so many characters."""
    return _UNSTORABLE.sub("", text)[:longest]
