"""What the page has to say above everything: the app was late, a step is not possible."""

from bot.playground.page.desk import Desk
from bot.playground.page.tags import button, div, span


class Notice:
    """Show the desk's notice until somebody dismisses it or takes the next step."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with div("hp-notice", role="alert") as self._root:
            self._text = span()
            button("✕", lambda: desk.tell(""), "hp-icon hp-on-dark hp-closer", aria_label=desk.texts.close)
        self._root.visible = False

    def refresh(self) -> None:
        """Show or hide."""
        if self._text.text != self._desk.notice:
            self._text.text = self._desk.notice
        self._root.visible = bool(self._desk.notice)
