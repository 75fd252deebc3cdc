"""A chain as the arithmetic sees it: KPIs, links with lags and rates, and weekly series with gaps."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from bot.domain.errors import UserFacingError
from bot.domain.loops import loop_at_once
from bot.domain.period import Period

MOST_LAG: Final = 8  # weeks; an unknown lag is looked for within 0 to this
MOST_WEEKS: Final = 104  # statistics look no further back than two years


class ChainError(UserFacingError):
    """A chain, or its numbers, cannot be computed with. The sentence says why."""


@dataclass(frozen=True, slots=True)
class ChainKpi:
    """A KPI of the chain.

    `target` is the agreed weekly value in the week that is looked at, in the KPI's unit; None without one.
    """

    slug: str
    unit: str = "count"
    decimals: int = 0
    direction: str = "higher"
    target: float | None = None

    @property
    def is_count(self) -> bool:
        """Whether it counts whole things, so that chance alone moves it as counts move."""
        return self.unit == "count" and self.decimals == 0


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One KPI feeds another: of each unit upstream, `rate` is made downstream, `lag` weeks later.

    `lag` is None where nobody knows it; then `assumed_lag` counts until the numbers show one. `rate` is None where it
    is fitted.
    """

    source: str
    target: str
    lag: int | None = None
    rate: float | None = None
    assumed_lag: int = 0

    @property
    def ends(self) -> tuple[str, str]:
        """Its two KPIs, which name it."""
        return self.source, self.target


@dataclass(frozen=True)
class Chain:
    """KPIs in order, the links between them, and which one is the goal (none: the variance cannot be told).

    Raises:
        ChainError: Two KPIs or two links have the same name, a link has an end that is no KPI, a lag or a rate is out
            of range, or a loop takes no time.
    """

    kpis: tuple[ChainKpi, ...]
    links: tuple[ChainLink, ...]
    goal: str | None = None
    _by_slug: dict[str, ChainKpi] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_slug", {kpi.slug: kpi for kpi in self.kpis})
        if len(self._by_slug) != len(self.kpis):
            raise ChainError("Two KPIs of the chain have the same name.")
        if self.goal is not None and self.goal not in self._by_slug:
            raise ChainError(f"The goal {self.goal} is not a KPI of the chain.")
        for link in self.links:
            self._check(link)
        if len({link.ends for link in self.links}) != len(self.links):
            raise ChainError("Two links of the chain have the same two ends.")
        at_once = loop_at_once((link.source, link.target, link.lag) for link in self.links if link.lag is not None)
        if at_once is not None:
            raise ChainError(f"The loop {' -> '.join(at_once)} takes no time; give one of its links a lag of a week.")

    def _check(self, link: ChainLink) -> None:
        for end in link.ends:
            if end not in self._by_slug:
                raise ChainError(f"The link {link.source} -> {link.target}: there is no KPI {end}.")
        if link.lag is not None and link.lag < 0:
            raise ChainError(f"The link {link.source} -> {link.target}: a lag is at least 0 weeks.")
        if link.rate is not None and not (math.isfinite(link.rate) and link.rate >= 0):
            raise ChainError(f"The link {link.source} -> {link.target}: a rate is a number from 0.")

    def kpi(self, slug: str) -> ChainKpi:
        """Give a KPI by its slug."""
        return self._by_slug[slug]

    @cached_property
    def feeds(self) -> dict[str, tuple[ChainLink, ...]]:
        """The links into each KPI, in the chain's order; none into a first link."""
        return {kpi.slug: tuple(link for link in self.links if link.target == kpi.slug) for kpi in self.kpis}


@dataclass(frozen=True)
class Series:
    """Weekly values of the KPIs, aligned on ISO weeks from `first` on; a week without a reading is None.

    Every tuple has the same length. Made with `Series.of`, which refuses what is no finite number.

    Raises:
        ChainError: The tuples differ in length.
    """

    first: Period
    values: Mapping[str, tuple[float | None, ...]]

    def __post_init__(self) -> None:
        if len({len(row) for row in self.values.values()}) > 1:
            raise ChainError("The KPIs of a series must have the same number of weeks.")

    @classmethod
    def of(
        cls,
        readings: Mapping[str, Mapping[Period, Decimal | float]],
        *,
        last: Period | None = None,
        weeks: int | None = None,
    ) -> "Series":
        """Align readings on the weeks from the first one read to `last`.

        Args:
            readings: Value by KPI and week; a week that is not there is a gap.
            last: The last week; the last one read without it. Later readings are left out.
            weeks: How many weeks to keep at most.

        Raises:
            ChainError: There is no reading at all, or one is not a finite number.
        """
        read = sorted({week for of_kpi in readings.values() for week in of_kpi if last is None or week <= last})
        if not read and last is None:
            raise ChainError("There are no readings.")
        end = read[-1] if last is None else last
        start = read[0] if read else end
        length = end.weeks_since(start) + 1
        if weeks is not None and length > weeks:
            start, length = end.shift(1 - weeks), weeks
        places = {week: place for week in read if 0 <= (place := week.weeks_since(start)) < length}
        rows: dict[str, list[float | None]] = {kpi: [None] * length for kpi in readings}
        for kpi, of_kpi in readings.items():
            for week, value in of_kpi.items():
                if week in places:
                    rows[kpi][places[week]] = _finite(kpi, week, value)
        return cls(start, {kpi: tuple(row) for kpi, row in rows.items()})

    @property
    def weeks(self) -> int:
        """How many weeks there are."""
        return max((len(row) for row in self.values.values()), default=0)

    @property
    def last(self) -> Period:
        """The last week."""
        return self.first.shift(self.weeks - 1)

    def place(self, week: Period) -> int:
        """Give a week's place, 0 for the first; below 0 or beyond the last where the series does not reach."""
        return week.weeks_since(self.first)

    def until(self, week: Period) -> "Series":
        """Give the weeks up to and including one."""
        length = max(self.place(week) + 1, 0)
        return Series(self.first, {kpi: row[:length] for kpi, row in self.values.items()})

    def at(self, kpi: str, place: int) -> float | None:
        """Give a KPI's value at a place; None in a gap and outside of the weeks."""
        row = self.values.get(kpi, ())
        return row[place] if 0 <= place < len(row) else None

    def mean(self, kpi: str, places: Iterable[int]) -> tuple[float | None, int]:
        """Give a KPI's mean over some places, None without a reading in them, and how many readings it is of."""
        found = [value for value in (self.at(kpi, place) for place in places) if value is not None]
        return (math.fsum(found) / len(found) if found else None), len(found)


def _finite(kpi: str, week: Period, value: Decimal | float) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ChainError(f"The value of {kpi} in {week} is not a finite number.")
    return number
