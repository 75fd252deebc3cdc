"""What each KPI is worth in goals, what to focus on, and whether that helped."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.demo.simulation import DEMO_CHAIN, BadSpell, TrueChain, simulate
from bot.domain.chain import Analysis, Call, Chain, ChainError, Lack, NoFocus, Series, Verdict
from bot.domain.chain.analysis import analyse, look_back, what_if
from bot.domain.period import Period
from tests.support.chains import FIRST, chain_of, series_of

CALM = replace(DEMO_CHAIN, season=0.0, bad_spells=())
DEMO_LINKS = [f"{link.source} -> {link.target} @{link.lag} *{link.rate}" for link in DEMO_CHAIN.links]
DEMO = chain_of(*DEMO_LINKS, goal="closed-deals")


def played(truth: TrueChain, seed: int, weeks: int = 52) -> Series:
    made = simulate(truth, weeks=weeks, last=Period(2026, 47), seed=seed)
    return Series.of({kpi: dict(values) for kpi, values in made.items()})


def worth(analysis: Analysis, kpi: str) -> float:
    lift = next(found for found in analysis.worth if found.kpi == kpi).goals_if_plus_10_percent
    assert lift is not None
    return lift


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.01, 3)), min_size=1, max_size=5), st.floats(1, 1e5))
def test_equal_relative_lifts_of_a_product_chain_are_worth_the_same(
    stages: list[tuple[int, float]], visits: float
) -> None:
    links = [f"k{place} -> k{place + 1} @{lag} *{rate}" for place, (lag, rate) in enumerate(stages)]
    random = np.random.default_rng(1)
    rows = {f"k{place}": (visits * random.uniform(0.5, 1.5, 20)).tolist() for place in range(len(stages) + 1)}

    chain, series = chain_of(*links), series_of(**rows)
    lifts = [found.goals_if_plus_10_percent for found in analyse(chain, series).worth]
    asked = [what_if(chain, series, kpi.slug, 0.1).eventually for kpi in chain.kpis]

    assert lifts == [pytest.approx(lifts[0], rel=1e-9)] * len(lifts)
    assert asked == [pytest.approx(lifts[0], rel=1e-9)] * len(lifts)


def test_with_fitted_rates_the_lowest_conversion_is_worth_no_more_than_the_others() -> None:
    random = np.random.default_rng(2)
    visits = random.poisson(5000, 40)
    leads = random.binomial(visits, 0.02)
    deals = random.binomial(leads, 0.5)
    analysis = analyse(
        chain_of("visits -> leads @0", "leads -> deals @0"), series_of(visits=visits, leads=leads, deals=deals)
    )

    assert worth(analysis, "leads") == pytest.approx(worth(analysis, "deals"))
    assert worth(analysis, "visits") == pytest.approx(worth(analysis, "deals"))


def test_a_conversion_that_broke_is_the_focus_with_its_goals_and_interval() -> None:
    broken = replace(CALM, bad_spells=(BadSpell("visits", "leads", weeks_ago=3, weeks=4, factor=0.6),))

    focus = analyse(chain_of(*[link.replace(" *0.03", "") for link in DEMO_LINKS], goal="closed-deals"),
                    played(broken, 1)).focus  # fmt: skip

    assert (focus.kpi, focus.link, focus.is_volume, focus.why_none) == ("leads", ("visits", "leads"), False, None)
    assert focus.rate_now == pytest.approx(0.018, abs=0.003)
    assert focus.norm == pytest.approx(0.03, abs=0.003)
    assert focus.goals is not None
    assert focus.ci is not None
    assert 0 < focus.ci[0] < focus.goals < focus.ci[1]
    # 48 leads short: 0.96 deals straight away, and 0.14 more by nurturing.
    assert focus.goals == pytest.approx(1.1, rel=0.35)


def test_the_focus_says_which_links_it_relies_on_are_not_shown() -> None:
    broken = replace(CALM, bad_spells=(BadSpell("visits", "leads", weeks_ago=3, weeks=4, factor=0.6),))

    analysis = analyse(DEMO, played(broken, 1))
    shown = {(link.source, link.target) for link in analysis.links if link.verdict is Verdict.HOLDS_TOGETHER}

    assert analysis.focus.kpi == "leads"
    assert ("visits", "leads") in shown
    assert not shown & set(analysis.focus.not_shown)
    assert analysis.focus.shown == (not analysis.focus.not_shown)


def test_a_calm_team_seldom_hears_of_a_focus() -> None:
    found = [analyse(DEMO, played(CALM, seed)).focus for seed in range(20)]

    assert sum(focus.kpi is not None for focus in found) <= 2
    assert {focus.why_none for focus in found} <= {None, NoFocus.NOTHING_BELOW_NORM}


def test_fewer_visits_than_usual_are_a_focus_on_what_they_feed() -> None:
    visits = [1000.0 + week % 5 * 10 for week in range(26)] + [700.0, 710.0, 705.0, 700.0]
    leads = [value * 0.1 for value in visits]
    focus = analyse(chain_of("visits -> leads @0 *0.1"), series_of(visits=visits, leads=leads)).focus

    assert (focus.kpi, focus.link, focus.is_volume) == ("visits", ("visits", "leads"), True)
    assert focus.goals == pytest.approx((1020 - 703.75) * 0.1, rel=0.03)


def refuted_chain() -> tuple[Chain, Series]:
    random = np.random.default_rng(3)
    noise = random.normal(size=80)
    calls = 200 + 20 * noise
    calls[-4:] -= 120
    deals = 50 - 5 * noise + random.normal(size=80)
    return chain_of("calls -> deals @0"), series_of(calls=calls, deals=deals)


def test_what_reaches_the_goal_only_over_a_refuted_link_is_no_focus() -> None:
    analysis = analyse(*refuted_chain())

    assert analysis.links[0].verdict is Verdict.OPPOSITE
    assert (analysis.focus.kpi, analysis.focus.why_none) == (None, NoFocus.ONLY_REFUTED)
    calls = next(found for found in analysis.worth if found.kpi == "calls")
    assert (calls.goals_if_plus_10_percent, calls.lack) == (None, Lack.NO_WAY_TO_GOAL)


def test_what_if_leaves_refuted_links_out_and_names_them() -> None:
    answer = what_if(*refuted_chain(), "calls", 0.1)

    assert (answer.eventually, answer.lack, answer.refuted) == (None, Lack.NO_WAY_TO_GOAL, (("calls", "deals"),))


def test_two_that_are_worth_the_same_leave_no_clear_focus() -> None:
    row = [100.0 + week % 3 for week in range(26)] + [60.0, 61.0, 60.0, 61.0]
    chain = chain_of("one -> deals @0 *0.1", "other -> deals @0 *0.1")
    focus = analyse(chain, series_of(one=row, other=row, deals=[0.2 * value for value in row])).focus

    assert (focus.kpi, focus.why_none, focus.alike) == (None, NoFocus.SEVERAL_ALIKE, ("one", "other"))


def test_without_weeks_enough_or_a_goal_there_is_no_focus() -> None:
    short = series_of(leads=[1, 2, 3], deals=[1, 1, 1])
    chain = chain_of("leads -> deals @0")

    assert analyse(chain, short).focus.why_none is NoFocus.TOO_EARLY
    assert analyse(replace(chain, goal=None), short).focus.why_none is NoFocus.NO_GOAL


def test_a_loop_that_gives_back_more_than_goes_in_has_no_steady_worth() -> None:
    chain = chain_of("a -> b @0 *1.5", "b -> a @1 *0.8")
    series = series_of(a=[10.0] * 30, b=[15.0] * 30)

    assert analyse(chain, series).focus.why_none is NoFocus.RUNAWAY_LOOP
    assert what_if(chain, series, "a", 0.1).lack is Lack.RUNAWAY_LOOP


def test_what_if_tells_the_goals_week_by_week_over_the_lags() -> None:
    chain = chain_of("leads -> meetings @1 *0.2", "meetings -> deals @2 *0.5", "leads -> deals @1 *0.05")
    series = series_of(leads=[100.0] * 30, meetings=[20.0] * 30, deals=[15.0] * 30)

    answer = what_if(chain, series, "leads", 0.1)

    assert answer.per_week == pytest.approx((0, 0.5, 0.5, 1.5))
    assert answer.eventually == pytest.approx(1.5)
    assert answer.goals_now == pytest.approx(15)
    assert set(answer.relies_on) == {("leads", "meetings"), ("meetings", "deals"), ("leads", "deals")}
    assert answer.not_shown == answer.relies_on


def test_what_if_counts_every_round_of_the_loop() -> None:
    chain = chain_of(
        "lists -> meetings @0 *0.2", "meetings -> nurtured @1 *0.5", "nurtured -> meetings @1 *0.4",
        "meetings -> deals @0 *0.1",
    )  # fmt: skip
    series = series_of(lists=[100.0] * 30, meetings=[25.0] * 30, nurtured=[12.5] * 30, deals=[2.5] * 30)

    answer = what_if(chain, series, "lists", 0.5)

    assert answer.eventually == pytest.approx(0.5 * 100 * 0.2 * 0.1 / (1 - 0.2))
    assert answer.per_week[:3] == pytest.approx((1.0, 1.0, 1.2))
    assert answer.per_week[-1] == pytest.approx(answer.eventually, rel=2e-3)


@pytest.mark.parametrize(
    ("kpi", "change"), [("dels", 0.1), ("leads", -1.5), ("leads", float("nan")), ("leads", float("inf"))]
)
def test_a_change_that_cannot_be_is_refused(kpi: str, change: float) -> None:
    with pytest.raises(ChainError):
        what_if(chain_of("leads -> deals @0"), series_of(leads=[1.0] * 9, deals=[1.0] * 9), kpi, change)


def mended() -> tuple[Chain, Series, Period]:
    """A conversion that broke for 4 weeks, was recommended, and was mended; the deals come 2 weeks later."""
    random = np.random.default_rng(4)
    visits = random.poisson(4000, 40)
    rate = np.full(40, 0.05)
    rate[26:30] = 0.03
    leads = random.binomial(visits, rate)
    deals = np.concatenate([[60, 60], random.binomial(leads[:-2], 0.3)])
    chain = chain_of("visits -> leads @0", "leads -> deals @2")
    return chain, series_of(visits=visits, leads=leads, deals=deals), FIRST.shift(29)


def test_looking_back_tells_whether_the_link_and_the_goals_moved() -> None:
    chain, series, made = mended()

    focus = analyse(chain, series, week=made).focus
    back = look_back(chain, series, "leads", made)

    assert (focus.kpi, back.ready, back.made) == ("leads", True, str(made))
    assert (back.link.before, back.link.after) == (pytest.approx(0.03, abs=0.004), pytest.approx(0.05, abs=0.004))
    assert back.link.call is Call.UP
    assert back.goals.before is not None
    assert back.goals.after is not None
    assert back.goals.ratio == pytest.approx(back.goals.after / back.goals.before)


def test_before_the_weeks_have_passed_looking_back_says_that_it_is_too_early() -> None:
    chain, series, made = mended()

    early = look_back(chain, series, "leads", made, week=made.shift(3))
    half = look_back(chain, series, "leads", made, week=made.shift(4))

    assert (early.ready, early.link.lack) == (False, Lack.FEW_WEEKS)
    assert (half.ready, half.link.call, half.goals.call) == (False, Call.UP, Call.CANNOT_TELL)
    assert look_back(chain, series, "leads", made, week=made.shift(6)).ready


def test_a_link_that_stayed_as_it_was_is_said_to_have_stayed() -> None:
    back = look_back(DEMO, played(CALM, 2), "leads", Period(2026, 38))

    assert back.link.call is Call.AS_USUAL
    assert back.goals.call is Call.AS_USUAL
