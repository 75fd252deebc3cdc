"""How a KPI is measured, in words: what an offer to measure it in another way would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from messages.escaping import plain
from messages.i18n import N_, translations

UNITS: Final[Mapping[str, str]] = {
    "count": N_("A number"),
    "percent": N_("Percent"),
    "ratio": N_("A ratio"),
    "duration": N_("A duration"),
    "money": N_("Money"),
}
DIRECTIONS: Final[Mapping[str, str]] = {
    "higher": N_("More is better"),
    "lower": N_("Less is better"),
    "within": N_("Within a range"),
}
CADENCES: Final[Mapping[str, str]] = {
    "weekly": N_("Every week"),
    "biweekly": N_("Every two weeks"),
    "monthly": N_("Once a month"),
}
SHOWN_AS: Final[Mapping[str, str]] = {
    "value": N_("Each week's value"),
    "cumulative": N_("Added up since the year began"),
    "average": N_("The average of 13 weeks"),
}
_WHAT: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "unit": (N_("Unit"), UNITS),
    "currency": (N_("Currency"), {}),
    "direction": (N_("Direction"), DIRECTIONS),
    "cadence": (N_("How often"), CADENCES),
    "formula": (N_("Computed from"), {}),
}


@dataclass(frozen=True)
class Redefined:
    """One thing that a KPI's definition changes: unit, currency, direction, cadence or formula, and both values."""

    what: str
    before: str = ""
    after: str = ""


def redefined(change: Redefined, language: str) -> str:
    """Say what changes, in plain text: ``Unit: A number → Percent``."""
    gettext = translations(language).gettext
    label, words = _WHAT.get(change.what, ("", {}))

    def said(value: str) -> str:
        return gettext(words[value]) if value in words else plain(value, 300) or gettext("none")

    return f"{gettext(label) if label else plain(change.what, 20)}: {said(change.before)} → {said(change.after)}"
