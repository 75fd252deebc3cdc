"""Targets as they are typed into forms, and what is wrong with them in words."""

from decimal import Decimal

from bot.domain.amounts import parse_amount
from bot.domain.numbers import Ambiguous, Invalid
from bot.domain.targets import Bounds, TargetProblem, parse_target
from bot.services.readings.reports import Problem
from messages.content import KpiValue


def read_target(text: str, kpi: KpiValue, language: str) -> Bounds | Problem | None:
    """Read a target in a KPI's unit and direction; None for an empty field."""
    if not text.strip():
        return None
    read = parse_target(
        text,
        kpi.direction,
        lambda number: parse_amount(number, unit=kpi.unit, decimals=kpi.decimals, language=language),
    )
    if isinstance(read, Ambiguous):
        return Problem("ambiguous", read.text, read.choices, kpi)
    if isinstance(read, Invalid):
        return Problem(read.reason.value, text, (), kpi)
    if isinstance(read, TargetProblem):
        return Problem(read.value, text, (), kpi)
    return read


def stored(bounds: Bounds | None) -> tuple[Decimal | None, str | None, Decimal | None]:
    """Give a target as a term carries it: value, comparator, upper end."""
    return (None, None, None) if bounds is None else (bounds.value, bounds.comparator.value, bounds.upper)
