"""Four weeks after a recommendation: did that link move, and did the goals?"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from bot.domain.chain.flow import Flow
from bot.domain.chain.intervals import student
from bot.domain.chain.lags import Lags
from bot.domain.chain.model import Chain, Series
from bot.domain.chain.rates import NORM_WEEKS, rates_at
from bot.domain.chain.results import Call, Lack, LookBack, Moved
from bot.domain.chain.spans import SPAN, Span, span_of_weeks

LOOK_BACK_WEEKS: Final = SPAN


def looked_back(chain: Chain, series: Series, kpi: str, made: int, now: int, lags: Lags, flow: Flow) -> LookBack:
    """Hold the 4 weeks after a recommendation against the 4 before it.

    Args:
        chain: The chain.
        series: Its weekly values.
        kpi: The KPI whose performance was to be restored.
        made: The place of the week that the recommendation was about.
        now: The place of the last week that is known.
        lags: The lag of each link.
        flow: The chain in its steady state, for how long the way to the goal takes.
    """
    way = _weeks_to_goal(flow, kpi)
    last = made + LOOK_BACK_WEEKS
    made_in = str(series.first.shift(made))
    waiting = Moved(None, None, None, None, Call.CANNOT_TELL, Lack.FEW_WEEKS)
    if now < last:
        return LookBack(kpi, made_in, ready=False, link=waiting, goals=waiting)
    link = _link_moved(chain, series, kpi, made, lags)
    goals = waiting
    if chain.goal is None:
        goals = Moved(None, None, None, None, Call.CANNOT_TELL, Lack.NO_GOAL)
    elif now >= last + way:
        before, after = range(made - SPAN + 1, made + 1), range(made + 1 + way, last + way + 1)
        goals = _level_moved(chain, series, chain.goal, before, after)
    return LookBack(kpi, made_in, ready=now >= last + way, link=link, goals=goals)


def _weeks_to_goal(flow: Flow, kpi: str) -> int:
    """Give after how many weeks most of what a KPI brings reaches the goal."""
    response = flow.response(kpi)
    return int(np.argmax(np.round(response, 12)))


def _link_moved(chain: Chain, series: Series, kpi: str, made: int, lags: Lags) -> Moved:
    """Hold a KPI's performance after against before, both with the rates that were known before."""
    start = made - SPAN + 1
    rates = rates_at(chain, series, start, lags)
    spans = [
        span_of_weeks(chain, series, kpi, places, start, lags, rates)
        for places in (range(start, made + 1), range(made + 1, made + SPAN + 1))
    ]
    before, after = spans
    if before is None or after is None:
        return Moved(None, None, None, None, Call.CANNOT_TELL, Lack.FEW_WEEKS)
    values = (before.value, after.value)
    if not chain.feeds[kpi]:
        values = (before.actual / before.weeks, after.actual / after.weeks)
    if min(before.actual, after.actual, before.expected, after.expected) <= 0:
        return Moved(*values, None, None, Call.CANNOT_TELL, Lack.NOTHING_CAME_IN)
    log = math.log(after.actual / after.expected) - math.log(before.actual / before.expected)
    return _moved(values, log, math.hypot(_share(before), _share(after)), before.freedom)


def _share(span: Span) -> float:
    return span.error / span.actual


def _level_moved(chain: Chain, series: Series, kpi: str, before: Sequence[int], after: Sequence[int]) -> Moved:
    early, late = (_readings(series, kpi, places) for places in (before, after))
    if min(len(early), len(late)) < SPAN // 2:
        return Moved(None, None, None, None, Call.CANNOT_TELL, Lack.NO_READING)
    means = (math.fsum(early) / len(early), math.fsum(late) / len(late))
    history = _readings(series, kpi, range(before[0] - NORM_WEEKS, before[0]))
    if min(means) <= 0 or len(history) < SPAN:
        lack = Lack.NOTHING_CAME_IN if min(means) <= 0 else Lack.FEW_WEEKS
        return Moved(*means, None, None, Call.CANNOT_TELL, lack)
    middle = math.fsum(history) / len(history)
    variance = math.fsum((value - middle) ** 2 for value in history) / (len(history) - 1)
    if chain.kpi(kpi).is_count:
        variance = max(variance, *means)
    error = math.hypot(
        math.sqrt(variance / len(early)) / means[0],
        math.sqrt(variance / len(late)) / means[1],
    )
    return _moved(means, math.log(means[1] / means[0]), error, len(history) - 1)


def _readings(series: Series, kpi: str, places: Sequence[int]) -> list[float]:
    return [value for value in (series.at(kpi, place) for place in places) if value is not None]


def _moved(values: tuple[float, float], log: float, error: float, freedom: int) -> Moved:
    half = student(freedom, 0.05) * error
    low, high = _exp(log - half), _exp(log + half)
    call = Call.UP if low > 1 else Call.DOWN if high < 1 else Call.AS_USUAL
    return Moved(*values, _exp(log), (low, high), call)


def _exp(value: float) -> float:
    return math.exp(min(value, 700.0))
