"""Members, hats and other things with names, as they are named in a sentence."""

import re
from collections.abc import Iterable

from messages.content import Person
from messages.escaping import mrkdwn, plain
from messages.i18n import N_, translations

_MEMBER = re.compile(r"[UW][A-Z0-9]{2,20}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,20}")
_POSITIONS = {
    "defender": N_("Defender"),
    "midfielder": N_("Midfielder"),
    "forward": N_("Forward"),
    "libero": N_("Libero"),
}
_LINES = {
    "defender": N_("Defenders"),
    "midfielder": N_("Midfielders"),
    "forward": N_("Forwards"),
    "libero": N_("Liberos"),
}
_SIDES = {"sales": N_("sales"), "marketing": N_("marketing")}


class Naming:
    """How one language names people and the places on the pitch."""

    def __init__(self, language: str) -> None:
        self.gettext = translations(language).gettext

    def mention(self, person: Person) -> str:
        """Mention a member, which pings them when the message is posted; the name alone when the id is not Slack's."""
        return f"<@{person.slack_id}>" if _MEMBER.fullmatch(person.slack_id) else self.named(person)

    def named(self, person: Person, limit: int = 80) -> str:
        """Name a member in mrkdwn without pinging them."""
        return mrkdwn(person.name, limit) if person.name.strip() else self.gettext("a colleague")

    def plainly(self, person: Person, limit: int = 60) -> str:
        """Name a member in a plain text."""
        return plain(person.name, limit) if person.name.strip() else self.gettext("a colleague")

    def together(self, names: Iterable[str], most: int = 5, total: int | None = None) -> str:
        """Join names that are already escaped: ``Anna, Bo and 3 more``; `total` when `names` are not all of them."""
        listed = list(names)
        shown = listed[:most]
        if hidden := max(0, (len(listed) if total is None else total) - len(shown)):
            shown.append(self.gettext("%(number)s more") % {"number": hidden})
        if len(shown) < 2:  # noqa: PLR2004 (one needs no 'and')
            return "".join(shown)
        return self.gettext("%(several)s and %(last)s") % {"several": ", ".join(shown[:-1]), "last": shown[-1]}

    def position(self, position: str) -> str:
        """Name a place on the pitch."""
        return self._word(_POSITIONS, position)

    def line(self, position: str) -> str:
        """Name everybody who plays in a place on the pitch."""
        return self._word(_LINES, position)

    def side(self, side: str) -> str:
        """Name a half of the team."""
        return self._word(_SIDES, side)

    def _word(self, words: dict[str, str], word: str) -> str:
        return self.gettext(words[word]) if word in words else mrkdwn(word, 30)


def member_id(person: Person | None) -> str:
    """Give a member's id where Slack wants one; nothing when it is not Slack's."""
    return person.slack_id if person and _MEMBER.fullmatch(person.slack_id) else ""


def channel(channel_id: str | None) -> str:
    """Link a channel; nothing when the id is not Slack's."""
    return f"<#{channel_id}>" if channel_id and _CHANNEL.fullmatch(channel_id) else ""
