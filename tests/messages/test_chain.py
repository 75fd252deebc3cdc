"""How a chain is drawn, and what is said of its links."""

from dataclasses import replace
from itertools import pairwise

import pytest

from messages import catalog, chain_words
from messages.chain_content import ChainFacts, LinkFact, LookBackFacts, MoveFact, VanityFacts, WhatIfFacts
from messages.chain_drawing import draw
from messages.content import HatName, Message, Person
from tests.messages.chain_content import all_chains
from tests.messages.content import Content

CAUSES = ("because", "caus", "leads to", "thanks to", "due to", "beror", "orsak", "leder till", "tack vare")


def named(*names: str) -> tuple[HatName, ...]:
    return tuple(HatName(name.lower(), name) for name in names)


def linked(written: str, goal: str = "deals", **of_all: object) -> ChainFacts:
    """Make a chain of `Visits > Leads, Leads > Deals`."""
    pairs = [pair.split(" > ") for pair in written.split(", ")]
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    links = tuple(LinkFact(*named(*pair), **of_all) for pair in pairs)  # type: ignore[arg-type]
    return ChainFacts("North", "2026-W48", named(*names), (), links, goal)


def texts(message: Message) -> str:
    return "\n".join(
        part["text"] if isinstance(part, dict) else part
        for block in message.blocks
        for part in [block.get("text") or "", *block.get("elements", ())]
    )


def test_a_plain_chain_is_a_staircase() -> None:
    assert draw(linked("Visits > Leads, Leads > Deals"), "goal").lines == [
        "Visits",
        "└ 1 → Leads",
        "     └ 2 → Deals (goal)",
    ]


def test_links_that_meet_point_up_to_where_the_kpi_stands_and_a_loop_turns_back() -> None:
    drawing = draw(
        linked("Calls > Meetings, Meetings > Care, Care > Meetings, Meetings > Deals, Leads > Deals"), "goal"
    )
    assert drawing.lines == [
        "Calls",
        "└ 1 → Meetings",
        "     ├ 2 → Care",
        "     │    └ 3 ↺ Meetings",
        "     └ 4 → Deals (goal)",
        "Leads",
        "└ 5 → Deals (goal) ⤴",
    ]
    assert [(link.source.name, link.target.name) for link in drawing.links][2] == ("Care", "Meetings")


def test_a_chain_that_is_nothing_but_a_loop_is_drawn_too() -> None:
    assert draw(linked("A > B, B > A"), "goal").lines == ["A", "└ 1 → B", "     └ 2 ↺ A"]


def test_a_long_chain_goes_on_in_a_row_of_its_own() -> None:
    names = [f"K{number}" for number in range(20)]
    drawing = draw(linked(", ".join(f"{a} > {b}" for a, b in pairwise(names)), goal="k19"), "goal")
    assert max(map(len, drawing.lines)) < 45
    assert len(drawing.links) == 19
    assert sum("⤵" in line for line in drawing.lines) == 3


@pytest.mark.parametrize("language", ["en", "sv"])
def test_thirty_kpis_and_forty_links_are_all_drawn_and_told(language: str) -> None:
    facts = all_chains(Content("ordinary"))[0]
    message = catalog.chain_report(facts, language=language)
    assert (len(facts.kpis), len(facts.links)) == (30, 40)
    shown = texts(message)
    assert all(f"*{number}  " in shown for number in range(1, 41))
    assert "… " not in shown
    assert len(shown) < 13_200


def test_each_link_says_its_lag_its_rate_and_its_verdict() -> None:
    facts = linked("Visits > Leads", lag=2, lag_from="found", rate=0.031, is_fitted=True, rate_ci=(0.02, 0.042))
    link = LinkFact(*named("Visits", "Leads"), verdict="holds_together", n=31, ci=(0.4, 0.8), lag=2, rate=0.5)
    assert "2 weeks later, as the numbers show" in texts(catalog.chain_report(facts, language="en"))
    said = chain_words.link_fact("en", link).replace("\u00a0", " ")
    assert said == "2 weeks later · 50% (the team's own) · hangs together (31 weeks, between +0.40 and +0.80)"


