"""KPIs with a formula: nobody reports them, they are computed here whenever somebody looks at them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from bot.domain.formula import computed
from bot.domain.period import Period
from bot.domain.words import Unit
from storage import Session, kpis, readings
from storage.kpis import KpiRow

# How far back the last value of a computed KPI is looked for: a quarter, as far as its chart reaches.
WEEKS: Final = 13
_DECIMALS_OF_A_RATIO: Final = 2  # without decimals most ratios would read as zero


def values_of_team(session: Session, team_id: int, *, first: str, last: str) -> dict[int, dict[str, Decimal]]:
    """Return the values of the team's live KPIs by KPI and week, those with a formula computed.

    What was reported for a KPI before it got its formula is left out: it measured something else.
    """
    values = readings.of_team(session, team_id, first=first, last=last)
    known = kpis.formulas(session, team_id)
    formulas = {slug: formula for slug, (_, formula, _, _) in known.items() if formula}
    if not formulas:
        return values
    by_week: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for slug, (kpi_id, formula, _, _) in known.items():
        reported = values.pop(kpi_id, {})
        if not formula:
            values[kpi_id] = reported
            for week, value in reported.items():
                by_week[week][slug] = value
    for week in sorted(by_week):
        for slug, value in computed(formulas, by_week[week]).items():
            kpi_id, _, unit, decimals = known[slug]
            values[kpi_id][week] = _rounded(value, unit, decimals)
    return values


def with_computed(session: Session, team_id: int, rows: Sequence[KpiRow], period: Period) -> list[KpiRow]:
    """Give KPIs with a formula their last value up to a week; without any among them nothing is read."""
    if not any(row.formula for row in rows):
        return list(rows)
    values = values_of_team(session, team_id, first=str(period.shift(1 - WEEKS)), last=str(period))
    return [_latest(row, values.get(row.id, {})) if row.formula else row for row in rows]


def _latest(row: KpiRow, values: Mapping[str, Decimal]) -> KpiRow:
    week = max(values, default=None)
    return row._replace(value=values[week] if week else None, period=week)


def _rounded(value: Decimal, unit: str, decimals: int) -> Decimal:
    """Round a value as it is shown, so that what is held against the target is what people see."""
    places = decimals or (_DECIMALS_OF_A_RATIO if unit == Unit.RATIO else 0)
    return value.quantize(Decimal(1).scaleb(-places)) + 0
