"""Whom a question about a hat goes to, and when they are reminded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.working_time import WorkingWeek, after_working_hours
from bot.domain.zones import zone_of
from bot.services.hats.evidence import natural_owner_of
from bot.services.teams.holiday_calendars import is_holiday_in
from storage import Session, hats, members, teams
from storage.hats import HatRow
from storage.tables import Member, Team

MOST_RECIPIENTS = 3


@dataclass(frozen=True)
class Addressee:
    """Somebody whom a question goes to, and as what: owner, deputy, candidate, wearer, admin or named."""

    member: Member
    role: str


def addressees(
    session: Session, team: Team, hat: HatRow, *, but: Collection[int], now: datetime
) -> tuple[Addressee, ...]:
    """Tell whom a question about a hat goes to; nobody in `but` (members' ids) is among them.

    The owner, while they are away their deputy; of a vacant hat its natural owner, or else those who wear it; when
    there is none of these, the team's admins.
    """
    for role, found in (
        ("deputy", [hat.deputy_id] if hat.owner_away_until(now) else []),
        ("owner", [hat.owner_id]),
        ("candidate", [_natural(session, team, hat, now)]),
        ("wearer", [row.member_id for row in hats.wearers(session, hat.id)]),
        ("admin", [admin.id for admin in teams.admins(session, team.id or 0)]),
    ):
        reached = [one for one in (_reachable(session, team, each) for each in found) if one and one.id not in but]
        if reached:
            return tuple(Addressee(one, role) for one in reached[:MOST_RECIPIENTS])
    return ()


def nudges(team: Team, member: Member, now: datetime) -> tuple[datetime, datetime]:
    """Tell when somebody is reminded of a question that reached them now, and when it goes on to somebody else.

    Both are counted in the team's working hours, on the person's clock.
    """
    week = working_week(team)
    zone = str(zone_of(member.timezone, team.timezone))
    remind_at = after_working_hours(now, team.answer_hours, zone, week)
    return remind_at, after_working_hours(remind_at, team.answer_hours, zone, week)


def working_week(team: Team) -> WorkingWeek:
    """Return when a team works."""
    return WorkingWeek.of(team.working_days, team.work_starts, team.work_ends, is_holiday_in(team.holidays))


def _natural(session: Session, team: Team, hat: HatRow, now: datetime) -> int | None:
    natural = natural_owner_of(session, team, hat.id, now=now) if hat.owner_id is None else None
    return natural.id if natural else None


def _reachable(session: Session, team: Team, member_id: int | None) -> Member | None:
    member = members.get(session, team.workspace_id, member_id) if member_id is not None else None
    return member if member and not (member.deleted or member.is_bot) else None
