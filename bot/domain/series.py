"""What two numbers of a series say about each other."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.targets import Bounds
from bot.domain.words import Comparator

NEAR: Final = Decimal("0.05")  # how far short of its target, as a share of it, a value is still near


class Status(StrEnum):
    """Where a value stands against its target."""

    AHEAD = "ahead"
    ON_TARGET = "on_target"
    NEAR = "near"
    BEHIND = "behind"


def change(value: Decimal | None, previous: Decimal | None) -> Decimal | None:
    """Give the relative change, 0.25 for 25 % more; None when a value is missing or the earlier one is zero.

    A rise is positive also when the earlier value lies below zero.
    """
    if value is None or not previous:
        return None
    return (value - previous) / abs(previous)


def against_target(value: Decimal, target: Bounds) -> Status:
    """Tell where a value stands against its target; within 5 % of it on its wrong side is near.

    A value inside a range is on target, whichever end it is nearer to.
    """
    if target.comparator is Comparator.BETWEEN:
        return _within(value, target.value, target.value if target.upper is None else target.upper)
    rising = target.comparator in {Comparator.AT_LEAST, Comparator.MORE_THAN}
    lead = value - target.value if rising else target.value - value
    if lead > 0:
        return Status.AHEAD
    if lead == 0 and target.comparator in {Comparator.AT_LEAST, Comparator.AT_MOST}:
        return Status.ON_TARGET
    return _short(-lead, target.value)


def _within(value: Decimal, low: Decimal, high: Decimal) -> Status:
    if low <= value <= high:
        return Status.ON_TARGET
    return _short(low - value, low) if value < low else _short(value - high, high)


def _short(by: Decimal, of: Decimal) -> Status:
    return Status.NEAR if by <= NEAR * abs(of) else Status.BEHIND


def conversion(value: Decimal | None, upstream: Decimal | None) -> Decimal | None:
    """Give what share of the upstream number came through; None when one is missing or nothing came in."""
    if value is None or not upstream:
        return None
    return value / upstream
