"""Periods: the ISO weeks that KPIs are reported for, written ``2026-W48``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

_WRITTEN = re.compile(r"([0-9]{4})-?[Ww]([0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_DECEMBER_28 = (12, 28)  # always lies in the last ISO week of its year
_DAYS = 7


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One ISO 8601 week; periods sort by time.

    Raises:
        ValueError: the year has no such week (week 53 exists in long years only), or lies outside 1900 to
            2999. The text is a sentence for a person.
    """

    year: int
    week: int

    def __post_init__(self) -> None:
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise ValueError(f"The year {self.year} is not between {_FIRST_YEAR} and {_LAST_YEAR}.")
        weeks = date(self.year, *_DECEMBER_28).isocalendar().week
        if not 1 <= self.week <= weeks:
            raise ValueError(f"There is no week {self.week} in {self.year}, which has {weeks} weeks.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2026-W48``, ``2026W48`` or ``2026-w48``.

        Raises:
            ValueError: it is not written like that, or there is no such week.
        """
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise ValueError(f"A week is written like 2026-W48, and “{text.strip()[:40]}” is not.")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """Give the week that a calendar day lies in (for a datetime: its own local day)."""
        year, week, _ = day.isocalendar()
        return cls(year, week)

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return date.fromisocalendar(self.year, self.week, _DAYS)

    def shift(self, weeks: int) -> Self:
        """Give the period this many weeks later, or earlier when negative."""
        return type(self).of(self.monday + timedelta(weeks=weeks))

    def weeks_since(self, other: "Period") -> int:
        """Count the weeks from ``other`` to this period; negative when ``other`` comes later."""
        return (self.monday - other.monday).days // _DAYS

    @staticmethod
    def span(first: "Period", last: "Period") -> Iterator["Period"]:
        """Give every period from ``first`` to ``last``, both included; none when ``last`` is earlier."""
        for weeks in range(last.weeks_since(first) + 1):
            yield first.shift(weeks)
