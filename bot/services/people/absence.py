"""Being away: who stands in for a hat's owner, until when somebody is away, and coming back."""

from datetime import date, datetime

from bot.domain.dates import Unclear, parse_day
from bot.domain.errors import Refused
from bot.domain.zones import midnight, zone_of
from bot.services.hats.hats import deputy_of, names, owner_of, the_one
from bot.services.people import life_news
from bot.services.people.directory import HatDirectory
from bot.services.sending.owing import owe_to
from bot.services.workspaces.authority import player, possible_owner, the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, scene_of
from messages.content import Person
from messages.life_content import AwayState, Done
from storage import Session, Sessions, absences, audits, hats, teams
from storage.hats import HatRow
from storage.tables import Member, Team


def set_deputy(
    sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, deputy: str | None, *, now: datetime
) -> Answer[Done]:
    """Let somebody stand in for a hat's owner whenever they are away; `deputy` None: nobody.

    Raises:
        Refused: `deputy_not_yours` for anybody but the owner and admins, `deputy_vacant`, `deputy_is_owner`,
            `cannot_own`, `hat_not_found`, `not_a_member`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            deciding = player(session, scene, asker.user)
            row = the_one(session, directory, scene, query)
            if row.owner_id is None:
                raise Refused("deputy_vacant", hat=row.name)
            if row.owner_id != deciding.id and not deciding.is_admin:
                raise Refused("deputy_not_yours", hat=row.name, owner=row.owner_name)
            chosen = possible_owner(session, scene, deputy) if deputy else None
            if chosen and chosen.id == row.owner_id:
                raise Refused("deputy_is_owner", hat=row.name)
            _replace_deputy(session, scene, row, chosen.member if chosen else None, asker.user, now)
            said = {"hat": names([row])[0], "owner": owner_of(row)}
            if chosen is None:
                return Answer(scene.language, Done("deputy_none", said))
            person = Person(chosen.member.slack_user_id, chosen.member.name)
            return Answer(scene.language, Done("deputy_set", said | {"deputy": person}))


def _replace_deputy(
    session: Session, scene: Scene, row: HatRow, chosen: Member | None, actor: str, now: datetime
) -> None:
    team = the_team(session, scene)
    before = absences.deputy_of(session, row.id)
    if (before.member_id if before else None) == (chosen.id if chosen else None):
        return
    hat = hats.entity_by_id(session, scene.team_id, row.id)
    absences.set_deputy(session, hat, chosen.id if chosen else None, now=now)
    audits.add(
        session,
        workspace_id=scene.workspace_id,
        team_id=scene.team_id,
        actor=actor,
        action="hat.deputy",
        subject=row.slug,
        now=now,
        before={"deputy": before.slack_id if before else None},
        after={"deputy": chosen.slack_user_id if chosen else None},
    )
    if chosen is not None:
        # Only who plays in the team is asked for its numbers.
        teams.add_member(session, team, chosen.id or 0, now=now)
        if chosen.slack_user_id != actor:
            about = f"deputy-{row.id}-{life_news.stamp(now)}"
            owe_to(session, team, life_news.DEPUTY, chosen.slack_user_id, about, now=now)


def go_away(sessions: Sessions, asker: Asker, until: str, *, now: datetime) -> Answer[AwayState]:
    """Let the asker be away from now until a day that they wrote; their deputies hear it.

    Raises:
        Refused: `away_unreadable`, `away_past`, `away_too_far`, `not_a_member`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            member = player(session, scene, asker.user).member
            zone = zone_of(member.timezone, the_team(session, scene).timezone)
            day = parse_day(until, now.astimezone(zone).date())
            if isinstance(day, Unclear):
                raise Refused(f"away_{day.value}", text=until)
            absences.start(session, scene.workspace_id, member.id or 0, now=now, until=midnight(day, zone))
            absence = absences.current(session, scene.workspace_id, member.id or 0, now=now)
            for team in teams.of_member(session, scene.workspace_id, member.id or 0):
                _note(session, team, member, asker.user, now, until=day)
                _tell_deputies(session, team, member, absence.id if absence else None, now)
            return Answer(scene.language, _state(session, scene, member, day, new=True))


def _tell_deputies(session: Session, team: Team, member: Member, absence_id: int | None, now: datetime) -> None:
    owned = hats.owned_by(session, team.id or 0, member.id or 0)
    for deputy in sorted({row.deputy_slack_id for row in owned if row.deputy_slack_id}):
        owe_to(session, team, life_news.STANDING_IN, deputy, f"away-{absence_id}", now=now)


def state_of(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[AwayState]:
    """Tell whether the asker is away, and who stands in for them."""
    with scene_of(sessions, asker) as (session, scene):
        member = player(session, scene, asker.user).member
        absence = absences.current(session, scene.workspace_id, member.id or 0, now=now)
        zone = zone_of(member.timezone, the_team(session, scene).timezone)
        until = absence.ends_at.astimezone(zone).date() if absence else None
        return Answer(scene.language, _state(session, scene, member, until))


def come_back(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[Done]:
    """Let the asker be back before their time."""
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            member = player(session, scene, asker.user).member
            if not absences.end(session, scene.workspace_id, member.id or 0, now=now):
                return Answer(scene.language, Done("not_away"))
            for team in teams.of_member(session, scene.workspace_id, member.id or 0):
                _note(session, team, member, asker.user, now, until=None)
            return Answer(scene.language, Done("back"))


def _note(session: Session, team: Team, member: Member, actor: str, now: datetime, *, until: date | None) -> None:
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        actor=actor,
        action="member.away" if until else "member.back",
        subject=member.slack_user_id,
        now=now,
        after={"until": until} if until else {},
    )


def _state(session: Session, scene: Scene, member: Member, until: date | None, *, new: bool = False) -> AwayState:
    owned = hats.owned_by(session, scene.team_id, member.id or 0)
    return AwayState(until, tuple((names([row])[0], deputy_of(row)) for row in owned), new=new)
