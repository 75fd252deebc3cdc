"""Numbers that people write in a message."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.written_numbers import LONGEST, Pair, meant, pairs

KNOWN = {1: ("Visits", "visits"), 2: ("Leads", "leads"), 3: ("Closed deals", "closed-deals"), 4: ("Lost leads", "lost")}
NAMES = [name for names in KNOWN.values() for name in names]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("visits 4200, leads 130", [("visits", "4200"), ("leads", "130")]),
        ("Visits: 4200\nLeads = 130", [("Visits", "4200"), ("Leads", "130")]),
        ("visits 4200 leads 130", [("visits", "4200"), ("leads", "130")]),
        ("visits 4 200; leads 1,300", [("visits", "4 200"), ("leads", "1,300")]),
        ("visits 4200 and leads 130.", [("visits", "4200"), ("leads", "130")]),
        ("besök 4 200 och leads 130", [("besök", "4 200"), ("leads", "130")]),
        ("vistis 4200, leads are 130", [("vistis", "4200"), ("leads", "130")]),
        ("closed deals 11", [("closed deals", "11")]),
        ("4200 visits, 130 leads", [("4200", "visits"), ("130", "leads")]),
        ("margin 12,5 %, sales 1,5 mkr", [("margin", "12,5 %"), ("sales", "1,5 mkr")]),
        ("margin 12%", [("margin", "12%")]),
        ("cost 12.5k, deals -3", [("cost", "12.5k"), ("deals", "-3")]),
        ("answer time 1 h 30 min", [("answer time", "1 h 30 min")]),
        ("answer time 2:30, leads 3", [("answer time", "2:30"), ("leads", "3")]),
        ("- visits 4200\n- leads 130", [("visits", "4200"), ("leads", "130")]),
    ],
)
def test_pairs_are_found_however_they_are_separated(text: str, found: list[tuple[str, str]]) -> None:
    expected = [Pair(*pair) if not pair[0][0].isdigit() else Pair(pair[1], pair[0]) for pair in found]
    assert list(pairs(text, NAMES)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "visits",
        "4200",
        "who owns leads?",
        "who owns the 2026 budget?",
        "leads 130?",
        "I had 3 leads today",
        "visits 4200 (about)",
    ],
)
def test_what_is_more_than_names_and_numbers_is_no_report(text: str) -> None:
    assert pairs(text, NAMES) == ()


@pytest.mark.parametrize("spaces", [" " * 10, "\t" * 5, " \t" * 5])
def test_however_many_spaces_stand_between_they_are_one(spaces: str) -> None:
    assert pairs(f"closed{spaces}deals{spaces}={spaces}11", NAMES) == (Pair("closed deals", "11"),)


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "a ", "1 ", " k", "h1m", ", "])
def test_a_message_that_is_no_report_is_put_aside_at_once(blank: str) -> None:
    """With cubic time the first one took minutes, in which nothing else was done."""
    began = time.process_time()
    for text in (f"a{blank * 1_000}x1", f"1{blank * 1_000}!", f"1 a{blank * 1_000}x"):
        pairs(text[:LONGEST], NAMES)
    assert time.process_time() - began < 1


def test_a_known_name_may_have_digits_and_commas_in_it() -> None:
    assert pairs("Q1, new leads 12, visits 3", ["Q1, new leads", "visits"]) == (
        Pair("Q1, new leads", "12"),
        Pair("visits", "3"),
    )


@pytest.mark.parametrize(
    ("name", "which"),
    [
        ("visits", 1),
        ("VISITS", 1),
        ("vistis", 1),
        ("leads", 2),
        ("closed-deals", 3),
        ("Closed Deals", 3),
        ("deals", 3),
        ("closd deals", 3),
        ("lost", 4),
        ("weather", ()),
    ],
)
def test_a_name_is_what_it_says_or_nearly(name: str, which: int | tuple[str, ...]) -> None:
    assert meant(name, KNOWN) == which


def test_a_word_of_several_names_is_none_of_them() -> None:
    assert meant("leads", {1: ("New leads", "new"), 2: ("Lost leads", "lost")}) == ("New leads", "Lost leads")


@given(st.text(alphabet=st.sampled_from("visit leads 0123456789,.;:=\n%k-?å"), max_size=60))
def test_any_text_is_split_whole_or_not_at_all(text: str) -> None:
    found = pairs(text, NAMES)
    assert all(any(c.isdigit() for c in pair.number) and pair.name for pair in found)
    assert "?" not in text or not found


@given(st.text(max_size=30))
def test_any_name_is_looked_for(name: str) -> None:
    which = meant(name, KNOWN)
    assert which in KNOWN if isinstance(which, int) else set(which) <= {names[0] for names in KNOWN.values()}
