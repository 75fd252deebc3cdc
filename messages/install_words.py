"""What the page says on which an install in the browser ends. Plain text: the page itself escapes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from messages.i18n import N_, speech
from messages.languages import DEFAULT_LANGUAGE, LANGUAGES


@dataclass(frozen=True)
class InstallPage:
    """A title, a text, and what the link under it is called."""

    language: str
    title: str
    text: str
    label: str


_PAGES: Final[Mapping[str, tuple[str, str, str]]] = {
    "installed": (
        N_("Hattrick is installed"),
        N_("It is in %(where)s now, and has written to you how to begin. Or write /hat in your team's channel."),
        N_("Open Slack"),
    ),
    "installed_org": (
        N_("Hattrick is installed"),
        N_("Every workspace of %(where)s that you add it to can use it now. Write /hat in a team's channel to begin."),
        N_("Open Slack"),
    ),
    "cancelled": (
        N_("Nothing was installed"),
        N_("You did not allow Hattrick, so Slack has told it nothing. You can install it whenever you like."),
        N_("Install Hattrick"),
    ),
    "failed": (
        N_("That did not work"),
        N_("The page may be older than ten minutes, used already, or opened in another browser. Begin once more."),
        N_("Try again"),
    ),
    "unreachable": (
        N_("Slack did not answer"),
        N_("Nothing was installed, and what you allowed there counts no more. Wait a moment and begin once more."),
        N_("Try again"),
    ),
}


def install_page(outcome: str, *, accepted: str, where: str = "") -> InstallPage:
    """Tell how an install ended: `installed` or `installed_org` in `where`, `cancelled`, `failed` or `unreachable`.

    `accepted` is the browser's Accept-Language.
    """
    language = preferred(accepted)
    gettext, _ = speech(language)
    title, text, label = _PAGES[outcome]
    return InstallPage(language, gettext(title), gettext(text, where=where) if where else gettext(text), gettext(label))


def preferred(accepted: str) -> str:
    """Give the first language of an Accept-Language header that is spoken here; browsers send the best one first."""
    codes = (part.partition(";")[0].strip().partition("-")[0].lower() for part in accepted.split(","))
    return next((code for code in codes if code in LANGUAGES), DEFAULT_LANGUAGE)
