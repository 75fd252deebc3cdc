"""What is said to a person when something cannot be done. Never logged as a crash."""

from typing import Any


class UserFacingError(Exception):
    """Something that the person can mend. `sentence` says how, in English, for the terminal."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(UserFacingError):  # noqa: N818  # reads as what happened: raise Refused("no_team")
    """A refusal that Slack's people read in their own language.

    `name` and `values` choose and fill the sentence in the room of messages; `language` is the reader's, when known.
    """

    def __init__(self, name: str, /, **values: Any) -> None:
        super().__init__(name)
        self.name = name
        self.values = values
        self.language: str | None = None
