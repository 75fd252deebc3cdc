from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.numbers import Ambiguous, Number, parse_number
from messages import catalog
from messages.content import KpiValue
from messages.formats import Formats

EN, SV = Formats("en"), Formats("sv")
NBSP = "\u00a0"
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False)


def kpi(value: str | None, unit: str = "count", decimals: int = 0, currency: str | None = None) -> KpiValue:
    return KpiValue(
        "k", "Leads", unit=unit, decimals=decimals, currency=currency, value=None if value is None else Decimal(value)
    )


@pytest.mark.parametrize(
    ("shown", "english", "swedish"),
    [
        (kpi("12500"), "12,500", f"12{NBSP}500"),
        (kpi("3.5"), "3.5", "3,5"),
        (kpi("3", decimals=2), "3.00", "3,00"),
        (kpi("12", "percent"), "12%", f"12{NBSP}%"),
        (kpi("12.5", "percent"), "12.5%", f"12,5{NBSP}%"),
        (kpi("12500", "money", currency="SEK"), f"SEK{NBSP}12,500", f"12{NBSP}500{NBSP}kr"),
        (kpi("12500", "money", currency="EUR"), "€12,500", f"12{NBSP}500{NBSP}€"),
        (kpi("12500", "money"), "12,500", f"12{NBSP}500"),
        (kpi("2.5", "duration"), f"2{NBSP}h{NBSP}30{NBSP}min", f"2{NBSP}tim{NBSP}30{NBSP}min"),
        (kpi("0.333333", "duration"), f"20{NBSP}min", f"20{NBSP}min"),
        (kpi("0.0125", "duration"), f"45{NBSP}s", f"45{NBSP}s"),
        (kpi("1200", "duration"), f"1,200{NBSP}h", f"1{NBSP}200{NBSP}tim"),
        (kpi("0", "duration"), f"0{NBSP}h", f"0{NBSP}tim"),
        (kpi("-1.5", "duration"), f"−1{NBSP}h{NBSP}30{NBSP}min", f"−1{NBSP}tim{NBSP}30{NBSP}min"),
        (kpi("1.5", "duration", decimals=1), f"1.5{NBSP}h", f"1,5{NBSP}tim"),
        (kpi(None), "–", "–"),
        (kpi("NaN"), "–", "–"),
    ],
)
def test_a_value_is_written_in_its_unit_and_language(shown: KpiValue, english: str, swedish: str) -> None:
    assert EN.value(shown) == english
    assert SV.value(shown) == swedish


def test_a_change_has_its_sign() -> None:
    assert (EN.delta(Decimal("0.12")), SV.delta(Decimal("0.12"))) == ("+12%", f"+12{NBSP}%")
    assert (EN.delta(Decimal("-0.055")), EN.delta(Decimal(0)), EN.delta(None)) == ("−6%", "±0%", "–")


def test_weeks_dates_and_times_are_named_as_people_name_them() -> None:
    moment = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    assert (EN.weekname("2026-W48"), SV.weekname("2026-W05")) == ("week 48", "vecka 5")
    assert (EN.moment(moment), SV.moment(moment)) == ("Monday 10:00", "måndag 10:00")
    assert EN.daterange(date(2026, 11, 23), date(2026, 11, 29)) == "23–29 November 2026"
    assert SV.daterange(date(2026, 11, 30), date(2026, 12, 6)) == "30 november – 6 december 2026"
    assert EN.daterange(date(2026, 12, 28), date(2027, 1, 3)) == "28 December 2026 – 3 January 2027"


@given(NUMBERS, st.sampled_from(["en", "sv"]))
def test_a_prefilled_number_is_read_back_as_the_same(value: Decimal, language: str) -> None:
    written = Formats(language).typed(value)
    assert parse_number(written, whole=False, language=language) == Number(value + 0)


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("text", ["1.234", "12.500", "1.234k"])
def test_what_an_ambiguous_number_is_told_to_be_written_as_is_accepted(text: str, language: str) -> None:
    answer = parse_number(text, whole=False, language=language)
    assert isinstance(answer, Ambiguous)
    sentence = catalog.number_problem("ambiguous", text, answer.choices, kpi(None, decimals=2), language=language)
    for choice in answer.choices:
        typed = Formats(language).typed(choice)
        assert typed in sentence
        assert parse_number(typed, whole=False, language=language) == Number(choice)


def test_a_kpi_of_whole_numbers_is_not_offered_a_fraction() -> None:
    choices = (Decimal(1234), Decimal("1.234"))
    sentence = catalog.number_problem("ambiguous", "1.234", choices, kpi(None), language="en")
    assert sentence == "Do you mean 1,234? Then write 1234, without a separator."
