"""How each KPI did in one week with what came in, and whether that is up or down or as usual."""

import math
from collections.abc import Sequence
from typing import Final

from bot.domain.chain.intervals import Interval, poisson, student, wilson
from bot.domain.chain.lags import Lags
from bot.domain.chain.model import Chain, ChainLink, Series
from bot.domain.chain.rates import NORM_WEEKS, Rates, expected
from bot.domain.chain.results import Call, Conversion, Lack
from bot.domain.chain.variance import norm_of

LEAST_TO_KNOW: Final = 8  # weeks, to know how far a number usually strays


def conversions_of(chain: Chain, series: Series, place: int, lags: Lags, rates: Rates) -> tuple[Conversion, ...]:
    """Tell of each KPI how it did in a week against its norm, in the chain's order."""
    return tuple(_one(chain, series, place, kpi.slug, lags, rates) for kpi in chain.kpis)


def _one(chain: Chain, series: Series, place: int, kpi: str, lags: Lags, rates: Rates) -> Conversion:
    feeds = chain.feeds[kpi]
    reading = series.at(kpi, place)
    if reading is None:
        return _none(kpi, feeds, Lack.NO_READING)
    if not feeds:
        return _first(chain, series, place, kpi, reading)
    upstream = [series.at(feed.source, place - lags[feed.ends]) for feed in feeds]
    if any(value is None for value in upstream):
        return _none(kpi, feeds, Lack.NO_UPSTREAM)
    hoped = expected(series, feeds, lags, rates, place)
    if hoped is None:
        return _none(kpi, feeds, next((lack for feed in feeds if (lack := rates[feed.ends].lack)), Lack.NO_RATE))
    base = upstream[0] if len(feeds) == 1 else hoped
    if base is None or base <= 0:
        return _none(kpi, feeds, Lack.NOTHING_CAME_IN)
    norm = hoped / base
    ci = _interval(chain, series, place, kpi, lags, rates, reading, base)
    return _called(kpi, feeds, reading / base, norm, ci)


def _interval(
    chain: Chain, series: Series, place: int, kpi: str, lags: Lags, rates: Rates, reading: float, base: float
) -> Interval | None:
    """Give the 95 % interval of a conversion: by counting where both ends count, else by how far weeks stray."""
    feeds = chain.feeds[kpi]
    counts = chain.kpi(kpi).is_count and all(chain.kpi(feed.source).is_count for feed in feeds)
    if counts and reading >= 0 and len(feeds) == 1 and reading <= base:
        return wilson(reading, base)
    if counts and reading >= 0:
        low, high = poisson(reading)
        return low / base, high / base
    spread, weeks = usual_spread(chain, series, range(place - NORM_WEEKS, place), kpi, lags, rates)
    if spread is None:
        return None
    half = student(weeks - 1, 0.05) * spread * math.sqrt(1 + 1 / weeks) / base
    return reading / base - half, reading / base + half


def usual_spread(
    chain: Chain, series: Series, places: range, kpi: str, lags: Lags, rates: Rates
) -> tuple[float | None, int]:
    """Give the standard deviation of a KPI's own part over some weeks, and of how many; None under 8 of them."""
    feeds = chain.feeds[kpi]
    own: list[float] = []
    for place in places:
        reading, hoped = series.at(kpi, place), expected(series, feeds, lags, rates, place)
        if reading is not None and hoped is not None:
            own.append(reading - hoped)
    if len(own) < LEAST_TO_KNOW:
        return None, len(own)
    middle = math.fsum(own) / len(own)
    return math.sqrt(math.fsum((value - middle) ** 2 for value in own) / (len(own) - 1)), len(own)


def _first(chain: Chain, series: Series, place: int, kpi: str, reading: float) -> Conversion:
    """A first link against its target or norm, with how far its weeks usually stray."""
    norm = norm_of(chain, series, kpi, place)
    if norm is None:
        return _none(kpi, (), Lack.NO_NORM)
    spread, weeks = usual_spread(chain, series, range(place - NORM_WEEKS, place), kpi, {}, {})
    if spread is None:
        return Conversion(kpi, (), reading, norm, None, Call.CANNOT_TELL, Lack.FEW_WEEKS)
    half = student(weeks - 1, 0.05) * spread * math.sqrt(1 + 1 / weeks)
    return _called(kpi, (), reading, norm, (reading - half, reading + half))


def _called(kpi: str, feeds: Sequence[ChainLink], value: float, norm: float, ci: Interval | None) -> Conversion:
    sources = tuple(feed.source for feed in feeds)
    if ci is None:
        return Conversion(kpi, sources, value, norm, None, Call.CANNOT_TELL, Lack.FEW_WEEKS)
    call = Call.UP if ci[0] > norm else Call.DOWN if ci[1] < norm else Call.AS_USUAL
    return Conversion(kpi, sources, value, norm, ci, call)


def _none(kpi: str, feeds: Sequence[ChainLink], lack: Lack) -> Conversion:
    return Conversion(kpi, tuple(feed.source for feed in feeds), None, None, None, Call.CANNOT_TELL, lack)
