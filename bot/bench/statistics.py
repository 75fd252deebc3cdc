"""How often the chain's statistics are wrong, on simulated series whose truth is known."""

import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.bench.families import CARRIERS, UNRELATED, Floats, Random, commonly_driven, planted
from bot.bench.figures import Figure, median
from bot.domain.chain import Chain, ChainKpi, ChainLink, LinkStatistics, Series, Verdict
from bot.domain.chain.analysis import analyse
from bot.domain.chain.intervals import wilson
from bot.domain.chain.statistics import link_statistics
from bot.domain.period import Period

FIRST: Final = Period(2024, 1)
_PAIR: Final = Chain((ChainKpi("source"), ChainKpi("target")), (ChainLink("source", "target"),), "target")
_LAG: Final = 3

Pair = tuple[Floats, Floats]


@dataclass(frozen=True)
class Size:
    """How much is simulated: pairs of unrelated series and pairs with a lag for each kind and length, whole chains."""

    unrelated: int = 600
    planted: int = 800
    chains: int = 200
    links: int = 10
    weeks: tuple[int, ...] = (26, 52, 104)
    long: tuple[int, int, int] = (30, 40, 104)
    """KPIs, links and weeks of the chain whose processor time is measured."""


def measure(size: Size | None = None) -> list[Figure]:
    """Simulate, count, and tell the shares in percent; seeds are in the names, so that every count can be had again."""
    size = size or Size()
    figures = [_false(name, weeks, size.unrelated) for name in UNRELATED for weeks in size.weeks]
    figures += [_missed(name, 52, size.planted, bar=10) for name in CARRIERS]
    figures += [_missed(name, 26, size.planted, bar=None) for name in CARRIERS]
    figures.append(_any_false(size, list(UNRELATED), "all kinds mixed", bar=5))
    figures.append(_any_false(size, ["AR(1) 0.8"], "AR(1) 0.8 only", bar=None))
    return [*figures, _common(size.unrelated), *_cost(size)]


def verdict_of(source: Floats, target: Floats) -> LinkStatistics:
    """Give the statistics of one link between two series, the lag unknown."""
    return link_statistics(_PAIR, _series({"source": source, "target": target}))[0]


def _false(name: str, weeks: int, times: int) -> Figure:
    make = UNRELATED[name]
    said, seed = _count(
        f"{name} {weeks}",
        times,
        lambda random: (make(random, weeks), make(random, weeks)),
        lambda link: link.verdict is Verdict.HOLDS_TOGETHER,
    )
    return _share(f"said to hang together: {name}, n = {weeks}", said, times, seed, bar=5)


def _missed(name: str, weeks: int, times: int, *, bar: float | None) -> Figure:
    found, seed = _count(
        f"planted {name} {weeks}",
        times,
        lambda random: planted(random, weeks, _LAG, carrier=CARRIERS[name]),
        lambda link: link.verdict is Verdict.HOLDS_TOGETHER and link.lag == _LAG,
    )
    return _share(
        f"planted lag of 3, r 0.8, missed or another lag: {name}, n = {weeks}", times - found, times, seed, bar
    )


def _any_false(size: Size, kinds: Sequence[str], told: str, *, bar: float | None) -> Figure:
    """Count the chains of unrelated links in which any link is said to hang together."""
    kpis = tuple(ChainKpi(f"k{place}") for place in range(size.links + 1))
    links = tuple(ChainLink(f"k{place}", f"k{place + 1}") for place in range(size.links))
    chain = Chain(kpis, links, kpis[-1].slug)
    weeks, seed, said = 52, _seed(f"chains {told}"), 0
    for nth in range(size.chains):
        random = np.random.default_rng([seed, nth])
        rows = {kpi.slug: UNRELATED[kinds[place % len(kinds)]](random, weeks) for place, kpi in enumerate(kpis)}
        found = link_statistics(chain, _series(rows))
        said += any(link.verdict is Verdict.HOLDS_TOGETHER for link in found)
    name = f"chains with any of {size.links} unrelated links said to hang together: {told}, n = {weeks}"
    return _share(name, said, size.chains, seed, bar=bar)


def _common(times: int) -> Figure:
    said, seed = _count(
        "common driver",
        times,
        lambda random: commonly_driven(random, 52),
        lambda link: link.verdict is Verdict.HOLDS_TOGETHER,
    )
    return _share(
        "two KPIs that only share a driver, said to hang together (they do; it is no proof of cause), n = 52",
        *(said, times, seed, None),
    )


def _cost(size: Size) -> list[Figure]:
    count, links, weeks = size.long
    random = np.random.default_rng(_seed("cost"))
    kpis = tuple(ChainKpi(f"k{place}") for place in range(count))
    # A backbone to the goal, and links that jump ahead, so that KPIs have several feeds.
    ends = [(place, place + 1) for place in range(count - 1)]
    ends += [(place, place + 3) for place in range(links - len(ends))]
    chain = Chain(kpis, tuple(ChainLink(f"k{one}", f"k{other}") for one, other in ends), kpis[-1].slug)
    series = _series(
        {kpi.slug: random.poisson(200 / (1 + place), size=weeks).astype(np.float64) for place, kpi in enumerate(kpis)}
    )
    costs = []
    for _ in range(5):
        started = time.process_time()
        analyse(chain, series)
        costs.append((time.process_time() - started) * 1000)
    name = f"processor time of everything about a chain of {count} KPIs, {links} links, {weeks} weeks"
    return [Figure(name, median(costs), "ms", 200)]


def _count(
    name: str, times: int, make: Callable[[Random], Pair], is_it: Callable[[LinkStatistics], bool]
) -> tuple[int, int]:
    """Count for how many simulated pairs something is so; give the seed too, of which each pair has its own part."""
    seed = _seed(name)
    return sum(is_it(verdict_of(*make(np.random.default_rng([seed, nth])))) for nth in range(times)), seed


def _seed(name: str) -> int:
    return zlib.crc32(name.encode())


def _share(name: str, count: int, times: int, seed: int, bar: float | None) -> Figure:
    low, high = wilson(count, times)
    told = f"{count} of {times:,}, 95 % interval {low:.1%} to {high:.1%}, seed {seed}"
    return Figure(f"{name} ({told})", 100 * count / times, "%", bar)


def _series(values: dict[str, Floats]) -> Series:
    return Series(FIRST, {kpi: tuple(map(float, row)) for kpi, row in values.items()})
