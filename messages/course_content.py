"""How KPIs have gone, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass
from decimal import Decimal

from messages.content import HatName, KpiValue


@dataclass(frozen=True)
class CoursePoint:
    """One week of a chart: what is shown for it, and the target's line; `upper` is that of a range's other end."""

    week: str
    value: Decimal
    target: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True)
class Course:
    """How one KPI has gone; `kpi` has its last value and the target of that week.

    `points` are the weeks with a value, oldest first, as `shown_as` says (value, cumulative, average). `status`: ahead,
    on_target, near, behind; `gap` how far the last value is from its target. `streak` counts the values in a row that
    reached it; `best` is (week, value) of the best one. `formula` is written with names.
    """

    kpi: KpiValue
    points: tuple[CoursePoint, ...] = ()
    cadence: str = "weekly"
    shown_as: str = "value"
    formula: str = ""
    status: str | None = None
    gap: Decimal | None = None
    streak: int = 0
    best: tuple[str, Decimal] | None = None


@dataclass(frozen=True)
class Courses:
    """How the KPIs of a hat have gone, or, without one, those of the reader's own hats."""

    team: str
    courses: tuple[Course, ...]
    hat: HatName | None = None
    left_out: int = 0
