"""What two numbers of a series say about each other."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.words import Direction

NEAR: Final = Decimal("0.05")  # how far short of its target, as a share of it, a value is still near


class Status(StrEnum):
    """Where a value stands against its target, seen in the KPI's direction."""

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


def against_target(value: Decimal, target: Decimal, direction: Direction) -> Status:
    """Tell where a value stands against its target; within 5 % on the wrong side of it is near."""
    lead = value - target if direction is Direction.HIGHER else target - value
    if lead > 0:
        return Status.AHEAD
    if lead == 0:
        return Status.ON_TARGET
    return Status.NEAR if -lead <= NEAR * abs(target) else Status.BEHIND


def conversion(value: Decimal | None, upstream: Decimal | None) -> Decimal | None:
    """Give what share of the upstream number came through; None when one is missing or nothing came in."""
    if value is None or not upstream:
        return None
    return value / upstream
