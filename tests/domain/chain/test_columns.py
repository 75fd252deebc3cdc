"""Columns of numbers: what is computed faster than by numpy is the same, to the last digit."""

import numpy as np
import pytest
from scipy.stats import rankdata

from bot.domain.chain.columns import middles, nested, ranks, ranks_of, slow, span_of


@pytest.mark.parametrize("length", [1, 2, 3, 4, 26, 51, 104])
def test_the_middle_is_the_median_of_what_is_there(length: int) -> None:
    random = np.random.default_rng(length)
    values = random.normal(size=(50, length)) ** 3
    there = random.random(values.shape) < 0.7
    there[:, 0] = True
    medians = [float(np.median(row[present])) for row, present in zip(values, there, strict=True)]
    assert middles(np.where(there, values, np.nan), there).tolist() == medians


def test_a_slow_course_is_shared_and_cannot_be_written_to() -> None:
    assert slow(30) is slow(30)
    with pytest.raises(ValueError, match="read-only"):
        slow(30)[0, 0] = 2.0


def test_rows_are_ranked_as_scipy_does_each_alone() -> None:
    random = np.random.default_rng(5)
    rows = random.integers(0, 6, size=(40, 17)).astype(np.float64)
    there = random.random(rows.shape) < 0.8
    together = ranks_of(rows, there)
    for ranked, row, present in zip(together, rows, there, strict=True):
        assert ranked[present].tolist() == rankdata(row[present]).tolist()
    assert ranks(rows[0]).tolist() == rankdata(rows[0]).tolist()


def test_columns_are_decomposed_as_numpy_does() -> None:
    columns = np.random.default_rng(6).normal(size=(30, 5))
    assert span_of(columns) == pytest.approx(np.linalg.qr(columns)[0], abs=1e-12)


def test_a_column_that_others_explain_is_left_out() -> None:
    columns = np.random.default_rng(7).normal(size=(30, 3))
    with_a_sum = np.column_stack([columns[:, :2], columns[:, 0] - columns[:, 1], columns[:, 2]])
    assert span_of(with_a_sum) == pytest.approx(span_of(columns), abs=1e-12)
    basis, counts = nested(np.stack([with_a_sum, with_a_sum[:, [3, 1, 0, 0]]]), np.ones((2, 30), bool))
    assert counts.tolist() == [[True, True, False, True], [True, True, True, False]]
    assert basis[0][:, counts[0]] == pytest.approx(span_of(columns), abs=1e-12)


def test_many_sets_of_columns_are_decomposed_as_each_over_the_weeks_it_has() -> None:
    random = np.random.default_rng(8)
    columns = random.normal(size=(6, 40, 4))
    there = random.random((6, 40)) < 0.7
    basis, counts = nested(np.where(there[:, :, None], columns, np.nan), there)
    assert counts.all()
    assert not np.round(basis[~there], 12).any()
    for nth in range(6):
        alone = span_of(columns[nth][there[nth]])
        found = basis[nth][there[nth]]
        assert found @ found.T == pytest.approx(alone @ alone.T, abs=1e-9)
