"""What applying a team's file changes, in lines that a person reads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.period import Period
from bot.services.team_file.team_file import TeamFile
from storage import Session
from storage.tables import Member, Team


class Verb(StrEnum):
    """What happens to something."""

    ADDED = "added"
    CHANGED = "changed"
    RESTORED = "restored"
    ARCHIVED = "archived"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that applying changes, or would change.

    `subject` names it (`hat email-nurturing`). A change also has what of it is changed, and both values in words;
    anything else may have a note.
    """

    verb: Verb
    subject: str
    what: str = ""
    before: str = ""
    after: str = ""
    note: str = ""

    def __str__(self) -> str:
        if self.verb is Verb.CHANGED:
            return f"{self.subject}: {self.what} {self.before} → {self.after}"
        return f"{self.subject} {self.verb.value}" + (f" ({self.note})" if self.note else "")


@dataclass
class Applying:
    """One run of applying a file: where, what, when, and what has changed so far."""

    session: Session
    team: Team
    file: TeamFile
    now: datetime
    week: Period
    members: dict[str, Member] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def note(self, verb: Verb, subject: str, note: str = "") -> None:
        """Say that something came or went."""
        self.changes.append(Change(verb, subject, note=note))

    def changed(self, subject: str, what: str, before: object, after: object) -> None:
        """Say that something is different now, if it is."""
        if before != after:
            self.changes.append(Change(Verb.CHANGED, subject, what, in_words(before), in_words(after)))

    def settle(self, subject: str, row: object, **columns: object) -> None:
        """Give a row the values of the file, and say which of them are new."""
        for column, value in columns.items():
            earlier = getattr(row, column)
            if earlier != value:
                self.changed(subject, column.removesuffix("_at").removesuffix("_id").replace("_", " "), earlier, value)
                setattr(row, column, value)


def in_words(value: object) -> str:
    """Say a value in a line: nothing is `none`, lists are joined, decimals have no tail."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        # Typed into a form, it may hold what a terminal takes for orders.
        return "".join(character if character.isprintable() else " " for character in value)
    if isinstance(value, Iterable):
        return ", ".join(map(in_words, value)) or "none"
    return str(value)


def name_of(member: Member | None) -> str:
    """Call a member by name, or by Slack's id while nothing else is known."""
    return (member.name or member.slack_user_id) if member else "nobody"
