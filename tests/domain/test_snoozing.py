"""When somebody who says 'later' is asked again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.asking_time import AskingTime
from bot.domain.snoozing import CHOICES, ask_again_at, offered
from bot.services.holiday_calendars import is_holiday_in

OFFICE = AskingTime.of("12345", "20:00", "07:00")
STOCKHOLM = "Europe/Stockholm"
FRIDAY = datetime(2026, 11, 27, 13, 7, 40, tzinfo=ZoneInfo(STOCKHOLM))
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis wants naive bounds)


def shown(choice: str, *, now: datetime = FRIDAY, asking: AskingTime = OFFICE) -> str:
    return f"{ask_again_at(choice, now, STOCKHOLM, asking).astimezone(ZoneInfo(STOCKHOLM)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("choice", "at"),
    [
        ("hour", "2026-11-27 14:07"),
        ("hours", "2026-11-27 16:07"),
        ("tomorrow", "2026-11-28 08:00"),
        ("monday", "2026-11-30 08:00"),
    ],
)
def test_each_choice_is_taken_as_it_was_said(choice: str, at: str) -> None:
    assert shown(choice) == at


def test_on_a_monday_monday_is_the_next_one() -> None:
    assert shown("monday", now=FRIDAY + timedelta(days=3)) == "2026-12-07 08:00"


def test_a_monday_that_is_a_holiday_gives_way_and_the_morning_begins_after_the_quiet_hours() -> None:
    swedish = AskingTime.of("12345", "19:00", "09:30", is_holiday_in("SE"))
    maundy_thursday = datetime(2026, 4, 2, 13, tzinfo=ZoneInfo(STOCKHOLM))
    assert shown("monday", now=maundy_thursday, asking=swedish) == "2026-04-07 09:30"
    assert shown("tomorrow", now=maundy_thursday, asking=swedish) == "2026-04-03 09:30"


def test_another_day_is_offered_only_before_the_digest() -> None:
    monday_nine = datetime(2026, 11, 30, 9, tzinfo=ZoneInfo(STOCKHOLM))
    digest = monday_nine + timedelta(hours=1)
    assert offered(FRIDAY, STOCKHOLM, OFFICE, digest) == CHOICES
    assert offered(monday_nine, STOCKHOLM, OFFICE, digest) == ("hour", "hours")
    assert offered(monday_nine, STOCKHOLM, OFFICE, None) == CHOICES


def test_there_is_no_other_choice() -> None:
    with pytest.raises(KeyError):
        ask_again_at("never", FRIDAY, STOCKHOLM, OFFICE)


@given(INSTANTS, st.sampled_from(CHOICES), st.sampled_from([STOCKHOLM, "Asia/Kolkata", "Pacific/Auckland"]))
def test_it_is_always_later_on_a_whole_minute_and_within_a_week(now: datetime, choice: str, zone: str) -> None:
    at = ask_again_at(choice, now, zone, OFFICE)
    assert now < at <= now + timedelta(days=8)
    assert (at.second, at.microsecond) == (0, 0)
