"""The form in which terms are written: what it shows, and what was typed into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from bot.domain.numbers import Ambiguous, Invalid, NumberProblem, parse_number
from bot.domain.period import Period
from bot.services.hats import kpi_value
from bot.services.reports import Problem
from bot.services.texts import storable
from messages.agreement_content import OfferedTerm
from messages.content import KpiValue
from storage import Session, kpis
from storage.hats import HatRow
from storage.proposals import Term

EXTRA: Final = 0  # stands for the further KPI: no KPI has this id
_LONGEST_NAME = 80
_DECIMALS = -6  # the exponent of the smallest number that is stored


@dataclass(frozen=True)
class Typed:
    """What was typed into a form about terms: targets by KPI, perhaps one more KPI, and why."""

    targets: Mapping[int, str]
    extra_name: str
    extra_target: str
    reason: str


@dataclass(frozen=True)
class TermProblems:
    """Fields that could not be read, by KPI; `EXTRA` is the further KPI's target. Nothing was changed."""

    by_kpi: dict[int, Problem]


def offered_terms(session: Session, hat: HatRow, terms: Sequence[Term], on: date) -> tuple[OfferedTerm, ...]:
    """Return terms with the KPIs that they are about; those of a KPI that is gone are left out."""
    known = {row.id: row for row in kpis.of_hats(session, [hat.id], period=str(Period.of(on)))}
    return tuple(
        OfferedTerm(kpi_value(known[term.kpi_id]), term.target, known[term.kpi_id].target, kpi_id=term.kpi_id)
        if term.kpi_id in known and term.kpi_id is not None
        else OfferedTerm(KpiValue(slug="", name=term.kpi_name), term.target, is_new=True)
        for term in terms
        if term.kpi_id in known or (term.kpi_id is None and term.kpi_name)
    )


def read_terms(
    session: Session, hat: HatRow, before: Sequence[Term], typed: Typed, language: str, on: date
) -> list[Term] | TermProblems:
    """Read what was typed on top of what is on the table: an empty field stays as it was.

    The form shows one further KPI: another name takes its place, and no name takes it off the table.
    """
    rows = {row.id: row for row in kpis.of_hats(session, [hat.id], period=str(Period.of(on)))}
    problems: dict[int, Problem] = {}
    terms = []
    for term in before:
        row = rows.get(term.kpi_id or 0)
        text = typed.targets.get(row.id, "") if row else ""
        target = _read(text, kpi_value(row), term.target, language, problems, row.id) if row else term.target
        terms.append(term._replace(target=target))
    extra = next((term for term in terms if term.kpi_id is None), None)
    terms = [term for term in terms if term is not extra]
    name = storable(" ".join(typed.extra_name.split()), _LONGEST_NAME)
    if name:
        kpi = KpiValue(slug="", name=name, decimals=1)  # its unit is not known yet: fractions may be meant
        offered = extra.target if extra and extra.kpi_name == name else None
        terms.append(Term(None, name, _read(typed.extra_target, kpi, offered, language, problems, EXTRA)))
    return TermProblems(problems) if problems else terms


def _read(
    text: str, kpi: KpiValue, offered: Decimal | None, language: str, problems: dict[int, Problem], field: int
) -> Decimal | None:
    if not text.strip():
        return offered
    whole = kpi.unit == "count" and kpi.decimals == 0
    read = parse_number(text, whole=whole, language=language, allow_negative=kpi.unit != "count")
    if isinstance(read, Ambiguous):
        problems[field] = Problem("ambiguous", text, read.choices, kpi)
    elif isinstance(read, Invalid):
        problems[field] = Problem(read.reason.value, text, (), kpi)
    elif _exponent(read.value) < _DECIMALS:
        problems[field] = Problem(NumberProblem.TOO_LARGE.value, text, (), kpi)
    else:
        return read.value
    return offered


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
