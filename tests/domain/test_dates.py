"""A day is read as people write it, in English and Swedish."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import FURTHEST, Unclear, parse_day

# A Tuesday in week 48.
TODAY = date(2026, 11, 24)
CHRISTMAS_EVE = date(2026, 12, 24)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-24", "2026/12/24", "24/12", "24/12/2026", "24.12", "24.12.2026", "12/24", "24 dec", "24 dec.",
        "24 december", "24 December 2026", "24th of December", "dec 24", "December 24, 2026", "den 24 december",
        "24:e december", "until 24/12", "till den 24 december", "  24   DEC ",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert parse_day(text, TODAY) == CHRISTMAS_EVE


@pytest.mark.parametrize(
    "text", ["v. 50", "v50", "v 50", "V.50", "vecka 50", "week 50", "w50", "wk 50", "2026-W50", "week 50 2026"]
)
def test_a_week_means_its_monday(text: str) -> None:
    assert parse_day(text, TODAY) == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", date(2026, 11, 25)), ("imorgon", date(2026, 11, 25)), ("i morgon", date(2026, 11, 25)),
        ("i övermorgon", date(2026, 11, 26)), ("day after tomorrow", date(2026, 11, 26)),
        ("friday", date(2026, 11, 27)), ("fredag", date(2026, 11, 27)), ("på fredag", date(2026, 11, 27)),
        ("on Friday", date(2026, 11, 27)), ("fre", date(2026, 11, 27)),
        ("tuesday", date(2026, 12, 1)), ("lördag", date(2026, 11, 28)), ("sön", date(2026, 11, 29)),
        ("next Monday", date(2026, 11, 30)), ("nästa måndag", date(2026, 11, 30)), ("monday", date(2026, 11, 30)),
        ("next friday", date(2026, 12, 4)), ("nästa fredag", date(2026, 12, 4)),
        ("fredag nästa vecka", date(2026, 12, 4)),
        ("next week", date(2026, 11, 30)), ("nästa vecka", date(2026, 11, 30)), ("next month", date(2026, 12, 1)),
        ("in 3 days", date(2026, 11, 27)), ("om två veckor", date(2026, 12, 8)), ("om en månad", date(2026, 12, 24)),
        ("week 2", date(2027, 1, 11)), ("7 jan", date(2027, 1, 7)), ("1 mars", date(2027, 3, 1)),
    ],
)  # fmt: skip
def test_a_day_is_counted_from_today(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["today", "idag", "2026-11-24", "2026-11-23", "1 nov", "24/10", "v. 47", "vecka 44", "2025-12-24"]
)
def test_a_day_that_has_begun_is_past(text: str) -> None:
    assert parse_day(text, TODAY) is Unclear.PAST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "31/2",
        "32 december",
        "v. 54",
        "24 foo",
        "13/13",
        "🎩",
        "next",
        "om många veckor",
        "2026-13-01",
        "week 99",
    ],
)
def test_what_is_no_day_is_told_to_be_unreadable(text: str) -> None:
    assert parse_day(text, TODAY) is Unclear.UNREADABLE


def test_a_day_in_many_years_is_too_far() -> None:
    assert parse_day("2040-01-01", TODAY) is Unclear.TOO_FAR


def test_the_29th_of_february_is_found_in_the_next_year_that_has_one() -> None:
    assert parse_day("29 feb", date(2027, 12, 1)) == date(2028, 2, 29)


def test_on_a_monday_monday_is_the_next_one() -> None:
    monday = date(2026, 11, 30)
    assert parse_day("monday", monday) == parse_day("next monday", monday) == date(2026, 12, 7)


@given(st.text(max_size=40), st.dates(min_value=date(2000, 1, 1), max_value=date(2200, 1, 1)))
def test_any_text_gives_a_day_to_come_or_says_why_not(text: str, today: date) -> None:
    day = parse_day(text, today)
    assert isinstance(day, Unclear) or today < day <= today + FURTHEST


@given(st.dates(min_value=TODAY + timedelta(days=1), max_value=TODAY + timedelta(days=260)))
def test_what_is_written_in_any_form_is_read_back(day: date) -> None:
    for written in (day.isoformat(), f"{day.day}/{day.month}", f"{day.day}.{day.month}.{day.year}", f"{day:%d %B %Y}"):
        assert parse_day(written, TODAY) == day
