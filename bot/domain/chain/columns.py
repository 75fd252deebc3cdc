"""Columns of numbers over weeks: slow courses, waves, ranks, and what is left beside them."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dgeqrf, dorgqr

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]
_EXPLAINED: Final = 1e-7  # of a column's size: what is left of it then is rounding
_NOTHING: Final = 1e-300


@lru_cache(maxsize=8)
def slow(weeks: int) -> Floats:
    """Give the polynomials of the slow course, one column each, the constant first; to be read only."""
    degree = 1 if weeks < 20 else min(4, max(2, 1 + round(weeks / 52)))  # noqa: PLR2004  # chosen by simulation
    places = np.linspace(-1, 1, max(weeks, 2))[:weeks]
    columns: Floats = np.polynomial.legendre.legvander(places, degree).astype(np.float64)
    columns.setflags(write=False)
    return columns


def waves(weeks: int, frequencies: tuple[float, ...]) -> Floats:
    """Give a cosine and a sine for each frequency, one column each."""
    angles = 2 * np.pi * np.outer(np.arange(weeks), np.array(frequencies))
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1)


def latest_before(values: Floats) -> Floats:
    """Give for each week the latest earlier value that is not a gap."""
    places = np.where(np.isnan(values), -1, np.arange(len(values)))
    latest: Places = np.concatenate([[-1], np.maximum.accumulate(places)[:-1]]).astype(np.int64)
    before: Floats = np.where(latest >= 0, values[latest], np.nan)
    return before


def ranks(values: Floats) -> Floats:
    """Give ranks from 1, ties at their mean."""
    return ranks_of(values, np.ones(values.shape, dtype=bool))


def middles(rows: Floats, there: Mask) -> Floats:
    """Give the median of what is there in each row; every row has something."""
    ordered = np.sort(np.where(there, rows, np.inf), axis=1)
    sizes = there.sum(axis=1)
    each = np.arange(len(rows))
    found: Floats = (ordered[each, (sizes - 1) // 2] + ordered[each, sizes // 2]) / 2
    return found


def ranks_of(rows: Floats, there: Mask) -> Floats:
    """Give the ranks from 1, ties at their mean, of what is there in each row, along the last axis.

    What is not there gets no meaningful one.
    """
    values = np.where(there, rows, np.inf)
    order = np.argsort(values, axis=-1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=-1)
    places = np.broadcast_to(np.arange(values.shape[-1]), values.shape)
    news = np.ones(values.shape, dtype=bool)
    news[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    starts = np.maximum.accumulate(np.where(news, places, 0), axis=-1)
    lasts = np.ones(values.shape, dtype=bool)
    lasts[..., :-1] = news[..., 1:]
    ends = np.minimum.accumulate(np.where(lasts, places, values.shape[-1])[..., ::-1], axis=-1)[..., ::-1]
    ranked = np.empty(values.shape)
    np.put_along_axis(ranked, order, (starts + ends) / 2 + 1, axis=-1)
    return ranked


def span_of(columns: Floats) -> Floats:
    """Give an orthonormal basis of what columns span; columns that earlier ones explain are left out.

    There are no fewer rows than columns. LAPACK is called as numpy's `qr` does, whose own work takes longer than the
    decomposition of a few short columns.
    """
    factored, scales, _, _ = dgeqrf(columns)
    sizes = np.sqrt(np.einsum("ij,ij->j", columns, columns))
    counts = _counts(factored.diagonal(), sizes)
    if counts.all():
        basis: Floats = dorgqr(factored, scales)[0]
        return basis
    # What follows an explained column was held against it too, where it points anywhere: it is taken again without it.
    return span_of(np.delete(columns, counts.argmin(), axis=1))


def nested(columns: Floats, there: Mask) -> tuple[Floats, Mask]:
    """Decompose many sets of columns, each over the weeks that it has.

    Args:
        columns: Of shape (sets, weeks, columns).
        there: Which weeks a set has, of shape (sets, weeks).

    Returns:
        Columns of the same shape, orthonormal over the weeks that are there, of which the first n span what the first n
        given ones do; and which of them count, for one that earlier ones explain means nothing.
    """
    given = np.where(there[:, :, None], columns, 0.0)
    basis, triangle = np.linalg.qr(given)
    counts = _counts(np.diagonal(triangle, axis1=1, axis2=2), np.sqrt((given**2).sum(axis=1)))
    # What follows an explained column was held against it too, where it points anywhere.
    for nth in np.flatnonzero((counts[:, 1:] & ~counts[:, :-1]).any(axis=1)):
        independent: list[int] = []
        for place in range(columns.shape[2]):
            tried = span_of(given[nth][:, [*independent, place]])
            if tried.shape[1] > len(independent):
                independent.append(place)
                basis[nth][:, independent] = tried
        counts[nth] = np.isin(np.arange(columns.shape[2]), independent)
    return basis, counts


def _counts(diagonals: Floats, sizes: Floats) -> Mask:
    """Tell which columns earlier ones do not explain, by what is left of each and its size."""
    counts: Mask = np.abs(diagonals) > _EXPLAINED * np.maximum(sizes, _NOTHING)
    return counts


def beside(basis: Floats, counts: Mask, columns: Floats) -> Floats:
    """Take off columns, of shape (sets, weeks, columns), what those of a basis that count explain; see `nested`."""
    used = np.where(counts[:, None, :], basis, 0.0)
    left: Floats = columns - used @ (used.transpose(0, 2, 1) @ columns)
    return left


def rounded(values: Floats) -> Floats:
    """Round far below anything that matters, so that a change of unit cannot break ties in another way."""
    exact: Floats = np.round(values, 9)
    return exact
