"""Joining a team."""

from datetime import datetime

from bot.domain.errors import Refused
from bot.services.workspaces.authority import can_own, is_described, the_team
from bot.services.workspaces.editing import note
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate
from messages.life_content import Done
from storage import Session, Sessions, members, teams
from storage.tables import Member, Team


def join(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[Done]:
    """Let the asker play in the team of the channel they are in, or in the workspace's only one.

    Raises:
        Refused: `cannot_join` for guests, bots and strangers from shared channels; `slack_silent`, `several_teams`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            member = members.by_slack_id(session, scene.workspace_id, asker.user)
            if member is None or not can_own(member):
                raise Refused("cannot_join")
            if not is_described(member):
                raise Refused("slack_silent")
            new = let_in(session, scene, the_team(session, scene), member, now=now)
            return Answer(scene.language, Done("joined" if new else "joined_already", {"team": scene.team_name}))


def let_in(session: Session, scene: Scene, team: Team, member: Member, *, now: datetime) -> bool:
    """Let a member play in the team; return whether that is new."""
    new = teams.add_member(session, team, member.id or 0, now=now)
    if new:
        before, after = {"member": False}, {"member": True}
        actor = member.slack_user_id
        note(session, scene, actor, "member.joined", actor, now=now, before=before, after=after)
    return new
