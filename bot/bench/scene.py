"""Teams to measure with: owners of hats with KPIs in many workspaces, a directory of hats, a long chain."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from cryptography.fernet import Fernet

from bot.bench.local_slack import CHANNEL, Place
from bot.domain.period import Period
from bot.slack.vault import Vault
from storage import Session, Sessions, open_engine, schema
from storage.tables import (
    Alias,
    Assignment,
    Hat,
    Install,
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
from storage.team_state import identity

FOUNDED_AGO = timedelta(hours=1)  # so that only this week's messages are owed, and none is missed
ZONE = "UTC"
NEVER = ""
EVERY_DAY, MIDNIGHT = "1234567", "00:00"  # measured at any hour of any day: nobody has a day off or quiet hours
READY = '"event": "ready"'  # how a bot's log in JSON says it
FIRST_WEEK = "1970-W01"
EARLIER_READINGS = 3
_SIDES = ("sales", "marketing")
_POSITIONS = ("defender", "midfielder", "forward", "libero")


@contextmanager
def database(url: str) -> Iterator[Sessions]:
    """Open a migrated database."""
    engine = open_engine(url)
    schema.upgrade(engine)
    sessions = Sessions(engine)
    try:
        yield sessions
    finally:
        sessions.close()


def sqlite_url(folder: Path, name: str = "bench.db") -> str:
    """Return the address of a SQLite file."""
    return f"sqlite:///{folder / name}"


def vault() -> tuple[str, Callable[[str], str]]:
    """Return a new key for tokens at rest and what encrypts with it."""
    key = Fernet.generate_key().decode()
    return key, Vault(key).seal


def weekly(moment: datetime) -> str:
    """Write an instant as a team's weekly time in `ZONE`."""
    return f"{moment:%A %H:%M}"


@dataclass(frozen=True)
class Settled:
    """Teams, and their people, hats and KPIs: hat number n is owned by member number n."""

    teams: list[Team]
    members: list[Member]
    hats: list[Hat]
    kpis: list[Kpi]


def owners(
    session: Session,
    places: Sequence[Place],
    *,
    now: datetime,
    prompt_at: str = NEVER,
    digest_at: str = NEVER,
    kpis_each: int = 2,
    earlier: int = EARLIER_READINGS,
    seal: Callable[[str], str] | None = None,
) -> Settled:
    """Settle one team in each workspace, whose people own one hat each, with `kpis_each` KPIs.

    Args:
        session: A writing session.
        places: The workspaces.
        now: The present; the teams were founded `FOUNDED_AGO`.
        prompt_at: The teams' weekly time to be asked, in `ZONE`.
        digest_at: The teams' weekly time of the digest.
        kpis_each: KPIs of a hat; each has a target.
        earlier: Readings of each KPI, up to the week before last.
        seal: Encrypts the workspaces' tokens; without it they are left out.
    """
    founded = now - FOUNDED_AGO
    teams = [_team(home, founded, prompt_at, digest_at) for home in _homes(session, places, founded, seal)]
    _added(session, teams)
    players = [(team, user) for team, place in zip(teams, places, strict=True) for user in place.users]
    members = [
        Member(workspace_id=team.workspace_id, slack_user_id=user, name=f"Player {user}", refreshed_at=now)
        for team, user in players
    ]
    _added(session, members)
    for (team, _), member in zip(players, members, strict=True):
        ids = (team.workspace_id, identity(team), identity(member))
        session.add(Membership(workspace_id=ids[0], team_id=ids[1], member_id=ids[2], joined_at=founded))
    hats = [_hat(team, number, founded) for number, (team, _) in enumerate(players)]
    _added(session, hats)
    _own(session, hats, members, founded)
    kpis = _measure(session, hats, kpis_each, Period.of(now.date()), at=founded, earlier=earlier)
    return Settled(teams, members, hats, kpis)


def directory(session: Session, place: Place, *, hats: int, now: datetime) -> None:
    """Settle one team with many hats, each with an owner, another wearer and a KPI."""
    settled = owners(session, [place], now=now)
    team, members = settled.teams[0], settled.members
    many = [_hat(team, number, now) for number in range(len(members), hats)]
    _added(session, many)
    _own(session, many, [members[number % len(members)] for number in range(len(many))], now)
    for number, hat in enumerate(many, start=1):
        other = members[number % len(members)]
        session.add(Wearer(workspace_id=team.workspace_id, hat_id=identity(hat), member_id=identity(other), since=now))
    _measure(session, many, 1, Period.of(now.date()), at=now, first=len(members) * 2)


