"""Chains and weekly series for tests, written short."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from bot.domain.chain import Chain, ChainKpi, ChainLink, LinkStatistics, Series
from bot.domain.chain.lags import Lags
from bot.domain.chain.statistics import link_statistics
from bot.domain.period import Period

FIRST = Period(2024, 1)


def chain_of(*links: str, goal: str | None = None, targets: Mapping[str, float] | None = None) -> Chain:
    """Make a chain from links written `visits -> leads @1 *0.03`: lag (unknown without it) and rate (fitted)."""
    made = [link_of(text) for text in links]
    slugs = dict.fromkeys(end for link in made for end in link.ends)
    kpis = tuple(ChainKpi(slug, target=(targets or {}).get(slug)) for slug in slugs)
    return Chain(kpis, tuple(made), goal or made[-1].target)


def link_of(text: str) -> ChainLink:
    """Make a link from the same writing."""
    source, _, rest = text.partition(" -> ")
    target, *more = rest.split()
    lag = next((int(part[1:]) for part in more if part.startswith("@")), None)
    rate = next((float(part[1:]) for part in more if part.startswith("*")), None)
    return ChainLink(source, target, lag, rate)


def series_of(**values: Iterable[float | None]) -> Series:
    """Make series from values by KPI, `_` in a name standing for `-`; NaN is a gap."""
    rows = {name.replace("_", "-"): [_value(value) for value in row] for name, row in values.items()}
    return Series(FIRST, {name: tuple(row) for name, row in rows.items()})


def _value(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else float(value)


def lags_of(chain: Chain) -> Lags:
    """Give the declared lags."""
    return {link.ends: link.lag or 0 for link in chain.links}


def linked(source: Sequence[float | None], target: Sequence[float | None], *, lag: int | None = None) -> LinkStatistics:
    """Give the statistics of one link between two series."""
    chain = Chain((ChainKpi("source"), ChainKpi("target")), (ChainLink("source", "target", lag),))
    return link_statistics(chain, series_of(source=source, target=target))[0]
