"""When somebody who says 'later' is asked again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.asking_time import AskingTime
from bot.domain.snoozing import CHOICES, Mornings, ask_again_at, offered
from bot.services.teams.holiday_calendars import is_holiday_in

OFFICE = AskingTime.of("12345", "20:00", "07:00")
STOCKHOLM = "Europe/Stockholm"
FRIDAY = datetime(2026, 11, 27, 13, 7, 40, tzinfo=ZoneInfo(STOCKHOLM))
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis wants naive bounds)


def shown(
    choice: str, *, now: datetime = FRIDAY, asking: AskingTime = OFFICE, away_until: datetime | None = None
) -> str:
    at = ask_again_at(choice, now, Mornings(STOCKHOLM, asking, away_until))
    return f"{at.astimezone(ZoneInfo(STOCKHOLM)):%Y-%m-%d %H:%M}"


def days(now: datetime, digest: datetime | None, **person: datetime) -> dict[str, str]:
    """Give what is offered, and the day whose morning it means."""
    found = offered(now, Mornings(STOCKHOLM, OFFICE, **person), digest)
    return {choice: f"{day:%a %d}" if day else "" for choice, day in found.items()}


@pytest.mark.parametrize(
    ("choice", "at"),
    [
        ("hour", "2026-11-27 14:07"),
        ("hours", "2026-11-27 16:07"),
        ("tomorrow", "2026-11-30 08:00"),
        ("monday", "2026-11-30 08:00"),
    ],
)
def test_hours_are_taken_as_they_were_said_and_tomorrow_as_the_next_working_day(choice: str, at: str) -> None:
    assert shown(choice) == at


@pytest.mark.parametrize(
    ("working", "at"), [("12345", "2026-11-30"), ("123456", "2026-11-28"), ("23456", "2026-11-28"), ("3", "2026-12-02")]
)
def test_tomorrow_is_the_next_day_on_which_the_team_works(working: str, at: str) -> None:
    assert shown("tomorrow", asking=AskingTime.of(working, "20:00", "07:00")) == f"{at} 08:00"
    assert shown("tomorrow", now=FRIDAY - timedelta(days=3)) == "2026-11-25 08:00", "in the middle of the week"


def test_who_is_away_is_asked_on_the_first_working_morning_after_it() -> None:
    """Saturday in a week, a Tuesday's midnight, and the afternoon of a day whose morning is over by then."""
    for back, at in (
        ("2026-12-05T00:00", "2026-12-07"),
        ("2026-12-15T00:00", "2026-12-15"),
        ("2026-12-15T13:00", "2026-12-16"),
    ):
        away_until = datetime.fromisoformat(back).replace(tzinfo=ZoneInfo(STOCKHOLM))
        assert shown("tomorrow", away_until=away_until) == f"{at} 08:00"
        assert shown("monday", away_until=away_until) == f"{at} 08:00"
    assert shown("tomorrow", away_until=FRIDAY + timedelta(hours=1)) == "2026-11-30 08:00"


def test_monday_is_the_coming_one_and_todays_only_until_its_morning() -> None:
    assert shown("monday", now=FRIDAY + timedelta(days=3)) == "2026-12-07 08:00"
    assert shown("monday", now=datetime(2026, 11, 30, 7, 30, tzinfo=ZoneInfo(STOCKHOLM))) == "2026-11-30 08:00"


def test_a_monday_that_is_a_holiday_gives_way_and_the_morning_begins_after_the_quiet_hours() -> None:
    swedish = AskingTime.of("12345", "19:00", "09:30", is_holiday_in("SE"))
    maundy_thursday = datetime(2026, 4, 2, 13, tzinfo=ZoneInfo(STOCKHOLM))
    assert shown("monday", now=maundy_thursday, asking=swedish) == "2026-04-07 09:30"
    assert shown("tomorrow", now=maundy_thursday, asking=swedish) == "2026-04-07 09:30", "the day after Easter"


def test_another_day_is_offered_only_before_the_digest_and_once() -> None:
    monday_nine = datetime(2026, 11, 30, 9, tzinfo=ZoneInfo(STOCKHOLM))
    digest = monday_nine + timedelta(hours=1)
    hours = {"hour": "", "hours": ""}
    thursday, sunday = FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=2)
    assert days(thursday, digest) == hours | {"tomorrow": "Fri 27", "monday": "Mon 30"}
    assert days(FRIDAY, digest) == hours | {"monday": "Mon 30"}
    assert days(sunday, digest) == hours | {"tomorrow": "Mon 30"}
    assert days(monday_nine, digest) == hours
    assert days(monday_nine, None) == hours | {"tomorrow": "Tue 01", "monday": "Mon 07"}
    assert days(thursday, digest, away_until=digest) == hours, "who is away is back when the team has seen the week"


def test_there_is_no_other_choice() -> None:
    with pytest.raises(KeyError):
        ask_again_at("never", FRIDAY, Mornings(STOCKHOLM, OFFICE))


@given(INSTANTS, st.sampled_from(CHOICES), st.sampled_from([STOCKHOLM, "Asia/Kolkata", "Pacific/Auckland"]))
def test_it_is_always_later_on_a_whole_minute_and_within_a_week(now: datetime, choice: str, zone: str) -> None:
    at = ask_again_at(choice, now, Mornings(zone, OFFICE))
    assert now < at <= now + timedelta(days=8)
    assert (at.second, at.microsecond) == (0, 0)
