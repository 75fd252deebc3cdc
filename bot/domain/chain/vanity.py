"""The guard against vanity: a KPI that grew for weeks while its linked one, after the lag, did not."""

import math
from dataclasses import dataclass
from typing import Final

from bot.domain.chain.intervals import normal, student
from bot.domain.chain.lags import Lags
from bot.domain.chain.model import Chain, ChainLink, Series
from bot.domain.chain.results import Vanity

WEEKS: Final = 8
LEAST_GROWTH: Final = 0.1
_GAPS: Final = 1  # readings that may be missing of the 8 weeks


@dataclass(frozen=True)
class _Growth:
    """How much a KPI grew from the first 4 of 8 weeks to the last 4: the log of the ratio, and its error.

    Of counts the error is never less than counting gives.
    """

    log: float
    error: float
    freedom: int
    rises: bool
    """Whether the weeks rise one after the other more than chance makes them."""


def vain_links(chain: Chain, series: Series, place: int, lags: Lags) -> tuple[Vanity, ...]:
    """Give the links whose upstream KPI grew while the downstream one did not follow.

    Upstream must rise over 8 weeks (Mann-Kendall, 5 % over all links), by 10 % or more from the first half to the
    last; downstream, as many weeks later as the lag, must have grown by less than a third of that, and its interval
    must leave out having grown as much.
    """
    level = 0.05 / max(len(chain.links), 1)
    found = (_one(chain, series, place, link, lags[link.ends], level) for link in chain.links)
    return tuple(vanity for vanity in found if vanity is not None)


def _one(chain: Chain, series: Series, place: int, link: ChainLink, lag: int, level: float) -> Vanity | None:
    if any(chain.kpi(end).direction != "higher" for end in link.ends):
        return None
    source = _growth(chain, series, link.source, place - lag, level)
    target = _growth(chain, series, link.target, place, level)
    if source is None or target is None or not source.rises or source.log < math.log1p(LEAST_GROWTH):
        return None
    reach = target.log + student(target.freedom, 0.05) * math.hypot(target.error, source.error)
    if target.rises or target.log > source.log / 3 or reach >= source.log:
        return None
    return Vanity(link.source, link.target, lag, WEEKS, math.expm1(source.log), math.expm1(target.log))


def _growth(chain: Chain, series: Series, kpi: str, last: int, level: float) -> _Growth | None:
    readings = [series.at(kpi, place) for place in range(last - WEEKS + 1, last + 1)]
    early = [value for value in readings[: WEEKS // 2] if value is not None]
    late = [value for value in readings[WEEKS // 2 :] if value is not None]
    there = [*early, *late]
    if len(there) < WEEKS - _GAPS or min(there) < 0 or not math.fsum(early) or not math.fsum(late):
        return None
    means = [math.fsum(half) / len(half) for half in (early, late)]
    spread = _spread_about_a_line(there)
    error = math.hypot(
        *(
            math.sqrt(max(spread, mean if chain.kpi(kpi).is_count else 0.0) / len(half)) / mean
            for half, mean in zip((early, late), means, strict=True)
        )
    )
    return _Growth(math.log(means[1] / means[0]), error, len(there) - 2, _rises(there, level))


def _spread_about_a_line(values: list[float]) -> float:
    """Give the variance of weeks about a straight course: what they grew is no chance."""
    count = len(values)
    middle, mean = (count - 1) / 2, math.fsum(values) / count
    slope = math.fsum((place - middle) * value for place, value in enumerate(values)) / (count * (count**2 - 1) / 12)
    return math.fsum((value - mean - slope * (place - middle)) ** 2 for place, value in enumerate(values)) / (count - 2)


def _rises(values: list[float], level: float) -> bool:
    """Test for a rise (Mann 1945, Kendall 1975), one-sided, with ties."""
    count = len(values)
    pairs = ((early, late) for place, early in enumerate(values) for late in values[place + 1 :])
    steps = sum(1 if late > early else -1 if late < early else 0 for early, late in pairs)
    ties = sum(n * (n - 1) * (2 * n + 5) for n in (values.count(value) for value in set(values)))
    variance = (count * (count - 1) * (2 * count + 5) - ties) / 18
    return variance > 0 and (steps - 1) / math.sqrt(variance) > normal(2 * level)
