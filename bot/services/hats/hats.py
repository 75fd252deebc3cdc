"""Who owns which hat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.errors import Refused
from bot.domain.naming import Match, NotFound, Several
from bot.domain.period import Period
from bot.domain.spelling import name_key
from bot.domain.targets import Bounds
from bot.domain.zones import zone_of
from bot.services.kpis.computed import with_computed
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.scene import Answer, Asker, Scene, scene_of
from messages.content import HatCard, HatLine, HatName, HatsOf, KpiValue, Person
from storage import Session, Sessions, hats, kpis, members
from storage.hats import HatRow
from storage.kpis import KpiRow


@dataclass(frozen=True)
class Choices:
    """Several hats that a query may mean, best first."""

    query: str
    hats: tuple[HatName, ...]


@dataclass(frozen=True)
class Unknown:
    """No hat has that name; these are the nearest."""

    query: str
    nearest: tuple[HatName, ...]


@dataclass(frozen=True)
class HatList:
    """Every hat of a team."""

    team: str
    hats: tuple[HatLine, ...]


def who(
    sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, *, now: datetime
) -> Answer[HatCard | Choices | Unknown]:
    """Tell who has a hat, whatever way its name was written."""
    with scene_of(sessions, asker) as (session, scene):
        found = directory.find(session, scene.team_id, scene.directory_version, query)
        if isinstance(found, HatRow):
            return Answer(scene.language, card(session, scene, found, on=now.date(), now=now))
        return Answer(scene.language, _unclear(session, scene, query, found))


def card(session: Session, scene: Scene, hat: HatRow, *, on: date, now: datetime | None = None) -> HatCard:
    """Put together everything that is said of one hat; with `now`, also that its owner is away then."""
    wearers = hats.wearers(session, hat.id)
    week = Period.of(on)
    measured = with_computed(session, scene.team_id, kpis.of_hats(session, [hat.id], period=str(week)), week)
    return HatCard(
        slug=hat.slug,
        name=hat.name,
        side=hat.side,
        position=hat.position,
        ask_about=hat.ask_about,
        team=scene.team_name,
        owner=owner_of(hat),
        owner_since=hat.owner_since.date() if hat.owner_since else None,
        deputy=deputy_of(hat),
        away_until=away_until(hat, now) if now else None,
        wearers=tuple(Person(w.slack_id, w.name) for w in wearers if w.member_id != hat.owner_id),
        kpis=tuple(kpi_value(row) for row in measured),
        asker_is_owner=hat.owner_id is not None and hat.owner_id == scene.member_id,
        may_edit=scene.is_admin or (hat.owner_id is not None and hat.owner_id == scene.member_id),
    )


def listing(sessions: Sessions, asker: Asker) -> Answer[HatList]:
    """List every hat of the team with its owner and wearers."""
    with scene_of(sessions, asker) as (session, scene):
        worn = hats.wearers_of_team(session, scene.team_id)
        lines = [
            HatLine(
                slug=hat.slug,
                name=hat.name,
                side=hat.side,
                position=hat.position,
                owner=owner_of(hat),
                wearers=tuple(Person(w.slack_id, w.name) for w in worn.get(hat.id, ()) if w.member_id != hat.owner_id),
            )
            for hat in hats.all_of_team(session, scene.team_id)
        ]
        return Answer(scene.language, HatList(scene.team_name, tuple(lines)))


def hats_of(sessions: Sessions, asker: Asker, slack_user_id: str) -> Answer[HatsOf]:
    """List the hats of one person, the asker or somebody else."""
    with scene_of(sessions, asker) as (session, scene):
        member = members.by_slack_id(session, scene.workspace_id, slack_user_id)
        own = slack_user_id == asker.user
        person = Person(slack_user_id, member.name if member else "")
        if member is None or member.id is None:
            return Answer(scene.language, HatsOf(person, scene.team_name, own=own))
        owned = hats.owned_by(session, scene.team_id, member.id)
        worn = hats.worn_by(session, scene.team_id, member.id)
        return Answer(
            scene.language,
            HatsOf(
                person,
                scene.team_name,
                owned=names(owned),
                worn=names([hat for hat in worn if hat.owner_id != member.id]),
                own=own,
            ),
        )


def the_one(session: Session, directory: HatDirectory | None, scene: Scene, query: str) -> HatRow:
    """Return the hat that a query clearly means; without a directory, the one that is called exactly so.

    A button or a form names a hat exactly: one that merely sounds like it would be another.

    Raises:
        Refused: `hat_not_found`, when it means none or more than one.
    """
    if directory is None:
        found: HatRow | Match | None = hats.by_key(session, scene.team_id, name_key(query))
    else:
        found = directory.find(session, scene.team_id, scene.directory_version, query)
    if not isinstance(found, HatRow):
        raise Refused("hat_not_found", query=query)
    return found


def names(rows: Sequence[HatRow]) -> tuple[HatName, ...]:
    """Return how hats are called."""
    return tuple(HatName(row.slug, row.name) for row in rows)


def owner_of(hat: HatRow) -> Person | None:
    """Return a hat's owner as a person to show."""
    return Person(hat.owner_slack_id, hat.owner_name or "") if hat.owner_slack_id else None


def deputy_of(hat: HatRow) -> Person | None:
    """Return who stands in for a hat's owner, as a person to show."""
    return Person(hat.deputy_slack_id, hat.deputy_name or "") if hat.deputy_slack_id else None


def away_until(hat: HatRow, now: datetime) -> date | None:
    """Return the day on which a hat's owner is back, in their zone, if they are away now."""
    until = hat.owner_away_until(now)
    return until.astimezone(zone_of(hat.owner_timezone)).date() if until else None


def kpi_value(row: KpiRow) -> KpiValue:
    """Return a KPI with its last value as it is shown."""
    return KpiValue(
        slug=row.slug,
        name=row.name,
        unit=row.unit,
        currency=row.currency,
        decimals=row.decimals,
        direction=row.direction,
        target=row.target,
        value=row.value,
        period=row.period,
        comparator=row.comparator or "",
        upper=row.upper,
        overridden=row.overridden,
        computed=bool(row.formula),
    )


def bounds_of(row: KpiRow) -> Bounds | None:
    """Return what a KPI's value is held against; None without a target."""
    if row.target is None:
        return None
    return Bounds.of(row.comparator, row.target, row.upper, row.direction)


def _unclear(session: Session, scene: Scene, query: str, match: Match) -> Choices | Unknown:
    ids = match.hat_ids if isinstance(match, Several) else match.nearest if isinstance(match, NotFound) else ()
    rows = [row for row in (hats.one(session, scene.team_id, hat_id) for hat_id in ids) if row]
    if isinstance(match, Several):
        return Choices(query, names(rows))
    return Unknown(query, names(rows))
