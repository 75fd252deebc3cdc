"""What a benchmark found: figures, each with its bar, and how they are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["passed", "missed", "reported", "not measured"]


@dataclass(frozen=True)
class Figure:
    """One measured number. A `bar` is the most that it may be; without one the number is only reported."""

    name: str
    value: float
    unit: str
    bar: float | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether the bar was kept."""
        if self.bar is None:
            return "reported"
        return "passed" if self.value <= self.bar else "missed"


class NotMeasuredError(Exception):
    """Something that the benchmark needs is not there; the message says what."""


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie: the nearest one that was measured."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return quantile(values, 0.5)
