"""What messages about agreements say, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from messages.content import AskAgain, HatCard, HatName, KpiValue, Person
from messages.definitions import Redefined


@dataclass(frozen=True)
class OfferedTerm:
    """One KPI in an offer: `offered` is the target on the table, `agreed` the one that holds today.

    `is_new` for a KPI that the hat does not have yet; `kpi` then carries only its name. `kpi_id` names its field.
    `comparator` and `upper` go with `offered`; with a `period` it is for that week only. `redefined` is what else would
    change about the KPI, and `becomes` how it would be measured then; or it would be put away (`removed`).
    """

    kpi: KpiValue
    offered: Decimal | None = None
    agreed: Decimal | None = None
    is_new: bool = False
    kpi_id: int | None = None
    comparator: str = ""
    upper: Decimal | None = None
    period: str = ""
    redefined: tuple[Redefined, ...] = ()
    removed: bool = False
    becomes: KpiValue | None = None

    @property
    def is_untargeted(self) -> bool:
        """Whether the KPI goes without a target, and one could be agreed on."""
        return self.offered is None and not self.redefined and not self.removed

    @property
    def on_the_table(self) -> KpiValue:
        """The KPI with the target that is offered."""
        kpi = self.becomes or self.kpi
        return replace(kpi, target=self.offered, comparator=self.comparator, upper=self.upper)

    @property
    def today(self) -> KpiValue:
        """The KPI with the target that holds today."""
        return replace(self.kpi, target=self.agreed)

    @property
    def moves(self) -> bool:
        """Whether another target is offered than the one that holds today."""
        before, after = self.today, self.on_the_table
        return (before.target, before.upper) != (after.target, after.upper) or bool(
            before.comparator and after.comparator and before.comparator != after.comparator
        )


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
    counter. `key` names the proposal and its round in buttons. `remind_on` when the reader has just put it off.
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
    remind_on: date | None = None


@dataclass(frozen=True)
class Decision:
    """How a proposal, or one round of it, ended.

    `state`: countered, accepted, declined, withdrawn, expired, called_off (something else has changed). `side` is the
    reader's; `own` when it is the reader who decided. `other` is the other side. `reason` only for the one whom it is
    meant for. `removes` names the KPI that was to be put away.
    """

    kind: str
    origin: str
    state: str
    hat: HatName
    team: str
    side: str
    other: Person
    own: bool = False
    by: Person | None = None
    reason: str = ""
    removes: str = ""


@dataclass(frozen=True)
class Announcement:
    """A hat has an owner: what the team's channel hears, once. `forced_by` when an admin decided it, with a reason.

    `reader_owns` when it is told to the new owner.
    """

    hat: HatName
    team: str
    owner: Person
    position: str
    earlier: Person | None = None
    kpis: tuple[OfferedTerm, ...] = ()
    forced_by: Person | None = None
    reason: str = ""
    reader_owns: bool = False


@dataclass(frozen=True)
class TermsForm:
    """The form of other terms. `state` goes into private_metadata; `other` is who answers them, when that is known.

    `later` are the times at which the reader can be asked again.
    """

    state: str
    hat: HatName
    terms: tuple[OfferedTerm, ...] = ()
    other: Person | None = None
    later: tuple[AskAgain, ...] = ()


@dataclass(frozen=True)
class OwnerForm:
    """The form in which somebody is chosen to own a hat. `natural` reaches for it naturally, `alone` wears it alone."""

    state: str
    hat: HatName
    natural: Person | None = None
    wearers: tuple[Person, ...] = ()
    chosen: Person | None = None
    alone: Person | None = None


@dataclass(frozen=True)
class PassingOn:
    """An owner looks for somebody to pass a hat on to. `channel_id` tells the button which team it is about."""

    hat: HatName
    team: str
    owner: Person
    channel_id: str = ""


@dataclass(frozen=True)
class Review:
    """An agreement whose review date has come, or with `outcome` (kept, passed_on) what its owner made of it.

    `key` names it in buttons; `again_on` is the next review.
    """

    key: str
    hat: HatName
    team: str
    since: date
    kpis: tuple[KpiValue, ...] = ()
    outcome: str = ""
    again_on: date | None = None


@dataclass(frozen=True)
class AgreementNote:
    """What a person has just done about a hat.

    `what`: offered, volunteered, owned (nobody else had to agree), withdrawn, forced, passed_on, terms_offered,
    terms_held, agreed. `person` is the other one, where there is one.
    """

    what: str
    hat: HatName
    person: Person | None = None