def chain(
    session: Session, place: Place, *, kpis: int, links: int, weeks: int, now: datetime, digest_at: str = NEVER
) -> Team:
    """Settle one team with a chain: each KPI feeds the next one, and some the one after it, up to `links`.

    The readings are waves of different lengths, so that every link has something to tell.
    """
    settled = owners(session, [place], now=now, digest_at=digest_at, kpis_each=0)
    team, hats = settled.teams[0], settled.hats
    last = Period.of(now.date()).shift(-1)
    made = [_kpi(hats[number % len(hats)], number, now, is_goal=number == kpis - 1) for number in range(kpis)]
    _added(session, made)
    ids = [identity(kpi) for kpi in made]
    session.add_all(Target(kpi_id=kpi, valid_from=FIRST_WEEK, value=Decimal(100), agreed_at=now) for kpi in ids)
    pairs = [(up, up + step, step) for step in range(1, kpis) for up in range(kpis - step)][:links]
    session.add_all(
        Link(team_id=identity(team), upstream_id=ids[up], downstream_id=ids[down], lag_weeks=step)
        for up, down, step in pairs
    )
    session.add_all(
        Reading(kpi_id=kpi, period=str(last.shift(-ago)), value=wave(number, ago), reported_at=now)
        for number, kpi in enumerate(ids)
        for ago in range(weeks)
    )
    session.flush()
    return team


def _homes(
    session: Session, places: Sequence[Place], at: datetime, seal: Callable[[str], str] | None
) -> list[Workspace]:
    homes = [Workspace(slack_team_id=p.id, installed_at=at) for p in places]
    _added(session, homes)
    _added(session, [_install(p, at, seal) for p in places] if seal else [])
    return homes


def _install(place: Place, at: datetime, seal: Callable[[str], str]) -> Install:
    return Install(
        slack_id=place.id,
        is_org=False,
        bot_user_id=place.bot_user_id,
        bot_id=place.bot_id,
        installer_id="",
        bot_token_encrypted=seal(place.token),
        installed_at=at,
    )


def _team(home: Workspace, at: datetime, prompt_at: str, digest_at: str) -> Team:
    return Team(
        workspace_id=identity(home),
        slug="team",
        name="Team",
        channel_id=CHANNEL,
        timezone=ZONE,
        prompt_at=prompt_at,
        reminder_at=NEVER,
        digest_at=digest_at,
        working_days=EVERY_DAY,
        quiet_from=MIDNIGHT,
        quiet_until=MIDNIGHT,
        created_at=at,
    )


def wave(number: int, ago: int) -> Decimal:
    """Return what KPI number `number` came to some weeks ago."""
    return Decimal(round(100 + 30 * math.sin(ago / (2 + number % 7) + number) + (ago * 37 + number * 11) % 13))


def _hat(team: Team, number: int, at: datetime) -> Hat:
    return Hat(
        workspace_id=team.workspace_id,
        team_id=identity(team),
        slug=f"email-nurturing-{number}",
        name=f"Email nurturing {number}",
        side=_SIDES[number % len(_SIDES)],
        position=_POSITIONS[number % len(_POSITIONS)],
        ask_about="Newsletters, lost chances",
        created_at=at,
    )


def _kpi(hat: Hat, number: int, at: datetime, *, is_goal: bool = False) -> Kpi:
    slug = f"leads-{number}"
    return Kpi(
        team_id=hat.team_id,
        hat_id=identity(hat),
        slug=slug,
        key=slug.replace("-", " "),
        name=f"Nurtured leads {number}",
        sequence=number,
        is_goal=is_goal,
        created_at=at,
    )


def _own(session: Session, hats: Sequence[Hat], members: Sequence[Member], at: datetime) -> None:
    for hat, member in zip(hats, members, strict=True):
        key = hat.slug.replace("-", " ")
        session.add(Alias(team_id=hat.team_id, hat_id=identity(hat), kind="slug", text=hat.slug, key=key))
        session.add(
            Assignment(workspace_id=hat.workspace_id, hat_id=identity(hat), member_id=identity(member), started_at=at)
        )
    session.flush()


def _measure(
    session: Session,
    hats: Sequence[Hat],
    each: int,
    this_week: Period,
    *,
    at: datetime,
    first: int = 0,
    earlier: int = EARLIER_READINGS,
) -> list[Kpi]:
    made = [_kpi(hat, first + number * each + i, at) for number, hat in enumerate(hats) for i in range(each)]
    _added(session, made)
    for kpi in made:
        session.add(Target(kpi_id=identity(kpi), valid_from=FIRST_WEEK, value=Decimal(40), agreed_at=at))
        for ago in range(2, 2 + earlier):
            period = str(this_week.shift(-ago))
            session.add(Reading(kpi_id=identity(kpi), period=period, value=Decimal(30 + ago), reported_at=at))
    session.flush()
    return made


def _added(session: Session, rows: Sequence[object]) -> None:
    session.add_all(rows)
    session.flush()
