"""Whom the planner has to think of, in every workspace: who is asked every week, and which teams get a digest."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, exists, func, literal
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from storage.deliveries import MOST_ROWS_AT_ONCE
from storage.tables import Absence, Assignment, Delivery, Deputy, Hat, Kpi, Member, Membership, Team, Workspace


class Times(NamedTuple):
    """What decides when somebody is asked, as it is stored. Weekly times are local; an empty one is switched off.

    `own_prompt` when the person chose it; `days`, `quiet_from`, `quiet_until` and `holidays` are the team's columns.
    """

    prompt: str
    own_prompt: bool
    reminder: str
    digest: str
    zone: str
    team_zone: str
    days: str
    quiet_from: str
    quiet_until: str
    holidays: str


class Reporter(NamedTuple):
    """Somebody who is asked every week, and what decides when.

    `reporting_since` is when they began to own a live KPI, None for a member who is asked for their hats only;
    `asked_since` is the earlier of that and of when they joined the team.
    """

    workspace_id: int
    team_id: int
    slack_user_id: str
    times: Times
    asked_since: datetime
    reporting_since: datetime | None


class StandIn(NamedTuple):
    """A deputy who is asked in an owner's place until the owner is back."""

    reporter: Reporter
    until: datetime


class Audience(NamedTuple):
    """A team with a channel that gets a digest."""

    workspace_id: int
    team_id: int
    channel_id: str
    times: Times
    created_at: datetime


_OF_TEAM = (
    col(Team.timezone),
    col(Team.working_days),
    col(Team.quiet_from),
    col(Team.quiet_until),
    col(Team.holidays),
)
_ASKED = (
    col(Team.workspace_id),
    col(Team.id),
    col(Member.slack_user_id),
    func.coalesce(col(Member.prompt_at), col(Team.prompt_at)),
    col(Member.prompt_at).is_not(None),
    case((col(Member.reminders), col(Team.reminder_at)), else_=""),
    case((col(Team.channel_id).is_not(None), col(Team.digest_at)), else_=""),
    func.coalesce(col(Member.timezone), col(Team.timezone)),
    *_OF_TEAM,
)
_TIMES = slice(3, 3 + len(Times._fields))
_LIVE = (
    col(Team.archived_at).is_(None),
    col(Workspace.uninstalled_at).is_(None),
    col(Member.deleted).is_(False),
)
_OWNERS = (
    select_columns(*_ASKED, func.min(col(Assignment.started_at)))
    .select_from(Hat)
    .join(Team, col(Team.id) == col(Hat.team_id))
    .join(Workspace, col(Workspace.id) == col(Team.workspace_id))
    .join(Assignment, and_(col(Assignment.hat_id) == col(Hat.id), col(Assignment.ended_at).is_(None)))
    .join(Member, col(Member.id) == col(Assignment.member_id))
    .where(
        exists().where(col(Kpi.hat_id) == col(Hat.id), col(Kpi.archived_at).is_(None), col(Kpi.formula) == ""),
        col(Hat.archived_at).is_(None),
        *_LIVE,
    )
    .group_by(col(Team.id), col(Member.id))
)
_CHECKED = (
    select_columns(*_ASKED, col(Membership.joined_at))
    .select_from(Membership)
    .join(Team, col(Team.id) == col(Membership.team_id))
    .join(Workspace, col(Workspace.id) == col(Team.workspace_id))
    .join(Member, col(Member.id) == col(Membership.member_id))
    .where(
        exists().where(col(Hat.team_id) == col(Team.id), col(Hat.archived_at).is_(None)),
        col(Membership.left_at).is_(None),
        col(Team.hat_check).is_(True),
        col(Member.hat_check).is_(True),
        col(Member.is_bot).is_(False),
        col(Member.is_restricted).is_(False),
        col(Member.is_stranger).is_(False),
        *_LIVE,
    )
)


