"""A form's fields, as plain values: `form/view.json.j2` shows any of them."""

from dataclasses import dataclass
from typing import Literal

LONGEST = 3000  # characters that Slack takes in a text field
MOST_OPTIONS = 100  # of a menu


@dataclass(frozen=True)
class Option:
    """One choice in a menu or one box to tick. `value` is what comes back, `text` is what is read."""

    value: str
    text: str


@dataclass(frozen=True)
class Field:
    """One field. `name` makes its block id; all texts are plain.

    `initial` is what it is prefilled with: the text, the option's value or the channel's id; `on` ticks the boxes.
    """

    name: str
    label: str
    kind: Literal["text", "menu", "boxes", "channel"] = "text"
    hint: str = ""
    initial: str = ""
    options: tuple[Option, ...] = ()
    optional: bool = False
    multiline: bool = False
    longest: int = LONGEST
    on: bool = False

    @property
    def chosen(self) -> Option | None:
        """The option that is preselected."""
        return next((option for option in self.options if option.value == self.initial), None)
