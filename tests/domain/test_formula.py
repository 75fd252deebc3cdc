import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal as D  # noqa: N817 (one letter keeps the tables readable)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.formula import Formula, FormulaProblem, Unreadable, circle, compute, computed, parse_formula, spelled

NAMES = {"deals": "Closed deals", "meetings": "Meetings", "lost-leads": "Lost leads", "lost": "Lost", "leads": "Leads"}
KNOWN = {slug: slug for slug in NAMES} | {name: slug for slug, name in NAMES.items()}
VALUES = {"deals": D(6), "meetings": D(4), "lost-leads": D(3), "lost": D(1), "leads": D(20)}
SIGNS = """( ) + - * / ** // , ; min max min( 1 0 2.5 1e999 99999999999999999999999999999999 . _ __class__ lambda import
    ' " [ ] { } = := % if not ٣ \0"""
HOSTILE = st.one_of(
    st.text(max_size=320),
    st.lists(
        st.sampled_from([*KNOWN, *SIGNS.split()]),
        max_size=90,
    ).map(" ".join),
)


def text_of(typed: str) -> str:
    read = parse_formula(typed, KNOWN)
    assert isinstance(read, Formula), read
    return read.text


@pytest.mark.parametrize(
    ("typed", "kept", "value"),
    [
        ("deals / meetings", "deals / meetings", "1.5"),
        ("Closed Deals/Meetings", "deals / meetings", "1.5"),
        ("lost-leads", "lost-leads", "3"),
        ("lost - leads", "lost - leads", "-19"),
        ("lost-deals", "lost - deals", "-5"),
        ("leads-lost-leads", "leads - lost-leads", "17"),
        ("100 × deals ÷ leads", "100 * deals / leads", "30"),
        ("max(leads - lost-leads; 0)", "max(leads - lost-leads, 0)", "17"),
        ("min(deals,5) + 0,5 * leads", "min(deals, 5) + 0.5 * leads", "15"),
        ("-(deals + meetings) * 2", "- (deals + meetings) * 2", "-20"),
        ("deals / 3.0 / 7", "deals / 3.0 / 7", "0.285714"),
    ],
)
def test_a_formula_is_kept_with_slugs_and_computed_exactly(typed: str, kept: str, value: str) -> None:
    assert text_of(typed) == kept
    assert compute(kept, VALUES.get) == D(value)


@pytest.mark.parametrize(
    ("typed", "reason", "part"),
    [
        ("deals / ghosts", FormulaProblem.UNKNOWN_KPI, "ghosts"),
        ("os.system('x')", FormulaProblem.UNKNOWN_KPI, "os"),
        ("deals ** 2", FormulaProblem.UNREADABLE, "deals * * 2"),
        ("(deals", FormulaProblem.UNREADABLE, "(deals"),
        ("deals meetings", FormulaProblem.UNREADABLE, "deals meetings"),
        ("deals, meetings", FormulaProblem.UNREADABLE, "deals, meetings"),
        ("min(deals)", FormulaProblem.UNREADABLE, "min(deals)"),
        ("deals % 2", FormulaProblem.UNREADABLE, "%"),
        ("3 + 4", FormulaProblem.NO_KPI, ""),
        ("", FormulaProblem.NO_KPI, ""),
        ("deals" + " + deals" * 41, FormulaProblem.TOO_LONG, ""),
        ("(" * 21 + "deals" + ")" * 21, FormulaProblem.TOO_LONG, ""),
    ],
)
def test_what_is_no_formula_is_told_with_the_part_that_is_not_understood(
    typed: str, reason: FormulaProblem, part: str
) -> None:
    assert parse_formula(typed, KNOWN) == Unreadable(reason, part)


@pytest.mark.parametrize(
    "formula",
    [
        "deals / 0",
        "0 * deals / 0",
        "deals / (meetings - meetings)",
        "deals / ghosts",
        "deals *",
        "deals * 999999999999999",
    ],
)
def test_there_is_no_value_where_it_can_not_be_computed(formula: str) -> None:
    assert compute(formula, VALUES.get) is None


def test_formulas_are_made_of_others_and_a_missing_value_is_missing_in_all_of_them() -> None:
    formulas = {"rate": "deals / meetings", "double": "2 * rate"}
    assert computed(formulas, VALUES) == {"rate": D("1.5"), "double": D(3)}
    assert computed(formulas, {"deals": D(6)}) == {}
    assert computed(formulas, VALUES | {"rate": D(99)})["double"] == 3, "what was reported for it does not count"


def test_a_thousand_formulas_made_of_each_other_are_computed() -> None:
    in_a_row = {f"k{place}": f"k{place + 1} + 1" for place in range(1_000)}
    assert computed(in_a_row, {"k1000": D(1)})["k0"] == 1_001
    assert computed(dict(reversed(in_a_row.items())), {"k1000": D(1)})["k0"] == 1_001
    assert circle(in_a_row | {"k1000": "k0"}) is not None


def test_a_circle_is_named_and_gives_no_value() -> None:
    formulas = {"a": "b + 1", "b": "2 * c", "c": "a", "d": "deals", "e": "a + deals", "f": "max(b, e)"}
    loop = circle(formulas)
    assert loop is not None
    assert loop[0] == loop[-1]
    assert set(loop) == {"a", "b", "c"}
    assert computed(formulas, VALUES) == {"d": D(6)}
    assert circle({"rate": "deals / meetings"}) is None
    assert circle({"rate": "rate / 2"}) == ["rate", "rate"]


def test_a_formula_is_spelled_with_names_where_it_is_read_back_as_the_same() -> None:
    assert spelled("100 * deals / meetings", NAMES) == "100 * Closed deals / Meetings"
    confusing = {"a": "Leads", "b": "Deals", "c": "Leads / Deals"}
    assert spelled("a / b", confusing) == "a / b"


@given(HOSTILE)
def test_hostile_text_is_a_formula_or_refused_and_never_crashes(typed: str) -> None:
    read = parse_formula(typed, KNOWN)
    if isinstance(read, Unreadable):
        assert len(read.part) <= 80
        return
    assert parse_formula(read.text, KNOWN) == read
    value = compute(read.text, VALUES.get)
    assert value is None or abs(value) <= 10**15
    assert read.slugs <= VALUES.keys()
    assert compute(read.text, lambda _: None) is None


@given(
    st.text(max_size=320), st.dictionaries(st.text(max_size=20), st.sampled_from(["a", "b-c", "min", "12"]), max_size=4)
)
def test_whatever_kpis_are_called_reading_and_computing_do_not_crash(typed: str, names: dict[str, str]) -> None:
    read = parse_formula(typed, names)
    if isinstance(read, Formula):
        compute(read.text, lambda _: D(2))
    compute(typed, lambda _: D(2))


def test_formulas_are_computed_in_many_threads_at_once() -> None:
    formulas = [f"max(leads, {number}) + {' + '.join(['leads'] * (1 + number % 20))}" for number in range(1600)]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda formula: compute(formula, lambda _: D(3)), formulas))
    finally:
        sys.setswitchinterval(usual)
    assert None not in found