_STAND_INS = (
    select_columns(
        *_ASKED,
        case((col(Deputy.since) > col(Absence.starts_at), col(Deputy.since)), else_=col(Absence.starts_at)).label(
            "began"
        ),
        col(Absence.ends_at).label("ends_at"),
    )
    .select_from(Absence)
    .join(Assignment, and_(col(Assignment.member_id) == col(Absence.member_id), col(Assignment.ended_at).is_(None)))
    .join(Hat, col(Hat.id) == col(Assignment.hat_id))
    .join(Deputy, and_(col(Deputy.hat_id) == col(Hat.id), col(Deputy.until).is_(None)))
    .join(Member, col(Member.id) == col(Deputy.member_id))
    .join(Team, col(Team.id) == col(Hat.team_id))
    .join(Workspace, col(Workspace.id) == col(Team.workspace_id))
    .where(
        exists().where(col(Kpi.hat_id) == col(Hat.id), col(Kpi.archived_at).is_(None), col(Kpi.formula) == ""),
        col(Absence.ends_at) > bindparam("since"),
        col(Hat.archived_at).is_(None),
        *_LIVE,
    )
)


_AUDIENCES = (
    select_columns(
        col(Team.workspace_id),
        col(Team.id),
        col(Team.channel_id),
        literal(""),
        literal(False),  # noqa: FBT003  # nobody is asked
        literal(""),
        col(Team.digest_at),
        col(Team.timezone),
        *_OF_TEAM,
        col(Team.created_at),
    )
    .join(Workspace, col(Workspace.id) == col(Team.workspace_id))
    .where(
        col(Team.channel_id).is_not(None),
        col(Team.digest_at) != "",
        col(Team.archived_at).is_(None),
        col(Workspace.uninstalled_at).is_(None),
    )
)


_DIGESTS = select_columns(col(Delivery.team_id), col(Delivery.period), col(Delivery.recipient)).where(
    col(Delivery.team_id).in_(bindparam("team_ids", expanding=True)),
    col(Delivery.kind) == "digest",
    col(Delivery.period).in_(bindparam("periods", expanding=True)),
    col(Delivery.state).in_(("due", "claimed", "sent")),
)


def reporters(session: Session) -> list[Reporter]:
    """Return who is asked every week, for reports, for the hats they wore or for both, in every live workspace."""
    asked = {row[1:3]: _reporter(row, row[-1], row[-1]) for row in session.execute(_OWNERS)}
    for row in session.execute(_CHECKED):
        owner = asked.get(row[1:3])
        since = min(row[-1], owner.asked_since) if owner else row[-1]
        asked[row[1:3]] = _reporter(row, since, owner.reporting_since if owner else None)
    return list(asked.values())


def stand_ins(session: Session, *, since: datetime) -> list[StandIn]:
    """Return the deputies, in every workspace, of owners whose absence lasts beyond an instant, once each absence."""
    return [
        StandIn(_reporter(row, row.began, row.began), row.ends_at)
        for row in session.execute(_STAND_INS, {"since": since})
    ]


def audiences(session: Session) -> list[Audience]:
    """Return the teams that have a channel for their digest."""
    return [Audience(row[0], row[1], row[2], Times._make(row[_TIMES]), row[-1]) for row in session.execute(_AUDIENCES)]


def channels_of_digests(
    session: Session, team_ids: Collection[int], periods: Collection[str]
) -> dict[tuple[int, str], set[str]]:
    """Return the channels in which teams have the digests of some weeks, or are to have them, by team and week."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    wanted = sorted(team_ids)
    for start in range(0, len(wanted), MOST_ROWS_AT_ONCE):
        some = {"team_ids": wanted[start : start + MOST_ROWS_AT_ONCE], "periods": sorted(periods)}
        for team_id, period, channel in session.execute(_DIGESTS, some):
            found[team_id, period].add(channel)
    return found


def _reporter(row: Any, since: datetime, reporting_since: datetime | None) -> Reporter:
    return Reporter(row[0], row[1], row[2], Times._make(row[_TIMES]), since, reporting_since)
