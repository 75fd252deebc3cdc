"""The App Home."""

from typing import Any, Final

from messages import chain_words, environment, refusals
from messages.catalog import home_sections as sections
from messages.catalog.home_next import next_step
from messages.catalog.home_sections import Speaker
from messages.catalog.pitch import pitch as pitch_message
from messages.content import Refusal
from messages.home_content import Home
from messages.home_layout import Button, Part
from messages.i18n import language_of

_MOST_LINKS: Final = 20


def home(shown: Home, *, language: str, file_id: str = "") -> dict[str, Any]:
    """Show a person what waits for them, their hats, their team and their settings, within Slack's 100 blocks.

    Args:
        shown: What there is to show.
        language: The reader's.
        file_id: Slack's id of the pitch's picture; without one the pitch is told in words.
    """
    speaker = Speaker(language_of(language))
    parts = [
        *sections.which_team(shown, speaker),
        *next_step(shown, speaker),
        *sections.waiting(shown, speaker),
        *sections.my_hats(shown, speaker),
        *sections.one_hat(shown, speaker),
        *_pitch(shown, speaker, file_id),
        *_chain(shown, speaker),
        *sections.mine(shown, speaker),
        *sections.team(speaker),
        *sections.admins(shown, speaker),
    ]
    return environment.view("home", language, state=shown.state, parts=parts)


def home_notice(refused: Refusal, *, language: str) -> dict[str, Any]:
    """Show a refusal as the Home of somebody who has none yet."""
    return environment.view("home_notice", language, sentence=refusals.sentence(refused, language))


def _pitch(shown: Home, speaker: Speaker, file_id: str) -> list[Part]:
    """Show the team as its pitch does elsewhere."""
    _ = speaker.gettext
    if shown.pitch is None:
        return []
    parts = [Part("header", _("The team's pitch"))]
    for block in pitch_message(shown.pitch, language=speaker.language, file_id=file_id).blocks:
        if block["type"] == "image":
            parts.append(Part("picture", block["alt_text"], value=block["slack_file"]["id"]))
        elif block["type"] == "section":
            parts.append(Part("text", block["text"]["text"]))
    return [*parts, Part("note", "`/hat pitch` · `/hat list` · `/hat who`")]


def _chain(shown: Home, speaker: Speaker) -> list[Part]:
    """Show each link with what it won or lost; what has not been computed is not computed here."""
    _ = speaker.gettext
    lines = []
    for link in shown.chain.links[:_MOST_LINKS]:
        said = [str(speaker.say.link(link)).strip()]
        if shown.chain.known:
            said += [_goals(link.goals, speaker), chain_words.short_verdict(speaker.language, link.verdict)]
        lines.append("• " + " · ".join(filter(None, said)))
    if len(shown.chain.links) > _MOST_LINKS:
        lines.append(speaker.more(len(shown.chain.links) - _MOST_LINKS))
    told = "\n".join(lines) or _("No KPIs are linked yet. Link two, and I'll tell what each link wins and loses.")
    if lines and not shown.chain.known:
        told += "\n" + _("What each link won or lost last week is shown once the chain has been computed.")
    buttons = (
        Button("chain", _("The whole chain")),
        Button("whatif", _("What if …")),
        Button("kpi", _("All KPIs")),
        Button("link", _("Link two KPIs")),
        *((Button("?unlink", _("Unlink")),) if lines else ()),
        Button("digest", _("Last digest")),
    )
    return [
        Part("header", _("The chain last week")),
        Part("text", told),
        Part("buttons", buttons=buttons),
        Part("note", "`/hat chain` · `/hat whatif` · `/hat kpi` · `/hat link` · `/hat unlink` · `/hat digest`"),
    ]


def _goals(goals: float | None, speaker: Speaker) -> str:
    if goals is None:
        return ""
    rounded = round(goals, 1)
    said = speaker.formats.number(abs(rounded), 1)
    if not rounded:
        return speaker.gettext("as expected")
    if rounded > 0:
        return speaker.gettext("won %(number)s goals", number=said)
    return speaker.gettext("lost %(number)s goals", number=said)
