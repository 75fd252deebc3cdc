"""A chain in a steady state: the level of each KPI, and what one more unit of it is worth in goals.

With the rates in a matrix A (downstream rows, upstream columns), levels L solve L = A L + b, where b is what first
links make, and worths V solve V = A' V + goal; both count every path, and every round of a loop. 10 % more on KPI v is
worth 0.1 * L_v * V_v. In a pure product chain that is 10 % of the goal for every KPI, whichever conversion is the
lowest.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from bot.domain.chain.columns import Floats
from bot.domain.chain.lags import Ends, Lags, downstream_of, upstream_first
from bot.domain.chain.model import Chain, Series
from bot.domain.chain.rates import NORM_WEEKS, Rates

_RUNAWAY: Final = 1 - 1e-9
MOST_RESPONSE: Final = 52  # weeks that an effect is followed for


@dataclass(frozen=True)
class Flow:
    """The links of a chain that something can be expected of: those that are not refuted and whose rate is known."""

    chain: Chain
    rates: Rates
    lags: Lags
    refuted: frozenset[Ends]
    means: dict[str, float | None]
    """What each KPI made a week, over the last 13 weeks."""

    @classmethod
    def of(
        cls, chain: Chain, series: Series, place: int, *, rates: Rates, lags: Lags, refuted: Collection[Ends]
    ) -> "Flow":
        """Make one for the week at a place."""
        weeks = range(place - NORM_WEEKS + 1, place + 1)
        means = {kpi.slug: series.mean(kpi.slug, weeks)[0] for kpi in chain.kpis}
        return cls(chain, rates, lags, frozenset(refuted), means)

    @cached_property
    def usable(self) -> dict[Ends, float]:
        """The rate of each link that counts."""
        return {
            ends: rate.value
            for ends, rate in sorted(self.rates.items())
            if rate.value is not None and rate.value > 0 and ends not in self.refuted
        }

    @cached_property
    def _places(self) -> dict[str, int]:
        return {slug: place for place, slug in enumerate(sorted(kpi.slug for kpi in self.chain.kpis))}

    @cached_property
    def _matrix(self) -> Floats:
        matrix = np.zeros((len(self._places), len(self._places)))
        for (source, target), rate in self.usable.items():
            matrix[self._places[target], self._places[source]] = rate
        return matrix

    @cached_property
    def runs_away(self) -> bool:
        """Whether more comes back round a loop than went in."""
        return bool(len(self._places) and np.abs(np.linalg.eigvals(self._matrix)).max() >= _RUNAWAY)

    @cached_property
    def levels(self) -> dict[str, float | None]:
        """What each KPI makes a week in the steady state; None where nothing is known of it."""
        made = np.zeros(len(self._places))
        unknown = set()
        for slug, place in self._places.items():
            feeds = self.chain.feeds[slug]
            if feeds and all(self.rates[feed.ends].value is not None and feed.ends in self.usable for feed in feeds):
                continue
            mean = self.means[slug]
            if mean is None:
                unknown.add(slug)
                continue
            # What the links that count do not bring is made here as far as the chain knows.
            come = sum(self.usable.get(feed.ends, 0.0) * (self.means[feed.source] or 0.0) for feed in feeds)
            made[place] = max(0.0, mean - come) if feeds else mean
        solved = np.linalg.solve(np.eye(len(made)) - self._matrix, made)
        blind = unknown | {slug for slug in self._places if any(self.reaches(other, slug) for other in unknown)}
        return {slug: None if slug in blind else float(solved[place]) for slug, place in self._places.items()}

    @cached_property
    def worths(self) -> dict[str, float]:
        """How many goals come of one more unit of each KPI, in the end; 0 where no way leads to the goal."""
        aim = np.zeros(len(self._places))
        if self.chain.goal is not None:
            aim[self._places[self.chain.goal]] = 1
        solved = np.linalg.solve((np.eye(len(aim)) - self._matrix).T, aim)
        return {slug: float(solved[place]) for slug, place in self._places.items()}

    def reaches(self, source: str, target: str) -> bool:
        """Whether links that count lead from one KPI to another; each reaches itself."""
        return target in downstream_of(source, self.usable)

    def on_the_way(self, kpi: str) -> tuple[Ends, ...]:
        """Give the links that count on any way from a KPI to the goal, in the chain's order."""
        if self.chain.goal is None:
            return ()
        return on_the_way(self.chain, kpi, self.usable)

    def response(self, kpi: str) -> Floats:
        """Give the goals that come of one more unit of a KPI in one week: in that week, one later, and so on."""
        reached = np.zeros((MOST_RESPONSE + 1, len(self._places)))
        reached[0, self._places[kpi]] = 1
        order = upstream_first(list(self._places), self.lags)
        into: dict[str, list[tuple[int, int, float]]] = {slug: [] for slug in order}
        for ends, rate in self.usable.items():
            into[ends[1]].append((self._places[ends[0]], self.lags[ends], rate))
        for week in range(MOST_RESPONSE + 1):
            for slug in order:
                for source, lag, rate in into[slug]:
                    if lag <= week:
                        reached[week, self._places[slug]] += rate * reached[week - lag, source]
        goal = self.chain.goal
        return reached[:, self._places[goal]] if goal is not None else np.zeros(MOST_RESPONSE + 1)


def on_the_way(chain: Chain, kpi: str, links: Collection[Ends]) -> tuple[Ends, ...]:
    """Give the links on any way from a KPI to the goal, in the chain's order."""
    after = downstream_of(kpi, links)
    before = downstream_of(chain.goal or "", [(target, source) for source, target in links])
    return tuple(
        link.ends for link in chain.links if link.ends in links and link.source in after and link.target in before
    )