@pytest.mark.parametrize(
    ("verdict", "n", "english", "swedish"),
    [
        ("holds_together", 31, "hangs together (31 weeks)", "hänger ihop (31 veckor)"),
        ("opposite", 31, "goes the opposite way (31 weeks)", "går åt motsatt håll (31 veckor)"),
        ("not_shown", 31, "not shown yet: 31 weeks", "inte visat än: 31 veckor"),
        ("too_early", 5, "too early: 5 of 8 weeks", "för tidigt: 5 av 8 veckor"),
    ],
)
def test_a_verdict_is_said_in_words_with_its_weeks(verdict: str, n: int, english: str, swedish: str) -> None:
    assert chain_words.verdict("en", verdict, n) == english
    assert chain_words.verdict("sv", verdict, n) == swedish


def moved(call: str) -> LookBackFacts:
    ends = named("Visits", "Leads", "Deals")
    return LookBackFacts("2026-W40", 4, *ends, MoveFact(0.02, 0.03, call), MoveFact(8.1, 9.0, call))


@pytest.mark.parametrize("language", ["en", "sv"])
def test_nothing_that_is_said_of_a_chain_claims_a_cause(language: str) -> None:
    vain = VanityFacts(*named("Visits", "Leads"), 1, 8, 0.3, -0.02, Person("U1", "Anna"), Person("U2", "Bo"))
    what_if = WhatIfFacts("North", "2026-W48", *named("Visits", "Deals"), 0.1, 8.0, (0.0, 0.8), 0.8)
    said = [
        *(chain_words.look_back(language, moved(call)) for call in ("up", "down", "as_usual")),
        chain_words.vanity(language, vain),
        *(chain_words.no_focus(language, name, ("Leads",)) for name in chain_words.NO_FOCUS),
        *(texts(catalog.chain_report(facts, language=language)) for facts in all_chains(Content("ordinary"))),
        texts(catalog.what_if(what_if, language=language)),
    ]
    assert all(said)
    assert [word for word in CAUSES for one in said if word in one.lower()] == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.0004, 0.0009, "up from 0.04% to 0.09%"),
        (0.041, 0.0412, "up from 4.1% to 4.12%"),
        (1.204, 1.207, "up from 1.2 to 1.21"),
    ],
)
def test_looking_back_writes_as_many_decimals_as_it_takes_to_tell_two_numbers_apart(
    before: float, after: float, said: str
) -> None:
    facts = replace(moved("up"), link=MoveFact(before, after, "up"))
    assert said in chain_words.look_back("en", facts)


def test_looking_back_says_what_moved_and_that_it_proves_nothing() -> None:
    said = chain_words.look_back("en", moved("up")).replace("\u00a0", " ")
    assert "4 weeks ago, in week 40, the focus was *Visits → Leads*." in said
    assert "up from 2% to 3%; Deals a week: up from 8.1 to 9" in said
    assert "cannot be told" in said


def test_a_number_that_grows_for_nothing_is_asked_about_with_both_owners_and_no_ping() -> None:
    vain = VanityFacts(*named("Visits", "Leads"), 1, 8, 0.3, -0.02, Person("U1", "Anna"), Person("U2", "Bo"))
    said = chain_words.vanity("en", vain).replace("\u00a0", " ")
    assert said == (
        "*Visits* has grown for 8 weeks (+30%); *Leads* has not (−2%, counted 1 week later). "
        "Is it still the number to grow? That is for Anna and Bo to say."
    )


def test_a_what_if_is_an_expectation_with_the_weeks_in_which_it_comes() -> None:
    facts = WhatIfFacts("North", "2026-W48", *named("Visits", "Deals"), 0.025, 8.04, (0.0, 0.0, 0.5, 0.79), 0.8)
    said = texts(catalog.what_if(facts, language="en")).replace("\u00a0", " ")
    assert "With +2.5% on *Visits* from now on, expect about *+0.80* Deals a week" in said
    assert "at once ±0 · after 2 weeks +0.50 · after 3 weeks +0.80" in said
