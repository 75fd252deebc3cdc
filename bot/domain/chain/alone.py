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

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from scipy.special import fdtrc, ndtri

from bot.domain.chain.columns import (
    Floats,
    Mask,
    Places,
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
_AT_ONCE: Final = 8  # series, so that what all waves leave of all of them takes little memory


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
    rhythms = {nth: found for nth, found in zip(rough, _rhythms(np.stack(clipped)), strict=True) if found}
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


@dataclass(frozen=True)
class _Waves:
    """The waves that are tried over some weeks: frequencies, and of each its cosine and sine, one column each.

    `squares` are the products of cosines with themselves, of sines with themselves, and of both.
    """

    frequencies: Floats
    cosines: Floats
    sines: Floats
    squares: tuple[Floats, Floats, Floats]


@lru_cache(maxsize=8)
def _all_waves(weeks: int) -> _Waves:
    frequencies = np.arange(FINE, FINE * weeks // 2 + 1) / (FINE * weeks)
    angles = 2 * np.pi * np.outer(np.arange(weeks), frequencies)
    cosines, sines = np.cos(angles), np.sin(angles)
    return _Waves(frequencies, cosines, sines, (cosines**2, sines**2, cosines * sines))


def _rhythms(rows: Floats) -> list[tuple[float, ...]]:
    """Give the frequencies of each row's rhythms."""
    weeks = rows.shape[1]
    past = np.stack([latest_before(row) for row in rows])
    there = ~np.isnan(rows + past)
    seen = np.where(there, rows, 0.0)
    tried = _all_waves(weeks)
    known = np.concatenate([np.broadcast_to(slow(weeks), (len(rows), *slow(weeks).shape)), past[:, :, None]], axis=2)
    level = RHYTHM_LEVEL if weeks >= 40 else RHYTHM_LEVEL_SHORT  # noqa: PLR2004  # chosen by simulation
    found: list[list[int]] = [[] for _ in rows]
    going = np.arange(len(rows))
    for _ in range(min(MOST_RHYTHMS, weeks // WEEKS_A_RHYTHM)):
        tests = _Tests.of(seen[going], known[going], there[going], tried)
        best: Places = np.argmax(np.round(tests.shares, 9), axis=1)
        shown = tests.ps(best) * weeks <= level
        going, best = going[shown], best[shown]
        if not len(going):
            break
        known = _with_waves(known, going, best, tried)
        for nth, frequency in zip(going, best, strict=True):
            found[nth].append(frequency)
        overtones = 2 * (best + FINE) - FINE
        heard = overtones < len(tried.frequencies)
        who, which = going[heard], overtones[heard]
        if len(who):
            strong = _Tests.of(seen[who], known[who], there[who], tried).ps(which) <= OVERTONE_LEVEL
            known = _with_waves(known, who[strong], which[strong], tried)
            for nth, frequency in zip(who[strong], which[strong], strict=True):
                found[nth].append(frequency)
    return [tuple(sorted({float(tried.frequencies[frequency]) for frequency in one})) for one in found]


def _with_waves(known: Floats, rows: Places, frequencies: Places, tried: _Waves) -> Floats:
    """Add to what is known of some rows a wave each; the others get columns of zeros, which explain nothing."""
    if not len(rows):
        return known
    columns = np.zeros((*known.shape[:2], 2))
    columns[rows, :, 0] = tried.cosines[:, frequencies].T
    columns[rows, :, 1] = tried.sines[:, frequencies].T
    return np.concatenate([known, columns], axis=2)


@dataclass(frozen=True)
class _Tests:
    """What each wave explains of each row beside what is known, as F tests: shares of what is left, and freedom."""

    shares: Floats
    spare: Places

    @classmethod
    def of(cls, rows: Floats, known: Floats, there: Mask, tried: _Waves) -> "_Tests":
        """Test every wave on every row.

        What is known is never taken off the waves themselves, which are many: the products of what would be left are
        those of the waves less those of what is known of them.
        """
        # Columns of zeros go to the end: what follows one would have to be decomposed apart.
        order = np.argsort(~known.any(axis=1), axis=1, kind="stable")
        basis, counts = nested(np.take_along_axis(known, order[:, None, :], axis=2), there)
        used = np.where(counts[:, None, :], basis, 0.0)
        present = there.sum(axis=1)
        spare = present - counts.sum(axis=1) - 2
        left = beside(basis, counts, rows[:, :, None])[:, :, 0]
        rest = (left**2).sum(axis=1)
        testable = (spare >= 4) & (rest > _TINY)  # noqa: PLR2004  # else there is nothing to test with
        along, across = used.transpose(0, 2, 1) @ tried.cosines, used.transpose(0, 2, 1) @ tried.sines
        ours = there.astype(np.float64)
        cosines, sines, both = (
            ours @ square - (one * other).sum(axis=1)
            for square, one, other in zip(tried.squares, (along, across, along), (along, across, across), strict=True)
        )
        least = 1e-6 * present[:, None]  # of a wave that is known next to nothing is left
        is_first = cosines > least
        lean = np.where(is_first, both / np.where(is_first, cosines, 1.0), 0.0)
        sines = sines - lean * both
        is_second = sines > least
        first, second = left @ tried.cosines, left @ tried.sines
        explained = np.where(is_first, first**2 / np.where(is_first, cosines, 1.0), 0.0)
        explained += np.where(is_second, (second - lean * first) ** 2 / np.where(is_second, sines, 1.0), 0.0)
        shares: Floats = explained / np.where(testable, rest, 1.0)[:, None]
        return cls(shares, np.where(testable, spare, 0))

    def ps(self, frequencies: Places) -> Floats:
        """Give the p-value of one wave in each row; 1 where there is nothing to test with."""
        share = np.minimum(self.shares[np.arange(len(self.shares)), frequencies], 1 - 1e-12)
        spare = np.maximum(self.spare, 1)
        ps: Floats = np.where(self.spare > 0, fdtrc(2, spare, share / 2 / (1 - share) * spare), 1.0)
        return ps
