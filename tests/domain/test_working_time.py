"""Nobody is reminded in the night, on a Sunday or at midsummer: only working hours count."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.working_time import WorkingWeek, after_working_hours, at_work, working_hours_between

STOCKHOLM = "Europe/Stockholm"
OFFICE = WorkingWeek.of("12345", "08:00", "17:00")


def here(text: str, zone: str = STOCKHOLM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("asked", "hours", "due"),
    [
        ("2026-11-24 09:00", 8, "2026-11-24 17:00"),  # a Tuesday morning: the same evening
        ("2026-11-24 15:00", 8, "2026-11-25 14:00"),  # the rest on the next day
        ("2026-11-24 22:00", 1, "2026-11-25 09:00"),  # the night does not count
        ("2026-11-24 05:00", 1, "2026-11-24 09:00"),  # nor does the early morning
        ("2026-11-27 16:00", 2, "2026-11-30 09:00"),  # nor the weekend
        ("2026-11-28 12:00", 0.5, "2026-11-30 08:30"),
        ("2026-11-24 09:00", 0, "2026-11-24 09:00"),
    ],
)
def test_only_working_hours_count(asked: str, hours: float, due: str) -> None:
    assert after_working_hours(here(asked), hours, STOCKHOLM, OFFICE) == here(due)


def test_a_holiday_is_no_working_day() -> None:
    off = WorkingWeek.of("12345", "08:00", "17:00", {date(2026, 6, 19)}.__contains__)
    assert after_working_hours(here("2026-06-18 16:00"), 2, STOCKHOLM, off) == here("2026-06-22 09:00")


def test_the_zone_is_the_persons() -> None:
    asked = datetime(2026, 11, 24, 14, tzinfo=UTC)  # 09:00 in New York
    assert after_working_hours(asked, 8, "America/New_York", OFFICE) == asked + timedelta(hours=8)


def test_a_night_shift_over_the_change_of_the_clocks_counts_the_hours_that_there_are() -> None:
    night = WorkingWeek.of("1234567", "00:00", "06:00")
    assert after_working_hours(here("2026-03-29 00:00"), 5, STOCKHOLM, night) == here("2026-03-29 06:00")


def test_a_team_that_never_works_still_gets_its_reminder() -> None:
    never = WorkingWeek.of("", "08:00", "17:00")
    assert after_working_hours(here("2026-11-24 09:00"), 8, STOCKHOLM, never) == here("2026-11-24 17:00")


@pytest.mark.parametrize(
    ("days", "opens", "closes"), [("8", "08:00", "17:00"), ("1", "17:00", "08:00"), ("1", "8", "x")]
)
def test_a_week_that_cannot_be_is_refused(days: str, opens: str, closes: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        WorkingWeek.of(days, opens, closes)


@given(
    start=st.integers(0, 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    hours=st.floats(0, 60),
    more=st.floats(0, 20),
    zone=st.sampled_from([STOCKHOLM, "America/New_York", "Australia/Sydney", "Asia/Kolkata"]),
)
def test_it_ends_in_working_time_and_later_for_more_hours(
    start: datetime, hours: float, more: float, zone: str
) -> None:
    due = after_working_hours(start, hours, zone, OFFICE)
    local = due.astimezone(ZoneInfo(zone))
    assert due >= start
    assert OFFICE.works_on(local.date())
    assert OFFICE.opens <= local.time().replace(microsecond=0) <= OFFICE.closes
    assert after_working_hours(start, hours + more, zone, OFFICE) >= due


def test_at_work() -> None:
    assert at_work(here("2026-11-24 08:00"), STOCKHOLM, OFFICE)
    assert not at_work(here("2026-11-24 17:00"), STOCKHOLM, OFFICE)
    assert not at_work(here("2026-11-28 12:00"), STOCKHOLM, OFFICE)


@pytest.mark.parametrize(
    ("asked", "answered", "hours"),
    [
        ("2026-11-24 09:00", "2026-11-24 11:30", 2.5),
        ("2026-11-24 16:00", "2026-11-25 09:00", 2),  # the night does not count
        ("2026-11-27 16:00", "2026-11-30 09:00", 2),  # nor the weekend
        ("2026-11-28 10:00", "2026-11-28 12:00", 0),
        ("2026-11-24 11:00", "2026-11-24 09:00", 0),
        ("2026-11-23 00:00", "2026-11-30 00:00", 45),
    ],
)
def test_the_hours_between_two_moments_are_working_hours(asked: str, answered: str, hours: float) -> None:
    assert working_hours_between(here(asked), here(answered), STOCKHOLM, OFFICE) == hours


@given(minute=st.integers(0, 365 * 24 * 60), hours=st.floats(0, 200))
def test_after_so_many_working_hours_so_many_working_hours_lie_between(minute: int, hours: float) -> None:
    asked = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    end = after_working_hours(asked, hours, STOCKHOLM, OFFICE)
    assert working_hours_between(asked, end, STOCKHOLM, OFFICE) == pytest.approx(hours, abs=1e-6)
