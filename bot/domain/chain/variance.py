"""The goal's variance in a week, and which KPI's own performance it came from, in goals.

1. Every KPI's value splits into what was expected of what came in and its own part: actual = sum of rate *
   upstream(t - lag) + own; a first link's into its target or norm and its own part.
2. Starting at the goal in the reported week, each upstream value is split in turn, its share weighted with the rates on
   the way. A loop is thereby unrolled in time. A value with a feed before the window is not split further: what it
   differs from its norm is shown as `earlier`.
3. A missing reading is passed through at what was expected of it, so that the sum stays exact; the own part of
   what it feeds then belongs to both and goes to `unattributed`, with the weeks and links by name.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from bot.domain.chain.lags import Ends, Lags, downstream_of, upstream_first
from bot.domain.chain.model import Chain, ChainLink, Series
from bot.domain.chain.rates import LEAST_WEEKS, NORM_WEEKS, Rates
from bot.domain.chain.results import Lack, Part, Untold, Variance

WINDOW: Final = 26  # weeks back to which the goal's variance is followed

_Spot = tuple[str, int]  # a KPI in a week, by its place


@dataclass(frozen=True)
class _Flow:
    """A chain's value in a spot: the reading, or what was expected of it where it is missing."""

    value: float
    is_read: bool


@dataclass
class _Tally:
    """What the walk from the goal upstream has come by."""

    plan: list[float] = field(default_factory=list)
    own: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    latest_own: dict[str, tuple[int, float]] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    earlier: list[float] = field(default_factory=list)
    unattributed: list[float] = field(default_factory=list)
    untold: dict[tuple[str, Lack], dict[int, set[Ends]]] = field(default_factory=lambda: defaultdict(dict))

    def cannot_tell(self, spot: _Spot, lack: Lack, links: set[Ends]) -> None:
        """Remember a week of a KPI, and the links that it concerns."""
        kpi, place = spot
        self.untold[kpi, lack].setdefault(place, set()).update(links)


class _Walk:
    """Follows the goal's value in one week upstream."""

    def __init__(self, chain: Chain, series: Series, place: int, lags: Lags, rates: Rates) -> None:
        self.chain, self.series, self.place, self.lags, self.rates = chain, series, place, lags, rates
        self.start = max(0, place - WINDOW + 1)
        self.norms = {kpi.slug: norm_of(chain, series, kpi.slug, place) for kpi in chain.kpis}
        self.downstream_first = upstream_first([kpi.slug for kpi in chain.kpis], lags)[::-1]
        self.flows: dict[_Spot, _Flow | None] = {}
        # Upstream and earlier first, so that each is made of what is there already.
        for week in range(self.start, place + 1):
            for kpi in reversed(self.downstream_first):
                self.flows[kpi, week] = self._flow((kpi, week))
        self.tally = _Tally()

    def follow(self, goal: str) -> _Tally:
        """Split the goal's value, downstream before upstream, and everything that it came from."""
        weights: dict[_Spot, float] = defaultdict(float)
        weights[goal, self.place] = 1.0
        for place in range(self.place, self.start - 1, -1):
            for kpi in self.downstream_first:
                weight = weights.get((kpi, place), 0.0)
                if weight:
                    for feed in self._split((kpi, place), weight):
                        rate = self.rates[feed.ends].value or 0.0
                        weights[feed.source, place - self.lags[feed.ends]] += weight * rate
        return self.tally

    def _split(self, spot: _Spot, weight: float) -> tuple[ChainLink, ...]:
        """Book a spot's own part; give the links over which the rest of it is followed."""
        kpi, place = spot
        self.tally.reached.add(kpi)
        feeds, flow = self.chain.feeds[kpi], self.flows[spot]
        if flow is None:
            return ()
        if not flow.is_read:
            outbound = {link.ends for link in self.chain.links if link.source == kpi}
            self.tally.cannot_tell(spot, Lack.NO_READING, {feed.ends for feed in feeds} | outbound)
        if not feeds:
            self._book_first(spot, weight, flow)
            return ()
        if self._is_cut(spot):
            self._book_cut(spot, weight, flow)
            return ()
        come = [(feed, self.flows[feed.source, place - self.lags[feed.ends]]) for feed in feeds]
        through = math.fsum((self.rates[feed.ends].value or 0.0) * (of.value if of else 0.0) for feed, of in come)
        guessed = {feed.ends for feed, of in come if of is not None and not of.is_read and self._counts(feed)}
        if flow.is_read and guessed:
            self.tally.unattributed.append(weight * (flow.value - through))
            self.tally.cannot_tell(spot, Lack.NO_UPSTREAM, guessed)
        elif flow.is_read:
            self._own(spot, weight, flow.value - through)
        return feeds

    def _counts(self, feed: ChainLink) -> bool:
        return bool(self.rates[feed.ends].value)

    def _own(self, spot: _Spot, weight: float, own: float) -> None:
        kpi, place = spot
        self.tally.own[kpi].append(weight * own)
        self.tally.latest_own.setdefault(kpi, (place, own))

    def _book_first(self, spot: _Spot, weight: float, flow: _Flow) -> None:
        """A first link: its own part is what it differs from its target or norm."""
        norm = self.norms[spot[0]]
        self.tally.plan.append(weight * (flow.value if norm is None else norm))
        if norm is None:
            self.tally.cannot_tell(spot, Lack.NO_NORM, set())
        elif flow.is_read:
            self._own(spot, weight, flow.value - norm)

    def _book_cut(self, spot: _Spot, weight: float, flow: _Flow) -> None:
        """A value that is not followed further, for the window ends here or a rate or a feed is not known."""
        kpi, place = spot
        norm, feeds = self.norms[kpi], self.chain.feeds[kpi]
        difference = 0.0 if norm is None else weight * (flow.value - norm)
        self.tally.plan.append(weight * (flow.value if norm is None else norm))
        unrated = {feed.ends for feed in feeds if self.rates[feed.ends].value is None}
        before = any(place - self.lags[feed.ends] < self.start for feed in feeds)
        if before and not unrated:
            self.tally.earlier.append(difference)
            return
        self.tally.unattributed.append(difference)
        lack = Lack.NO_RATE if unrated else Lack.NO_UPSTREAM
        self.tally.cannot_tell(spot, lack, unrated or {feed.ends for feed in feeds})

    def _is_cut(self, spot: _Spot) -> bool:
        kpi, place = spot
        return any(
            self.rates[feed.ends].value is None
            or place - self.lags[feed.ends] < self.start
            or self.flows[feed.source, place - self.lags[feed.ends]] is None
            for feed in self.chain.feeds[kpi]
        )

    def _flow(self, spot: _Spot) -> _Flow | None:
        """Give a spot's value: the reading, else what was expected of it, else its norm; None without any."""
        kpi, place = spot
        reading = self.series.at(kpi, place)
        if reading is not None:
            return _Flow(reading, is_read=True)
        feeds = self.chain.feeds[kpi]
        if feeds and not self._is_cut(spot):
            parts = []
            for feed in feeds:
                upstream = self.flows[feed.source, place - self.lags[feed.ends]]
                parts.append((self.rates[feed.ends].value or 0.0) * (upstream.value if upstream else 0.0))
            return _Flow(math.fsum(parts), is_read=False)
        norm = self.norms[kpi]
        return None if norm is None else _Flow(norm, is_read=False)


