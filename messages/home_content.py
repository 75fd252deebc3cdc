"""What the App Home shows, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from messages.agreement_content import EvidenceLine
from messages.content import HatCard, HatCheck, HatName, HatQuestions, KpiValue, Person
from messages.next_step import SetUpState
from messages.pitch_content import Pitch
from messages.question_list_content import QuestionLine


@dataclass(frozen=True)
class HomeTeam:
    """A team whose Home can be shown. `place` names it in the view."""

    place: str
    name: str


@dataclass(frozen=True)
class HomeOffer:
    """An offer about a hat that is under way. `value` is its button's, `mine` when it waits for the reader.

    `kind`: owner or terms. `until` is the reader's day on which it runs out; `asks_me` when the reader would own it.
    """

    value: str
    hat: HatName
    other: Person
    kind: str = "owner"
    mine: bool = True
    asks_me: bool = True
    until: date | None = None


@dataclass(frozen=True)
class HomeKpi:
    """A KPI with its last value, and its values of the last 13 weeks, oldest first; weeks without one are left out."""

    kpi: KpiValue
    points: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class HomeHat:
    """A hat that the reader owns or, with `stands_in_for`, reports for while its owner is away.

    `evidence` is what the reader did for it over `evidence_weeks` weeks.
    """

    hat: HatName
    position: str
    kpis: tuple[HomeKpi, ...] = ()
    deputy: Person | None = None
    stands_in_for: Person | None = None
    evidence: EvidenceLine | None = None
    evidence_weeks: int = 13


@dataclass(frozen=True)
class HomeLink:
    """A link of the chain: the verdict on it, and what it won or lost in goals (None where that cannot be told)."""

    source: HatName
    target: HatName
    verdict: str = "too_early"
    goals: float | None = None


@dataclass(frozen=True)
class HomeChain:
    """The chain at a glance, from the report that is kept. `known` is False as long as there is none."""

    links: tuple[HomeLink, ...] = ()
    known: bool = False


@dataclass(frozen=True)
class HomeSettings:
    """What the reader has set. `prompt` as `Friday 13:00`, '' for never; `language` and `reach` are codes."""

    prompt: str = ""
    own_prompt: bool = False
    timezone: str = ""
    language: str = "en"
    own_language: bool = False
    reminders: bool = True
    reach: str = "dm"
    hat_check: bool | None = True
    away_until: date | None = None


@dataclass(frozen=True)
class Home:
    """The App Home of one person in one team.

    `state` goes into private_metadata. `due`, `reported`, `skipped` and `report` (the form's state) are about the
    week `period`. `all_hats` can be looked at, and `hat` is the one that is. Of `pitch` is told how the team stands.
    `plays` is False for somebody who is not in the team (any more). `set_up` tells how far the team has come.
    """

    team: str
    person: Person
    state: str = ""
    teams: tuple[HomeTeam, ...] = ()
    plays: bool = True
    is_admin: bool = False
    period: str | None = None
    report: str = ""
    due: tuple[KpiValue, ...] = ()
    reported: tuple[KpiValue, ...] = ()
    skipped: bool = False
    digest_at: datetime | None = None
    check: HatCheck | None = None
    offers: tuple[HomeOffer, ...] = ()
    asked: tuple[QuestionLine, ...] = ()
    owned: tuple[HomeHat, ...] = ()
    worn: tuple[HatName, ...] = ()
    questions: tuple[HatQuestions, ...] = ()
    all_hats: tuple[HatName, ...] = ()
    hat: HatCard | None = None
    wears_hat: bool = False
    pitch: Pitch | None = None
    chain: HomeChain = HomeChain()
    settings: HomeSettings | None = None
    set_up: SetUpState | None = None

    @property
    def nothing_waits(self) -> bool:
        """Whether nothing waits for the reader."""
        return not (
            self.due or self.asked or any(offer.mine for offer in self.offers) or (self.check and not self.skipped)
        )


@dataclass(frozen=True)
class HomeForm:
    """A form that makes a command whole.

    `name`: away, deputy, of, people, unlink, restore, archive-kpi, listen, check. `about` is what the hat or the KPI is
    called that it is about; `options` are pairs of a value and what is read. `state` goes into private_metadata.
    """

    name: str
    state: str
    about: str = ""
    options: tuple[tuple[str, str], ...] = ()
