"""Columns of numbers: what is computed faster than by numpy is the same, to the last digit."""

import numpy as np
import pytest

from bot.domain.chain.columns import middle, slow


@pytest.mark.parametrize("length", [1, 2, 3, 4, 26, 51, 104])
def test_the_middle_is_the_median(length: int) -> None:
    values = np.random.default_rng(length).normal(size=(50, length)) ** 3
    assert [middle(row) for row in values] == [float(np.median(row)) for row in values]


def test_there_is_no_middle_where_a_number_is_missing() -> None:
    assert np.isnan(middle(np.array([1.0, np.nan, 2.0])))


def test_a_slow_course_is_shared_and_cannot_be_written_to() -> None:
    assert slow(30) is slow(30)
    with pytest.raises(ValueError, match="read-only"):
        slow(30)[0, 0] = 2.0
