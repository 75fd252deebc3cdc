"""Intervals: how far chance alone may have carried a number."""

import math

from scipy.special import ndtri, stdtrit

Interval = tuple[float, float]


def wilson(came: float, of: float, *, level: float = 0.05) -> Interval:
    """Give the score interval of a share (Wilson 1927), both ends within 0 and 1.

    Args:
        came: How many came through.
        of: Of how many, above 0 and at least `came`.
        level: 0.05 for a 95 % interval.
    """
    z = normal(level)
    share, extra = came / of, z * z / of
    half = z * math.sqrt(share * (1 - share) / of + extra / (4 * of))
    return (
        max(0.0, (share + extra / 2 - half) / (1 + extra)),
        min(1.0, (share + extra / 2 + half) / (1 + extra)),
    )


def poisson(count: float, *, level: float = 0.05) -> Interval:
    """Give the score interval of a count's mean: Wilson's for a share of very many."""
    z = normal(level)
    half = z * math.sqrt(count + z * z / 4)
    return max(0.0, count + z * z / 2 - half), count + z * z / 2 + half


def normal(level: float) -> float:
    """Give how many standard deviations a two-sided interval of the normal distribution reaches."""
    return float(-ndtri(level / 2))


def student(freedom: float, level: float) -> float:
    """Give how many standard errors a two-sided interval of Student's distribution reaches."""
    return float(-stdtrit(max(freedom, 1.0), level / 2))
