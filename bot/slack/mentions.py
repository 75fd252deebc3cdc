"""Reading people and channels out of what was typed. The manifest asks Slack to escape them: `<@U1|anna>`."""

import re

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def split_mention(text: str) -> tuple[str, str | None]:
    """Return the words without the first mention of a person, and that person's id (None when there is none)."""
    found = _PERSON.search(text)
    if found is None:
        return text.strip(), None
    words = f"{text[: found.start()]} {text[found.end() :]}"
    return " ".join(words.split()), found.group(1)


def around_mention(text: str) -> tuple[str, str | None, str]:
    """Return the words before the first mention of a person, that person's id, and the words after it."""
    found = _PERSON.search(text)
    if found is None:
        return text.strip(), None, ""
    return text[: found.start()].strip(), found.group(1), text[found.end() :].strip()
