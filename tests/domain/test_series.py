from decimal import Decimal as D  # noqa: N817 (one letter keeps the tables readable)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.series import Status, against_target, change, conversion
from bot.domain.targets import Bounds
from bot.domain.words import Comparator

AT_LEAST, MORE_THAN, AT_MOST, LESS_THAN, BETWEEN = Comparator
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
    ("value", "comparator", "status"),
    [
        (101, AT_LEAST, Status.AHEAD),
        (100, AT_LEAST, Status.ON_TARGET),
        (99, AT_LEAST, Status.NEAR),
        (95, AT_LEAST, Status.NEAR),
        (94, AT_LEAST, Status.BEHIND),
        (99, AT_MOST, Status.AHEAD),
        (100, AT_MOST, Status.ON_TARGET),
        (105, AT_MOST, Status.NEAR),
        (106, AT_MOST, Status.BEHIND),
        (101, MORE_THAN, Status.AHEAD),
        (100, MORE_THAN, Status.NEAR),
        (94, MORE_THAN, Status.BEHIND),
        (99, LESS_THAN, Status.AHEAD),
        (100, LESS_THAN, Status.NEAR),
        (106, LESS_THAN, Status.BEHIND),
    ],
)
def test_a_value_against_a_target_of_100(value: int, comparator: Comparator, status: Status) -> None:
    assert against_target(D(value), Bounds(comparator, D(100))) is status


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (94, Status.BEHIND),
        (95, Status.NEAR),
        (100, Status.ON_TARGET),
        (150, Status.ON_TARGET),
        (200, Status.ON_TARGET),
        (210, Status.NEAR),
        (211, Status.BEHIND),
    ],
)
def test_a_value_against_a_range_from_100_to_200(value: int, status: Status) -> None:
    assert against_target(D(value), Bounds(BETWEEN, D(100), D(200))) is status


def test_a_target_of_zero_has_nothing_near_it() -> None:
    assert against_target(D(1), Bounds(AT_MOST, D(0))) is Status.BEHIND
    assert against_target(D(0), Bounds(AT_MOST, D(0))) is Status.ON_TARGET


@given(AMOUNTS, AMOUNTS, st.sampled_from([(AT_LEAST, AT_MOST), (MORE_THAN, LESS_THAN)]))
def test_directions_mirror_each_other(value: D, target: D, mirrored: tuple[Comparator, Comparator]) -> None:
    up, down = mirrored
    assert against_target(value, Bounds(up, target)) is against_target(-value, Bounds(down, -target))


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_range_is_reached_between_its_ends_only(value: D, one: D, other: D) -> None:
    low, high = sorted((one, other))
    reached = against_target(value, Bounds(BETWEEN, low, high)) is Status.ON_TARGET
    assert reached is (low <= value <= high)


@pytest.mark.parametrize(
    ("value", "upstream", "expected"),
    [(D(12), D(120), D("0.1")), (D(0), D(120), D(0)), (D(12), D(0), None), (D(12), None, None), (None, D(120), None)],
)
def test_conversion_is_what_came_through(value: D | None, upstream: D | None, expected: D | None) -> None:
    assert conversion(value, upstream) == expected
