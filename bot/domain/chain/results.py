"""What the arithmetic of a chain comes to. Plain frozen values: `dataclasses.asdict` makes JSON of them."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether two linked KPIs hang together. None of these says that one causes the other."""

    HOLDS_TOGETHER = "holds_together"
    """More upstream goes with more downstream than usual, after the lag."""
    OPPOSITE = "opposite"
    """More upstream goes with less downstream than usual."""
    NOT_SHOWN = "not_shown"
    """The weeks there are do not show it. That is not a proof that there is nothing."""
    TOO_EARLY = "too_early"
    """Fewer than 8 pairs of weeks."""


class Remark(StrEnum):
    """Why a link's statistics are weak or missing, or how they were got in spite of something."""

    FEW_PAIRS = "few_pairs"
    """Fewer than 8 weeks in which both ends have a reading, the lag between them."""
    CONSTANT_SOURCE = "constant_source"
    """The upstream KPI hardly moved: most readings are the same number."""
    CONSTANT_TARGET = "constant_target"
    """The downstream KPI hardly moved."""
    EXPLAINED_BY_ITSELF = "explained_by_itself"
    """Trend and own past explain a KPI wholly, so that nothing is left to compare."""
    GAPS = "gaps"
    """At least one week in ten has no reading at one of the ends."""
    OUTLIERS = "outliers"
    """A reading lies far out. It counts by its rank only, so it cannot decide."""
    MANY_ZEROS = "many_zeros"
    """More than a third of the readings of one end are zero."""
    SHORT = "short"
    """Fewer than 26 pairs: only a very close link can be shown."""
    RHYTHM = "rhythm"
    """A rhythm (a season, the end of the month) was taken out of both ends first."""


class Call(StrEnum):
    """How a number stands against its norm; up or down only where chance is no fair explanation."""

    UP = "up"
    DOWN = "down"
    AS_USUAL = "as_usual"
    CANNOT_TELL = "cannot_tell"


class Lack(StrEnum):
    """Why something cannot be told."""

    NO_READING = "no_reading"
    """The KPI has no reading in the week."""
    NO_UPSTREAM = "no_upstream"
    """What feeds it has no reading in the week that counts."""
    NO_NORM = "no_norm"
    """A first link without a target, and fewer than 4 readings in the 13 weeks before."""
    NO_RATE = "no_rate"
    """A link without a rate of its own, and too few complete weeks to fit one."""
    NOTHING_CAME_IN = "nothing_came_in"
    """The upstream number is zero."""
    FEEDS_ALIKE = "feeds_alike"
    """What feeds a KPI went up and down together, so that their rates cannot be told apart."""
    FEW_WEEKS = "few_weeks"
    """Too few complete weeks to know what is usual."""
    NO_GOAL = "no_goal"
    """The chain has no goal."""
    NO_WAY_TO_GOAL = "no_way_to_goal"
    """No links lead from the KPI to the goal whose rate is known and above zero and that are not refuted."""
    RUNAWAY_LOOP = "runaway_loop"
    """Round a loop more comes back than went in, so that there is no steady level."""


