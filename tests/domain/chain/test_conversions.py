"""A conversion is up or down only where chance is no fair explanation; and a number that grows alone is told."""

import numpy as np
import pytest

from bot.domain.chain import Call, ChainKpi, Conversion, Lack, Series
from bot.domain.chain.analysis import analyse
from bot.domain.chain.conversions import conversions_of
from bot.domain.chain.intervals import poisson, wilson
from bot.domain.chain.model import Chain
from bot.domain.chain.rates import rates_at
from tests.support.chains import chain_of, lags_of, link_of, series_of


def conversion(chain: Chain, series: Series, kpi: str) -> Conversion:
    lags, place = lags_of(chain), series.weeks - 1
    found = conversions_of(chain, series, place, lags, rates_at(chain, series, place, lags))
    return next(one for one in found if one.kpi == kpi)


@pytest.mark.parametrize(
    ("came", "of", "low", "high"),
    # Newcombe (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_published_one(came: int, of: int, low: float, high: float) -> None:
    assert wilson(came, of) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_counts_interval_is_wilsons_of_very_many() -> None:
    low, high = wilson(8, 10**9)

    assert poisson(8) == (pytest.approx(low * 1e9, rel=1e-6), pytest.approx(high * 1e9, rel=1e-6))


@pytest.mark.parametrize(
    ("deals", "call"), [(20, Call.AS_USUAL), (13, Call.AS_USUAL), (12, Call.DOWN), (27, Call.AS_USUAL), (28, Call.UP)]
)
def test_a_count_is_called_only_when_its_interval_leaves_the_norm_out(deals: int, call: Call) -> None:
    found = conversion(chain_of("leads -> deals @0 *0.2"), series_of(leads=[100], deals=[deals]), "deals")

    assert found.ci is not None
    assert (found.call, found.value, found.norm) == (call, deals / 100, pytest.approx(0.2))
    assert (call is Call.AS_USUAL) == (found.ci[0] <= 0.2 <= found.ci[1])


def test_where_links_meet_the_whole_is_held_against_what_was_expected() -> None:
    chain = chain_of("lists -> meetings @0 *0.2", "nurtured -> meetings @1 *0.5")
    found = conversion(chain, series_of(lists=[100, 100], nurtured=[40, 0], meetings=[0, 20]), "meetings")

    assert (found.value, found.norm, found.call) == (pytest.approx(0.5), 1, Call.DOWN)
    assert found.sources == ("lists", "nurtured")


def test_a_first_link_is_held_against_its_own_ups_and_downs() -> None:
    rows = [100.0 + week % 4 for week in range(20)]
    chain = chain_of("visits -> leads @0 *0.1")

    usual = conversion(chain, series_of(visits=[*rows, 103.0], leads=[10.0] * 21), "visits")
    down = conversion(chain, series_of(visits=[*rows, 80.0], leads=[10.0] * 21), "visits")

    assert (usual.call, down.call) == (Call.AS_USUAL, Call.DOWN)
    assert down.norm == pytest.approx(sum(rows[-13:]) / 13)


def test_money_is_held_against_how_far_weeks_stray() -> None:
    random = np.random.default_rng(1)
    deals = random.poisson(20, 30).astype(float)
    revenue = deals * 1000 + random.normal(size=30) * 500
    revenue[-1] = deals[-1] * 800
    kpis = (ChainKpi("deals"), ChainKpi("revenue", unit="money", decimals=2))
    chain = Chain(kpis, (link_of("deals -> revenue @0"),), "revenue")

    assert conversion(chain, series_of(deals=deals, revenue=revenue), "revenue").call is Call.DOWN


@pytest.mark.parametrize(
    ("leads", "deals", "lack"),
    [
        ([10, None], [1, 1], Lack.NO_UPSTREAM),
        ([10, 10], [1, None], Lack.NO_READING),
        ([10, 0], [1, 1], Lack.NOTHING_CAME_IN),
    ],
)
def test_what_cannot_be_told_says_why(leads: list[float | None], deals: list[float | None], lack: Lack) -> None:
    found = conversion(chain_of("leads -> deals @0 *0.1"), series_of(leads=leads, deals=deals), "deals")

    assert (found.call, found.value, found.lack) == (Call.CANNOT_TELL, None, lack)


def growing(deals: list[float]) -> Series:
    rise = [0.0] * 12 + [40.0 * week for week in range(1, 9)]
    likes = [400 + value + week % 3 for week, value in enumerate(rise)]
    return series_of(likes=[*likes, *likes[-1:]], deals=[*deals, deals[-1]])


def test_a_kpi_that_grows_while_its_linked_one_does_not_is_told() -> None:
    series = growing([100.0 + week % 3 for week in range(20)])

    vanity = analyse(chain_of("likes -> deals @1"), series).vanity

    assert [(one.source, one.target, one.lag, one.weeks) for one in vanity] == [("likes", "deals", 1, 8)]
    assert vanity[0].source_growth == pytest.approx(0.31, abs=0.05)
    assert abs(vanity[0].target_growth) < 0.05


def test_growth_that_comes_through_is_not_vain() -> None:
    likes = growing([0.0] * 20).values["likes"]
    deals = [30.0, *[round((value or 0) * 0.07) for value in likes[:-1]]]

    assert analyse(chain_of("likes -> deals @1"), series_of(likes=likes, deals=deals)).vanity == ()


def test_few_deals_that_may_have_grown_as_well_are_not_called_vain() -> None:
    assert analyse(chain_of("likes -> deals @1"), growing([float(week % 3) for week in range(20)])).vanity == ()
