"""What the App Home is laid out from, as plain values: `home/view.json.j2` shows any row of these parts."""

from dataclasses import dataclass
from typing import Literal

from messages import ids


@dataclass(frozen=True)
class Button:
    """A button. `text` is plain; `action` is its action id, made unique where the button stands for a command."""

    value: str
    text: str
    action: str = ""
    style: Literal["", "primary", "danger"] = ""

    @property
    def action_id(self) -> str:
        """The action's id, which Slack wants to be unique within a block."""
        return self.action or f"{ids.HOME_RUN}_{self.value.partition(' ')[0]}"


@dataclass(frozen=True)
class Part:
    """One block.

    `kind`: header (plain text), text and note (mrkdwn), buttons, picture (`value` is Slack's id of the file, `text`
    what it shows in words). A text can have one of `button`, `more` (an overflow menu of up to five) or `menu` (a menu
    with `action`, of which `chosen` is preselected).
    """

    kind: Literal["header", "text", "note", "buttons", "picture"]
    text: str = ""
    buttons: tuple[Button, ...] = ()
    button: Button | None = None
    more: tuple[Button, ...] = ()
    menu: tuple[Button, ...] = ()
    chosen: Button | None = None
    action: str = ""
    value: str = ""
