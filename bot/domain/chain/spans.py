"""How a KPI did with what came in over a span of weeks, and how far such a span usually strays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.chain.conversions import usual_spread
from bot.domain.chain.intervals import student
from bot.domain.chain.lags import Ends, Lags
from bot.domain.chain.model import Chain, Series
from bot.domain.chain.rates import NORM_WEEKS, Rates, complete_weeks, expected
from bot.domain.chain.variance import norm_of

SPAN: Final = 4  # weeks that count as how things stand now: one odd week is no reason to change anything


@dataclass(frozen=True)
class Span:
    """What a KPI made over some weeks and what was expected of it, both summed.

    `error` is the standard deviation of the difference by chance, `freedom` what it is known with. `came_in` is what
    came in over its only feed, None where there are none or several.
    """

    weeks: int
    actual: float
    expected: float
    came_in: float | None
    error: float
    freedom: int

    def half(self, level: float) -> float:
        """Give how far the difference strays by chance, at a level such as 0.05."""
        return student(self.freedom, level) * self.error

    @property
    def value(self) -> float:
        """The conversion over the span; output over expected where several links meet."""
        base = self.expected if self.came_in is None else self.came_in
        return self.actual / base if base else 0.0

    @property
    def norm(self) -> float:
        """What `value` was expected to be."""
        base = self.expected if self.came_in is None else self.came_in
        return self.expected / base if base else 0.0


def without_links(chain: Chain, refuted: frozenset[Ends]) -> Chain:
    """Give the chain without its refuted links: nothing is expected over them."""
    return replace(chain, links=tuple(link for link in chain.links if link.ends not in refuted))


def span_of_weeks(
    chain: Chain, series: Series, kpi: str, places: Sequence[int], norm_before: int, lags: Lags, rates: Rates
) -> Span | None:
    """Give how a KPI did over some weeks against its norm; None where too little is known.

    Args:
        chain: The chain.
        series: Its weekly values.
        kpi: The KPI.
        places: The weeks, by their places; those with a reading missing are left out, at least half must be there.
        norm_before: The place before which the 13 weeks of the norm end.
        lags: The lag of each link.
        rates: Rates that were fitted on those 13 weeks.
    """
    feeds = chain.feeds[kpi]
    weeks = complete_weeks(series, kpi, feeds, lags, places)
    if not weeks or 2 * len(weeks) < len(places):
        return None
    norm = None if feeds else norm_of(chain, series, kpi, norm_before)
    hoped = [expected(series, feeds, lags, rates, place) if feeds else norm for place in weeks]
    known = [value for value in hoped if value is not None]
    spread, of = usual_spread(chain, series, range(norm_before - NORM_WEEKS, norm_before), kpi, lags, rates)
    if spread is None or len(known) < len(weeks):
        return None
    total, actual = math.fsum(known), math.fsum(series.at(kpi, place) or 0.0 for place in weeks)
    # A norm that is measured strays itself; one that the team set does not.
    measured = any(feed.rate is None for feed in feeds) if feeds else chain.kpi(kpi).target is None
    variance = spread**2
    if chain.kpi(kpi).is_count:
        variance = max(variance, total / len(weeks))
    error = math.sqrt(len(weeks) * variance * (1 + (len(weeks) / of if measured else 0)))
    came = None
    if len(feeds) == 1:
        came = math.fsum(series.at(feeds[0].source, place - lags[feeds[0].ends]) or 0.0 for place in weeks)
    return Span(len(weeks), actual, total, came, error, of - 1)
