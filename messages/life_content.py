"""What messages about the life of a team say, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from messages.content import HatName, KpiValue, Person


@dataclass(frozen=True)
class Done:
    """Something that was done, by name, with what the sentence speaks of. See `messages.done`."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AwayState:
    """Whether the reader is away (`until` the day on which they are back), and who stands in for each of their hats."""

    until: date | None
    hats: tuple[tuple[HatName, Person | None], ...] = ()
    new: bool = False


@dataclass(frozen=True)
class Departure:
    """Somebody does not own hats any more, as the team's admins hear it.

    `how`: left, removed, deactivated, guest. `vacant`: the hats that nobody owns now.
    """

    team: str
    person: Person
    how: str
    vacant: tuple[HatName, ...] = ()


@dataclass(frozen=True)
class LeaveQuestion:
    """Whether the reader really wants to leave a team: what becomes of their hats, and who looks after it then."""

    team: str
    state: str
    hats: tuple[HatName, ...] = ()
    next_admin: Person | None = None


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened to a hat.

    `kind`: owned (from `on` until `until`; `how` it ended: handed_over, stepped_down, forced, left, archived, applied),
    vacant (the same without a person), proposal (`how` its state), target (`before` and `after` for `kpi`, each the
    KPI with that target; with a `week`, for that week only).
    """

    kind: str
    on: date
    until: date | None = None
    person: Person | None = None
    other: Person | None = None
    how: str = ""
    kpi: str = ""
    before: KpiValue | None = None
    after: KpiValue | None = None
    week: str = ""
    reason: str = ""


@dataclass(frozen=True)
class History:
    """What happened to a hat, latest first. `earlier` is the state of the button for what came before."""

    hat: HatName
    entries: tuple[HistoryEntry, ...]
    earlier: str = ""


@dataclass(frozen=True)
class HealthLine:
    """One thing that could be better, and the one button that mends it.

    `kind`: vacant, shared, overloaded, review, unworn. `action` and `value` are the button's. `asked` is how many
    questions about a vacant hat came in the last four weeks, 0 when they do not repeat themselves.
    """

    kind: str
    action: str
    value: str
    hat: HatName | None = None
    person: Person | None = None
    number: int = 0
    on: date | None = None
    asked: int = 0


@dataclass(frozen=True)
class Health:
    """How a team's hats are; no lines when all is well.

    `paused` is Slack's code for why nothing can be posted in the team's `channel`, empty when that is well.
    """

    team: str
    lines: tuple[HealthLine, ...]
    channel: str = ""
    paused: str = ""


@dataclass(frozen=True)
class AuditLine:
    """One change: who made it when (in the reader's zone), to what, and the fields that differ.

    `action` is a key of `messages.audit_words.SENTENCES`; `changes` are a field's name, and its value before and after.
    """

    at: datetime
    actor: Person
    action: str
    subject: str
    changes: tuple[tuple[str, str, str], ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class AuditLog:
    """The latest changes of a team, newest first. `earlier` is the state of the button for those before."""

    team: str
    lines: tuple[AuditLine, ...]
    earlier: str = ""
