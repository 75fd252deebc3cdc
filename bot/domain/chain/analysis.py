"""What the services ask of a chain: everything about a week, what-if, and a look back."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import numpy as np

from bot.domain.chain.conversions import conversions_of
from bot.domain.chain.flow import Flow, on_the_way
from bot.domain.chain.focus import worth_and_focus
from bot.domain.chain.lags import Ends, Lags, counting_lags
from bot.domain.chain.looking_back import looked_back
from bot.domain.chain.model import MOST_LAG, Chain, ChainError, Series
from bot.domain.chain.rates import Rates, rates_at
from bot.domain.chain.results import Analysis, Lack, LinkStatistics, LookBack, Verdict, WhatIf
from bot.domain.chain.statistics import link_statistics
from bot.domain.chain.vanity import vain_links
from bot.domain.chain.variance import variance_of
from bot.domain.period import Period

_SETTLED: Final = 1e-3  # of the eventual change: nearer than that it has come about


def analyse(chain: Chain, series: Series, *, week: Period | None = None, max_lag: int = MOST_LAG) -> Analysis:
    """Tell everything about a chain in one week. The same chain and series always give the same.

    Args:
        chain: The chain.
        series: Its weekly values; those after `week` do not count.
        week: The reported week; the last of the series without it.
        max_lag: The longest lag, in weeks, that is tried where none is declared.

    Raises:
        ChainError: The series has no such week, or its numbers grow beyond all measure.
    """
    series, place = _known(series, week)
    with _within_measure():
        return _analysed(chain, series, place, max_lag)


def _analysed(chain: Chain, series: Series, place: int, max_lag: int) -> Analysis:
    statistics = link_statistics(chain, series, max_lag=max_lag)
    lags, rates, flow = _steady(chain, series, place, statistics)
    worth, focus = worth_and_focus(chain, series, place, lags, flow, _verdicts(statistics))
    variance = variance_of(chain, series, place, lags, rates)
    if not all(map(math.isfinite, (part.goals or 0.0 for part in variance.parts))) or not math.isfinite(
        variance.total or 0.0
    ):
        raise OverflowError
    return Analysis(
        week=str(series.first.shift(place)),
        links=statistics,
        rates=tuple(rates[link.ends] for link in chain.links),
        conversions=conversions_of(chain, series, place, lags, rates),
        variance=variance,
        worth=worth,
        focus=focus,
        vanity=vain_links(chain, series, place, lags),
    )


def what_if(
    chain: Chain,
    series: Series,
    kpi: str,
    relative_change: float,
    *,
    statistics: Sequence[LinkStatistics] | None = None,
    week: Period | None = None,
) -> WhatIf:
    """Tell what is expected of the goals when a KPI changes for good by a share, 0.1 for 10 % more.

    Args:
        chain: The chain.
        series: Its weekly values.
        kpi: The KPI that changes.
        relative_change: By which share, at least -1.
        statistics: Those of an earlier `analyse`, to save the time; made anew without them.
        week: The last week that is known; the last of the series without it.

    Raises:
        ChainError: There is no such KPI or week, or the change is no number from -1.
    """
    if kpi not in {known.slug for known in chain.kpis}:
        raise ChainError(f"There is no KPI {kpi} in the chain.")
    if not -1 <= relative_change < float("inf"):
        raise ChainError("A KPI can change by any share from -100 % upwards.")
    series, place = _known(series, week)
    links = link_statistics(chain, series) if statistics is None else statistics
    with _within_measure():
        flow = _steady(chain, series, place, links)[2]
    verdicts, way = _verdicts(links), flow.on_the_way(kpi)
    not_shown = tuple(ends for ends in way if verdicts.get(ends) is not Verdict.HOLDS_TOGETHER)
    refuted = tuple(
        ends for ends in on_the_way(chain, kpi, [link.ends for link in chain.links]) if ends in flow.refuted
    )
    lack = _why_not(flow, kpi)
    level = None if lack else flow.levels[kpi]
    if lack is not None or level is None:
        return WhatIf(kpi, relative_change, None, (), None, way, not_shown, refuted, lack or Lack.NO_READING)
    extra = relative_change * level
    eventually = extra * flow.worths[kpi]
    with _within_measure():
        per_week = _until_settled(extra * np.cumsum(flow.response(kpi)), eventually)
    goals_now = flow.levels[chain.goal] if chain.goal is not None else None
    return WhatIf(kpi, relative_change, goals_now, per_week, eventually, way, not_shown, refuted)


def look_back(
    chain: Chain,
    series: Series,
    kpi: str,
    made: Period,
    *,
    statistics: Sequence[LinkStatistics] | None = None,
    week: Period | None = None,
) -> LookBack:
    """Tell how a recommendation turned out, from four weeks after it.

    Args:
        chain: The chain.
        series: Its weekly values.
        kpi: The KPI of the recommendation (`Focus.kpi`).
        made: The week that the recommendation was about.
        statistics: Those of an earlier `analyse`, to save the time; made anew without them.
        week: The last week that is known; the last of the series without it.

    Raises:
        ChainError: There is no such KPI or week.
    """
    if kpi not in {known.slug for known in chain.kpis}:
        raise ChainError(f"There is no KPI {kpi} in the chain.")
    series, place = _known(series, week)
    links = link_statistics(chain, series) if statistics is None else statistics
    lags, _, flow = _steady(chain, series, place, links)
    return looked_back(chain, series, kpi, series.place(made), place, lags, flow)


@contextmanager
def _within_measure() -> Iterator[None]:
    """Refuse rates that make more of a loop, week by week, than a number can hold: nothing true comes of infinities."""
    try:
        with np.errstate(over="raise"):
            yield
    except (FloatingPointError, OverflowError) as error:
        raise ChainError("The numbers of this chain grow beyond all measure; look at its rates.") from error
    except ValueError as error:
        if "fsum" not in str(error):
            raise
        raise ChainError("The numbers of this chain grow beyond all measure; look at its rates.") from error


def _known(series: Series, week: Period | None) -> tuple[Series, int]:
    """Cut a series after the reported week; give the place of that."""
    place = series.weeks - 1 if week is None else series.place(week)
    if not 0 <= place < series.weeks:
        raise ChainError(f"There are no readings for {week or 'any week'}.")
    return series if week is None else series.until(week), place


def _steady(chain: Chain, series: Series, place: int, statistics: Sequence[LinkStatistics]) -> tuple[Lags, Rates, Flow]:
    lags = counting_lags(chain, statistics)
    rates = rates_at(chain, series, place, lags)
    refuted = [(link.source, link.target) for link in statistics if link.verdict is Verdict.OPPOSITE]
    return lags, rates, Flow.of(chain, series, place, rates=rates, lags=lags, refuted=refuted)


def _verdicts(statistics: Sequence[LinkStatistics]) -> dict[Ends, Verdict]:
    return {(link.source, link.target): link.verdict for link in statistics}


def _why_not(flow: Flow, kpi: str) -> Lack | None:
    if flow.chain.goal is None:
        return Lack.NO_GOAL
    if flow.runs_away:
        return Lack.RUNAWAY_LOOP
    return None if flow.reaches(kpi, flow.chain.goal) else Lack.NO_WAY_TO_GOAL


def _until_settled(changes: np.ndarray, eventually: float) -> tuple[float, ...]:
    settled = np.abs(changes - eventually) <= _SETTLED * abs(eventually)
    unsettled = np.flatnonzero(~settled)
    weeks = int(unsettled[-1]) + 2 if len(unsettled) else 1
    return tuple(float(change) for change in changes[:weeks])
