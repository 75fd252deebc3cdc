"""The demo team, whose true lags are known: which of them 104 weeks show."""

from collections import Counter

from bot.demo.simulation import DEMO_CHAIN, simulate
from bot.domain.chain import Chain, Series, Verdict
from bot.domain.chain.lags import counting_lags
from bot.domain.chain.statistics import link_statistics
from bot.domain.period import Period
from tests.support.chains import chain_of

TRUE_LAGS = {(link.source, link.target): link.lag for link in DEMO_CHAIN.links}
CHAIN = chain_of(*(f"{link.source} -> {link.target}" for link in DEMO_CHAIN.links), goal="closed-deals")


def found_in(chain: Chain, seed: int) -> dict[tuple[str, str], int]:
    """Give the lags of the links that are said to hang together."""
    played = simulate(DEMO_CHAIN, weeks=104, last=Period(2026, 40), seed=seed)
    links = link_statistics(chain, Series.of({kpi: dict(weeks) for kpi, weeks in played.items()}))
    return {(link.source, link.target): link.lag for link in links if link.verdict is Verdict.HOLDS_TOGETHER}


def test_true_lags_are_recovered_as_far_as_the_demo_teams_luck_allows() -> None:
    seeds = range(10)
    right: Counter[tuple[str, str]] = Counter()
    wrong = 0
    for seed in seeds:
        for ends, lag in found_in(CHAIN, seed).items():
            right[ends] += lag == TRUE_LAGS[ends]
            wrong += lag != TRUE_LAGS[ends]

    # Many units pass these two. 12 and 16 of 24 nurtured leads, or 2 of 8 deals, are mostly other links' luck.
    assert right["visits", "leads"] == len(seeds)
    assert right["call-lists", "booked-meetings"] >= 8
    assert right["booked-meetings", "nurtured-leads"] >= 4
    assert wrong <= 2


def test_a_lag_counts_once_it_is_shown_and_the_assumed_one_until_then() -> None:
    played = simulate(DEMO_CHAIN, weeks=104, last=Period(2026, 40), seed=1)
    series = Series.of({kpi: dict(weeks) for kpi, weeks in played.items()})
    links = link_statistics(CHAIN, series)
    lags = counting_lags(CHAIN, links)

    assert lags["call-lists", "booked-meetings"] == 1
    not_shown = [link for link in links if link.verdict is not Verdict.HOLDS_TOGETHER]
    assert not_shown
    # Both ways round the loop are unknown here; one takes a week, so that going round takes time.
    assert {lags[link.source, link.target] for link in not_shown} <= {0, 1}
    assert lags["booked-meetings", "nurtured-leads"] + lags["nurtured-leads", "booked-meetings"] >= 1
