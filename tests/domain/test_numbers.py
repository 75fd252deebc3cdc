from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.numbers import Ambiguous, Invalid, Number, NumberProblem, parse_number

LANGUAGES = st.sampled_from(["en", "sv", "en-GB", "sv-SE"])
NBSP, THIN, NARROW, FIGURE = "\u00a0", "\u2009", "\u202f", "\u2007"


def read(text: str, *, whole: bool = False, language: str = "en") -> Number | Ambiguous | Invalid:
    return parse_number(text, whole=whole, language=language)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # Plain
        ("0", "0"), ("007", "7"), ("12500", "12500"), ("  42 ", "42"), ("+5", "5"), ("-3", "-3"), ("−3", "-3"),
        ("- 3", "-3"), ("-0", "0"), ("１２３", "123"), ("٤٢", "42"), ("1\u200b2", "12"),
        # Thousands
        ("12 500", "12500"), (f"12{NBSP}500", "12500"), (f"12{THIN}500", "12500"), (f"12{NARROW}500", "12500"),
        (f"12{FIGURE}500", "12500"), ("12'500", "12500"), ("12’500", "12500"), ("1 234 567", "1234567"),
        ("1,234,567", "1234567"), ("1.234.567", "1234567"), ("1'234'567", "1234567"),
        # Fractions
        ("3,5", "3.5"), ("3.5", "3.5"), (".5", "0.5"), (",5", "0.5"), ("0.125", "0.125"), ("0,125", "0.125"),
        ("1 234,5", "1234.5"), ("1 234.567", "1234.567"), ("1,234.5", "1234.5"), ("1.234,5", "1234.5"),
        ("1'234.50", "1234.50"), ("1,234,567.89", "1234567.89"), ("1.234.567,89", "1234567.89"),
        ("1234.567", "1234.567"), ("1234,567", "1234.567"), ("3.1415", "3.1415"), ("12,50", "12.5"),
        # Percent, pieces and money around it
        ("12 %", "12"), ("12%", "12"), (f"12,5{NBSP}%", "12.5"), ("12 procent", "12"), ("7 st", "7"),
        ("kr 1 200", "1200"), ("1 200 kr", "1200"), ("1200kr.", "1200"), ("1 200:-", "1200"), ("1200,-", "1200"),
        ("€ 1 200", "1200"), ("$1,200.50", "1200.50"), ("SEK 1 200", "1200"), ("1200 sek", "1200"),
        ("-$5", "-5"), ("kr -1 200", "-1200"), ("US$ 7", "7"),
        # Multipliers
        ("12k", "12000"), ("1.2k", "1200"), ("1,2 K", "1200"), ("3 tkr", "3000"), ("3 tsek", "3000"),
        ("1,5 mn", "1500000"), ("1,5 milj", "1500000"), ("1,5 milj. kr", "1500000"), ("1.5M", "1500000"),
        ("2 MSEK", "2000000"), ("2 mkr", "2000000"), ("$1.2M", "1200000"), ("0,5 mdr", "500000000"),
        ("3 tusen", "3000"), ("2 miljoner kronor", "2000000"), ("1 miljard", "1000000000"),
        ("1.5 billion", "1500000000"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "sv"])
def test_numbers_are_read_as_people_write_them_in_either_language(text: str, value: str, language: str) -> None:
    assert read(text, language=language) == Number(Decimal(value))


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    ("text", "thousands", "decimal"),
    [
        ("1.234", "1234", "1.234"),
        ("12.500", "12500", "12.5"),
        ("-1.234", "-1234", "-1.234"),
        ("1.234 %", "1234", "1.234"),
        ("1.234k", "1234000", "1234"),
    ],
)
def test_one_dot_before_three_digits_is_asked_about(
    text: str, thousands: str, decimal: str, language: str, *, whole: bool
) -> None:
    answer = read(text, whole=whole, language=language)
    assert answer == Ambiguous(text, (Decimal(thousands), Decimal(decimal)))


@pytest.mark.parametrize(
    ("whole", "language", "expected"),
    [
        (True, "en", Number(Decimal(12500))),
        (True, "sv", Number(Decimal(12500))),
        (False, "en", Number(Decimal(12500))),
        (False, "en-US", Number(Decimal(12500))),
        (False, "sv", Ambiguous("12,500", (Decimal(12500), Decimal("12.5")))),
        (False, "sv-SE", Ambiguous("12,500", (Decimal(12500), Decimal("12.5")))),
    ],
)
def test_one_comma_before_three_digits_is_in_doubt_only_for_swedish_fractions(
    *, whole: bool, language: str, expected: Number | Ambiguous
) -> None:
    assert read("12,500", whole=whole, language=language) == expected


