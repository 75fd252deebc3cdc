"""Public holidays of countries and regions, called as people call them."""

from datetime import date

import pytest

from bot.services.teams.holiday_calendars import calendar_called, is_holiday_in
from bot.services.teams.working_settings import _countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SE", "SE"),
        (" se ", "SE"),
        ("SWE", "SE"),
        ("Sweden", "SE"),
        ("Sverige", "SE"),
        ("Förenta staterna", None),
        ("USA", "US"),
        ("NO", "NO"),
        ("DE-BY", "DE-BY"),
        ("Tyskland-Bayern", "DE-BY"),
        ("Guinea-Bissau", "GW"),
        ("GB-ENG", "GB-ENG"),
        ("Atlantis", None),
        ("DE-Atlantis", None),
        ("AU-NSW Western", None),
        ("-BY", None),
        ("-", None),
        ("", None),
    ],
)
def test_a_calendar_is_found_by_code_or_name(text: str, code: str | None) -> None:
    assert calendar_called(text, _countries()) == code


def test_midsummers_eve_is_a_holiday_in_sweden_and_not_in_norway() -> None:
    midsummer = date(2026, 6, 19)
    assert is_holiday_in("SE")(midsummer)
    assert not is_holiday_in("NO")(midsummer)


def test_a_region_has_holidays_of_its_own() -> None:
    epiphany = date(2026, 1, 6)
    assert is_holiday_in("DE-BY")(epiphany)
    assert not is_holiday_in("DE")(epiphany)


@pytest.mark.parametrize("code", ["", "XX", "SE-XX"])
def test_where_there_is_no_such_calendar_no_day_is_a_holiday(code: str) -> None:
    assert not is_holiday_in(code)(date(2026, 12, 25))
