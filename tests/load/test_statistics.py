"""The statistics at a small size: what is counted, how it is told, and what it costs."""

import subprocess
import sys
import time

import numpy as np
import pytest

from bot.bench import statistics
from bot.bench.families import UNRELATED
from bot.domain.chain import Chain, ChainKpi, ChainLink, Series
from bot.domain.chain.analysis import analyse
from bot.domain.period import Period

SMALL = statistics.Size(unrelated=12, planted=12, chains=4, links=3, weeks=(26,), long=(6, 7, 30))


def test_counts_seeds_and_intervals_stand_beside_their_bars() -> None:
    figures = statistics.measure(SMALL)
    false = [figure for figure in figures if figure.name.startswith("said to hang together")]

    assert [figure.bar for figure in false] == [5] * len(UNRELATED)
    for figure in figures[:-1]:
        assert figure.unit == "%"
        assert "95 % interval" in figure.name
        assert "seed" in figure.name
        assert 0 <= figure.value <= 100
    assert {figure.bar for figure in figures if "planted" in figure.name and "n = 52" in figure.name} == {10}
    assert (figures[-1].unit, figures[-1].bar) == ("ms", 200)


def test_the_same_seeds_give_the_same_counts() -> None:
    assert statistics.measure(SMALL)[:-1] == statistics.measure(SMALL)[:-1]


def test_a_broken_method_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    always = np.random.default_rng(1).normal(size=52)
    monkeypatch.setitem(statistics.UNRELATED, "noise", lambda _random, weeks: always[:weeks])
    noise = next(figure for figure in statistics.measure(SMALL) if "noise, n = 26 (12 of 12" in figure.name)

    assert (noise.value, noise.verdict) == (100, "missed")


def test_a_long_chain_costs_a_third_of_a_second_of_processor_time_at_most() -> None:
    kpis = tuple(ChainKpi(f"k{place}") for place in range(30))
    ends = [(place, place + 1) for place in range(29)] + [(place, place + 3) for place in range(11)]
    chain = Chain(kpis, tuple(ChainLink(f"k{one}", f"k{other}") for one, other in ends), "k29")
    random = np.random.default_rng(1)
    series = Series(Period(2024, 1), {kpi.slug: tuple(random.poisson(90, 104).astype(float)) for kpi in kpis})
    analyse(chain, series)
    costs = []
    for _ in range(3):
        started = time.process_time()
        analyse(chain, series)
        costs.append(time.process_time() - started)

    assert min(costs) <= 0.3


def test_the_types_come_without_numpy() -> None:
    asked = "import sys, bot.cli, bot.domain.chain; print('numpy' in sys.modules or 'scipy' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "False"
