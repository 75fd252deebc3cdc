"""What was typed into a form as a KPI's definition."""

import re
from collections.abc import Mapping, Sequence

from bot.domain.spelling import name_key, normalise, slugify
from bot.domain.words import Unit
from bot.services.workspaces.editing import FieldProblem, FieldProblems
from messages.formats import known_currency
from storage.tables import Kpi

_CURRENCY = re.compile(r"[A-Z]{3}")
_LONGEST_SLUG = 55  # leaves room for a number


def read_unit(text: str, problems: FieldProblems, other: str = "") -> tuple[str, str | None]:
    """Read a unit's option: money comes with its currency, as `money:SEK`, or with the code of an `other` one."""
    unit, _, currency = text.partition(":")
    if unit == Unit.MONEY and not currency:
        currency = other.strip().upper()
        if not known_currency(currency):
            problems["currency"] = FieldProblem("currency_unknown", {"text": other})
            return Unit.COUNT.value, None
    known = unit in set(Unit) and (bool(_CURRENCY.fullmatch(currency)) if unit == Unit.MONEY else not currency)
    if not known:
        problems["unit"] = FieldProblem("choice_unknown")
        return Unit.COUNT.value, None
    return unit, currency or None


def refuse_taken(name: str, known: Sequence[Kpi], but: Kpi | None, problems: FieldProblems, where: str) -> None:
    """Refuse the name of another live KPI of the team; only its own names are a KPI's to keep."""
    others = [kpi for kpi in known if kpi.archived_at is None and (but is None or kpi.id != but.id)]
    if normalise(name) in {key for kpi in others for key in (normalise(kpi.name), normalise(kpi.slug))}:
        problems.setdefault(where, FieldProblem("kpi_taken", {"name": name}))


def free_slug(name: str, known: Sequence[Kpi]) -> str:
    """Make a KPI's slug from its name, with a number behind it when another KPI of the team has it."""
    taken = {kpi.key for kpi in known}
    slug = base = slugify(name)[:_LONGEST_SLUG].rstrip("-")
    number = 2
    while name_key(slug) in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def value_of(typed: Mapping[str, str], name: str, allowed: Sequence[str], problems: FieldProblems) -> str:
    """Read a menu's chosen value; one that it does not offer is a problem."""
    value = typed.get(name, "")
    if value not in allowed:
        problems[name] = FieldProblem("choice_unknown")
    return value
