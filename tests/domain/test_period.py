from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.period import Period

DAYS = st.dates(min_value=date(1901, 1, 1), max_value=date(2998, 12, 31))


@pytest.mark.parametrize("text", ["2026-W48", "2026W48", "2026-w48", "  2026-W48 "])
def test_a_week_is_read_as_people_write_it(text: str) -> None:
    assert Period.parse(text) == Period(2026, 48)


@pytest.mark.parametrize(
    "text", ["", "48", "W48", "2026-48", "2026-W4", "26-W48", "2026-W480", "２０２６-W48", "next week"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"written like 2026-W48.*\.$"):
        Period.parse(text)


@pytest.mark.parametrize(("year", "long"), [(2020, True), (2024, False), (2025, False), (2026, True), (2032, True)])
def test_week_53_exists_in_long_years_only(year: int, long: bool) -> None:
    if long:
        assert str(Period.parse(f"{year}-W53")) == f"{year}-W53"
    else:
        with pytest.raises(ValueError, match=f"no week 53 in {year}"):
            Period(year, 53)


@pytest.mark.parametrize("text", ["2026-W00", "2026-W54", "2026-W99", "0001-W01", "9999-W52"])
def test_weeks_and_years_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 11, 23), "2026-W48"),
        (date(2026, 11, 29), "2026-W48"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_day_belongs_to_its_iso_week_also_around_new_year(day: date, week: str) -> None:
    assert str(Period.of(day)) == week


def test_a_week_runs_from_monday_to_sunday() -> None:
    period = Period.parse("2026-W48")
    assert (period.monday, period.sunday) == (date(2026, 11, 23), date(2026, 11, 29))


def test_a_span_crosses_a_long_year_with_both_ends() -> None:
    weeks = Period.span(Period(2026, 52), Period(2027, 2))
    assert [str(week) for week in weeks] == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]


def test_a_span_that_ends_before_it_starts_is_empty() -> None:
    assert list(Period.span(Period(2026, 2), Period(2026, 1))) == []


@given(DAYS)
def test_every_day_lies_in_its_period_and_the_period_reads_back(day: date) -> None:
    period = Period.of(day)
    assert period.monday <= day <= period.sunday
    assert Period.parse(str(period)) == period


@given(st.dates(min_value=date(1912, 1, 1), max_value=date(2988, 1, 1)), st.integers(-520, 520))
def test_shifting_moves_by_whole_weeks_and_back(day: date, weeks: int) -> None:
    period = Period.of(day)
    moved = period.shift(weeks)
    assert moved.weeks_since(period) == weeks
    assert moved.monday - period.monday == timedelta(weeks=weeks)
    assert moved.shift(-weeks) == period


@given(DAYS, DAYS)
def test_periods_sort_by_time_and_so_does_their_text(one: date, other: date) -> None:
    first, second = Period.of(one), Period.of(other)
    assert (first < second) == (first.monday < second.monday) == (str(first) < str(second))
