"""Messages about hat checks, and about who reaches for which hat."""

from decimal import Decimal
from typing import Any

from messages import environment
from messages.content import Message
from messages.escaping import cut, plain
from messages.evidence_content import CheckSwitched, HatChecked, HatCheckForm, HatEvidence, OwnEvidence
from messages.formats import Formats
from messages.i18n import language_of
from messages.packing import pack

_LINES_ROOM = 8_000  # characters of all lines, of the about 13,200 that Slack takes in one message
_CHART_POINTS = 13


def hat_check_modal(form: HatCheckForm, *, language: str) -> dict[str, Any]:
    """Give the form in which a member ticks the hats that they wore. `form.options` must not be empty."""
    ticked = [option for option in form.options if option.ticked]
    return environment.view("hat_check_modal", language, form=form, ticked=ticked)


def hat_checked(checked: HatChecked, *, language: str) -> dict[str, Any]:
    """Give the view that takes the form's place after it was saved."""
    return environment.view("hat_checked", language, checked=checked)


def check_switched(switched: CheckSwitched, *, language: str) -> Message:
    """Say that the hat check is on or off now, for the reader or for their team."""
    sentences = environment.text("check_switched", language, switched=switched)
    return environment.message("check_switched", language, switched=switched, sentences=sentences)


def hat_evidence(shown: HatEvidence, *, language: str) -> Message:
    """Show who does what for a hat, its natural owner or what is missing, and how many share it week by week."""
    say = environment.sayings(language)
    packed = pack((str(say.evidence_line(line)) for line in shown.lines), room=_LINES_ROOM)
    return environment.message(
        "hat_evidence",
        language,
        shown=shown,
        sections=packed.texts,
        hidden=len(shown.lines) - packed.lines,
        trend=shown.trend,
        points=_points(shown.trend, language),
    )


def own_evidence(shown: OwnEvidence, *, language: str) -> Message:
    """Show a member what is kept of them, and how to stop and delete it."""
    say = environment.sayings(language)
    packed = pack((str(say.own_line(hat, line)) for hat, line in shown.hats), room=_LINES_ROOM)
    return environment.message(
        "own_evidence",
        language,
        shown=shown,
        title=environment.text("own_evidence", language, shown=shown),
        sections=packed.texts,
        hidden=len(shown.hats) - packed.lines,
    )


def evidence_forgotten(*, language: str) -> Message:
    """Say that everything that was kept of the reader is deleted."""
    sentences = environment.text("evidence_forgotten", language)
    return environment.message("evidence_forgotten", language, sentences=sentences)


def _points(trend: tuple[tuple[str, Decimal], ...], language: str) -> list[tuple[str, Decimal]]:
    """Give the chart's points, each week once, oldest first."""
    formats = Formats(language_of(language))
    shown = trend[-_CHART_POINTS:]
    return list({cut(plain(formats.weeklabel(week), 20), 20): number for week, number in shown}.items())
