"""What every form for changing things shares: its state, problems at fields, and the line in the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from bot.domain.errors import Refused
from bot.domain.numbers import Ambiguous, Invalid, NumberProblem, parse_number
from bot.domain.spelling import normalise
from bot.services.installs import onboarding_news
from bot.services.readings.duties import LARGEST_ID
from bot.services.readings.reports import Problem
from bot.services.sending.texts import storable
from bot.services.workspaces.authority import Player
from bot.services.workspaces.scene import Scene
from messages.content import KpiValue
from storage import Session, audits, members, teams

LONGEST_NAME: Final = 80
# A form that says the same this soon was sent twice: a double click, or Slack's own repetition.
SENT_TWICE_WITHIN: Final = timedelta(minutes=1)
_SMALLEST = Decimal("0.000001")  # what is stored
_INVISIBLE = "\u200d\u2060"  # hold emoji together, and what a form has disarmed


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with a field, by name, with what the sentence speaks of. See `messages.editing_problems`."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


FieldProblems = dict[str, FieldProblem | Problem]


@dataclass(frozen=True)
class Problems:
    """Fields that could not be taken, by name. Nothing was changed."""

    by_field: FieldProblems


def read_ids(state: str, number: int) -> list[int]:
    """Read the ids that a button or a form carries.

    Raises:
        Refused: `form_outdated`, when it carries something else.
    """
    parts = state.split()
    if len(parts) != number or not all(part.isdecimal() and 0 < int(part) <= LARGEST_ID for part in parts):
        raise Refused("form_outdated")
    return [int(part) for part in parts]


def playing(session: Session, scene: Scene, slack_user_id: str) -> Player:
    """Return the asker as somebody who plays in the team.

    Raises:
        Refused: `not_playing`, which says how to join.
    """
    member = members.by_slack_id(session, scene.workspace_id, slack_user_id)
    membership = teams.membership(session, scene.team_id, member.id or 0) if member else None
    if member is None or member.deleted or membership is None:
        raise Refused("not_playing", team=scene.team_name)
    return Player(member, membership)


def one_line(text: str, problems: FieldProblems, where: str) -> str:
    """Read a name: one line of at most 80 visible characters with at least one letter or digit."""
    visible = "".join(c if c.isprintable() or c in _INVISIBLE else " " for c in text)
    read = " ".join(storable(visible, len(visible)).split())
    if not normalise(read):
        problems[where] = FieldProblem("name_empty")
    elif len(read) > LONGEST_NAME or len(normalise(read)) > LONGEST_NAME:
        problems[where] = FieldProblem("too_long", {"limit": LONGEST_NAME})
    return read


def read_number(text: str, kpi: KpiValue, language: str, problems: FieldProblems, where: str) -> Decimal | None:
    """Read a number in a KPI's unit; None for an empty field, and for one that cannot be read."""
    if not text.strip():
        return None
    whole = kpi.unit == "count" and kpi.decimals == 0
    read = parse_number(text, whole=whole, language=language, allow_negative=kpi.unit != "count")
    if isinstance(read, Ambiguous):
        problems[where] = Problem("ambiguous", text, read.choices, kpi)
    elif isinstance(read, Invalid):
        problems[where] = Problem(read.reason.value, text, (), kpi)
    elif read.value != read.value.quantize(_SMALLEST):
        problems[where] = Problem(NumberProblem.TOO_LARGE.value, text, (), kpi)
    else:
        return read.value
    return None


def note(
    session: Session,
    scene: Scene,
    actor: str,
    action: str,
    subject: str,
    *,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Put a change into the audit log; one that changes nothing is left out."""
    if before is not None and dict(before) == dict(after or {}):
        return
    audits.add(
        session,
        workspace_id=scene.workspace_id,
        team_id=scene.team_id,
        actor=actor,
        action=action,
        subject=subject[:LONGEST_NAME],
        now=now,
        before=before,
        after=after,
    )
    onboarding_news.owe_moved(session, scene.workspace_id, scene.team_id, action, now=now)
