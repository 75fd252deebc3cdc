"""Leaving: people who go, are taken out of a team, are deactivated in Slack, or become guests.

Their hats are vacant at once, and what was going on with them ends; the team's admins hear it once, and what was stays
as history. Coming back restores nothing by itself.
"""

from datetime import datetime

from bot.services.agreements import agreement_news, ownership
from bot.services.hats.hats import names
from bot.services.people import life_news
from bot.services.sending.owing import owe_to
from bot.services.teams.team_admins import keep_an_admin, step_aside
from bot.services.workspaces.authority import admin, player, the_team
from bot.services.workspaces.scene import Answer, Asker, in_language, locate, locate_team, scene_of
from messages.content import Person
from messages.life_content import Done, LeaveQuestion
from storage import Session, Sessions, absences, assignments, audits, deliveries, hats, members, proposals, teams
from storage.tables import Member, Proposal, Team

LEFT, REMOVED, DEACTIVATED, GUEST = "left", "removed", "deactivated", "guest"


def question(sessions: Sessions, asker: Asker) -> Answer[LeaveQuestion]:
    """Prepare the question whether the asker really wants to leave their team.

    Raises:
        Refused: `not_a_member`.
    """
    with scene_of(sessions, asker) as (session, scene):
        leaving = player(session, scene, asker.user)
        owned = hats.owned_by(session, scene.team_id, leaving.id)
        admins = [one for one in teams.admins(session, scene.team_id) if one.id != leaving.id]
        following = None if admins else teams.longest_standing(session, scene.team_id, but=leaving.id)
        return Answer(
            scene.language,
            LeaveQuestion(
                team=scene.team_name,
                state=str(scene.team_id),
                hats=names(owned),
                next_admin=Person(following[0].slack_user_id, following[0].name) if following else None,
            ),
        )


def leave(sessions: Sessions, asker: Asker, team_id: int, *, now: datetime) -> Answer[Done]:
    """Let the asker leave a team.

    Raises:
        Refused: `not_a_member`, also for a second click; `form_outdated`.
    """
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            leaving = player(session, scene, asker.user)
            let_go(session, the_team(session, scene), leaving.member, how=LEFT, actor=asker.user, now=now)
            return Answer(scene.language, Done("you_left", {"team": scene.team_name}))


def remove(sessions: Sessions, asker: Asker, slack_user_id: str, *, now: datetime) -> Answer[Done]:
    """Let an admin take somebody out of the team.

    Raises:
        Refused: `not_admin`, `not_a_member`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            leaving = player(session, scene, slack_user_id)
            team = the_team(session, scene)
            let_go(session, team, leaving.member, how=REMOVED, actor=asker.user, now=now)
            vacant = assignments.given_up(session, scene.team_id, leaving.id, at=now)
            said = {
                "person": Person(leaving.member.slack_user_id, leaving.member.name),
                "team": scene.team_name,
                "hats": [hat.name for hat in vacant],
            }
            return Answer(scene.language, Done("removed_with_hats" if vacant else "removed", said))


def follow(session: Session, member: Member, *, now: datetime) -> None:
    """Act on what Slack says of a member: gone for good, or not somebody who can own a hat any more."""
    if member.deleted:
        for team in teams.concerning(session, member.workspace_id, member.id or 0):
            let_go(session, team, member, how=DEACTIVATED, actor="bot", now=now)
    elif member.is_bot or member.is_restricted or member.is_stranger:
        for team in teams.concerning(session, member.workspace_id, member.id or 0):
            _give_up(session, team, member, how=GUEST, actor="bot", now=now)


def let_go(session: Session, team: Team, member: Member, *, how: str, actor: str, now: datetime) -> None:
    """End everything that a member is in a team. What the team still owes them is not sent."""
    team_id, member_id = team.id or 0, member.id or 0
    # One after the other: of the last two admins, each would take the other for one who stays.
    teams.lock(session, team.workspace_id, team_id)
    membership = teams.membership(session, team_id, member_id)
    _end_ownership(session, team, member, actor=actor, now=now)
    hats.take_off(session, team_id, member_id, now=now)
    teams.remove_member(session, team_id, member_id, now=now)
    drop_owed(session, team, member)
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team_id,
        actor=actor,
        action=f"member.{how}",
        subject=member.slack_user_id,
        now=now,
        before={"member": True, "admin": membership is not None and membership.is_admin},
        after={"member": False, "admin": False},
    )
    keep_an_admin(session, team, actor=actor, now=now)
    _tell_admins(session, team, member, how, actor, now)


def _give_up(session: Session, team: Team, member: Member, *, how: str, actor: str, now: datetime) -> None:
    """Take the hats, and what an admin may, from somebody who stays in the team and may go on wearing them."""
    teams.lock(session, team.workspace_id, team.id or 0)
    owned = _end_ownership(session, team, member, actor=actor, now=now)
    if step_aside(session, team, member, actor=actor, now=now) or owned:
        keep_an_admin(session, team, actor=actor, now=now)
        _tell_admins(session, team, member, how, actor, now)


def _end_ownership(session: Session, team: Team, member: Member, *, actor: str, now: datetime) -> bool:
    team_id, member_id = team.id or 0, member.id or 0
    end_dealings(session, team, member, actor=actor, now=now)
    owned = hats.owned_by(session, team_id, member_id)
    for row in owned:
        hats.lock(session, row.id)
        ownership.vacate(
            session, team, hats.entity_by_id(session, team_id, row.id), ending="left", actor=actor, now=now
        )
    return bool(owned)


def end_dealings(session: Session, team: Team, member: Member, *, actor: str, now: datetime) -> None:
    """End what is under way with a member: proposals that they are part of, and standing in for others."""
    for proposal in proposals.live_of_member(session, team.workspace_id, member.id or 0):
        if proposal.team_id == team.id:
            _withdraw(session, team, proposal, actor, now)
    absences.leave_deputyships(session, team.id or 0, member.id or 0, now=now)


def drop_owed(session: Session, team: Team, member: Member) -> None:
    """Send a member nothing more; offers that they have got lose their buttons, which is nothing new to read."""
    changes = (agreement_news.OFFER_CLOSED,)
    deliveries.drop_open(session, team.id or 0, member.slack_user_id, reason="the person has left", but=changes)


def _withdraw(session: Session, team: Team, proposal: Proposal, actor: str, now: datetime) -> None:
    """End a live proposal; the one who stays hears it."""
    if not agreement_news.call_off(session, proposal, now=now):
        return
    candidate = members.get(session, team.workspace_id, proposal.candidate_id)
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        actor=actor,
        action="proposal.withdrawn",
        subject=hats.entity_by_id(session, team.id or 0, proposal.hat_id).slug,
        now=now,
        after={"proposal": proposal.id, "candidate": candidate.slack_user_id if candidate else None},
    )


def _tell_admins(session: Session, team: Team, member: Member, how: str, actor: str, now: datetime) -> None:
    about = f"{how}-{member.id}-{life_news.stamp(now)}"
    for one in teams.admins(session, team.id or 0):
        # Who did it themselves was answered at once.
        if one.slack_user_id not in {actor, member.slack_user_id}:
            owe_to(session, team, life_news.LEFT, one.slack_user_id, about, now=now)
