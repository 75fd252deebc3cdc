"""Rows for tests: each builder takes what matters to the test and makes up the rest.

What comes back is read, not attached: its columns can be looked at, its session is closed.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from sqlmodel import SQLModel

from bot.domain.spelling import name_key, slugify
from storage import Sessions, readings
from storage.tables import (
    Alias,
    Assignment,
    Hat,
    Kpi,
    Link,
    Member,
    Membership,
    Target,
    Team,
    Wearer,
    Workspace,
)

Row = TypeVar("Row", bound=SQLModel)

# Monday of 2026-W48, 10:00 UTC.
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WEEK = "2026-W47"
_numbers = count(1)


def a_workspace(sessions: Sessions, slack_team_id: str | None = None, **columns: Any) -> Workspace:
    """Add a workspace that has the app installed."""
    slack_team_id = slack_team_id or f"T{next(_numbers):08}"
    return added(sessions, Workspace(slack_team_id=slack_team_id, **{"installed_at": NOW, **columns}))


def a_team(sessions: Sessions, workspace: Workspace | None = None, name: str | None = None, **columns: Any) -> Team:
    """Add a team, in a workspace of its own unless one is given."""
    workspace = workspace or a_workspace(sessions)
    name = name or f"Team {next(_numbers)}"
    row = {"slug": slugify(name), "created_at": NOW, **columns}
    return added(sessions, Team(workspace_id=workspace.id, name=name, **row))


def a_member(sessions: Sessions, team: Team | Workspace, name: str | None = None, **columns: Any) -> Member:
    """Add a member who plays in a team, or who is merely in a workspace."""
    number = next(_numbers)
    workspace_id = team.workspace_id if isinstance(team, Team) else team.id
    row = {"slack_user_id": f"U{number:08}", **columns}
    member = added(sessions, Member(workspace_id=workspace_id, name=name or f"Member {number}", **row))
    if isinstance(team, Team):
        plays(sessions, member, team)
    return member


def plays(sessions: Sessions, member: Member, team: Team) -> Membership:
    """Let a member play in a team."""
    row = Membership(workspace_id=member.workspace_id, team_id=team.id, member_id=member.id, joined_at=NOW)
    return added(sessions, row)


def a_hat(
    sessions: Sessions, team: Team, name: str | None = None, *, aliases: Iterable[str] = (), **columns: Any
) -> Hat:
    """Add a hat that is found by its slug and by aliases."""
    name = name or f"Hat {next(_numbers)}"
    row = {"slug": slugify(name), "side": "sales", "position": "midfielder", "created_at": NOW, **columns}
    hat = added(sessions, Hat(workspace_id=team.workspace_id, team_id=team.id, name=name, **row))
    for kind, text in (("slug", hat.slug), *(("alias", alias) for alias in aliases)):
        added(sessions, Alias(team_id=team.id, hat_id=hat.id, kind=kind, text=text, key=name_key(text)))
    return hat


def a_kpi(sessions: Sessions, hat: Hat, name: str | None = None, **columns: Any) -> Kpi:
    """Add a KPI that belongs to a hat: a weekly count, the higher the better."""
    name = name or f"Kpi {next(_numbers)}"
    slug = columns.pop("slug", None) or slugify(name)
    row = {"slug": slug, "key": name_key(slug), "created_at": NOW, **columns}
    return added(sessions, Kpi(team_id=hat.team_id, hat_id=hat.id, name=name, **row))


def a_link(
    sessions: Sessions,
    upstream: Kpi,
    downstream: Kpi,
    *,
    lag: int = 0,
    rate: Decimal | int | str | None = None,
    lag_known: bool = True,
) -> Link:
    """Let one KPI feed another, `lag` weeks later."""
    exact = None if rate is None else Decimal(rate)
    row = {"upstream_id": upstream.id, "downstream_id": downstream.id, "lag_weeks": lag, "rate": exact}
    row["lag_known"] = lag_known
    return added(sessions, Link(team_id=upstream.team_id, **row))


def a_target(
    sessions: Sessions,
    kpi: Kpi,
    value: Decimal | int | str,
    *,
    since: str = "2026-W01",
    upper: Decimal | int | str | None = None,
) -> Target:
    """Agree on a KPI's target from a week on, held against as its direction says; with `upper` it is a range."""
    usual = "at_most" if kpi.direction == "lower" else "at_least"
    row = {"comparator": usual} if upper is None else {"comparator": "between", "upper": Decimal(upper)}
    return added(sessions, Target(kpi_id=kpi.id, valid_from=since, value=Decimal(value), agreed_at=NOW, **row))


def owns(sessions: Sessions, member: Member, hat: Hat, *, since: datetime = NOW, **columns: Any) -> Assignment:
    """Make a member the owner of a hat."""
    row = {"hat_id": hat.id, "member_id": member.id, "started_at": since, **columns}
    return added(sessions, Assignment(workspace_id=hat.workspace_id, **row))


def wears(sessions: Sessions, member: Member, hat: Hat, *, since: datetime = NOW) -> Wearer:
    """Let a member wear a hat."""
    return added(sessions, Wearer(workspace_id=hat.workspace_id, hat_id=hat.id, member_id=member.id, since=since))


def reads(
    sessions: Sessions,
    kpi: Kpi,
    values: Mapping[str, Decimal | int | str],
    *,
    by: Member | None = None,
    now: datetime = NOW,
) -> None:
    """Store a KPI's values by week: `reads(sessions, deals, {"2026-W47": 12})`."""
    author = by.id if by else None
    with sessions.write() as session:
        for period, value in values.items():
            readings.store(
                session, kpi_id=kpi.id, period=period, value=Decimal(value), by=author, source="modal", now=now
            )


def added(sessions: Sessions, row: Row) -> Row:
    """Insert one row and commit."""
    with sessions.write() as session:
        session.add(row)
    return row
