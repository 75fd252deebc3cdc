"""Whether linked KPIs hang together: lag, rank correlation, interval, p-value and verdict of each link.

For each lag the partial rank correlation is taken of what is downstream in week t with what is upstream in week t -
lag, beside slow courses, rhythms, the latest earlier reading downstream (own past) and the latest one upstream before
week t - lag. With the pasts of both sides taken off, two random walks are as unlinked as two rows of noise (Granger &
Newbold 1974 show what happens without). p is by Student's t, corrected for the lags that were tried (Sidak) and for the
links of the chain (Holm 1979).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.special import ndtri, stdtr

from bot.domain.chain.alone import Alone, look_at
from bot.domain.chain.columns import Floats, Mask, Places, beside, nested, ranks_of, rounded, slow, waves
from bot.domain.chain.model import MOST_LAG, MOST_WEEKS, Chain, ChainLink, Series
from bot.domain.chain.results import LinkStatistics, Remark, Verdict

LEAST_PAIRS: Final = 8
LEVEL: Final = 0.05
SHORT: Final = 26  # pairs
_LEAST_FREEDOM: Final = 2
_PASTS: Final = 1  # degree of freedom given up, for own pasts are estimated with a bias in short series
_CERTAIN: Final = 1 - 1e-12
_UNUSABLE: Final = {Remark.CONSTANT_SOURCE, Remark.EXPLAINED_BY_ITSELF}


@dataclass(frozen=True)
class _AtLag:
    """A link at one lag. `p` is for this lag alone; `fit` is how much of the levels the lag explains."""

    lag: int
    pairs: int
    r: float
    p: float
    freedom: int
    fit: float


def link_statistics(chain: Chain, series: Series, *, max_lag: int = MOST_LAG) -> tuple[LinkStatistics, ...]:
    """Tell of each link whether its two ends hang together, in the chain's order.

    Args:
        chain: The chain.
        series: Its weekly values; the latest 104 weeks count.
        max_lag: The longest lag, in weeks, that is tried where none is declared.
    """
    rows = np.array([_row(series, kpi.slug) for kpi in chain.kpis])
    alone = dict(zip((kpi.slug for kpi in chain.kpis), look_at(rows, LEAST_PAIRS), strict=True))
    found = [_one(link, alone[link.source], alone[link.target], max_lag) for link in chain.links]
    return _over_all(found)


def _row(series: Series, kpi: str) -> Floats:
    values = series.values.get(kpi, (None,) * series.weeks)[-MOST_WEEKS:]
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _one(link: ChainLink, source: Alone, target: Alone, max_lag: int) -> LinkStatistics:
    lags = range(max_lag + 1) if link.lag is None else (link.lag,)
    pairs = {lag: int((~np.isnan(_later(source.raw, lag) + target.raw)).sum()) for lag in lags}
    fallback = link.assumed_lag if link.lag is None and link.assumed_lag in pairs else min(pairs)
    nothing = LinkStatistics(
        *(link.source, link.target, fallback, link.lag is not None, pairs[fallback]),
        *(None, None, None, None, None),
        Verdict.NOT_SHOWN,
        _remarks(source, target, pairs[fallback]),
    )
    if max(pairs.values()) < LEAST_PAIRS:
        most = max(pairs, key=lambda lag: (pairs[lag], -lag))
        few = (Remark.FEW_PAIRS, *(remark for remark in nothing.remarks if remark is not Remark.SHORT))
        return replace(nothing, lag=most, n=pairs[most], verdict=Verdict.TOO_EARLY, remarks=few)
    if _UNUSABLE & set(nothing.remarks) or Remark.CONSTANT_TARGET in nothing.remarks:
        return nothing
    tried = _at_lags(source, target, [lag for lag in lags if pairs[lag] >= LEAST_PAIRS], pairs)
    if not tried:
        return replace(nothing, verdict=Verdict.TOO_EARLY, remarks=(Remark.FEW_PAIRS, *nothing.remarks))
    return _told(nothing, _chosen(tried), len(tried), source, target)


def _told(nothing: LinkStatistics, best: _AtLag, tried: int, source: Alone, target: Alone) -> LinkStatistics:
    p = _sidak(best.p, tried)
    # Bonett & Wright (2000) for ranks; as wide as choosing among the lags asks for.
    spread = float(np.sqrt((1 + best.r**2 / 2) / max(best.freedom - 1, 1)))
    half = float(-ndtri(LEVEL / 2 / tried)) * spread
    middle = float(np.arctanh(best.r))
    return replace(
        nothing,
        lag=best.lag,
        n=best.pairs,
        r=best.r,
        ci=(float(np.tanh(middle - half)), float(np.tanh(middle + half))),
        p=p,
        p_link=p,
        r_levels=_plain(source.raw, target.raw, best.lag),
        remarks=_remarks(source, target, best.pairs),
    )


def _at_lags(source: Alone, target: Alone, lags: Sequence[int], pairs: dict[int, int]) -> list[_AtLag]:
    """Hold a link's ends against each other at several lags; one that there are too few weeks for is left out."""
    weeks = len(target.raw)
    common = np.column_stack(
        [slow(weeks), target.past, waves(weeks, _apart((*source.rhythms, *target.rhythms), weeks))]
    )
    upstream = np.stack([_later(source.scores, lag) for lag in lags])
    before = np.stack([_later(source.past, lag) for lag in lags])
    there = ~np.isnan(target.scores + target.past + upstream + before)
    rows = there.sum(axis=1)
    # All lags at once, where weeks that are missing count nothing: one after the other takes several times as long.
    basis, counts = nested(
        np.concatenate([np.broadcast_to(common, (len(lags), *common.shape)), before[:, :, None]], axis=2), there
    )
    both = np.stack([np.broadcast_to(target.scores, upstream.shape), upstream])
    ends = np.where(there, both, 0.0).transpose(1, 2, 0)
    freedom = rows - counts.sum(axis=1) - 1
    left = beside(basis, counts, ends).transpose(2, 0, 1)
    ranked = ranks_of(rounded(left), there)
    # How well the lag fits the levels too: the neighbour of the true lag shares its weeks with it, but fits less well.
    counts[:, -1] = False
    fits = np.abs(_correlations(beside(basis, counts, ends).transpose(2, 0, 1), there, rows))
    rs = _correlations(ranked, there, rows)
    usable = (rows > common.shape[1] + _LEAST_FREEDOM) & (freedom >= _LEAST_FREEDOM)
    usable &= (_spread(left, there, rows) > 1e-6 * _spread(both, there, rows)).all(axis=0)  # not rounding alone
    freedom = np.maximum(freedom - _PASTS, 1)
    ps = 2 * stdtr(freedom, -np.abs(rs) * np.sqrt(freedom / (1 - rs**2)))
    return [
        _AtLag(lag, pairs[lag], float(rs[nth]), float(ps[nth]), int(freedom[nth]), float(fits[nth]))
        for nth, lag in enumerate(lags)
        if usable[nth]
    ]


