from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadence import is_due
from bot.domain.period import Period
from bot.domain.words import Cadence

WEEKS = st.dates(date(1901, 1, 1), date(2990, 1, 1)).map(Period.of)


def test_every_second_week_goes_on_over_a_year_of_53_weeks() -> None:
    due = [str(week) for week in Period.span(Period(2026, 50), Period(2027, 4)) if is_due(Cadence.BIWEEKLY, week)]
    assert due == ["2026-W50", "2026-W52", "2027-W01", "2027-W03"]


@pytest.mark.parametrize(
    ("week", "due"),
    [("2026-W48", False), ("2026-W49", True), ("2026-W53", True), ("2027-W01", False), ("2027-W04", True)],
)
def test_a_month_is_reported_in_the_week_with_its_last_day(week: str, due: bool) -> None:
    assert is_due("monthly", Period.parse(week)) is due


@given(WEEKS)
def test_of_two_weeks_in_a_row_one_is_due_every_second_week(week: Period) -> None:
    assert is_due(Cadence.BIWEEKLY, week) is not is_due(Cadence.BIWEEKLY, week.shift(1))


@given(st.integers(1902, 2980), st.integers(1, 12))
def test_every_month_has_exactly_one_week_and_none_ends_after_it(year: int, month: int) -> None:
    ends = [
        week
        for week in Period.span(Period(year - 1, 52), Period(year + 1, 2))
        if is_due(Cadence.MONTHLY, week)
        and any(
            (day := week.monday + timedelta(days=n)).year == year
            and day.month == month
            and (day + timedelta(days=1)).month != month
            for n in range(7)
        )
    ]
    assert len(ends) == 1


@given(WEEKS)
def test_weekly_is_always_due(week: Period) -> None:
    assert is_due(Cadence.WEEKLY, week)
