"""Which lag counts for each link: declared, found in the numbers, or assumed."""

from collections.abc import Collection, Iterable, Sequence
from graphlib import TopologicalSorter
from itertools import pairwise

from bot.domain.chain.model import Chain
from bot.domain.chain.results import LinkStatistics, Verdict
from bot.domain.loops import loop_at_once

Ends = tuple[str, str]
Lags = dict[Ends, int]


def counting_lags(chain: Chain, statistics: Iterable[LinkStatistics]) -> Lags:
    """Give each link's lag in weeks: the declared one, else the one that the numbers show, else the assumed one.

    Where lags that were found or assumed would let a loop take no time, an undeclared link of the loop takes a week.
    """
    found = {(link.source, link.target): link.lag for link in statistics if link.verdict is Verdict.HOLDS_TOGETHER}
    lags = {
        link.ends: link.lag if link.lag is not None else found.get(link.ends, link.assumed_lag) for link in chain.links
    }
    undeclared = sorted(link.ends for link in chain.links if link.lag is None)
    while (loop := loop_at_once((*ends, lag) for ends, lag in sorted(lags.items()))) is not None:
        around = set(pairwise(loop))
        lags[next(ends for ends in undeclared if ends in around)] = 1
    return lags


def upstream_first(kpis: Sequence[str], lags: Lags) -> list[str]:
    """Order KPIs so that what feeds another in the same week comes before it."""
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(kpis, ()))
    for (source, target), lag in lags.items():
        if lag == 0:
            sorter.add(target, source)
    return list(sorter.static_order())


def downstream_of(kpi: str, links: Collection[Ends]) -> set[str]:
    """Give a KPI and all that links lead to from it."""
    reached, waiting = {kpi}, [kpi]
    while waiting:
        source = waiting.pop()
        found = {target for start, target in links if start == source} - reached
        reached |= found
        waiting.extend(sorted(found))
    return reached
