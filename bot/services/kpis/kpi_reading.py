"""What was typed into a KPI's form, read on top of what the KPI is."""

from collections.abc import Mapping, Sequence

from bot.domain.formula import MOST_PARTS, Formula, circle, parse_formula
from bot.domain.spelling import normalise
from bot.domain.targets import Bounds, TargetProblem, refit
from bot.domain.words import Cadence, Direction, ShownAs
from bot.services.kpis.kpi_adding import NewKpi
from bot.services.kpis.kpi_units import read_unit, value_of
from bot.services.kpis.target_reading import read_target
from bot.services.readings.reports import Problem
from bot.services.workspaces.editing import FieldProblem, FieldProblems, one_line
from messages.content import KpiValue
from messages.kpi_fields import MOST_DECIMALS
from storage.tables import Kpi

COLUMNS = ("name", "unit", "currency", "direction", "decimals", "cadence", "formula", "shown_as")


def read_kpi(
    typed: Mapping[str, str], kpi: Kpi | None, known: Sequence[Kpi], language: str, problems: FieldProblems
) -> NewKpi:
    """Read a whole form; a field that it lacks leaves what the KPI is.

    Args:
        typed: What was typed, by field.
        kpi: The KPI that changes; None for a new one.
        known: Every KPI of the team.
        language: The person's language, for the target.
        problems: What is wrong is added here, by field.
    """
    unit, currency = read_unit(typed.get("unit", ""), problems, typed.get("currency", ""))
    decimals = value_of(typed, "decimals", [str(number) for number in range(MOST_DECIMALS + 1)], problems)
    read = NewKpi(
        name=one_line(typed.get("name", ""), problems, "name"),
        unit=unit,
        currency=currency,
        direction=value_of(typed, "direction", list(Direction), problems),
        decimals=int(decimals) if "decimals" not in problems else 0,
        cadence=_chosen(typed, "cadence", list(Cadence), kpi.cadence if kpi else Cadence.WEEKLY, problems),
        formula=_formula(typed, kpi, known, problems),
        shown_as=_chosen(typed, "shown_as", list(ShownAs), kpi.shown_as if kpi else ShownAs.VALUE, problems),
    )
    return read.aiming(read_aim(typed, read, language, problems))


def as_it_is(kpi: Kpi) -> NewKpi:
    """Give what a KPI is, without a target."""
    return NewKpi(**{column: getattr(kpi, column) for column in COLUMNS})


def read_aim(typed: Mapping[str, str], kpi: NewKpi, language: str, problems: FieldProblems) -> Bounds | None:
    """Read the target's field as the KPI will be measured; None when it is empty, or wrong."""
    shown = KpiValue(
        slug="",
        name=kpi.name,
        unit=kpi.unit,
        currency=kpi.currency,
        decimals=kpi.decimals,
        direction=kpi.direction if "direction" not in problems else Direction.HIGHER,
    )
    read = read_target(typed.get("target", ""), shown, language)
    if isinstance(read, Problem):
        problems["target"] = read
        return None
    return read


def refitted(held: Bounds | None, kpi: NewKpi, problems: FieldProblems) -> Bounds | None:
    """Turn the target that holds to a KPI's new direction; where that can't be, another one has to be written."""
    if held is None:
        return None
    turned = refit(held, kpi.direction)
    if isinstance(turned, TargetProblem):
        shown = KpiValue(slug="", name=kpi.name, unit=kpi.unit, decimals=kpi.decimals, direction=kpi.direction)
        problems.setdefault("target", Problem(turned.value, "", (), shown))
        return None
    return turned


def _chosen(typed: Mapping[str, str], name: str, allowed: Sequence[str], usual: str, problems: FieldProblems) -> str:
    return value_of(typed, name, allowed, problems) if name in typed else str(usual)


def _formula(typed: Mapping[str, str], kpi: Kpi | None, known: Sequence[Kpi], problems: FieldProblems) -> str:
    """Read the formula: as it is kept, "" for none."""
    if "formula" not in typed:
        return kpi.formula if kpi else ""
    if not typed["formula"].strip():
        return ""
    live = [one for one in known if one.archived_at is None or (kpi is not None and one.id == kpi.id)]
    read = parse_formula(typed["formula"], names_of(live))
    if not isinstance(read, Formula):
        problems["formula"] = FieldProblem(read.reason.value, {"part": read.part, "limit": MOST_PARTS})
        return ""
    if kpi is not None:
        formulas = {one.slug: one.formula for one in live if one.formula} | {kpi.slug: read.text}
        loop = circle(formulas)
        if loop is not None:
            called = {one.slug: one.name for one in live}
            problems["formula"] = FieldProblem("formula_loop", {"loop": " → ".join(called.get(s, s) for s in loop)})
            return ""
    return read.text


def names_of(live: Sequence[Kpi]) -> dict[str, str]:
    """Give the slug of each KPI by everything that a formula may call it; a slug wins over another one's name."""
    return {one.name: one.slug for one in live if normalise(one.name)} | {one.slug: one.slug for one in live}
