from decimal import Decimal as D  # noqa: N817 (one letter keeps the tables readable)

import pytest

from bot.domain.course import best, gap, seen_as, streak
from bot.domain.period import Period
from bot.domain.targets import Bounds
from bot.domain.words import Comparator

FIRST = Period(2026, 40)


def weeks(*values: int | None, every: int = 1) -> dict[Period, D]:
    return {FIRST.shift(n * every): D(value) for n, value in enumerate(values) if value is not None}


def at_least(number: int, values: dict[Period, D]) -> dict[Period, Bounds]:
    return {week: Bounds(Comparator.AT_LEAST, D(number)) for week in Period.span(min(values), max(values))}


@pytest.mark.parametrize(
    ("values", "count"),
    [((9, 10, 11, 12), 3), ((10, 11, 9), 0), ((10, None, 10), 1), ((10, 10, 10), 3), ((10,), 1)],
)
def test_a_streak_ends_with_a_miss_and_with_a_week_that_was_not_reported(
    values: tuple[int | None, ...], count: int
) -> None:
    found = weeks(*values)
    assert streak(found, at_least(10, found), "weekly") == count


def test_a_streak_passes_over_weeks_in_which_the_kpi_is_not_due() -> None:
    found = weeks(10, 10, 10, every=2)
    assert streak(found, at_least(10, found), "biweekly") == 3
    assert streak(found, at_least(10, found), "weekly") == 1
    assert streak({}, {}, "weekly") == 0


def test_each_week_is_held_against_its_own_target() -> None:
    found = weeks(10, 5, 10)
    targets = at_least(10, found) | {FIRST.shift(1): Bounds(Comparator.AT_LEAST, D(5))}
    assert streak(found, targets, "weekly") == 3
    del targets[FIRST.shift(1)]
    assert streak(found, targets, "weekly") == 1


def test_the_best_week_is_the_highest_the_lowest_or_none() -> None:
    found = weeks(3, 9, 1, 9, 5)
    assert best(found, "higher") == FIRST.shift(3)
    assert best(found, "lower") == FIRST.shift(2)
    assert best(found, "within") is None
    assert best(weeks(1, 2, 3, 4), "higher") is None, "too few to be proud of one"


def test_a_course_is_each_value_added_up_in_its_year_or_averaged() -> None:
    found = {Period(2025, 52): D(100), Period(2026, 1): D(1), Period(2026, 2): D(2), Period(2026, 20): D(9)}
    assert seen_as("value", found, Period(2026, 2)) == 2
    assert seen_as("cumulative", found, Period(2026, 2)) == 3
    assert seen_as("cumulative", found, Period(2026, 30)) == 12
    assert seen_as("average", found, Period(2026, 2)) == D(103) / 3
    assert seen_as("average", found, Period(2026, 20)) == 9
    assert [seen_as(shown, found, Period(2024, 1)) for shown in ("value", "cumulative", "average")] == [None] * 3


@pytest.mark.parametrize(
    ("comparator", "value", "upper", "away"),
    [
        ("at_least", 7, None, 3),
        ("more_than", 10, None, 0),
        ("at_most", 12, None, 2),
        ("between", 9, 20, 1),
        ("between", 23, 20, 3),
    ],
)
def test_the_gap_is_to_the_nearest_end(comparator: str, value: int, upper: int | None, away: int) -> None:
    target = Bounds(Comparator(comparator), D(10), None if upper is None else D(upper))
    assert gap(D(value), target) == away