def variance_of(chain: Chain, series: Series, place: int, lags: Lags, rates: Rates) -> Variance:
    """Tell what the goal's variance in a week came from; the parts add up exactly.

    Args:
        chain: The chain.
        series: Its weekly values.
        place: The week's place in the series.
        lags: The lag of each link.
        rates: The rate of each link.
    """
    week = str(series.first.shift(place))
    actual = None if chain.goal is None else series.at(chain.goal, place)
    if chain.goal is None or actual is None:
        lack = Lack.NO_GOAL if chain.goal is None else Lack.NO_READING
        return Variance(week, chain.goal, actual, None, None, None, (), 0.0, 0.0, (), lack)
    tally = _Walk(chain, series, place, lags, rates).follow(chain.goal)
    plan, target = math.fsum(tally.plan), chain.kpi(chain.goal).target
    linked = downstream_of(chain.goal, [(link.target, link.source) for link in chain.links])
    return Variance(
        week=week,
        goal=chain.goal,
        actual=actual,
        plan=plan,
        total=actual - plan,
        target_gap=None if target is None else plan - target,
        parts=tuple(_part(tally, kpi.slug) for kpi in chain.kpis if kpi.slug in linked),
        earlier=math.fsum(tally.earlier),
        unattributed=math.fsum(tally.unattributed),
        untold=_untold(chain, series, tally),
    )


def norm_of(chain: Chain, series: Series, kpi: str, place: int) -> float | None:
    """Give what is usual: a first link's target; else the mean of the 13 weeks before, of at least 4 readings.

    Without them a KPI further down falls back on its target too.
    """
    target = chain.kpi(kpi).target
    if target is not None and not chain.feeds[kpi]:
        return target
    mean, readings = series.mean(kpi, range(place - NORM_WEEKS, place))
    return mean if readings >= LEAST_WEEKS else target


def _part(tally: _Tally, kpi: str) -> Part:
    own = tally.own.get(kpi)
    if own is None:
        # Where every way was followed, one that is not reached has a rate of 0 on its way, and so no goals.
        whole = kpi not in tally.reached and not tally.untold and not tally.earlier
        return Part(kpi, 0.0 if whole else None, None)
    return Part(kpi, math.fsum(own), tally.latest_own[kpi][1])


def _untold(chain: Chain, series: Series, tally: _Tally) -> tuple[Untold, ...]:
    order = {kpi.slug: nth for nth, kpi in enumerate(chain.kpis)}
    return tuple(
        Untold(
            kpi,
            tuple(str(series.first.shift(place)) for place in sorted(weeks)),
            tuple(sorted(set().union(*weeks.values()))),
            lack,
        )
        for (kpi, lack), weeks in sorted(tally.untold.items(), key=lambda item: (order[item[0][0]], item[0][1]))
    )