def _centred(values: Floats, there: Mask, rows: Places) -> Floats:
    means = np.where(there, values, 0.0).sum(axis=-1) / np.maximum(rows, 1)
    centred: Floats = np.where(there, values - means[..., None], 0.0)
    return centred


def _spread(values: Floats, there: Mask, rows: Places) -> Floats:
    spread: Floats = np.sqrt((_centred(values, there, rows) ** 2).sum(axis=-1) / np.maximum(rows, 1))
    return spread


def _correlations(values: Floats, there: Mask, rows: Places) -> Floats:
    """Correlate the two ends at each lag over the weeks that are there; 0 where one of them stands still."""
    centred = _centred(values, there, rows)
    one, other = centred
    sizes = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    found: Floats = np.where(sizes > 0, (one * other).sum(axis=1) / np.where(sizes > 0, sizes, 1.0), 0.0)
    return np.clip(found, -_CERTAIN, _CERTAIN)


def _chosen(tried: Sequence[_AtLag]) -> _AtLag:
    """Choose the lag: among those that are shown the one that fits the levels best, else the least unlikely one."""
    best = min(tried, key=lambda at: (at.p, at.lag))
    shown = [at for at in tried if _sidak(at.p, len(tried)) <= LEVEL and (at.r > 0) == (best.r > 0)]
    return max(shown, key=lambda at: (at.fit, -at.lag)) if shown else best


def _over_all(found: Sequence[LinkStatistics]) -> tuple[LinkStatistics, ...]:
    """Correct for the number of links (Holm 1979) and give the verdicts."""
    tested = sorted((p, place) for place, link in enumerate(found) if (p := link.p_link) is not None)
    corrected: dict[int, float] = {}
    largest = 0.0
    for nth, (p, place) in enumerate(tested):
        largest = max(largest, min(1.0, p * (len(tested) - nth)))
        corrected[place] = largest
    return tuple(
        replace(link, p=corrected[place], verdict=_verdict(link.r or 0.0, corrected[place]))
        if place in corrected
        else link
        for place, link in enumerate(found)
    )


def _verdict(r: float, p: float) -> Verdict:
    if p > LEVEL:
        return Verdict.NOT_SHOWN
    return Verdict.HOLDS_TOGETHER if r > 0 else Verdict.OPPOSITE


def _remarks(source: Alone, target: Alone, pairs: int) -> tuple[Remark, ...]:
    found = set(source.remarks | target.remarks) - {Remark.CONSTANT_SOURCE, Remark.FEW_PAIRS}
    if Remark.CONSTANT_SOURCE in source.remarks:
        found.add(Remark.CONSTANT_SOURCE)
    if Remark.CONSTANT_SOURCE in target.remarks:
        found.add(Remark.CONSTANT_TARGET)
    if source.rhythms or target.rhythms:
        found.add(Remark.RHYTHM)
    if pairs < SHORT:
        found.add(Remark.SHORT)
    return tuple(remark for remark in Remark if remark in found)


def _apart(frequencies: tuple[float, ...], weeks: int) -> tuple[float, ...]:
    """Drop frequencies that the weeks cannot tell from an earlier one."""
    kept: list[float] = []
    for frequency in sorted(frequencies):
        if all(abs(frequency - other) > 0.5 / weeks + 1e-9 for other in kept):
            kept.append(frequency)
    return tuple(kept)


def _later(values: Floats, lag: int) -> Floats:
    """Move values `lag` weeks on: what was upstream then stands beside what is downstream now."""
    if lag == 0:
        return values
    moved = np.full(len(values), np.nan)
    moved[lag:] = values[:-lag]
    return moved


def _sidak(p: float, tried: int) -> float:
    return float(-np.expm1(tried * np.log1p(-min(p, _CERTAIN))))


def _plain(source: Floats, target: Floats, lag: int) -> float | None:
    """Correlate the levels at one lag by rank, nothing taken off."""
    ends = np.stack([_later(source, lag), target])[:, None]
    there = ~np.isnan(ends.sum(axis=0))
    rows = there.sum(axis=1)
    return float(_correlations(ranks_of(ends, there), there, rows)[0]) if rows[0] >= LEAST_PAIRS else None
