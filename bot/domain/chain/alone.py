"""What a weekly series explains by itself: its slow course, its rhythms, and how one week carries over to the next.

1. Values above zero are seen as logarithms, values from zero as square roots: growth by a share is then steady, and a
   change of unit only shifts or stretches, which the next steps undo. Where steps 2 and 3 leave less of the
   plain values, those are taken.
2. A polynomial (Legendre, degree 1 to 4, one more a year) is fitted robustly (Huber weights) and taken off.
3. Rhythms: the pair of cosine and sine that explains most beside trend and own past is kept if its F test, corrected
   for the number of frequencies, is below 2 % (20 % under 40 weeks); its overtone of half the period too, if that is
   below 20 %. At most one rhythm for each 17 weeks, and three. Trend and rhythms are then taken off together.
4. What is left becomes normal scores by rank (van der Waerden 1952, Blom's constants), so that no outlier decides.

The own past is the latest earlier reading, so that a gap or a fortnightly KPI costs no pair.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from scipy.special import fdtrc, ndtri

from bot.domain.chain.columns import Floats, latest_before, middle, ranks, rounded, slow, span_of, waves, without
from bot.domain.chain.results import Remark

RHYTHM_LEVEL: Final = 0.02
RHYTHM_LEVEL_SHORT: Final = 0.2  # under 40 weeks, where a rhythm that is overlooked looks most like a link
OVERTONE_LEVEL: Final = 0.2
MOST_RHYTHMS: Final = 3
FINE: Final = 4  # frequencies that are tried for each one that the weeks can tell apart
WEEKS_A_RHYTHM: Final = 17
FAR_OUT: Final = 6.0  # robust standard deviations
FLAT_SHARE: Final = 0.7  # of readings with the same value: it hardly moved
MANY: Final = 1 / 3
NOTHING_LEFT: Final = 1e-6  # of a series' own spread: what is left then is rounding
SMOOTH: Final = 0.002
PLAIN_IS_BETTER: Final = 0.98
_TINY: Final = 1e-9


@dataclass(frozen=True)
class Alone:
    """A series and what it explains by itself. `scores` are of what its slow course leaves; NaN in gaps."""

    raw: Floats
    scores: Floats
    past: Floats
    """The latest earlier score; NaN where there is none."""
    rhythms: tuple[float, ...]
    """Frequencies, in cycles a week."""
    remarks: frozenset[Remark]

    @property
    def usable(self) -> bool:
        """Whether there is anything to compare."""
        return not self.remarks & {Remark.CONSTANT_SOURCE, Remark.EXPLAINED_BY_ITSELF, Remark.FEW_PAIRS}


def look_at(raw: Floats, least: int) -> Alone:
    """Take a series apart.

    Args:
        raw: One value a week, NaN in gaps.
        least: How many readings are needed.
    """
    seen = raw[~np.isnan(raw)]
    remarks = _remarks(raw, seen)
    nothing = np.full(len(raw), np.nan)
    if len(seen) < least:
        return Alone(raw, nothing, nothing, (), remarks | {Remark.FEW_PAIRS})
    if _most_common_share(seen) > FLAT_SHARE:
        return Alone(raw, nothing, nothing, (), remarks | {Remark.CONSTANT_SOURCE})
    course = _straightest(raw)
    if course.is_smooth:
        return Alone(raw, nothing, nothing, (), remarks | {Remark.EXPLAINED_BY_ITSELF})
    if float(np.nanmax(np.abs(course.left))) > FAR_OUT * course.spread:
        remarks |= {Remark.OUTLIERS}
    scores = _scores(course.left / course.spread)
    return Alone(raw, scores, latest_before(scores), course.rhythms, remarks)


def _remarks(raw: Floats, seen: Floats) -> frozenset[Remark]:
    found: set[Remark] = set()
    if len(seen) <= 0.9 * len(raw):  # a gap in ten weeks
        found.add(Remark.GAPS)
    if len(seen) and (seen == 0).mean() > MANY:
        found.add(Remark.MANY_ZEROS)
    return frozenset(found)


def _most_common_share(seen: Floats) -> float:
    return float(np.unique(seen, return_counts=True)[1].max()) / len(seen)


@dataclass(frozen=True)
class _Course:
    """What trend and rhythms leave of a series, in units of its own spread, and the robust spread of that."""

    left: Floats
    spread: float
    rhythms: tuple[float, ...] = ()

    @property
    def is_smooth(self) -> bool:
        """Whether what is left is rounding, or a curve without any week of its own.

        Third differences of noise are 20 times as large as the noise (squared), of a random walk of a year still more
        than it; those of a curve are next to nothing.
        """
        if self.spread <= NOTHING_LEFT:
            return True
        seen = self.left[~np.isnan(self.left)]
        jumps = np.diff(seen, 3)
        return bool(len(jumps) and (jumps**2).mean() <= SMOOTH * 20 * (seen**2).mean())

    @property
    def size(self) -> float:
        """How much is left; not robust, for the small early weeks of growth would make plain values look close."""
        return float(np.nanmean(np.abs(self.left)))


def _straightest(raw: Floats) -> _Course:
    """Follow a series as logarithms or roots, and as it is; give what is followed best."""
    least = np.nanmin(raw)
    plain = _followed(raw)
    if least < 0:
        return plain
    bent = _followed(np.log(raw) if least > 0 else np.sqrt(raw))
    return plain if plain.size < PLAIN_IS_BETTER * bent.size else bent


def _followed(values: Floats) -> _Course:
    standard = (values - middle(values[~np.isnan(values)])) / (float(np.nanstd(values)) or 1.0)
    trend = slow(len(values))
    course = _Course(*_detrended(trend, standard))
    if course.is_smooth:
        return course
    rhythms = _rhythms(np.clip(course.left / course.spread, -FAR_OUT, FAR_OUT))
    if not rhythms:
        return course
    return _Course(*_detrended(np.column_stack([trend, waves(len(values), rhythms)]), standard), rhythms)


def _detrended(columns: Floats, values: Floats) -> tuple[Floats, float]:
    """Take a robustly fitted slow course off; give what is left and its robust standard deviation."""
    there = ~np.isnan(values)
    fitted, seen = columns[there], values[there]
    weights = np.ones(len(seen))
    for _ in range(5):
        root = np.sqrt(weights)
        left = without(span_of(fitted * root[:, None]), seen * root) / root
        far = np.abs(left)
        spread = middle(far) * 1.4826
        if spread <= _TINY:
            spread = float(left.std())
            break
        weights = 1 / np.maximum(1, far / (3 * spread))
    whole = np.full(len(values), np.nan)
    whole[there] = left
    return whole, spread


def _scores(values: Floats) -> Floats:
    there = ~np.isnan(values)
    scores = np.full(len(values), np.nan)
    scores[there] = ndtri((ranks(rounded(values[there])) - 0.375) / (there.sum() + 0.25))
    return scores


@lru_cache(maxsize=8)
def _all_waves(weeks: int) -> tuple[Floats, Floats, Floats]:
    """Give the frequencies that are tried, and their cosines and sines, one column each."""
    frequencies = np.arange(FINE, FINE * weeks // 2 + 1) / (FINE * weeks)
    angles = 2 * np.pi * np.outer(np.arange(weeks), frequencies)
    return frequencies, np.cos(angles), np.sin(angles)


def _rhythms(values: Floats) -> tuple[float, ...]:
    weeks, past = len(values), latest_before(values)
    there = ~np.isnan(values + past)
    frequencies, all_cosines, all_sines = _all_waves(weeks)
    cosines, sines = all_cosines[there], all_sines[there]
    known = np.column_stack([slow(weeks)[there], past[there]])
    seen = values[there]
    level = RHYTHM_LEVEL if weeks >= 40 else RHYTHM_LEVEL_SHORT  # noqa: PLR2004  # chosen by simulation
    found: list[int] = []
    for _ in range(min(MOST_RHYTHMS, weeks // WEEKS_A_RHYTHM)):
        best, p = _strongest(seen, known, cosines, sines)
        if not p * weeks <= level:
            break
        found.append(best)
        known = np.column_stack([known, cosines[:, best], sines[:, best]])
        overtone = 2 * (best + FINE) - FINE
        if overtone < len(frequencies):
            here = slice(overtone, overtone + 1)
            if _strongest(seen, known, cosines[:, here], sines[:, here])[1] <= OVERTONE_LEVEL:
                found.append(overtone)
                known = np.column_stack([known, cosines[:, overtone], sines[:, overtone]])
    return tuple(sorted({float(frequencies[place]) for place in found}))


def _strongest(values: Floats, known: Floats, cosines: Floats, sines: Floats) -> tuple[int, float]:
    """Find the wave that explains most beside what is known, and the p-value of its F test."""
    basis = span_of(known)
    spare = len(values) - basis.shape[1] - 2
    left = without(basis, values)
    rest = float(left @ left)
    if spare < 4 or rest <= _TINY:  # noqa: PLR2004  # nothing to test with
        return 0, 1.0
    first = _unit(without(basis, cosines))
    second = without(basis, sines)
    second = _unit(second - first * (first * second).sum(axis=0))
    explained = (first.T @ left) ** 2 + (second.T @ left) ** 2
    best = int(np.argmax(np.round(explained / rest, 9)))
    share: Any = min(explained[best] / rest, 1 - 1e-12)
    return best, float(fdtrc(2, spare, share / 2 / (1 - share) * spare))


def _unit(columns: Floats) -> Floats:
    """Stretch columns to length 1; what is next to nothing becomes nothing."""
    sizes = np.sqrt((columns**2).sum(axis=0))
    there = sizes > 1e-3 * np.sqrt(len(columns))
    return np.where(there, columns / np.where(there, sizes, 1), 0)
