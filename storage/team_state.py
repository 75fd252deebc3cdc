"""Everything that is known of one team, for whoever compares it with what it should be."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.tables import (
    Alias,
    Assignment,
    Hat,
    Kpi,
    Link,
    Member,
    Membership,
    Reading,
    Target,
    Team,
    Wearer,
    Workspace,
)

Entity = Workspace | Team | Member | Hat | Kpi


def identity(row: Entity) -> int:
    """Return the id of a row that is in the database.

    Raises:
        ValueError: The row has not been stored yet.
    """
    if row.id is None:
        raise ValueError(f"{row!r} is not stored")
    return row.id


def team_to_change(session: Session, workspace_id: int, slug: str) -> Team | None:
    """Return a team, archived or not, locked until the transaction ends."""
    query = select(Team).where(Team.workspace_id == workspace_id, Team.slug == slug).with_for_update(key_share=True)
    return session.exec(query).first()


def members(session: Session, workspace_id: int, slack_ids: Sequence[str]) -> dict[str, Member]:
    """Return the members of a workspace that are known, by Slack's id."""
    query = select(Member).where(Member.workspace_id == workspace_id)
    wanted = set(slack_ids)
    return {member.slack_user_id: member for member in session.exec(query) if member.slack_user_id in wanted}


def memberships(session: Session, team_id: int) -> dict[int, tuple[Membership, Member]]:
    """Return who plays in the team now, by member's id."""
    query = (
        select(Membership, Member)
        .join(Member, col(Member.id) == col(Membership.member_id))
        .where(Membership.team_id == team_id, col(Membership.left_at).is_(None))
        .order_by(col(Member.name), col(Member.id))
    )
    return {membership.member_id: (membership, member) for membership, member in session.exec(query)}


def hats(session: Session, team_id: int) -> Sequence[Hat]:
    """Return every hat of the team, archived ones too."""
    return session.exec(select(Hat).where(Hat.team_id == team_id).order_by(col(Hat.name), col(Hat.id))).all()


def aliases(session: Session, team_id: int) -> Sequence[Alias]:
    """Return every slug and alias of the team's hats, archived ones too."""
    return session.exec(select(Alias).where(Alias.team_id == team_id).order_by(col(Alias.id))).all()


def wearers(session: Session, team_id: int) -> dict[int, list[Member]]:
    """Return who wears each hat now, longest first, whatever has become of them in Slack."""
    query = (
        select(Wearer.hat_id, Member)
        .join(Hat, col(Hat.id) == col(Wearer.hat_id))
        .join(Member, col(Member.id) == col(Wearer.member_id))
        .where(Hat.team_id == team_id, col(Wearer.until).is_(None))
        .order_by(col(Wearer.since), col(Wearer.id))
    )
    found: dict[int, list[Member]] = defaultdict(list)
    for hat_id, member in session.exec(query):
        found[hat_id].append(member)
    return found


def owners(session: Session, team_id: int) -> dict[int, Member]:
    """Return who owns each hat now, archived hats too."""
    query = (
        select(Assignment.hat_id, Member)
        .join(Hat, col(Hat.id) == col(Assignment.hat_id))
        .join(Member, col(Member.id) == col(Assignment.member_id))
        .where(Hat.team_id == team_id, col(Assignment.ended_at).is_(None))
    )
    return dict(session.exec(query).all())


def targets(session: Session, team_id: int) -> dict[int, list[Target]]:
    """Return every target of the team by KPI, earliest first."""
    query = (
        select(Target)
        .join(Kpi, col(Kpi.id) == col(Target.kpi_id))
        .where(Kpi.team_id == team_id)
        .order_by(col(Target.valid_from))
    )
    found: dict[int, list[Target]] = defaultdict(list)
    for target in session.exec(query):
        found[target.kpi_id].append(target)
    return found


def links(session: Session, team_id: int) -> Sequence[Link]:
    """Return every link of the team, those of archived KPIs too."""
    return session.exec(select(Link).where(Link.team_id == team_id).order_by(col(Link.id))).all()


def drop(session: Session, rows: Sequence[Alias | Link]) -> None:
    """Delete rows at once: what takes their place may not be there beside them."""
    for row in rows:
        session.delete(row)
    session.flush()


def has_readings(session: Session, team_id: int) -> bool:
    """Tell whether any KPI of the team was ever read."""
    query = select(func.count()).select_from(
        select(Reading.id)
        .join(Kpi, col(Kpi.id) == col(Reading.kpi_id))
        .where(Kpi.team_id == team_id)
        .limit(1)
        .subquery()
    )
    return session.exec(query).one() > 0
