"""What messages about changing hats, KPIs, links and teams say, as plain values. See `messages.content`."""

from dataclasses import dataclass
from decimal import Decimal

from messages.content import HatName, KpiValue, Person
from messages.next_step import SetUpState
from messages.settings_content import WorkingTime


@dataclass(frozen=True)
class HatForm:
    """The form for a hat, new or there already. `state` goes into private_metadata."""

    state: str
    team: str
    is_new: bool = True
    name: str = ""
    slug: str = ""
    aliases: tuple[str, ...] = ()
    side: str = "sales"
    position: str = "midfielder"
    ask_about: str = ""


@dataclass(frozen=True)
class KpiForm:
    """The form for a KPI of a hat.

    Without `may_define` only another target can be suggested. `asked` is the owner who has to agree to a target.
    `after` is the KPI before it in the chain ("" for the first), `chain` the others as (slug, name), in their order.
    `weeks` are those for which alone another target can be suggested; `formula` is written with names.
    """

    state: str
    hat: HatName
    kpi: KpiValue
    is_new: bool = True
    may_define: bool = True
    may_set_goal: bool = False
    is_goal: bool = False
    asked: Person | None = None
    after: str = ""
    chain: tuple[tuple[str, str], ...] = ()
    cadence: str = "weekly"
    formula: str = ""
    shown_as: str = "value"
    weeks: tuple[str, ...] = ()


@dataclass(frozen=True)
class LinkForm:
    """The form for a link between two KPIs, `kpis` as (slug, name)."""

    state: str
    kpis: tuple[tuple[str, str], ...]
    upstream: str = ""
    downstream: str = ""
    lag: int = 0
    rate: Decimal | None = None
    lag_known: bool = True


@dataclass(frozen=True)
class TeamForm:
    """The form for a team's settings; with an empty `state`, for a new team. Times as `Friday 13:00`, "" for off.

    With `working` it also asks when the team works. `shut_out`: nobody has invited me to the private channel yet.
    """

    state: str
    name: str = ""
    locale: str = "en"
    timezone: str = ""
    channel: str = ""
    prompt: str = ""
    reminder: str = ""
    digest: str = ""
    working: WorkingTime | None = None
    shut_out: bool = False


@dataclass(frozen=True)
class ArchiveQuestion:
    """Whether a hat is really to be put away, and what that means. `state` goes into the button."""

    hat: HatName
    state: str
    owner: Person | None = None
    wearers: int = 0
    kpis: tuple[str, ...] = ()
    has_offer: bool = False


@dataclass(frozen=True)
class Archived:
    """A hat that has been put away; `state` goes into the button that brings it back."""

    hat: HatName
    state: str


@dataclass(frozen=True)
class ChainedKpi:
    """One KPI in the chain's order. `feeds` are the KPIs that it feeds: (name, weeks later, rate).

    `formula` is written with names; `cadence`: weekly, biweekly, monthly. `read_from` is the host of its source.
    """

    kpi: KpiValue
    hat: str
    is_goal: bool = False
    feeds: tuple[tuple[str, int, Decimal | None], ...] = ()
    formula: str = ""
    cadence: str = "weekly"
    read_from: str = ""


@dataclass(frozen=True)
class Chain:
    """A team's KPIs."""

    team: str
    kpis: tuple[ChainedKpi, ...]


@dataclass(frozen=True)
class Welcome:
    """A team has been set up. `reachable` when I could write in its channel; `state` is how far the team has come."""

    team: str
    by: Person
    channel: str | None = None
    reachable: bool = True
    state: SetUpState | None = None
