"""What messages about hat checks and evidence say, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass
from decimal import Decimal

from messages.agreement_content import EvidenceLine
from messages.content import HatName, Person


@dataclass(frozen=True)
class HatOption:
    """A hat in the form; `hat_id` is its value."""

    hat_id: int
    hat: HatName
    ticked: bool = False


@dataclass(frozen=True)
class HatCheckForm:
    """The form of a hat check. `left_out` counts the hats that did not fit into its menu."""

    team: str
    period: str
    options: tuple[HatOption, ...]
    state: str
    left_out: int = 0


@dataclass(frozen=True)
class HatChecked:
    """What was stored of a hat check. `asked_again` is False when the person has switched it off with it."""

    team: str
    period: str
    hats: tuple[HatName, ...]
    asked_again: bool = True


@dataclass(frozen=True)
class CheckSwitched:
    """The hat check was switched on or off, for the reader or, with `team`, for everybody in it."""

    on: bool
    team: str = ""


@dataclass(frozen=True)
class HatEvidence:
    """Who does what for a hat, over the last `weeks` weeks.

    `natural` is the natural owner with their `share` of all evidence. Without one, `missing` more events by one person
    are needed, or `close` are too close to call (with one name: they lead by too little). `trend` is (week, effective
    number of wearers), oldest first. `may_propose`: whether the reader may offer the hat to the natural owner.
    """

    hat: HatName
    team: str
    weeks: int
    lines: tuple[EvidenceLine, ...] = ()
    owner: Person | None = None
    natural: Person | None = None
    share: Decimal = Decimal(0)
    missing: int = 0
    close: tuple[Person, ...] = ()
    trend: tuple[tuple[str, Decimal], ...] = ()
    reader: str = ""
    may_propose: bool = False


@dataclass(frozen=True)
class OwnEvidence:
    """What is stored of the reader: their counts by hat over the last `weeks` weeks, and what is switched on."""

    team: str
    weeks: int
    person: Person
    hats: tuple[tuple[HatName, EvidenceLine], ...] = ()
    asked: bool = True
    team_asks: bool = True
