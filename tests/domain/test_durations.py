from decimal import Decimal as D  # noqa: N817 (one letter keeps the tables readable)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import parse_duration
from bot.domain.numbers import Ambiguous, Invalid, Number, NumberProblem
from messages.content import KpiValue
from messages.formats import Formats


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2 h 30 min", "2.5"),
        ("2h30m", "2.5"),
        ("2 timmar och 30 minuter", "2.5"),
        ("2 tim, 30 min", "2.5"),
        ("1:30", "1.5"),
        ("0:00:36", "0.01"),
        ("1:30 h", "1.5"),
        ("3 d", "72"),
        ("3 dagar", "72"),
        ("2 dygn", "48"),
        ("1 week", "168"),
        ("45 s", "0.0125"),
        ("1,5 tim", "1.5"),
        ("90 minutes", "1.5"),
        ("7", "7"),
        ("2,5", "2.5"),
        ("20 min", "0.333333"),
    ],
)
def test_a_duration_in_hours(text: str, hours: str) -> None:
    assert parse_duration(text, language="sv") == Number(D(hours))


@pytest.mark.parametrize("text", ["1:75", "2 h 3 h", "soon", "h", "2 parsecs", "1:30:99"])
def test_what_is_no_duration(text: str) -> None:
    assert parse_duration(text, language="en") == Invalid(NumberProblem.NOT_A_NUMBER)


def test_what_is_too_long_or_negative() -> None:
    assert parse_duration("9" * 12 + " d", language="en") == Invalid(NumberProblem.TOO_LARGE)
    assert parse_duration("-2", language="en") == Invalid(NumberProblem.NEGATIVE)


@given(st.text(max_size=120), st.sampled_from(["en", "sv"]))
def test_anything_typed_is_read_or_refused(text: str, language: str) -> None:
    assert isinstance(parse_duration(text, language=language), Number | Ambiguous | Invalid)


@given(st.integers(0, 59_999), st.sampled_from(["en", "sv"]))
def test_whole_minutes_are_read_back_as_they_are_shown(minutes: int, language: str) -> None:
    hours = (D(minutes) / 60).quantize(D("0.000001"))
    shown = Formats(language).value(KpiValue("k", "K", unit="duration", value=hours))
    assert parse_duration(shown, language=language) == Number(hours)
