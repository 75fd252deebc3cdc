import pytest

from bot.domain.chain import Chain, ChainError, ChainKpi, ChainLink, Series
from bot.domain.chain.analysis import analyse
from bot.domain.period import Period

KPIS = (ChainKpi("leads"), ChainKpi("deals"))


def test_readings_are_aligned_on_iso_weeks_and_gaps_stay_gaps() -> None:
    series = Series.of(
        {"leads": {Period(2020, 53): 5, Period(2021, 2): 7}, "deals": {Period(2021, 1): 1}},
    )

    assert (series.first, series.last, series.weeks) == (Period(2020, 53), Period(2021, 2), 3)
    assert series.values == {"leads": (5.0, None, 7.0), "deals": (None, 1.0, None)}


def test_weeks_after_the_last_and_before_the_wanted_number_are_left_out() -> None:
    series = Series.of({"leads": {Period(2026, week): week for week in range(1, 9)}}, last=Period(2026, 6), weeks=3)

    assert series.values == {"leads": (4.0, 5.0, 6.0)}


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_what_is_no_finite_number_is_refused_by_kpi_and_week(value: float) -> None:
    with pytest.raises(ChainError, match="leads in 2026-W03"):
        Series.of({"leads": {Period(2026, 3): value}})


def test_no_readings_at_all_are_refused() -> None:
    with pytest.raises(ChainError, match="no readings"):
        Series.of({"leads": {}})


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ((ChainLink("leads", "dels"),), "no KPI dels"),
        ((ChainLink("leads", "deals", 0), ChainLink("deals", "leads", 0)), "takes no time"),
        ((ChainLink("leads", "leads", 0),), "takes no time"),
        ((ChainLink("leads", "deals", -1),), "at least 0 weeks"),
        ((ChainLink("leads", "deals", 1, float("nan")),), "a rate is a number"),
        ((ChainLink("leads", "deals", 1, -0.1),), "a rate is a number"),
        ((ChainLink("leads", "deals", 1), ChainLink("leads", "deals", 2)), "same two ends"),
    ],
)
def test_a_chain_that_cannot_be_computed_with_is_refused(links: tuple[ChainLink, ...], reason: str) -> None:
    with pytest.raises(ChainError, match=reason):
        Chain(KPIS, links)


def test_a_loop_with_a_week_in_it_is_fine() -> None:
    chain = Chain(KPIS, (ChainLink("leads", "deals", 0), ChainLink("deals", "leads", 1)), "deals")

    assert [feed.source for feed in chain.feeds["leads"]] == ["deals"]


def test_a_goal_that_is_no_kpi_and_two_kpis_of_one_name_are_refused() -> None:
    with pytest.raises(ChainError, match="goal"):
        Chain(KPIS, (), "goals")
    with pytest.raises(ChainError, match="same name"):
        Chain((*KPIS, ChainKpi("leads")), ())


def test_a_loop_that_makes_more_than_a_number_can_hold_is_refused_and_gives_no_infinity() -> None:
    kpis = (ChainKpi("leads"), ChainKpi("deals"))
    links = (ChainLink("leads", "deals", 0, rate=1e12), ChainLink("deals", "leads", 1, rate=1e12))
    chain = Chain(kpis, links, goal="deals")
    weeks = [Period(2026, 1).shift(week) for week in range(52)]
    series = Series.of({kpi.slug: {week: 5.0 + week.week % 3 for week in weeks} for kpi in kpis})
    with pytest.raises(ChainError, match="beyond all measure"):
        analyse(chain, series)
