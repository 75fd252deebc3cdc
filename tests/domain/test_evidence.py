"""Who reaches for a hat naturally, and how many people share it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import (
    LEAST_EVENTS,
    WEIGHTS,
    Counts,
    Natural,
    Unclear,
    effective_wearers,
    natural_owner,
    sharing,
)

ANNA, ERIK, MARIA, SARA = 1, 2, 3, 4
KINDS = sorted(WEIGHTS)
COUNTS = st.builds(Counts, **dict.fromkeys(KINDS, st.integers(0, 12)))
TEAMS = st.dictionaries(st.integers(1, 50), COUNTS, max_size=8)
WORN = st.dictionaries(st.integers(1, 50), st.integers(1, 8), max_size=12)


def ticks(number: int) -> Counts:
    return Counts(hat_checks=number)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ({}, Unclear(5)),
        ({ANNA: ticks(2)}, Unclear(3)),
        ({ANNA: ticks(4), ERIK: ticks(1)}, Unclear(1)),
        ({ANNA: ticks(5)}, Natural(ANNA, 1.0)),
        ({ANNA: ticks(8), ERIK: ticks(2)}, Natural(ANNA, 0.8)),
        # Eight to six is no clear lead; nine to six is exactly one and a half times as much.
        ({ANNA: ticks(8), ERIK: ticks(6)}, Unclear(0, (ANNA, ERIK))),
        ({ANNA: ticks(9), ERIK: ticks(6)}, Natural(ANNA, 0.6)),
        # A clear lead over everybody, and still less than half of all that was done.
        ({ANNA: ticks(6), ERIK: ticks(4), MARIA: ticks(4)}, Unclear(0, (ANNA,))),
        ({ANNA: ticks(6), ERIK: ticks(3), MARIA: ticks(3)}, Natural(ANNA, 0.5)),
        # Whoever answers reaches for the hat, whoever ticks a box says so.
        ({ANNA: Counts(answered=5), ERIK: ticks(8)}, Natural(ANNA, 15 / 23)),
        ({ANNA: ticks(5), ERIK: ticks(5)}, Unclear(0, (ANNA, ERIK))),
        ({MARIA: ticks(5), SARA: ticks(5), ANNA: ticks(5), ERIK: ticks(5)}, Unclear(0, (ANNA, ERIK, MARIA))),
    ],
)
def test_a_natural_owner_is_named_with_enough_events_and_a_clear_margin(
    counts: dict[int, Counts], verdict: Natural | Unclear
) -> None:
    assert natural_owner(counts) == verdict


@given(TEAMS, st.randoms())
def test_the_order_in_which_people_are_counted_does_not_matter(counts: dict[int, Counts], random: object) -> None:
    shuffled = list(counts.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out a random.Random
    assert natural_owner(dict(shuffled)) == natural_owner(counts)


@given(TEAMS, st.permutations(range(1, 51)))
def test_who_people_are_does_not_matter(counts: dict[int, Counts], names: list[int]) -> None:
    renamed = natural_owner({names[member - 1]: count for member, count in counts.items()})
    verdict = natural_owner(counts)
    if isinstance(verdict, Natural):
        assert isinstance(renamed, Natural)
        assert renamed.member_id == names[verdict.member_id - 1]
        assert renamed.share == pytest.approx(verdict.share)
    else:
        assert isinstance(renamed, Unclear)


@given(TEAMS, st.sampled_from(KINDS))
def test_one_more_thing_done_never_costs_the_natural_owner_their_place(counts: dict[int, Counts], kind: str) -> None:
    verdict = natural_owner(counts)
    if isinstance(verdict, Natural):
        leader = verdict.member_id
        more = replace(counts[leader], **{kind: getattr(counts[leader], kind) + 1})
        after = natural_owner({**counts, leader: more})
        assert isinstance(after, Natural)
        assert after.member_id == leader
        assert after.share >= verdict.share


@given(TEAMS, st.integers(1, 50), st.sampled_from(KINDS))
def test_what_others_do_never_makes_somebody_else_the_natural_owner(
    counts: dict[int, Counts], member: int, kind: str
) -> None:
    before = natural_owner(counts)
    own = counts.get(member, Counts())
    after = natural_owner({**counts, member: replace(own, **{kind: getattr(own, kind) + 1})})
    if isinstance(after, Natural) and after.member_id != member:
        assert isinstance(before, Natural)
        assert before.member_id == after.member_id


@given(TEAMS)
def test_what_is_missing_is_enough_for_a_beginner_who_is_alone(counts: dict[int, Counts]) -> None:
    verdict = natural_owner(counts)
    if isinstance(verdict, Natural):
        assert counts[verdict.member_id].events >= LEAST_EVENTS
        assert 0.5 <= verdict.share <= 1
    elif len(counts) == 1 and verdict.events:
        ((member, count),) = counts.items()
        assert natural_owner({member: replace(count, answered=count.answered + verdict.events)}) == Natural(member, 1.0)


@pytest.mark.parametrize(
    ("hats_worn", "wearers"),
    [
        ({}, 0),
        ({ANNA: 1}, 1),
        ({ANNA: 5}, 1),
        ({ANNA: 1, ERIK: 1, MARIA: 1}, 3),
        ({ANNA: 2, ERIK: 2, MARIA: 2}, 3),
        # Anna gives all of herself and Erik a third: 1/(0.75² + 0.25²).
        ({ANNA: 1, ERIK: 3}, 1.6),
    ],
)
def test_how_many_people_share_a_hat(hats_worn: dict[int, int], wearers: float) -> None:
    assert effective_wearers(hats_worn) == pytest.approx(wearers)


@given(WORN)
def test_a_hat_is_shared_by_at_least_one_and_at_most_all_who_wear_it(hats_worn: dict[int, int]) -> None:
    wearers = effective_wearers(hats_worn)
    assert wearers == 0 if not hats_worn else 1 - 1e-9 <= wearers <= len(hats_worn) + 1e-9


@given(WORN, st.integers(2, 5))
def test_only_how_people_divide_themselves_matters(hats_worn: dict[int, int], times: int) -> None:
    doubled = {member: hats * times for member, hats in hats_worn.items()}
    assert effective_wearers(doubled) == pytest.approx(effective_wearers(hats_worn))


@given(WORN)
def test_who_wears_more_hats_shares_more_of_the_others(hats_worn: dict[int, int]) -> None:
    equal = dict.fromkeys(hats_worn, 1)
    assert effective_wearers(hats_worn) <= effective_wearers(equal) + 1e-9


def test_the_trend_leaves_out_weeks_of_which_nothing_is_known() -> None:
    prospecting, sales = 10, 11
    worn = {
        "2026-W47": {ANNA: {prospecting}, ERIK: {prospecting, sales}, MARIA: set()},
        "2026-W45": {ANNA: {prospecting}, ERIK: {prospecting}},
        "2026-W46": {},
        "2026-W48": {ANNA: {sales}, ERIK: set()},
    }
    assert sharing(worn, prospecting) == [
        ("2026-W45", 2.0),
        ("2026-W47", pytest.approx(1.8)),
        ("2026-W48", 0.0),
    ]
