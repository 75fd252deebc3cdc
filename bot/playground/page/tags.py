"""Small pieces of the page. People's words go in as text or as HTML from `mrkdwn`, never into a props string."""

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from bot.playground.model import User

# Returns nothing of interest, or an awaitable that NiceGUI awaits.
Handler = Callable[[], object]


class Tag(TextElement):
    """An HTML element with classes, a text and attributes; underscores in attribute names become dashes."""

    def __init__(self, tag: str, classes: str = "", text: str = "", **attributes: Any) -> None:
        super().__init__(tag=tag, text=text)
        self.classes(classes)
        for name, value in attributes.items():
            self.props[name.strip("_").replace("_", "-")] = value

    def turn(self, attribute: str, *, on: bool) -> None:
        """Set an attribute to `true` or `false`; the browser hears of it only when it changed."""
        value = "true" if on else "false"
        if self.props.get(attribute) != value:
            self.props[attribute] = value

    def look(self, style: str, *, on: bool) -> None:
        """Give the element a class or take it away; the browser hears of it only when it changed."""
        if (style in self.classes) != on:
            self.classes(add=style if on else None, remove=None if on else style)

    def press(self, handler: Handler) -> "Tag":
        """Call `handler` on a click, without sending the browser's event along."""
        self.on("click", handler, [])
        return self


def div(classes: str = "", text: str = "", **attributes: Any) -> Tag:
    """Make a block; use it in a `with` to fill it."""
    return Tag("div", classes, text, **attributes)


def span(classes: str = "", text: str = "", **attributes: Any) -> Tag:
    """Make a run of text."""
    return Tag("span", classes, text, **attributes)


def button(text: str, handler: Handler, classes: str = "", **attributes: Any) -> Tag:
    """Make a button of the page's own look."""
    return Tag("button", f"hp-button {classes}", text, type="button", **attributes).press(handler)


def menu_under(opener: Tag) -> ui.menu:
    """Hang a menu under a button that opens it; use it in a `with` to fill it."""
    with opener:
        menu = ui.menu().props("no-parent-event")
    opener.press(menu.open)
    return menu


def markup(html: str, classes: str = "") -> None:
    """Show HTML from `mrkdwn` or `rich_text`; the browser sanitises it once more."""
    ui.html(html, sanitize=True).classes(f"hp-text {classes}")


def initials(name: str) -> str:
    """Return up to two initials."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


def avatar(user: User | None, name: str, classes: str = "") -> Tag:
    """Show a member's initials on the member's colour; a bot's are square."""
    color = user.color if user and len(user.color) == 6 and user.color.isalnum() else "7a857f"
    shape = " hp-bot" if user and user.is_bot else ""
    mark = div(f"hp-avatar{shape} {classes}", initials(name), aria_hidden="true")
    mark.style(f"--hue: #{color}")
    return mark
