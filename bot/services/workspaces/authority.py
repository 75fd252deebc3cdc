"""Who may do what in a team, and who can own a hat."""

from dataclasses import dataclass

from bot.domain.errors import Refused
from bot.services.workspaces.scene import Scene
from messages.content import Person
from storage import Session, members, teams
from storage.tables import Member, Membership, Team


@dataclass(frozen=True)
class Player:
    """A member in a team."""

    member: Member
    membership: Membership | None

    @property
    def id(self) -> int:
        """The member's id."""
        return self.member.id or 0

    @property
    def is_admin(self) -> bool:
        """Whether they look after the team's settings, which guests, bots and strangers never do."""
        return self.membership is not None and self.membership.is_admin and can_own(self.member)


def can_own(member: Member) -> bool:
    """Tell whether a person can own hats: full members of the workspace can."""
    return not (member.deleted or member.is_bot or member.is_restricted or member.is_stranger)


def is_described(member: Member) -> bool:
    """Tell whether Slack, or a team's file, has said who somebody is: until then they may as well be a guest."""
    return bool(member.name or member.timezone or member.locale)


def player(session: Session, scene: Scene, slack_user_id: str) -> Player:
    """Return somebody who plays in the team.

    Raises:
        Refused: `not_a_member`, when they do not, or have left.
    """
    member = members.by_slack_id(session, scene.workspace_id, slack_user_id)
    membership = teams.membership(session, scene.team_id, member.id or 0) if member else None
    if member is None or member.deleted or membership is None:
        raise Refused("not_a_member", person=Person(slack_user_id, member.name if member else ""))
    return Player(member, membership)


def known(session: Session, scene: Scene, slack_user_id: str) -> Member:
    """Return somebody of whom something may be kept, whether they still play in the team or not.

    Raises:
        Refused: `not_a_member`, when nothing is.
    """
    member = members.by_slack_id(session, scene.workspace_id, slack_user_id)
    if member is None:
        raise Refused("not_a_member")
    return member


def possible_owner(session: Session, scene: Scene, slack_user_id: str) -> Player:
    """Return somebody who can own a hat; people who are new to the team are let in.

    Raises:
        Refused: `cannot_own` for guests, bots, strangers from shared channels and people who have left;
            `slack_silent_about`, when nobody has said which of them they are.
    """
    member = members.by_slack_id(session, scene.workspace_id, slack_user_id)
    if member is None or not can_own(member):
        raise Refused("cannot_own", slack_id=slack_user_id, person=Person(slack_user_id, member.name if member else ""))
    if not is_described(member):
        raise Refused("slack_silent_about")
    return Player(member, teams.membership(session, scene.team_id, member.id or 0))


def admin(session: Session, scene: Scene, slack_user_id: str) -> Player:
    """Return an admin of the team.

    Raises:
        Refused: `not_admin`, naming who is.
    """
    found = player(session, scene, slack_user_id)
    if not found.is_admin:
        raise Refused("not_admin", admins=[one.name for one in teams.admins(session, scene.team_id)])
    return found


def the_team(session: Session, scene: Scene) -> Team:
    """Return the scene's team."""
    team = teams.get(session, scene.workspace_id, scene.team_id)
    if team is None:
        raise Refused("form_outdated")
    return team
