"""How long to wait before something that failed is tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

FIRST: Final = timedelta(seconds=2)
LONGEST: Final = timedelta(minutes=5)
# Nothing is tried again sooner: what failed a moment ago fails again.
SHORTEST: Final = timedelta(seconds=1)
_MOST_DOUBLINGS: Final = 10


def pause_before_retry(attempts: int, chance: Callable[[], float], *, at_least: timedelta = SHORTEST) -> timedelta:
    """Give a pause with full jitter: what failed together is not tried again together.

    It is anything up to a limit that doubles with every attempt, and no less than `at_least`. Source: M. Brooker,
    "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.

    Args:
        attempts: How often it was tried, at least 1.
        chance: Gives numbers from 0 to 1.
        at_least: What the other side has asked for, if it has.
    """
    limit: timedelta = min(FIRST * 2 ** min(attempts - 1, _MOST_DOUBLINGS), LONGEST)
    return max(at_least, chance() * limit)
