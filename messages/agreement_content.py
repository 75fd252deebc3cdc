"""What messages about agreements say, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from messages.content import HatCard, HatName, KpiValue, Person


@dataclass(frozen=True)
class OfferedTerm:
    """One KPI in an offer: `offered` is the target on the table, `agreed` the one that holds today.

    `is_new` for a KPI that the hat does not have yet; `kpi` then carries only its name.
    """

    kpi: KpiValue
    offered: Decimal | None = None
    agreed: Decimal | None = None
    is_new: bool = False


@dataclass(frozen=True)
class EvidenceLine:
    """What one person did for a hat within the window. Counts only."""

    person: Person
    hat_checks: int = 0
    answered: int = 0
    passed_on: int = 0
    readings: int = 0
    took_it: int = 0


@dataclass(frozen=True)
class ProposalCard:
    """A proposal as one of its two sides reads it.

    `kind`: owner, terms. `origin`: offer, volunteer, evidence, hand_over, review. `state`: offered, countered,
    accepted, declined, withdrawn, expired. `side`: candidate, counterpart (the reader's). `reason` comes with a
    counter. `key` names the proposal and its round in buttons.
    """

    key: str
    kind: str
    origin: str
    state: str
    hat: HatCard
    candidate: Person
    counterpart: Person
    side: str
    readers_turn: bool
    terms: tuple[OfferedTerm, ...] = ()
    reason: str = ""
    evidence: tuple[EvidenceLine, ...] = ()
    evidence_weeks: int = 8
    expires_on: date | None = None
    earlier_owner: Person | None = None
    reminder: bool = False


@dataclass(frozen=True)
class Decision:
    """How a proposal ended, for the side that did not end it. `reason` only for the one whom it is meant for."""

    kind: str
    origin: str
    state: str
    hat: HatName
    team: str
    by: Person
    candidate: Person
    reason: str = ""


@dataclass(frozen=True)
class Announcement:
    """A hat has an owner: what the team's channel hears, once. `forced_by` when an admin decided it, with a reason."""

    hat: HatName
    team: str
    owner: Person
    position: str
    earlier: Person | None = None
    kpis: tuple[OfferedTerm, ...] = ()
    forced_by: Person | None = None
    reason: str = ""
