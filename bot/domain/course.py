"""How a KPI has gone: its course over some weeks, how often in a row it reached its target, and its best week."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from bot.domain.cadence import is_due
from bot.domain.period import Period
from bot.domain.series import Status, against_target
from bot.domain.targets import Bounds
from bot.domain.words import Direction, ShownAs

AVERAGED: Final = 13  # weeks
REACHED: Final = (Status.AHEAD, Status.ON_TARGET)
# With fewer values before it, nearly every week is a best one.
ENOUGH_TO_COMPARE: Final = 4


def seen_as(shown_as: ShownAs | str, values: Mapping[Period, Decimal], week: Period) -> Decimal | None:
    """Give what a chart shows for a week.

    Each week's value as it is; added up over the weeks of the same ISO year until then; or the mean of what there is
    in the 13 weeks until then. None where there is no value in that week, or none to add up or average.
    """
    if shown_as == ShownAs.CUMULATIVE:
        found = [value for when, value in values.items() if when.year == week.year and when <= week]
        return sum(found, Decimal(0)) if found else None
    if shown_as == ShownAs.AVERAGE:
        found = [value for when, value in values.items() if week.shift(1 - AVERAGED) <= when <= week]
        return sum(found, Decimal(0)) / len(found) if found else None
    return values.get(week)


def streak(values: Mapping[Period, Decimal], targets: Mapping[Period, Bounds], cadence: str) -> int:
    """Count how many times in a row, up to the last value, the target of its week was reached.

    Weeks in which the KPI is not due are passed over; one in which it is missing ends the count.
    """
    if not values:
        return 0
    week, first, count = max(values), min(values), 0
    while week >= first:
        if week in values or is_due(cadence, week):
            target = targets.get(week)
            if week not in values or target is None or against_target(values[week], target) not in REACHED:
                return count
            count += 1
        week = week.shift(-1)
    return count


def best(values: Mapping[Period, Decimal], direction: str) -> Period | None:
    """Give the week with the best value, the latest of several; None within a range, and while there are too few."""
    if direction not in {Direction.HIGHER, Direction.LOWER} or len(values) <= ENOUGH_TO_COMPARE:
        return None
    sign = 1 if direction == Direction.HIGHER else -1
    return max(values, key=lambda week: (sign * values[week], week))


def gap(value: Decimal, target: Bounds) -> Decimal:
    """Give how far a value is from the nearest end of what it should be; zero or less where it is reached."""
    if target.upper is not None:
        return max(target.value - value, value - target.upper)
    rising = against_target(target.value + 1, target) in REACHED
    return target.value - value if rising else value - target.value
