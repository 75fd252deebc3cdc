"""The form in which terms are written: what it shows, and what was typed into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.domain.period import Period
from bot.domain.targets import Bounds
from bot.services.hats.hats import kpi_value
from bot.services.kpis.target_reading import read_target, stored
from bot.services.readings.reports import Problem
from bot.services.sending.texts import storable
from messages.agreement_content import OfferedTerm
from messages.content import KpiValue
from messages.definitions import Redefined
from storage import Session, kpis
from storage.hats import HatRow
from storage.kpis import KpiRow
from storage.proposals import Term

EXTRA: Final = 0  # stands for the further KPI: no KPI has this id
_LONGEST_NAME = 80
_SHOWN = ("unit", "currency", "direction")  # what of a definition says how a target is read


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
        _about(term, known[term.kpi_id])
        if term.kpi_id in known and term.kpi_id is not None
        else OfferedTerm(
            KpiValue(slug="", name=term.kpi_name),
            term.target,
            is_new=True,
            comparator=term.comparator or "",
            upper=term.upper,
        )
        for term in terms
        if term.kpi_id in known or (term.kpi_id is None and term.kpi_name)
    )


def _about(term: Term, row: KpiRow) -> OfferedTerm:
    kpi, after = kpi_value(row), dict(term.definition)
    return OfferedTerm(
        kpi,
        term.target,
        row.target,
        kpi_id=row.id,
        comparator=term.comparator or "",
        upper=term.upper,
        period=term.period or "",
        removed=term.change == "remove",
        redefined=tuple(
            Redefined(column, str(getattr(row, column) or ""), str(value or "")) for column, value in after.items()
        ),
        becomes=replace(kpi, **{column: value for column, value in after.items() if column in _SHOWN}),
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
        if row is None:
            terms.append(term)
        else:
            kpi = _about(term, row).on_the_table
            terms.append(_read(typed.targets.get(row.id, ""), kpi, term, language, problems, row.id))
    extra = next((term for term in terms if term.kpi_id is None), None)
    terms = [term for term in terms if term is not extra]
    name = storable(" ".join(typed.extra_name.split()), _LONGEST_NAME)
    if name:
        kpi = KpiValue(slug="", name=name, decimals=1)  # its unit is not known yet: fractions may be meant
        offered = extra if extra and extra.kpi_name == name else Term(None, name, None)
        terms.append(_read(typed.extra_target, kpi, offered, language, problems, EXTRA))
    return TermProblems(problems) if problems else terms


def _read(text: str, kpi: KpiValue, offered: Term, language: str, problems: dict[int, Problem], field: int) -> Term:
    """Give the term with the target that was typed; as it was offered when nothing else was, or it can't be read."""
    read = read_target(text, kpi, language)
    if isinstance(read, Problem):
        problems[field] = read
        return offered
    if read is None or _is_offered(read, kpi):
        return offered
    value, comparator, upper = stored(read)
    # Who answers with a target wants to keep the KPI.
    change = "target" if offered.change == "remove" else offered.change
    return offered._replace(target=value, comparator=comparator, upper=upper, change=change)


def _is_offered(read: Bounds, kpi: KpiValue) -> bool:
    return kpi.target is not None and read == Bounds.of(kpi.comparator, kpi.target, kpi.upper, kpi.direction)
