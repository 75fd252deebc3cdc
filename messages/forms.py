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

    `initial` is what it is prefilled with: the text, the option's value, the channel's id or a time such as `08:00`;
    `on` ticks all boxes, `ticked` those with these values.
    """

    name: str
    label: str
    kind: Literal["text", "menu", "boxes", "channel", "time", "date", "person"] = "text"
    hint: str = ""
    initial: str = ""
    options: tuple[Option, ...] = ()
    optional: bool = False
    multiline: bool = False
    longest: int = LONGEST
    on: bool = False
    ticked: tuple[str, ...] = ()

    @property
    def boxes_ticked(self) -> tuple[Option, ...]:
        """The boxes that are ticked."""
        return tuple(option for option in self.options if self.on or option.value in self.ticked)

    @property
    def chosen(self) -> Option | None:
        """The option that is preselected."""
        return next((option for option in self.options if option.value == self.initial), None)
