"""Rates: own, fitted, and those that cannot be told."""

import numpy as np
import pytest

from bot.demo.simulation import DEMO_CHAIN, simulate
from bot.domain.chain import Lack, Series
from bot.domain.chain.rates import Rates, rates_at
from bot.domain.period import Period
from tests.support.chains import chain_of, lags_of, series_of


def rates(chain_links: list[str], place: int | None = None, **rows: list[float | None]) -> Rates:
    chain, series = chain_of(*chain_links), series_of(**rows)
    return rates_at(chain, series, series.weeks - 1 if place is None else place, lags_of(chain))


def test_one_feed_is_the_ratio_of_sums_over_the_13_weeks_before() -> None:
    # The first week is too old, the last one is the reported one: neither counts.
    leads = [1000.0, *[float(week) for week in range(10, 23)], 5000.0]
    deals = [0.0, *[float(week % 4) for week in range(13)], 0.0]

    found = rates(["leads -> deals @0"], leads=leads, deals=deals)["leads", "deals"]

    assert (found.value, found.fitted, found.weeks) == (pytest.approx(sum(deals[1:14]) / sum(leads[1:14])), True, 13)
    assert found.ci is not None
    assert found.ci[0] < found.ci[1]


def test_the_lag_pairs_a_week_with_what_came_in_before() -> None:
    leads = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0]
    found = rates(["leads -> deals @2"], leads=leads, deals=[0, 0, 1.0, 2.0, 3.0, 4.0, 9.0])

    assert found["leads", "deals"].value == pytest.approx((1 + 2 + 3 + 4) / (10 + 20 + 30 + 40))


def test_several_feeds_are_told_apart() -> None:
    random = np.random.default_rng(1)
    lists, nurtured = random.integers(100, 300, 20).astype(float), random.integers(10, 60, 20).astype(float)
    found = rates(
        ["lists -> meetings @0", "nurtured -> meetings @0"],
        lists=lists.tolist(),
        nurtured=nurtured.tolist(),
        meetings=(0.18 * lists + 0.2 * nurtured).tolist(),
    )

    assert found["lists", "meetings"].value == pytest.approx(0.18)
    assert found["nurtured", "meetings"].value == pytest.approx(0.2)


def test_a_rate_of_ones_own_is_taken_off_before_the_rest_is_fitted() -> None:
    lists, nurtured = [100.0, 120.0, 90.0, 140.0, 100.0], [10.0, 20.0, 30.0, 10.0, 20.0]
    meetings = [0.3 * one + 0.5 * other for one, other in zip(lists, nurtured, strict=True)]
    found = rates(
        ["lists -> meetings @0 *0.3", "nurtured -> meetings @0"], lists=lists, nurtured=nurtured, meetings=meetings
    )

    assert (found["lists", "meetings"].value, found["lists", "meetings"].fitted) == (0.3, False)
    assert found["nurtured", "meetings"].value == pytest.approx(0.5)


def test_a_rate_never_falls_below_zero() -> None:
    rows: dict[str, list[float | None]] = {"a": [1.0, 2.0, 3.0, 4.0, 5.0], "b": [5.0, 4.0, 3.0, 2.0, 1.0]}
    found = rates(["a -> c @0 *2", "b -> c @0"], **rows, c=[0.0] * 5)

    assert found["b", "c"].value == 0


@pytest.mark.parametrize(
    ("links", "rows", "lack"),
    [
        (["a -> c @0"], {"a": [1, 1, 1, 1], "c": [1, 1, 1, 1]}, Lack.NO_RATE),
        (["a -> c @0"], {"a": [0] * 9, "c": [1] * 9}, Lack.NOTHING_CAME_IN),
        (
            ["a -> c @0", "b -> c @0"],
            {"a": [1, 2, 3, 4, 1, 2], "b": [2, 4, 6, 8, 2, 4], "c": [1] * 6},
            Lack.FEEDS_ALIKE,
        ),
        (["a -> c @0", "b -> c @0"], {"a": [1, 2, 3, 4, 5], "b": [2, None, 6, None, 2], "c": [1] * 5}, Lack.NO_RATE),
    ],
)
def test_a_rate_that_cannot_be_fitted_says_why(links: list[str], rows: dict[str, list[float]], lack: Lack) -> None:
    found = rates(links, **rows)["a", "c"]  # type: ignore[arg-type]

    assert (found.value, found.lack) == (None, lack)


def test_several_feeds_keep_the_sum_of_the_last_13_weeks_too() -> None:
    random = np.random.default_rng(3)
    one, other = random.poisson(100, 60).astype(float), random.poisson(40, 60).astype(float)
    made = 0.2 * one + 0.5 * other
    made[-14:] *= 0.5
    chain = chain_of("one -> made @0", "other -> made @0")
    found = rates_at(chain, series_of(one=one, other=other, made=made), 59, lags_of(chain))

    hoped = sum((found[name, "made"].value or 0) * row[46:59].sum() for name, row in (("one", one), ("other", other)))
    assert hoped == pytest.approx(made[46:59].sum())


def test_the_demo_teams_true_rates_are_recovered_as_far_as_its_noise_allows() -> None:
    links = [f"{link.source} -> {link.target} @{link.lag}" for link in DEMO_CHAIN.links]
    chain = chain_of(*links)
    found: dict[tuple[str, str], list[float]] = {}
    for seed in range(12):
        played = simulate(DEMO_CHAIN, weeks=60, last=Period(2026, 40), seed=seed)
        series = Series.of({kpi: dict(weeks) for kpi, weeks in played.items()})
        for ends, rate in rates_at(chain, series, series.weeks - 10, lags_of(chain)).items():
            found.setdefault(ends, []).append(rate.value or 0.0)
    truth = {(link.source, link.target): link.rate for link in DEMO_CHAIN.links}
    share = {ends: float(np.mean(values)) / truth[ends] for ends, values in found.items()}

    # Many units tell a rate within 4 %. Where few units of a feed meet many of another, a year tells it roughly: the
    # errors of a single fit are 25 % for the two into nurtured leads and for deals of meetings, 63 % for the others.
    assert share["visits", "leads"] == pytest.approx(1, abs=0.04)
    assert share["call-lists", "booked-meetings"] == pytest.approx(1, abs=0.1)
    for ends in (
        ("leads", "nurtured-leads"),
        ("booked-meetings", "nurtured-leads"),
        ("booked-meetings", "closed-deals"),
    ):
        assert share[ends] == pytest.approx(1, abs=0.25)
    for ends in (("nurtured-leads", "booked-meetings"), ("leads", "closed-deals")):
        assert share[ends] == pytest.approx(1, abs=0.6)
