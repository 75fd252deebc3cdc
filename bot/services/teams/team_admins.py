"""Who looks after a team. There is always somebody, as long as anybody plays in it."""

from datetime import datetime

from bot.domain.errors import Refused
from bot.services.people import life_news
from bot.services.sending.owing import owe_to
from bot.services.workspaces.authority import admin, player, possible_owner, the_team
from bot.services.workspaces.scene import Answer, Asker, in_language, locate
from messages.content import Person
from messages.life_content import Done
from storage import Session, Sessions, audits, teams
from storage.tables import Member, Team


def appoint(sessions: Sessions, asker: Asker, slack_user_id: str, *, now: datetime) -> Answer[Done]:
    """Let an admin make somebody an admin as well; people who are new to the team are let in.

    Raises:
        Refused: `not_admin`, `cannot_own`, `admin_already`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            chosen = possible_owner(session, scene, slack_user_id)
            if chosen.is_admin:
                raise Refused("admin_already", person=Person(slack_user_id, chosen.member.name))
            team = the_team(session, scene)
            teams.add_member(session, team, chosen.id, now=now)
            _set_admin(session, team, chosen.member, is_admin=True, actor=asker.user, now=now)
            return Answer(scene.language, Done("admin", {"person": Person(slack_user_id, chosen.member.name)}))


def dismiss(sessions: Sessions, asker: Asker, slack_user_id: str, *, now: datetime) -> Answer[Done]:
    """Let an admin end somebody's task as an admin, or their own; never the last one's.

    Raises:
        Refused: `not_admin`, `not_a_member`, `not_an_admin`, `last_admin`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            chosen = player(session, scene, slack_user_id)
            person = Person(slack_user_id, chosen.member.name)
            if not chosen.is_admin:
                raise Refused("not_an_admin", person=person)
            team = the_team(session, scene)
            # One after the other, so that two admins cannot dismiss each other at once.
            teams.lock(session, scene.workspace_id, scene.team_id)
            if not any(one.id != chosen.id for one in teams.admins(session, scene.team_id)):
                raise Refused("last_admin", person=person)
            _set_admin(session, team, chosen.member, is_admin=False, actor=asker.user, now=now)
            return Answer(scene.language, Done("unadmin", {"person": person}))


def keep_an_admin(session: Session, team: Team, *, actor: str, now: datetime) -> Member | None:
    """Make the longest-standing member an admin when there is none; return who, if anybody, has become one."""
    if teams.admins(session, team.id or 0):
        return None
    following = teams.longest_standing(session, team.id or 0)
    if following is None:
        return None
    _set_admin(session, team, following[0], is_admin=True, actor=actor, now=now)
    return following[0]


def step_aside(session: Session, team: Team, member: Member, *, actor: str, now: datetime) -> bool:
    """End somebody's task as an admin who may not be one any more, whoever is left; return whether they were one."""
    membership = teams.membership(session, team.id or 0, member.id or 0)
    if membership is None or not membership.is_admin:
        return False
    _set_admin(session, team, member, is_admin=False, actor=actor, now=now)
    return True


def _set_admin(session: Session, team: Team, member: Member, *, is_admin: bool, actor: str, now: datetime) -> None:
    teams.set_admin(session, team.id or 0, member.id or 0, is_admin=is_admin)
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        actor=actor,
        action="member.admin",
        subject=member.slack_user_id,
        now=now,
        before={"admin": not is_admin},
        after={"admin": is_admin},
    )
    if is_admin and member.slack_user_id != actor:
        about = f"admin-{member.id}-{life_news.stamp(now)}"
        owe_to(session, team, life_news.MADE_ADMIN, member.slack_user_id, about, now=now)