@dataclass(frozen=True, slots=True)
class LinkStatistics:
    """How a link hangs together. `ci` is a 95 % interval of `r` for the best of the lags that were tried.

    `n` is the number of pairs of weeks at `lag`; `r` the rank correlation of what neither end's trend and own past
    explain; `r_levels` that of the plain numbers, which two growing series have high without being linked. `p_link`
    accounts for the choice of lag, `p` for the number of links as well. All None where they cannot be computed.
    """

    source: str
    target: str
    lag: int
    lag_declared: bool
    n: int
    r: float | None
    ci: tuple[float, float] | None
    p: float | None
    p_link: float | None
    r_levels: float | None
    verdict: Verdict
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """What a link's rate is taken to be: downstream per unit upstream.

    `value` is None when it cannot be told. `ci` is a 95 % interval of a fitted rate (None for one that the team set).
    """

    source: str
    target: str
    lag: int
    value: float | None
    fitted: bool
    weeks: int
    """Complete weeks that it was fitted on; 0 for one of the team's own."""
    ci: tuple[float, float] | None = None
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """A KPI's own performance in one week: what came out of what came in, against its norm.

    For one feed `value` and `norm` are conversions (output per unit of input); where several links meet, output over
    what was expected of all of them, norm 1; for a first link its value against its target or norm. `ci` is the 95 %
    interval of `value`.
    """

    kpi: str
    sources: tuple[str, ...]
    value: float | None
    norm: float | None
    ci: tuple[float, float] | None
    call: Call
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a KPI's own performance won (above 0) or cost (below 0) in goals of the reported week.

    `goals` is None when none of it can be told. `own` is actual minus expected in the KPI's unit in the last week
    that reaches the reported one.
    """

    kpi: str
    goals: float | None
    own: float | None


@dataclass(frozen=True, slots=True)
class Untold:
    """Weeks of a KPI (2026-W48) in which its own part cannot be told apart, and the links that this concerns."""

    kpi: str
    weeks: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    lack: Lack


@dataclass(frozen=True, slots=True)
class Variance:
    """The goal's variance in a week, in goals: `total` = `actual` - `plan` = sum of parts + earlier + unattributed.

    `plan` is what the chain gives at its rates when first links are at their target or norm. `earlier` comes from
    weeks before the window. `unattributed` belongs to the weeks and links in `untold`. `target_gap` is plan minus the
    goal's target. Without the goal's reading all numbers are None.
    """

    week: str
    goal: str | None
    actual: float | None
    plan: float | None
    total: float | None
    target_gap: float | None
    parts: tuple[Part, ...]
    earlier: float
    unattributed: float
    untold: tuple[Untold, ...]
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """What a KPI is worth in goals a week: back at its own norm, and 10 % above its level. None if it cannot be told.

    `goals_if_norm` looks at the last 4 weeks against the 13 before them; 0 when it is at or above its norm. `ci` is
    the interval of that gain at a confidence that holds for all KPIs of the chain together. `relies_on` names the links
    between it and the goal.
    """

    kpi: str
    goals_if_norm: float | None
    goals_if_plus_10_percent: float | None
    ci: tuple[float, float] | None
    call: Call
    rate_now: float | None
    norm: float | None
    relies_on: tuple[tuple[str, str], ...]
    lack: Lack | None = None


class NoFocus(StrEnum):
    """Why there is no clear focus."""

    NO_GOAL = "no_goal"
    TOO_EARLY = "too_early"
    """Too few weeks to know any norm."""
    NOTHING_BELOW_NORM = "nothing_below_norm"
    """No KPI is further below its norm than chance explains."""
    RUNAWAY_LOOP = "runaway_loop"
    """Round a loop more comes back than went in, so that nothing has a steady worth."""
    ONLY_REFUTED = "only_refuted"
    """What is below its norm reaches the goal only over links that go the opposite way."""
    SEVERAL_ALIKE = "several_alike"
    """The two best are worth about the same."""


@dataclass(frozen=True, slots=True)
class Focus:
    """The one recommendation, or why there is none.

    `link` is what it concerns: the link into `kpi` that should bring most, or for a first link (`is_volume`) the link
    that takes most from it to the goal. `rate_now` and `norm` are its conversion in the last 4 weeks and before; for a
    first link weekly values; where several links meet, output over expected. `goals` a week is what restoring it is
    worth.
    `shown` tells whether every link it relies on holds together; `not_shown` names those that do not yet.
    """

    kpi: str | None
    link: tuple[str, str] | None
    goals: float | None
    ci: tuple[float, float] | None
    rate_now: float | None
    norm: float | None
    is_volume: bool = False
    shown: bool = False
    not_shown: tuple[tuple[str, str], ...] = ()
    why_none: NoFocus | None = None
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vanity:
    """A KPI that grew for weeks while its linked one, after the lag, did not. Growths are relative: 0.25 is 25 %."""

    source: str
    target: str
    lag: int
    weeks: int
    source_growth: float
    target_growth: float


@dataclass(frozen=True, slots=True)
class Moved:
    """Whether a number moved between two spans of weeks: per-week means or rates, ratio with its 95 % interval."""

    before: float | None
    after: float | None
    ratio: float | None
    ci: tuple[float, float] | None
    call: Call
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class LookBack:
    """Four weeks after a recommendation: did that link move, and did the goals? Not whether one made the other move.

    Goals are looked at as many weeks later as the way from the link to the goal takes. `ready` is false before that.
    """

    kpi: str
    made: str
    ready: bool
    link: Moved
    goals: Moved


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Expected extra goals a week when a KPI lastingly changes by a share from this week on.

    `per_week[k]` is the change of the goals k weeks later, `eventually` where it settles. `goals_now` is the level that
    it starts from. `relies_on` names the links on the way; `not_shown` those of them that are not shown to hang
    together. `refuted` links go the opposite way and are left out.
    """

    kpi: str
    relative_change: float
    goals_now: float | None
    per_week: tuple[float, ...]
    eventually: float | None
    relies_on: tuple[tuple[str, str], ...]
    not_shown: tuple[tuple[str, str], ...]
    refuted: tuple[tuple[str, str], ...]
    lack: Lack | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything about a chain in one week. `lags` in `rates` are those that count: declared, found or assumed."""

    week: str
    links: tuple[LinkStatistics, ...]
    rates: tuple[Rate, ...]
    conversions: tuple[Conversion, ...]
    variance: Variance
    worth: tuple[Worth, ...]
    focus: Focus
    vanity: tuple[Vanity, ...]
