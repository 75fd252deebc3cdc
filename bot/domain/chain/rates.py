"""Rates: how much of each KPI's number comes from each unit upstream."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import nnls

from bot.domain.chain.columns import Floats
from bot.domain.chain.intervals import Interval, student
from bot.domain.chain.lags import Ends, Lags
from bot.domain.chain.model import Chain, ChainLink, Series
from bot.domain.chain.results import Lack, Rate

NORM_WEEKS: Final = 13
SPLIT_WEEKS: Final = 52
LEAST_WEEKS: Final = 4
_TOO_ALIKE: Final = 1e4  # condition number of feeds that cannot be told apart

Rates = dict[Ends, Rate]


@dataclass(frozen=True)
class _Fit:
    value: float | None
    ci: Interval | None = None
    lack: Lack | None = None


def rates_at(chain: Chain, series: Series, place: int, lags: Lags) -> Rates:
    """Give each link's rate: the team's own, or one fitted on the 13 weeks before a week.

    One feed: sum of what came out over sum of what came in, over the weeks that have both. Several: non-negative least
    squares (Lawson & Hanson 1974) over up to a year, for 13 weeks seldom tell feeds apart, and then all of them scaled
    so that over the 13 weeks the sums agree, as they do for one feed. What comes over links with a rate of their own is
    taken off first.

    Args:
        chain: The chain.
        series: Its weekly values.
        place: The place of the week; it is not fitted on itself.
        lags: The lag of each link.
    """
    rates: Rates = {}
    for kpi, feeds in chain.feeds.items():
        reach = SPLIT_WEEKS if sum(feed.rate is None for feed in feeds) > 1 else NORM_WEEKS
        weeks = complete_weeks(series, kpi, feeds, lags, range(place - reach, place))
        recent = sum(week >= place - NORM_WEEKS for week in weeks)
        rates |= _into(series, kpi, feeds, lags, weeks, recent)
    return rates


def complete_weeks(
    series: Series, kpi: str, feeds: Sequence[ChainLink], lags: Lags, places: range | Sequence[int]
) -> list[int]:
    """Give the places at which a KPI and everything that feeds it there have a reading."""
    return [
        place
        for place in places
        if series.at(kpi, place) is not None
        and all(series.at(feed.source, place - lags[feed.ends]) is not None for feed in feeds)
    ]


def came_in(series: Series, feed: ChainLink, lags: Lags, place: int) -> float:
    """Give what came in over a link for a week, which is known to be there."""
    return series.at(feed.source, place - lags[feed.ends]) or 0.0


def expected(series: Series, feeds: Sequence[ChainLink], lags: Lags, rates: Rates, place: int) -> float | None:
    """Give the expected value, E = sum of rate * upstream(t - lag); None where a part of it is not known."""
    parts: list[float] = []
    for feed in feeds:
        rate, upstream = rates[feed.ends].value, series.at(feed.source, place - lags[feed.ends])
        if rate is None or upstream is None:
            return None
        parts.append(rate * upstream)
    return math.fsum(parts)


def _into(series: Series, kpi: str, feeds: Sequence[ChainLink], lags: Lags, weeks: list[int], recent: int) -> Rates:
    # By name, so that the order of the links in the chain decides nothing.
    free = sorted((feed for feed in feeds if feed.rate is None), key=lambda feed: feed.source)
    own = [feed for feed in feeds if feed.rate is not None]
    rates = {feed.ends: Rate(*feed.ends, lag=lags[feed.ends], value=feed.rate, fitted=False, weeks=0) for feed in own}
    made = [
        (series.at(kpi, place) or 0.0)
        - math.fsum((feed.rate or 0.0) * came_in(series, feed, lags, place) for feed in own)
        for place in weeks
    ]
    columns = [[came_in(series, feed, lags, place) for place in weeks] for feed in free]
    fits = [_ratio(made, columns[0])] if len(free) == 1 else _least_squares(made, columns, recent)
    for feed, fit in zip(free, fits, strict=True):
        rates[feed.ends] = Rate(
            *feed.ends,
            lag=lags[feed.ends],
            value=fit.value,
            fitted=True,
            weeks=len(weeks),
            ci=fit.ci,
            lack=fit.lack,
        )
    return rates


def _ratio(made: list[float], came: list[float]) -> _Fit:
    weeks, total = len(made), math.fsum(came)
    if weeks < LEAST_WEEKS:
        return _Fit(None, lack=Lack.NO_RATE)
    if total <= 0:
        return _Fit(None, lack=Lack.NOTHING_CAME_IN)
    rate = max(0.0, math.fsum(made) / total)
    left = math.fsum((out - rate * into) ** 2 for out, into in zip(made, came, strict=True))
    # The ratio estimator's linearised error (Cochran 1977, section 6.4): weeks differ by more than counting does.
    half = student(weeks - 1, 0.05) * math.sqrt(left * weeks / (weeks - 1)) / total
    return _Fit(rate, (max(0.0, rate - half), rate + half))


def _least_squares(made: list[float], columns: list[list[float]], recent: int) -> list[_Fit]:
    weeks, feeds = len(made), len(columns)
    if not feeds:
        return []
    if weeks < feeds + 2 or recent < LEAST_WEEKS:
        return [_Fit(None, lack=Lack.NO_RATE)] * feeds
    design = np.array(columns).T
    sizes = np.sqrt((design**2).sum(axis=0))
    if (sizes == 0).any():
        return [_Fit(None, lack=Lack.NOTHING_CAME_IN if size == 0 else Lack.NO_RATE) for size in sizes]
    design = design / sizes
    if np.linalg.cond(design) > _TOO_ALIKE:
        return [_Fit(None, lack=Lack.FEEDS_ALIKE)] * feeds
    height = max(map(abs, made)) or 1.0
    found, rest = nnls(design, np.array(made) / height)
    error = rest * math.sqrt(1 / (weeks - feeds))
    halves = student(weeks - feeds, 0.05) * error * np.sqrt(np.diag(np.linalg.inv(design.T @ design)))
    scale = height / sizes * _catch_up(found, design, np.array(made) / height, recent)
    return [
        _Fit(float(rate * by), (max(0.0, float((rate - half) * by)), float((rate + half) * by)))
        for rate, half, by in zip(found, halves, scale, strict=True)
    ]


def _catch_up(found: Floats, design: Floats, made: Floats, recent: int) -> float:
    """Give how much better all feeds do in the recent weeks than over the whole of a longer time; 1 without one."""
    hoped = float((design[-recent:] @ found).sum())
    if recent == len(made) or hoped <= 0:
        return 1.0
    return max(0.0, float(made[-recent:].sum())) / hoped
