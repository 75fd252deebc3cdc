"""What a weekly series explains by itself: its slow course, its rhythms, and how one week carries over to the next.

1. Values above zero are seen as logarithms, values from zero as square roots: growth by a share is then steady, and a
   change of unit only shifts or stretches, which the next steps undo. Where steps 2 and 3 leave less of the
   plain values, those are taken.
2. A polynomial (Legendre, degree 1 to 4, one more a year) is fitted robustly (Huber weights) and taken off.
3. Rhythms are found beside trend and own past (`bot.domain.chain.rhythms`). Trend and rhythms are then taken off
   together.
4. What is left becomes normal scores by rank (van der Waerden 1952, Blom's constants), so that no outlier decides.

The own past is the latest earlier reading, so that a gap or a fortnightly KPI costs no pair.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from scipy.special import ndtri

from bot.domain.chain.columns import (
    Floats,
    Mask,
    beside,
    latest_before,
    middles,
    nested,
    ranks,
    rounded,
    slow,
    waves,
)
from bot.domain.chain.results import Remark
from bot.domain.chain.rhythms import rhythms_of

FAR_OUT: Final = 6.0  # robust standard deviations
FLAT_SHARE: Final = 0.7  # of readings with the same value: it hardly moved
MANY: Final = 1 / 3
NOTHING_LEFT: Final = 1e-6  # of a series' own spread: what is left then is rounding
SMOOTH: Final = 0.002
PLAIN_IS_BETTER: Final = 0.98
_TINY: Final = 1e-9
_AT_ONCE: Final = 8  # series; what all waves come to on more of them has no room in a processor's cache


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


def look_at(rows: Floats, least: int) -> list[Alone]:
    """Take series apart, each by itself: together they take a fraction of the time.

    Args:
        rows: A series in each row, with one value a week and NaN in gaps.
        least: How many readings are needed.
    """
    found = [_first_look(raw, least) for raw in rows]
    usable = [nth for nth, alone in enumerate(found) if alone.usable]
    for start in range(0, len(usable), _AT_ONCE):
        some = usable[start : start + _AT_ONCE]
        for nth, course in zip(some, _straightest(rows[some]), strict=True):
            found[nth] = _taken_apart(found[nth], course)
    return found


def _first_look(raw: Floats, least: int) -> Alone:
    """Tell what a glance does, before anything is taken off."""
    seen = raw[~np.isnan(raw)]
    remarks = _remarks(raw, seen)
    if len(seen) < least:
        remarks |= {Remark.FEW_PAIRS}
    elif _most_common_share(seen) > FLAT_SHARE:
        remarks |= {Remark.CONSTANT_SOURCE}
    nothing = np.full(len(raw), np.nan)
    return Alone(raw, nothing, nothing, (), remarks)


def _taken_apart(glance: Alone, course: "_Course") -> Alone:
    if course.is_smooth:
        return replace(glance, remarks=glance.remarks | {Remark.EXPLAINED_BY_ITSELF})
    far = float(np.abs(course.seen).max()) > FAR_OUT * course.spread
    scores = _scores(course.left / course.spread)
    remarks = glance.remarks | {Remark.OUTLIERS} if far else glance.remarks
    return Alone(glance.raw, scores, latest_before(scores), course.rhythms, remarks)


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

    @cached_property
    def seen(self) -> Floats:
        """What is left, without the gaps."""
        return self.left[~np.isnan(self.left)]

    @cached_property
    def is_smooth(self) -> bool:
        """Whether what is left is rounding, or a curve without any week of its own.

        Third differences of noise are 20 times as large as the noise (squared), of a random walk of a year still more
        than it; those of a curve are next to nothing.
        """
        if self.spread <= NOTHING_LEFT:
            return True
        jumps = np.diff(self.seen, 3)
        return bool(len(jumps) and (jumps**2).mean() <= SMOOTH * 20 * (self.seen**2).mean())

    @property
    def size(self) -> float:
        """How much is left; not robust, for the small early weeks of growth would make plain values look close."""
        return float(np.abs(self.seen).mean())


def _straightest(rows: Floats) -> list[_Course]:
    """Follow series as logarithms or roots, and as they are; give of each what is followed best."""
    least = np.nanmin(rows, axis=1)
    bendable = np.flatnonzero(least >= 0)
    bent = [np.log(rows[nth]) if least[nth] > 0 else np.sqrt(rows[nth]) for nth in bendable]
    followed = _followed(np.stack([*rows, *bent]))
    courses = followed[: len(rows)]
    for nth, other in zip(bendable, followed[len(rows) :], strict=True):
        if not courses[nth].size < PLAIN_IS_BETTER * other.size:
            courses[nth] = other
    return courses


def _followed(rows: Floats) -> list[_Course]:
    weeks, there = rows.shape[1], ~np.isnan(rows)
    sizes = np.nanstd(rows, axis=1)
    standard = (rows - middles(rows, there)[:, None]) / np.where(sizes > 0, sizes, 1.0)[:, None]
    trend = np.broadcast_to(slow(weeks), (len(rows), *slow(weeks).shape))
    courses = [_Course(left, spread) for left, spread in _detrended(trend, standard, there)]
    rough = [nth for nth, course in enumerate(courses) if not course.is_smooth]
    if not rough:
        return courses
    clipped = [np.clip(courses[nth].left / courses[nth].spread, -FAR_OUT, FAR_OUT) for nth in rough]
    rhythms = {nth: found for nth, found in zip(rough, rhythms_of(np.stack(clipped)), strict=True) if found}
    if rhythms:
        moving = list(rhythms)
        columns = np.zeros((len(moving), weeks, trend.shape[2] + 2 * max(map(len, rhythms.values()))))
        for place, nth in enumerate(moving):
            own = waves(weeks, rhythms[nth])
            columns[place, :, : trend.shape[2] + own.shape[1]] = np.column_stack([slow(weeks), own])
        for nth, (left, spread) in zip(moving, _detrended(columns, standard[moving], there[moving]), strict=True):
            courses[nth] = _Course(left, spread, rhythms[nth])
    return courses


def _detrended(columns: Floats, rows: Floats, there: Mask) -> list[tuple[Floats, float]]:
    """Take robustly fitted slow courses off; give of each row what is left and its robust standard deviation.

    Args:
        columns: What is fitted, of shape (rows, weeks, columns); a column of zeros at the end is none.
        rows: The series.
        there: Which weeks they have.
    """
    seen, weights = np.where(there, rows, 0.0), there.astype(np.float64)
    left, spread = np.zeros(rows.shape), np.zeros(len(rows))
    going = np.ones(len(rows), dtype=bool)
    for _ in range(5):
        root = np.sqrt(weights)
        now = beside(*nested(columns * root[:, :, None], there), (seen * root)[:, :, None])[:, :, 0]
        now = np.where(there, now / np.where(there, root, 1.0), 0.0)
        far = np.abs(now)
        median = middles(far, there) * 1.4826
        left[going] = now[going]
        spread[going] = median[going]
        still = going & (median <= _TINY)
        for nth in np.flatnonzero(still):
            spread[nth] = now[nth][there[nth]].std()
        going &= ~still
        weights = np.where(there, 1 / np.maximum(1, far / np.where(going, 3 * spread, 1.0)[:, None]), 0.0)
    return list(zip(np.where(there, left, np.nan), map(float, spread), strict=True))


def _scores(values: Floats) -> Floats:
    there = ~np.isnan(values)
    scores = np.full(len(values), np.nan)
    scores[there] = ndtri((ranks(rounded(values[there])) - 0.375) / (there.sum() + 0.25))
    return scores
