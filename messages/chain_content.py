"""What is said of a chain: its links and their verdicts, what-if, looking back, and numbers that grow for nothing.

Verdicts, calls, lacks, remarks and reasons are the words of `bot.domain.chain.results`; `messages.chain_words` says
them. KPIs are named by (slug, name).
"""

from dataclasses import dataclass, field
from typing import Final

from messages.content import HatName, Person

LEAST_PAIRS: Final = 8  # weeks; a link with fewer is too early to judge


@dataclass(frozen=True)
class LinkFact:
    """One link: how long it takes, what comes through, and whether its two ends hang together.

    `lag_from`: `declared` by the team, `found` in the numbers, or `assumed` until they show one. `rate` is None while
    it cannot be told; `rate_ci` is a fitted one's 95 % interval. `n` are the pairs of weeks, `r` their rank correlation
    and `ci` its 95 % interval. `passes` are the mean ratings of its passes, 1 to 5, by week, oldest first.
    """

    source: HatName
    target: HatName
    lag: int = 0
    lag_from: str = "declared"
    rate: float | None = None
    is_fitted: bool = False
    rate_ci: tuple[float, float] | None = None
    verdict: str = "too_early"
    n: int = 0
    r: float | None = None
    ci: tuple[float, float] | None = None
    remarks: tuple[str, ...] = ()
    passes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ChainFacts:
    """A team's chain in one week: its KPIs in order, those of them without a link, and the links."""

    team: str
    period: str
    kpis: tuple[HatName, ...] = ()
    unlinked: tuple[HatName, ...] = ()
    links: tuple[LinkFact, ...] = ()
    goal: str | None = None


@dataclass(frozen=True)
class WhatIfForm:
    """The form of a what-if: the KPIs that reach the goal, and what was typed before."""

    kpis: tuple[HatName, ...]
    chosen: str = ""
    percent: str = ""


@dataclass(frozen=True)
class WhatIfFacts:
    """What the goals may be expected to be when a KPI lastingly changes by a share.

    `per_week[k]` is the change of the goals a week, k weeks later, `eventually` where it settles. `links` are those
    that it relies on, `left_out` those on the way that go the opposite way. `lack` says why it cannot be told.
    """

    team: str
    period: str
    kpi: HatName
    goal: HatName | None
    change: float
    goals_now: float | None = None
    per_week: tuple[float, ...] = ()
    eventually: float | None = None
    links: tuple[LinkFact, ...] = ()
    left_out: tuple[LinkFact, ...] = ()
    lack: str | None = None


@dataclass(frozen=True)
class MoveFact:
    """Whether a number moved: per-week means or rates before and after, and the call on it."""

    before: float | None = None
    after: float | None = None
    call: str = "cannot_tell"
    lack: str | None = None


@dataclass(frozen=True)
class LookBackFacts:
    """Some weeks after a digest named a focus: did its link move, and did the goals?

    `is_volume`: the focus was how much a first link makes. `goals_are_due`: what came of it has had time to reach the
    goal; before that nothing is said of the goals.
    """

    made: str
    weeks: int
    source: HatName
    target: HatName
    goal: HatName
    link: MoveFact = field(default_factory=MoveFact)
    goals: MoveFact = field(default_factory=MoveFact)
    is_volume: bool = False
    goals_are_due: bool = True


@dataclass(frozen=True)
class VanityFacts:
    """A KPI that grew for weeks while what it feeds did not, after the lag; said to the owners of both.

    Growths are shares: 0.25 is 25 %. An owner is None where the hat is vacant.
    """

    source: HatName
    target: HatName
    lag: int
    weeks: int
    source_growth: float
    target_growth: float
    source_owner: Person | None = None
    target_owner: Person | None = None
