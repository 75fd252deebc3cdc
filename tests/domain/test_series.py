from decimal import Decimal as D  # noqa: N817 (one letter keeps the tables readable)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.series import Status, against_target, change, conversion
from bot.domain.words import Direction

AMOUNTS = st.decimals(D(-1000), D(1000), places=2)


@pytest.mark.parametrize(
    ("value", "previous", "expected"),
    [
        (D(125), D(100), D("0.25")),
        (D(75), D(100), D("-0.25")),
        (D(0), D(100), D(-1)),
        (D(-50), D(-100), D("0.5")),
        (D(5), D(0), None),
        (D(5), None, None),
        (None, D(5), None),
    ],
)
def test_change_is_relative_to_the_earlier_value(value: D | None, previous: D | None, expected: D | None) -> None:
    assert change(value, previous) == expected


@pytest.mark.parametrize(
    ("value", "direction", "status"),
    [
        (101, Direction.HIGHER, Status.AHEAD),
        (100, Direction.HIGHER, Status.ON_TARGET),
        (99, Direction.HIGHER, Status.NEAR),
        (95, Direction.HIGHER, Status.NEAR),
        (94, Direction.HIGHER, Status.BEHIND),
        (99, Direction.LOWER, Status.AHEAD),
        (100, Direction.LOWER, Status.ON_TARGET),
        (105, Direction.LOWER, Status.NEAR),
        (106, Direction.LOWER, Status.BEHIND),
    ],
)
def test_a_value_against_a_target_of_100(value: int, direction: Direction, status: Status) -> None:
    assert against_target(D(value), D(100), direction) is status


def test_a_target_of_zero_has_nothing_near_it() -> None:
    assert against_target(D(1), D(0), Direction.LOWER) is Status.BEHIND
    assert against_target(D(0), D(0), Direction.LOWER) is Status.ON_TARGET


@given(AMOUNTS, AMOUNTS)
def test_directions_mirror_each_other(value: D, target: D) -> None:
    assert against_target(value, target, Direction.HIGHER) is against_target(-value, -target, Direction.LOWER)


@pytest.mark.parametrize(
    ("value", "upstream", "expected"),
    [(D(12), D(120), D("0.1")), (D(0), D(120), D(0)), (D(12), D(0), None), (D(12), None, None), (None, D(120), None)],
)
def test_conversion_is_what_came_through(value: D | None, upstream: D | None, expected: D | None) -> None:
    assert conversion(value, upstream) == expected
