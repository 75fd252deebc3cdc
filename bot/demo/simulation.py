"""A simulated football team, whose true rates, lags and loop are known.

Every week each first link makes its number (Poisson around its norm, times the season, times a week's luck), and
of every number a share comes through to the next link some weeks later (binomial: each visit becomes a lead or does
not). The nurture loop runs through the simulation as any other link does: leads and meetings that led nowhere are
nurtured and book meetings again. Means of the demo's chain, by hand: 4,000 visits, 120 leads, 200 contacts;
meetings M = 0.18 * 200 + 0.2 * N and nurtured leads N = 0.1 * 120 + 0.3 * M, so M is 40.9 and N is 24.3; deals
are 0.02 * 120 + 0.14 * M = 8.1. What waits, such as deals that are still open, is counted from what was made: 3 * M.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from bot.domain.period import Period

BURN_IN: Final = 80  # weeks that are thrown away, so that the loop has settled


@dataclass(frozen=True, slots=True)
class TrueLink:
    """Of each unit upstream, `rate` is made downstream, `lag` weeks later."""

    source: str
    target: str
    lag: int
    rate: float


@dataclass(frozen=True, slots=True)
class BadSpell:
    """A link that came through worse than usual, for some weeks, and then was mended."""

    source: str
    target: str
    weeks_ago: int
    """How many weeks before the last simulated one it began."""
    weeks: int
    """How many it takes, the ones that are played on included."""
    factor: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number that follows from the chain: what was made of `source` in the last so many weeks and waits since."""

    kpi: str
    source: str
    weeks: int


@dataclass(frozen=True, slots=True)
class TrueChain:
    """What is true of a team.

    `norms` are the weekly means of the first links, `spread` is their luck from week to week (standard deviation of
    the logarithm), `season` how much busier the best weeks are than the year's mean.
    """

    norms: Mapping[str, float]
    links: tuple[TrueLink, ...]
    spread: float = 0.1
    season: float = 0.08
    bad_spells: tuple[BadSpell, ...] = field(default=())
    waiting: tuple[Waiting, ...] = ()


DEMO_CHAIN: Final = TrueChain(
    norms={"call-lists": 200, "visits": 4000},
    links=(
        TrueLink("visits", "leads", 0, 0.03),
        TrueLink("call-lists", "booked-meetings", 1, 0.18),
        TrueLink("leads", "nurtured-leads", 1, 0.10),
        TrueLink("booked-meetings", "nurtured-leads", 2, 0.30),
        TrueLink("nurtured-leads", "booked-meetings", 4, 0.20),
        TrueLink("leads", "closed-deals", 2, 0.02),
        TrueLink("booked-meetings", "closed-deals", 3, 0.14),
    ),
    # The form on the landing page was broken for two weeks: visits came as ever, leads did not.
    # And for the last three weeks, and one more, calls have led to far fewer meetings: booking has no owner.
    bad_spells=(
        BadSpell("visits", "leads", weeks_ago=6, weeks=2, factor=0.55),
        BadSpell("call-lists", "booked-meetings", weeks_ago=2, weeks=4, factor=0.5),
    ),
    # A meeting is decided on three weeks later: until then it is an open deal.
    waiting=(Waiting("open-deals", "booked-meetings", weeks=3),),
)


def simulate(chain: TrueChain, *, weeks: int, last: Period, seed: int) -> dict[str, dict[Period, int]]:
    """Play a chain's weeks up to and including `last`; the same arguments always give the same numbers.

    Returns:
        The value by KPI and period, periods in order.
    """
    random = np.random.default_rng(seed)
    made: dict[str, list[int]] = defaultdict(list)
    order = _order(chain)
    total = BURN_IN + weeks
    periods = [last.shift(back) for back in range(1 - total, 1)]
    for week, period in enumerate(periods):
        for kpi in order:
            feeds = [link for link in chain.links if link.target == kpi]
            own = _own(chain, kpi, period, random)
            came = [
                random.binomial(made[link.source][week - link.lag], _rate(chain, link, total - 1 - week))
                for link in feeds
                if week >= link.lag
            ]
            made[kpi].append(own + int(sum(came)))
    for stock in chain.waiting:
        fed = made[stock.source]
        made[stock.kpi] = [sum(fed[max(0, week + 1 - stock.weeks) : week + 1]) for week in range(total)]
    return {kpi: dict(zip(periods[-weeks:], values[-weeks:], strict=True)) for kpi, values in made.items()}


def play_on(
    chain: TrueChain, history: Mapping[str, Mapping[Period, int]], period: Period, *, seed: int, weeks_on: int = 1
) -> dict[str, int]:
    """Play one more week of a chain from what was really reported before it; a number that is missing is drawn.

    `weeks_on` counts from the last simulated week: a bad spell may go on.
    """
    random = np.random.default_rng([seed, period.year, period.week])
    made: dict[str, int] = {}
    for kpi in _order(chain):
        value = _own(chain, kpi, period, random)
        for link in chain.links:
            if link.target == kpi:
                fed = history.get(link.source, {}).get(period.shift(-link.lag), made.get(link.source, 0))
                value += int(random.binomial(fed, _rate(chain, link, -weeks_on)))
        made[kpi] = value
    for stock in chain.waiting:
        fed_by = {period: made.get(stock.source, 0), **history.get(stock.source, {})}
        made[stock.kpi] = sum(fed_by.get(period.shift(-back), 0) for back in range(stock.weeks))
    return made


def _order(chain: TrueChain) -> list[str]:
    """Give the KPIs so that what feeds another in the same week comes before it."""
    waiting = list(dict.fromkeys([*chain.norms, *(link.target for link in chain.links)]))
    done: list[str] = []
    while waiting:
        ready = next(kpi for kpi in waiting if all(link.source in done for link in _at_once(chain, kpi)))
        waiting.remove(ready)
        done.append(ready)
    return done


def _at_once(chain: TrueChain, kpi: str) -> list[TrueLink]:
    return [link for link in chain.links if link.target == kpi and link.lag == 0]


def _own(chain: TrueChain, kpi: str, period: Period, random: np.random.Generator) -> int:
    norm = chain.norms.get(kpi)
    if norm is None:
        return 0
    # Busiest in the middle of March and of September, quietest in June and at Christmas.
    season = 1 + chain.season * math.cos(4 * math.pi * (period.week - 11) / 52)
    luck = random.lognormal(-(chain.spread**2) / 2, chain.spread)
    return int(random.poisson(norm * season * luck))


def _rate(chain: TrueChain, link: TrueLink, weeks_ago: int) -> float:
    """Give a link's rate in a week: its own, unless it was having a bad spell."""
    for spell in chain.bad_spells:
        within = spell.weeks_ago - spell.weeks < weeks_ago <= spell.weeks_ago
        if within and (spell.source, spell.target) == (link.source, link.target):
            return link.rate * spell.factor
    return link.rate
