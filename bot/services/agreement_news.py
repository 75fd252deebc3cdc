"""What an agreement lets people know: owed as deliveries in the transaction of the move that it tells of."""

from datetime import datetime

from bot.domain.agreement import Side
from storage import Session, deliveries, members, teams
from storage.tables import Proposal, Team

OFFER = "offer"
OFFER_REMINDER = "offer_reminder"
DECISION = "decision"
ANNOUNCEMENT = "announcement"
FORCED = "forced"


def owe_offer(session: Session, proposal: Proposal, *, now: datetime, kind: str = OFFER) -> None:
    """Owe the side whose turn it is the offer of this round."""
    waiting = proposal.candidate_id if proposal.turn == Side.CANDIDATE else proposal.counterpart_id
    _owe(session, proposal, waiting, kind, f"proposal-{proposal.id}-{proposal.round}", now)


def owe_answer(session: Session, proposal: Proposal, *, by: Side | None, now: datetime) -> None:
    """Owe the other side what was answered: the counter-offer, or how the proposal ended. `by` None: both sides."""
    if proposal.decided_at is None:
        owe_offer(session, proposal, now=now)
        return
    about = f"proposal-{proposal.id}-{proposal.state}"
    if by is not Side.CANDIDATE:
        _owe(session, proposal, proposal.candidate_id, DECISION, about, now)
    if by is not Side.COUNTERPART:
        _owe(session, proposal, proposal.counterpart_id, DECISION, about, now)


def owe_announcement(session: Session, team: Team, about: str, *, now: datetime) -> None:
    """Owe the team's channel the news that a hat has an owner, once."""
    if team.channel_id:
        owe_to(session, team, ANNOUNCEMENT, team.channel_id, about, now=now)


def owe_to(session: Session, team: Team, kind: str, recipient: str, about: str, *, now: datetime) -> None:
    """Owe a person or channel one piece of news of the team."""
    deliveries.owe_news(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        kind=kind,
        recipient=recipient,
        about=about,
        now=now,
    )


def _owe(session: Session, proposal: Proposal, member_id: int, kind: str, about: str, now: datetime) -> None:
    member = members.get(session, proposal.workspace_id, member_id)
    team = teams.get(session, proposal.workspace_id, proposal.team_id)
    if member is not None and team is not None and not member.deleted:
        owe_to(session, team, kind, member.slack_user_id, about, now=now)
