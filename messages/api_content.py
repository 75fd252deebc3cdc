"""What messages about tokens and sources say, as plain values. See `messages.content`."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from messages.content import HatName, KpiValue


@dataclass(frozen=True)
class TokenLine:
    """A live token. `state` goes into the button that revokes it."""

    name: str
    prefix: str
    made_on: date
    used_on: date | None
    state: str


@dataclass(frozen=True)
class TokenList:
    """A team's live tokens. `state` goes into the button that makes one."""

    team: str
    tokens: tuple[TokenLine, ...]
    state: str


@dataclass(frozen=True)
class TokenMade:
    """A token that is shown this once; a traceback that prints this does not show it."""

    name: str
    plain: str = field(repr=False)
    team: str = ""


@dataclass(frozen=True)
class SourceForm:
    """The form for where a KPI's values are pulled from. `problem` is what went wrong when it was tried."""

    state: str
    kpi: HatName
    address: str = ""
    format: str = "csv"
    expression: str = ""
    week_expression: str = "week"
    is_new: bool = True
    problem: str = ""
    problem_values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourcePreview:
    """What would be read from a source: the latest weeks. `state` goes into the form that saves it.

    `kept` are the weeks whose values stay, because somebody has said them; `left_out` how many weeks cannot be changed.
    """

    state: str
    kpi: KpiValue
    host: str
    weeks: tuple[tuple[str, Decimal], ...]
    kept: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class SourceNews:
    """A source fails, or works again. `problem` and `values` choose and fill the sentence that says why."""

    kpi: HatName
    host: str
    works: bool
    problem: str = ""
    values: dict[str, str] = field(default_factory=dict)
