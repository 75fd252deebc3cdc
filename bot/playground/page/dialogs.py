"""Small dialogs of the page itself: a question with two answers."""

from collections.abc import Callable

from nicegui import ui

from bot.playground.page.tags import button, div


async def ask(title: str, draw: Callable[[], object], *, yes: str, no: str, style: str = "hp-primary") -> bool:
    """Show a dialog with a title and what `draw` puts into it; return whether the person said yes.

    It lives as long as the element in whose context it is opened: where that goes, the answer is no.
    """
    with ui.dialog() as dialog, div("hp-modal hp-small"):
        dialog.props["aria-label"] = title
        div("hp-modal-title", title)
        with div("hp-modal-body"):
            draw()
        with div("hp-modal-foot"):
            button(no, lambda: dialog.submit("no"))
            button(yes, lambda: dialog.submit("yes"), style)
    answer = await dialog
    if not dialog.is_deleted:
        dialog.delete()
    return bool(answer == "yes")
