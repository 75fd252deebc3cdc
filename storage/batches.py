"""Reading for many deliveries at once: a few statements for all of them, where each alone would need its own.

The ids come from deliveries that were claimed, which belong to the workspace of the team that owes them.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, union_all
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.evidences import Choice, Ticked
from storage.hats import WITH_OWNER, HatRow
from storage.rows import fetch
from storage.tables import (
    Absence,
    Assignment,
    Deputy,
    Hat,
    HatCheck,
    HatCheckHat,
    Member,
    SkippedWeek,
    Team,
    Wearer,
    Workspace,
)

Player = tuple[int, int]  # the ids of a team and of a member
Recipient = tuple[int, str]  # the id of a workspace, and Slack's id of a person


class Person(NamedTuple):
    """Somebody who is owed a message, and whether they are away now."""

    member: Member
    is_away: bool


# Built once: building a statement costs more than running it.
_TEAMS: Any = (
    select_columns(Team, col(Workspace.slack_team_id))
    .join(Workspace, col(Workspace.id) == col(Team.workspace_id))
    .where(
        col(Team.id).in_(bindparam("team_ids", expanding=True)),
        col(Team.archived_at).is_(None),
        col(Workspace.uninstalled_at).is_(None),
    )
)
_PEOPLE: Any = select_columns(
    Member,
    exists().where(
        col(Absence.member_id) == col(Member.id),
        col(Absence.starts_at) <= bindparam("now"),
        col(Absence.ends_at) > bindparam("now"),
    ),
).where(
    col(Member.workspace_id).in_(bindparam("workspace_ids", expanding=True)),
    col(Member.slack_user_id).in_(bindparam("slack_ids", expanding=True)),
)
_MEMBERS: Any = bindparam("member_ids", expanding=True)
_REPORTED: Select[Any] = (
    WITH_OWNER.add_columns(col(Hat.team_id))
    .where(
        col(Hat.id).in_(
            union_all(
                select_columns(col(Assignment.hat_id)).where(
                    col(Assignment.member_id).in_(_MEMBERS), col(Assignment.ended_at).is_(None)
                ),
                select_columns(col(Deputy.hat_id)).where(
                    col(Deputy.member_id).in_(_MEMBERS), col(Deputy.until).is_(None)
                ),
            )
        )
    )
    .order_by(col(Hat.name))
)
_HATS = (
    select_columns(col(Hat.team_id), col(Hat.id), col(Hat.slug), col(Hat.name))
    .where(col(Hat.team_id).in_(bindparam("team_ids", expanding=True)), col(Hat.archived_at).is_(None))
    .order_by(col(Hat.name), col(Hat.id))
)
_THEIRS = union_all(
    select_columns(col(Wearer.member_id), col(Wearer.hat_id)).where(
        col(Wearer.member_id).in_(_MEMBERS), col(Wearer.until).is_(None)
    ),
    select_columns(col(Assignment.member_id), col(Assignment.hat_id)).where(
        col(Assignment.member_id).in_(_MEMBERS), col(Assignment.ended_at).is_(None)
    ),
)
_earlier = aliased(HatCheck)
_TICKED = (
    select_columns(col(HatCheck.team_id), col(HatCheck.member_id), col(HatCheck.period), col(HatCheckHat.hat_id))
    .join(HatCheckHat, col(HatCheckHat.hat_check_id) == col(HatCheck.id), isouter=True)
    .where(
        col(HatCheck.member_id).in_(_MEMBERS),
        col(HatCheck.period)
        == select_columns(func.max(col(_earlier.period)))
        .where(
            col(_earlier.team_id) == col(HatCheck.team_id),
            col(_earlier.member_id) == col(HatCheck.member_id),
            col(_earlier.period) <= bindparam("until"),
        )
        .correlate(HatCheck)
        .scalar_subquery(),
    )
)
_SKIPPED = select_columns(col(SkippedWeek.team_id), col(SkippedWeek.member_id), col(SkippedWeek.reason)).where(
    col(SkippedWeek.member_id).in_(_MEMBERS), col(SkippedWeek.period) == bindparam("period")
)


def teams(session: Session, team_ids: Collection[int]) -> dict[int, tuple[Team, str]]:
    """Return live teams of workspaces that have the app, each with Slack's id of its workspace."""
    rows = session.execute(_TEAMS, {"team_ids": list(team_ids)})
    return {team.id: (team, slack_id) for team, slack_id in rows}


def people(session: Session, recipients: Collection[Recipient], *, now: datetime) -> dict[Recipient, Person]:
    """Return the members whom Slack calls so in their workspaces."""
    wanted = {
        "workspace_ids": list({workspace_id for workspace_id, _ in recipients}),
        "slack_ids": list({slack_id for _, slack_id in recipients}),
        "now": now,
    }
    found = (Person(*row) for row in session.execute(_PEOPLE, wanted))
    return {(one.member.workspace_id, one.member.slack_user_id): one for one in found}


def reported(session: Session, member_ids: Collection[int], *, now: datetime) -> dict[Player, list[HatRow]]:
    """Return the live hats that members report for: their own, then those of owners who are away now, by name."""
    own: dict[Player, list[HatRow]] = defaultdict(list)
    others: dict[Player, list[HatRow]] = defaultdict(list)
    for *columns, team_id in fetch(session, _REPORTED, {"member_ids": list(member_ids)}):
        row = HatRow(*columns)
        if row.owner_id is not None:
            own[team_id, row.owner_id].append(row)
        if row.deputy_id not in {None, row.owner_id} and row.owner_away_until(now) is not None:
            others[team_id, row.deputy_id or 0].append(row)
    return {player: own[player] + others[player] for player in {*own, *others}}


def choices(session: Session, players: Collection[Player]) -> dict[Player, list[Choice]]:
    """Return the hats that members may tick in their teams, by name."""
    theirs = set(fetch(session, _THEIRS, {"member_ids": list({member_id for _, member_id in players})}).all())
    hats: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for team_id, hat_id, slug, name in fetch(session, _HATS, {"team_ids": list({team_id for team_id, _ in players})}):
        hats[team_id].append((hat_id, slug, name))
    return {
        (team_id, member_id): [
            Choice(hat_id, slug, name, (member_id, hat_id) in theirs) for hat_id, slug, name in hats[team_id]
        ]
        for team_id, member_id in players
    }


def last_ticked(session: Session, member_ids: Collection[int], *, until: str) -> dict[Player, Ticked]:
    """Return members' latest answers for a week, or for one before it; who never answered is left out."""
    found: dict[Player, tuple[str, list[int]]] = {}
    for team_id, member_id, period, hat_id in fetch(session, _TICKED, {"member_ids": list(member_ids), "until": until}):
        ticked = found.setdefault((team_id, member_id), (period, []))[1]
        if hat_id is not None:
            ticked.append(hat_id)
    return {player: Ticked(period, tuple(hat_ids)) for player, (period, hat_ids) in found.items()}


def skipped(session: Session, member_ids: Collection[int], period: str) -> dict[Player, str]:
    """Return why members skip a week, "" when they gave no reason; who does not is left out."""
    rows = fetch(session, _SKIPPED, {"member_ids": list(member_ids), "period": period})
    return {(team_id, member_id): reason for team_id, member_id, reason in rows}
