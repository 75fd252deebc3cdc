from decimal import Decimal as D  # noqa: N817 (one letter keeps the tables readable)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.amounts import parse_amount
from bot.domain.numbers import Ambiguous, Invalid, Number
from bot.domain.targets import Bounds, TargetProblem, parse_target, refit
from bot.domain.words import Comparator, Direction, Unit
from messages.content import KpiValue
from messages.formats import Formats

AT_LEAST, MORE_THAN, AT_MOST, LESS_THAN, BETWEEN = Comparator
UNITS = st.sampled_from(list(Unit))
DIRECTIONS = st.sampled_from(list(Direction))
LANGUAGES = st.sampled_from(["en", "sv"])


def read(
    text: str, direction: str = "higher", unit: str = "percent", decimals: int = 0, language: str = "sv"
) -> Bounds | TargetProblem | Ambiguous | Invalid:
    def number(part: str) -> Number | Ambiguous | Invalid:
        return parse_amount(part, unit=unit, decimals=decimals, language=language)

    return parse_target(text, direction, number)


@pytest.mark.parametrize(
    "text", ["100", ">= 100", "≥100", "at least 100", "minst 100", "Min. 100", "100 or more", "100 eller fler"]
)
def test_at_least(text: str) -> None:
    assert read(text) == Bounds(AT_LEAST, D(100))


@pytest.mark.parametrize("text", ["> 100", "more than 100", "över 100", "fler än 100", "Over 100 %"])
def test_more_than(text: str) -> None:
    assert read(text) == Bounds(MORE_THAN, D(100))


@pytest.mark.parametrize(
    "text", ["5", "<=5", "högst 5 %", "at most 5", "max 5", "up to 5", "5 or less", "5 eller färre"]
)
def test_at_most(text: str) -> None:
    assert read(text, "lower") == Bounds(AT_MOST, D(5))


@pytest.mark.parametrize("text", ["< 5 %", "under 5", "less than 5", "färre än 5", "below 5"])
def test_less_than(text: str) -> None:
    assert read(text, "lower") == Bounds(LESS_THAN, D(5))


@pytest.mark.parametrize(
    "text",
    [
        "10–20",
        "10-20",
        "10 - 20 %",
        "20—10",
        "mellan 10 och 20",
        "between 10 and 20",
        "10 till 20",
        "from 10 to 20",
        "10..20",
    ],
)
def test_a_range_in_either_order(text: str) -> None:
    assert read(text, "within") == Bounds(BETWEEN, D(10), D(20))


def test_a_unit_behind_a_range_is_that_of_both_ends() -> None:
    assert read("20–30 min", "within", "duration") == Bounds(BETWEEN, D("0.333333"), D("0.5"))
    assert read("1–2 mn", "within", "money") == Bounds(BETWEEN, D(10**6), D(2 * 10**6))
    assert read("2 h - 90 min", "within", "duration") == Bounds(BETWEEN, D("1.5"), D(2))
    assert read("under 3 dagar", "lower", "duration") == Bounds(LESS_THAN, D(72))


def test_a_minus_is_not_taken_for_a_range() -> None:
    assert read("-5") == Bounds(AT_LEAST, D(-5))
    assert read("-10 – -5", "within") == Bounds(BETWEEN, D(-10), D(-5))


@pytest.mark.parametrize(
    ("text", "direction", "problem"),
    [
        ("15", "within", TargetProblem.RANGE_NEEDED),
        ("minst 15", "within", TargetProblem.RANGE_NEEDED),
        ("10–20", "higher", TargetProblem.NO_RANGE),
        ("högst 5", "higher", TargetProblem.WRONG_WAY),
        ("> 5", "lower", TargetProblem.WRONG_WAY),
    ],
)
def test_what_does_not_go_with_the_direction(text: str, direction: str, problem: TargetProblem) -> None:
    assert read(text, direction) is problem


def test_a_target_turns_with_its_direction() -> None:
    assert refit(Bounds(AT_LEAST, D(5)), "lower") == Bounds(AT_MOST, D(5))
    assert refit(Bounds(LESS_THAN, D(5)), "higher") == Bounds(MORE_THAN, D(5))
    assert refit(Bounds(AT_LEAST, D(5)), "within") is TargetProblem.RANGE_NEEDED
    assert refit(Bounds(BETWEEN, D(5), D(6)), "lower") is TargetProblem.NO_RANGE


@given(st.text(max_size=250), DIRECTIONS, UNITS, st.integers(0, 3), LANGUAGES)
def test_anything_typed_is_read_or_refused_in_words(
    text: str, direction: str, unit: str, decimals: int, language: str
) -> None:
    found = read(text, direction, unit, decimals, language)
    assert isinstance(found, Bounds | TargetProblem | Ambiguous | Invalid)
    if isinstance(found, Bounds):
        assert (found.upper is not None) is (found.comparator is BETWEEN) is (direction == "within")
        assert found.upper is None or found.value <= found.upper


# As many hours as a duration may have, and more than any other number of a week.
NUMBERS = st.decimals(D(0), D(10**6) - 1, places=3).map(lambda number: number.normalize() + 0)
FITTING = {"higher": (AT_LEAST, MORE_THAN), "lower": (AT_MOST, LESS_THAN)}


@st.composite
def agreed(draw: st.DrawFn) -> tuple[Bounds, str]:
    direction = draw(DIRECTIONS)
    if direction == "within":
        low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
        return Bounds(BETWEEN, low, high), direction
    return Bounds(draw(st.sampled_from(FITTING[direction])), draw(NUMBERS)), direction


@given(agreed(), UNITS.filter(lambda unit: unit != "count"), st.integers(0, 2), LANGUAGES)
def test_a_target_that_is_prefilled_in_a_form_is_read_back_as_the_same(
    target: tuple[Bounds, str], unit: str, decimals: int, language: str
) -> None:
    bounds, direction = target
    shown = KpiValue(
        "k", "K", unit, None, decimals, direction, bounds.value, comparator=bounds.comparator.value, upper=bounds.upper
    )
    assert read(Formats(language).typed_target(shown), direction, unit, decimals, language) == bounds


@pytest.mark.parametrize(
    ("shown", "english", "swedish"),
    [
        (KpiValue("k", "K", target=D(100), comparator="at_least"), "100", "100"),
        (KpiValue("k", "K", "percent", target=D(5), comparator="at_most"), "at most 5%", "högst 5_%"),
        (KpiValue("k", "K", target=D(5), comparator="less_than"), "under 5", "under 5"),
        (KpiValue("k", "K", target=D(5), comparator="more_than"), "more than 5", "mer än 5"),
        (KpiValue("k", "K", "percent", target=D(10), upper=D(20)), "10–20%", "10–20_%"),
        (
            KpiValue("k", "K", "money", "SEK", target=D(1000), upper=D(2000)),
            "SEK_1,000–2,000",
            "1_000–2_000_kr",
        ),
        (
            KpiValue("k", "K", "duration", target=D(1), upper=D("2.5")),
            "1_h – 2_h_30_min",
            "1_tim – 2_tim_30_min",
        ),
        (KpiValue("k", "K"), "–", "–"),
    ],
)
def test_a_target_in_words(shown: KpiValue, english: str, swedish: str) -> None:
    written = [Formats(language).target(shown).replace("\u00a0", "_") for language in ("en", "sv")]
    assert written == [english, swedish]
