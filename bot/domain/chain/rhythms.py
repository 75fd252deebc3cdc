"""The rhythms of weekly series: waves that explain more of them, beside trend and own past, than chance does.

The pair of cosine and sine that explains most is kept if its F test, corrected for the number of frequencies, is below
2 % (20 % under 40 weeks); its overtone of half the period too, if that is below 20 %. At most one rhythm for each 17
weeks, and three.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.special import fdtrc

from bot.domain.chain.columns import Floats, Mask, Places, beside, latest_before, nested, slow

RHYTHM_LEVEL: Final = 0.02
RHYTHM_LEVEL_SHORT: Final = 0.2  # under 40 weeks, where a rhythm that is overlooked looks most like a link
OVERTONE_LEVEL: Final = 0.2
MOST_RHYTHMS: Final = 3
FINE: Final = 4  # frequencies that are tried for each one that the weeks can tell apart
WEEKS_A_RHYTHM: Final = 17
_NOTHING: Final = 1e-9


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


def rhythms_of(rows: Floats) -> list[tuple[float, ...]]:
    """Give the frequencies of each row's rhythms, in cycles a week; rows have NaN in gaps."""
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
        testable = (spare >= 4) & (rest > _NOTHING)  # noqa: PLR2004  # else there is nothing to test with
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
