"""What the Monday digest says, as plain values.

Verdicts, calls, lacks and reasons are the words of `bot.domain.chain.results`; KPIs are named by (slug, name).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from messages.chain_content import LinkFact, LookBackFacts, VanityFacts
from messages.content import HatName, KpiValue, Person, QuestionFigures

Link = tuple[HatName, HatName]


@dataclass(frozen=True)
class DigestRow:
    """One link of the chain in the digest.

    `change` is relative to the week before (0.12 is +12 %), `conversion` is value / upstream value, and `upstream`
    that KPI's name; where several links meet (`is_joined`) it is value / what was expected of all of them. `call` says
    how that stands against its norm (up, down, as_usual, cannot_tell; "" where nothing was computed), `norm` and `ci`
    are that norm and the conversion's 95 % interval. `goals` were won (above 0) or lost.
    """

    kpi: KpiValue
    hat: HatName
    owner: Person | None = None
    status: str | None = None
    change: Decimal | None = None
    conversion: Decimal | None = None
    upstream: str | None = None
    is_goal: bool = False
    away: bool = False
    is_joined: bool = False
    call: str = ""
    norm: float | None = None
    ci: tuple[float, float] | None = None
    goals: float | None = None


@dataclass(frozen=True)
class FocusFact:
    """The one recommendation, or why there is none (`why_none`, with `alike` naming KPIs of the same worth).

    `source` and `target` are the ends of the link that it concerns, with their owners. `goals` a week is what it is
    worth to bring it back from `rate_now` (the last 4 weeks) to `norm` (the 13 before), `ci` the interval of that. For
    a first link (`is_volume`) these are weekly values, where several links meet (`is_joined`) shares of what was
    expected. `evidence` is what is known of the link, `not_shown` are links it relies on that are not shown yet.
    """

    source: HatName | None = None
    target: HatName | None = None
    goal: HatName | None = None
    goals: float = 0.0
    ci: tuple[float, float] | None = None
    rate_now: float | None = None
    norm: float | None = None
    is_volume: bool = False
    is_joined: bool = False
    evidence: LinkFact | None = None
    not_shown: tuple[Link, ...] = ()
    source_owner: Person | None = None
    target_owner: Person | None = None
    why_none: str = ""
    alike: tuple[str, ...] = ()


@dataclass(frozen=True)
class Untold:
    """Weeks of a KPI whose own part cannot be told, the links that this concerns, and why."""

    kpi: HatName
    weeks: tuple[str, ...]
    links: tuple[Link, ...]
    lack: str


@dataclass(frozen=True)
class PassQuality:
    """How the passes over a link were rated in a week: the mean of 1 to 5, of how many, and the weeks up to it."""

    source: HatName
    target: HatName
    score: float
    ratings: int = 1
    weeks: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class ChainStory:
    """How the links of the chain performed, in goals.

    `total` = `actual` - `plan` = the rows' goals + `earlier` + `unattributed`; all None when the goal's number is
    missing (`lack` says why).
    """

    goal: HatName | None = None
    actual: float | None = None
    plan: float | None = None
    total: float | None = None
    earlier: float = 0.0
    unattributed: float = 0.0
    lack: str = ""
    focus: FocusFact | None = None
    untold: tuple[Untold, ...] = ()
    vanity: tuple[VanityFacts, ...] = ()
    looked_back: LookBackFacts | None = None
    links: tuple[LinkFact, ...] = ()


@dataclass(frozen=True)
class Digest:
    """The digest of a team for one week. `history` is (week, value) of the goal, oldest first.

    `missing` are people whose numbers are still to come, `skipped` those who said that they have none this
    week, and why; `reported` those whose numbers are in, `away` owners who are away. `updated_at` is when values last
    changed after it was posted, in the team's zone. `discuss` and `again` are the values of the buttons for a
    discussion and for posting again; without one there is no such button. `is_preview`: its time is still to come.
    """

    team: str
    period: str
    first_day: date
    last_day: date
    rows: tuple[DigestRow, ...]
    goal: DigestRow | None = None
    history: tuple[tuple[str, Decimal], ...] = ()
    missing: tuple[tuple[Person, tuple[str, ...]], ...] = ()
    vacant: tuple[HatName, ...] = ()
    late: bool = False
    questions: QuestionFigures | None = None
    skipped: tuple[tuple[Person, str], ...] = ()
    reported: tuple[Person, ...] = ()
    away: tuple[Person, ...] = ()
    story: ChainStory | None = None
    passes: tuple[PassQuality, ...] = ()
    updated_at: datetime | None = None
    discuss: str = ""
    again: str = ""
    is_preview: bool = False

    @property
    def has_detail(self) -> bool:
        """Whether there is more to say in its thread."""
        is_told = any(row.kpi.value is not None for row in self.rows)
        return is_told and bool(self.story or self.passes or any(row.kpi.note.strip() for row in self.rows))


@dataclass(frozen=True)
class Change:
    """One value that came, or was corrected, after the digest: before (None: there was none) and after."""

    kpi: KpiValue
    before: Decimal | None
    by: Person | None = None


@dataclass(frozen=True)
class DigestChanges:
    """What changed in a week after its digest was posted. `team` is named where the digest does not stand above it."""

    period: str
    changes: tuple[Change, ...]
    team: str = ""


@dataclass(frozen=True)
class Discussion:
    """What begins the thread about a week: its focus, and the people it concerns. They are mentioned."""

    period: str
    people: tuple[Person, ...] = ()
    focus: FocusFact | None = None
