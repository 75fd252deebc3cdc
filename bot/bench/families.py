"""Weekly series whose truth is known: unrelated ones of many kinds, and pairs with a lag planted in them."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Random = np.random.Generator

YEAR: Final = 52
QUARTER: Final = 13
_BURN_IN: Final = 60


def noise(random: Random, weeks: int) -> Floats:
    """Give weeks that have nothing to do with each other."""
    return random.normal(size=weeks)


def random_walk(random: Random, weeks: int) -> Floats:
    """Give weeks that each start from the last one."""
    return np.add.accumulate(random.normal(size=weeks))


def linear_growth(random: Random, weeks: int) -> Floats:
    """Give steady growth with noise: over a year it is five times the noise's standard deviation."""
    return 10 + np.arange(weeks) * random.uniform(0.05, 0.2) + random.normal(size=weeks)


def growth_by_shares(random: Random, weeks: int) -> Floats:
    """Give numbers that grow by 1 to 4 % a week, with 15 % of luck."""
    course: Floats = 50 * np.exp(np.arange(weeks) * random.uniform(0.01, 0.04))
    return course * random.lognormal(0, 0.15, size=weeks)


def carried_over(random: Random, weeks: int, share: float = 0.8) -> Floats:
    """Give an AR(1) series: of each week's deviation, a share carries over."""
    values = random.normal(size=weeks + _BURN_IN)
    for week in range(1, len(values)):
        values[week] += share * values[week - 1]
    return values[_BURN_IN:]


def yearly(random: Random, weeks: int) -> Floats:
    """Give counts with a strong season of a year, the same weeks being busy in every series."""
    return random.poisson(60 * (1 + 0.4 * np.sin(2 * np.pi * np.arange(weeks) / YEAR))).astype(np.float64)


def quarterly(random: Random, weeks: int) -> Floats:
    """Give noise on a rhythm of a quarter that is twice as high, in step in every series."""
    return 2 * np.sin(2 * np.pi * np.arange(weeks) / QUARTER) + random.normal(size=weeks)


def low_counts(random: Random, weeks: int) -> Floats:
    """Give counts of two a week or so."""
    return random.poisson(2, size=weeks).astype(np.float64)


UNRELATED: Final[dict[str, Callable[[Random, int], Floats]]] = {
    "noise": noise,
    "random walks": random_walk,
    "linear growth": linear_growth,
    "growth by shares": growth_by_shares,
    "AR(1) 0.8": carried_over,
    "same season of a year": yearly,
    "same rhythm of a quarter": quarterly,
    "low counts": low_counts,
}
CARRIERS: Final[dict[str, Callable[[Random, int], Floats]]] = {"noise": noise, "AR(1) 0.8": carried_over}


def planted(
    random: Random, weeks: int, lag: int, *, carrier: Callable[[Random, int], Floats], r: float = 0.8
) -> tuple[Floats, Floats]:
    """Give two series of which the second follows the first, `lag` weeks later, with a correlation of about `r`."""
    whole = carrier(random, weeks + lag)
    spread = float(whole.std()) * np.sqrt(1 / r**2 - 1)
    return whole[lag:], whole[:weeks] + random.normal(size=weeks) * spread


def commonly_driven(random: Random, weeks: int) -> tuple[Floats, Floats]:
    """Give two series that do nothing to each other: both follow a third one, in the same week."""
    driver = random.normal(size=weeks)
    first, second = (driver + 0.5 * random.normal(size=weeks) for _ in range(2))
    return first, second