@pytest.mark.parametrize("text", ["", "   ", NBSP, "\u200b"])
def test_nothing_is_empty(text: str) -> None:
    assert read(text) == Invalid(NumberProblem.EMPTY)


@pytest.mark.parametrize(
    "text",
    [
        "abc", "-", "kr", "%", "twelve", "1 2", "12 50", "1 2345", "0 500", "1,23,456", "1.23.456", "1,234.567.8",
        "1 234'567", "1.234,567,890", "12 500 5", "--5", "-kr-5", "5-", "1e5", "0x10", "nan", "inf", "12²", "½",
        "5 6", "12..5", "12,.5", "3 apples", "12 %%", "1:30", "12:", "t", "5 t", "5 x",
    ],
)  # fmt: skip
def test_anything_else_is_not_a_number(text: str) -> None:
    assert read(text) == Invalid(NumberProblem.NOT_A_NUMBER)


@pytest.mark.parametrize("text", ["3,5", "3.5", "0.5", "1 234,5", "1.2345k"])
def test_a_count_of_things_has_no_fraction(text: str) -> None:
    assert read(text, whole=True) == Invalid(NumberProblem.NOT_WHOLE)


@pytest.mark.parametrize("text", ["3,0", "3.00", "1.2k", "0,5 mn"])
def test_a_fraction_of_nothing_is_whole(text: str) -> None:
    answer = read(text, whole=True)
    assert isinstance(answer, Number)
    assert "." not in str(answer.value)


@pytest.mark.parametrize(
    "text",
    [
        "1000000000000000", "-1000000000000000", "1234567890123456", "123456789012345.6", "0.1234567890123456",
        "1000000 mdr", "9" * 40, "9" * 5000,
    ],
)  # fmt: skip
def test_more_than_fifteen_digits_are_too_many(text: str) -> None:
    assert read(text) == Invalid(NumberProblem.TOO_LARGE)


def test_fifteen_digits_are_kept_to_the_last() -> None:
    assert read("999999999999999") == Number(Decimal(999999999999999))
    assert read("1234567890.12345") == Number(Decimal("1234567890.12345"))


@pytest.mark.parametrize("text", ["-3", "−1 200 kr", "-1.234"])
def test_a_number_below_zero_is_refused_where_none_is_allowed(text: str) -> None:
    answer = parse_number(text, whole=True, language="en", allow_negative=False)
    assert answer == Invalid(NumberProblem.NEGATIVE)


def test_zero_is_not_below_zero() -> None:
    assert parse_number("0", whole=True, language="en", allow_negative=False) == Number(Decimal(0))


NUMBERISH = st.text(alphabet=st.sampled_from("0123456789 .,'-+%kKmMtTrRsSeE$€:\u00a0\u2212"), max_size=30)


@given(st.one_of(st.text(), NUMBERISH), st.booleans(), LANGUAGES)
def test_any_text_gets_an_answer_that_keeps_its_promises(text: str, whole: bool, language: str) -> None:
    match parse_number(text, whole=whole, language=language):
        case Number(value):
            assert value.is_finite()
            assert abs(value) < Decimal(10) ** 15
            assert not whole or value == int(value)
        case Ambiguous(_, choices):
            assert len(set(choices)) == 2
        case Invalid(reason):
            assert reason in NumberProblem


@st.composite
def values(draw: st.DrawFn) -> Decimal:
    """Draw up to 15 digits with up to 6 of them after the point."""
    places = draw(st.integers(0, 6))
    return Decimal(draw(st.integers(-(10**15) + 1, 10**15 - 1))).scaleb(-places)


def english(value: Decimal) -> str:
    return f"{value:,f}"


def swedish(value: Decimal) -> str:
    return f"{value:,f}".replace(",", NBSP).replace(".", ",").replace("-", "−")


Habit = tuple[str, Callable[[Decimal], str]]
HABITS = st.sampled_from([("en", english), ("sv", swedish)])


@given(values(), HABITS, st.sampled_from(["{}", "{} kr", "SEK {}", "{}%"]))
def test_what_a_form_shows_reads_back_as_itself_or_is_asked_about(value: Decimal, habit: Habit, around: str) -> None:
    language, written = habit
    match read(around.format(written(value)), language=language):
        case Number(got):
            assert got == value
        case Ambiguous(_, choices):
            assert value in choices
        case problem:
            pytest.fail(f"{written(value)!r} gave {problem}")


@given(st.integers(-(10**15) + 1, 10**15 - 1), HABITS)
def test_a_whole_number_reads_back_as_itself_always(count: int, habit: Habit) -> None:
    language, written = habit
    assert read(written(Decimal(count)), whole=True, language=language) == Number(Decimal(count))
