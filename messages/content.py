"""What messages say, as plain values: services fill these, templates show them.

Texts are as people wrote them (unescaped, any length); numbers are exact decimals; dates are local to the reader.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True)
class Message:
    """A rendered message. `older_blocks` is the same in blocks that every workspace knows."""

    text: str
    blocks: list[dict[str, Any]]
    older_blocks: list[dict[str, Any]] | None = None


@dataclass(frozen=True)
class Person:
    """A member, by Slack id and by name (empty when Slack has not told it yet)."""

    slack_id: str
    name: str = ""


@dataclass(frozen=True)
class HatName:
    """A hat in a list or on a button."""

    slug: str
    name: str


@dataclass(frozen=True)
class KpiValue:
    """A KPI with its last value.

    `unit`: count, money, percent, ratio, duration; `direction`: higher, lower, within. A range has an `upper` end as
    well; `comparator`: at_least, more_than, at_most, less_than, between ("" for what is usual). `overridden` when the
    target is of this week only, `computed` when the value comes from a formula. `note` and `confidence` (on_track,
    at_risk, off_track) are what its owner said about the value. `origin` is where it came from when nobody typed it:
    pull (from `origin_host`), api, import.
    """

    slug: str
    name: str
    unit: str = "count"
    currency: str | None = None
    decimals: int = 0
    direction: str = "higher"
    target: Decimal | None = None
    value: Decimal | None = None
    period: str | None = None
    previous: Decimal | None = None
    comparator: str = ""
    upper: Decimal | None = None
    overridden: bool = False
    computed: bool = False
    note: str = ""
    confidence: str | None = None
    origin: str = ""
    origin_host: str = ""


@dataclass(frozen=True)
class HatCard:
    """The answer to 'who has this hat?'.

    `position`: defender, midfielder, forward, libero; `side`: sales, marketing.
    """

    slug: str
    name: str
    side: str
    position: str
    ask_about: str
    team: str
    owner: Person | None = None
    owner_since: date | None = None
    deputy: Person | None = None
    wearers: tuple[Person, ...] = ()
    kpis: tuple[KpiValue, ...] = ()
    asker_is_owner: bool = False
    away_until: date | None = None
    may_edit: bool = False


@dataclass(frozen=True)
class HatLine:
    """One hat in `/hat list`."""

    slug: str
    name: str
    side: str
    position: str
    owner: Person | None = None
    wearers: tuple[Person, ...] = ()


@dataclass(frozen=True)
class HatsOf:
    """The hats of one person: what they own and what else they wear. `own` when the reader asked about themselves."""

    person: Person
    team: str
    owned: tuple[HatName, ...] = ()
    worn: tuple[HatName, ...] = ()
    own: bool = False


@dataclass(frozen=True)
class Misread:
    """What is wrong with a number that was typed, by name, and what it may have meant."""

    name: str
    text: str
    choices: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class ReportField:
    """One KPI in the report modal. `kpi_id` names its field; `suggested` is what it is prefilled with.

    `typed` is what the person has typed there already, `misread` what is wrong with it.
    """

    kpi_id: int
    kpi: KpiValue
    hat: HatName
    suggested: Decimal | None = None
    reported: bool = False
    typed: str | None = None
    misread: Misread | None = None


@dataclass(frozen=True)
class ReportForm:
    """One page of the report modal: the KPIs of one person in one team for one week.

    `state` goes into private_metadata as it is. With `notes` each KPI has fields for a confidence and a note.
    """

    team: str
    period: str
    fields: tuple[ReportField, ...]
    state: str = ""
    page: int = 1
    pages: int = 1
    notes: bool = False


@dataclass(frozen=True)
class PassToRate:
    """A link whose passes the reader receives. `score` is what they said of the week, 1 to 5; `value` names both."""

    value: str
    source: HatName
    target: HatName
    sender: Person | None = None
    score: int | None = None


@dataclass(frozen=True)
class Receipt:
    """What was stored, and when the team sees it (`digest_at` in the reader's zone; None when it is switched off).

    `passes` are the links into what was stored: the reader can say how good their passes were.
    """

    team: str
    period: str
    stored: tuple[KpiValue, ...]
    missing: tuple[KpiValue, ...] = ()
    digest_at: datetime | None = None
    passes: tuple[PassToRate, ...] = ()


@dataclass(frozen=True)
class HatCheck:
    """Which hats somebody wore in a week: the question, or with `answered` what they said.

    `since`: where `suggested` comes from: week (their answer for the week before), earlier (an older answer), now (the
    hats that they own and wear). `state` opens the form, `one_tap` answers with what is suggested.
    """

    suggested: tuple[HatName, ...]
    since: Literal["week", "earlier", "now"]
    state: str
    one_tap: str
    answered: tuple[HatName, ...] | None = None


@dataclass(frozen=True)
class AskAgain:
    """A time at which somebody can be asked again.

    `choice` is hour, hours, tomorrow, monday or week. Of all but the first two, `day` is the day whose morning is
    meant, and `days` how many days away that is.
    """

    choice: str
    day: date | None = None
    days: int = 0


@dataclass(frozen=True)
class Prompt:
    """The weekly question to one person, all hats in one. `late` when the bot could not send it in time.

    Without `kpis` only the hat check is asked, with both it is the second question. `later` are the times at which it
    can be asked again, `asked_again_at` the one that was chosen, in the reader's zone.
    `skipped` is why they have nothing to report ("" when they did not say), None when they have not said so.
    """

    team: str
    period: str
    hats: tuple[HatName, ...]
    kpis: tuple[KpiValue, ...]
    state: str
    digest_at: datetime | None = None
    late: bool = False
    check: HatCheck | None = None
    later: tuple[AskAgain, ...] = ()
    asked_again_at: datetime | None = None
    skipped: str | None = None


@dataclass(frozen=True)
class SkipForm:
    """The form in which somebody says why a week has no numbers. `reason` is what they said before."""

    team: str
    period: str
    state: str
    reason: str = ""


@dataclass(frozen=True)
class ReadBack:
    """What a written message was taken for: numbers of a week, to be confirmed before they are stored.

    `value` goes into the button that confirms, `state` into the one that opens the form. `unclear` are parts that were
    not understood.
    """

    team: str
    period: str
    kpis: tuple[KpiValue, ...]
    value: str
    state: str
    unclear: tuple["Unclear", ...] = ()


@dataclass(frozen=True)
class Unclear:
    """One part of a written report that was not understood.

    With a `kpi` its number is `misread`; else `name` is no KPI of the reader's, and `nearest` are what it may mean.
    """

    name: str
    kpi: KpiValue | None = None
    misread: Misread | None = None
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionFigures:
    """What the questions of a week tell. `hours` is the median of working hours until a first answer, None of none."""

    asked: int
    answered: int = 0
    right_first: int = 0
    hours: float | None = None


@dataclass(frozen=True)
class HatQuestions:
    """What the questions about one hat told, week by week, latest first; weeks without any are left out."""

    hat: HatName
    weeks: tuple[tuple[str, QuestionFigures], ...]


@dataclass(frozen=True)
class QuestionAsked:
    """A question on its way to a hat's owner (or, with `vacant`, to somebody who wears it).

    With `stands_in_for` it goes to the deputy of that owner, who is away.
    """

    hat: HatName
    team: str
    asker: Person
    text: str
    channel_id: str | None = None
    recipients: tuple[Person, ...] = ()
    vacant: bool = False
    stands_in_for: Person | None = None


@dataclass(frozen=True)
class Refusal:
    """A sentence for a person about something that could not be done, by name, with what it speaks of."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)
