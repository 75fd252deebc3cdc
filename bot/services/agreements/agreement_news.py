"""What an agreement lets people know: owed as deliveries in the transaction of the move that it tells of."""

from datetime import datetime
from typing import Final

from bot.domain.agreement import Side
from bot.services.sending.owing import owe_to
from storage import Session, delivered, hats, members, proposals, teams
from storage.tables import Assignment, Member, Proposal, Team

OFFER: Final = "offer"
OFFER_REMINDER: Final = "offer_reminder"
OFFER_CLOSED: Final = "offer_closed"  # changes an offer that was sent: its buttons go
DECISION: Final = "decision"
ANNOUNCEMENT: Final = "announcement"
FORCED: Final = "forced"
PASSING_ON: Final = "passing_on"
REVIEW: Final = "review"
CALLED_OFF: Final = "called_off"
COUNTERED: Final = "countered"


def offer_about(proposal_id: int, round_: int) -> str:
    """Name the offer of one round; a reminder's day may follow."""
    return f"proposal-{proposal_id}-{round_}"


def round_about(about: str) -> int:
    """Return the round that an offer's name names."""
    return int(about.split("-")[2])


def closing_about(delivery_id: int, how: str) -> str:
    """Name the change of an offer that was sent, by its delivery; `how` the proposal ended."""
    return f"closing-{delivery_id}-{how}"


def owe_offer(session: Session, proposal: Proposal, *, now: datetime, kind: str = OFFER) -> None:
    """Owe the side whose turn it is the offer of this round."""
    about = offer_about(proposal.id or 0, proposal.round)
    if kind == OFFER_REMINDER:  # who puts the answer off again is reminded again
        about = f"{about}-{now:%Y%m%d}"
    for member in _waited_for(session, proposal):
        _owe(session, proposal, member, kind, about, now)


def owe_answer(session: Session, proposal: Proposal, *, by: Side, now: datetime) -> None:
    """Owe the other side what was answered: the counter-offer, or how the proposal ended."""
    if proposal.decided_at is None:
        owe_offer(session, proposal, now=now)
        _owe_closings(session, proposal, COUNTERED, now, round_=proposal.round - 1)
        return
    other = proposal.counterpart_id if by is Side.CANDIDATE else proposal.candidate_id
    _owe_to(session, proposal, other, f"proposal-{proposal.id}-{proposal.state}", now)
    _owe_closings(session, proposal, proposal.state, now)


def owe_end(session: Session, proposal: Proposal, *, now: datetime, how: str = CALLED_OFF) -> None:
    """Owe both sides that the proposal ended without an answer: `how` is called_off or expired."""
    for member_id in (proposal.candidate_id, proposal.counterpart_id):
        _owe_to(session, proposal, member_id, f"proposal-{proposal.id}-{how}", now)
    _owe_closings(session, proposal, how, now)


def call_off(session: Session, proposal: Proposal, *, now: datetime) -> bool:
    """End a live proposal that has become pointless, and let both sides know; return whether it was live."""
    if not proposals.move(session, proposal, state="withdrawn", decided_at=now, remind_at=None):
        return False
    owe_end(session, proposal, now=now)
    return True


def owe_announcement(
    session: Session, team: Team, assignment: Assignment, proposal: Proposal, *, now: datetime
) -> None:
    """Owe the team's channel the news that a hat has an owner by agreement, once."""
    if team.channel_id:
        owe_to(session, team, ANNOUNCEMENT, team.channel_id, f"owner-{assignment.id}-{proposal.id}", now=now)


def owe_forced(
    session: Session, team: Team, assignment: Assignment, by: int, concerned: set[str], now: datetime
) -> None:
    """Owe the team's channel and those concerned the news that an admin has decided, and why."""
    about = f"forced-{assignment.id}-{by}"
    if team.channel_id:
        owe_to(session, team, ANNOUNCEMENT, team.channel_id, about, now=now)
    for person in sorted(concerned):
        owe_to(session, team, FORCED, person, about, now=now)


def _waited_for(session: Session, proposal: Proposal) -> list[Member]:
    """Return whose answer is waited for: of a vacant hat's volunteer, every admin may be the one to say yes."""
    waiting = proposal.candidate_id if proposal.turn == Side.CANDIDATE else proposal.counterpart_id
    one = members.get(session, proposal.workspace_id, waiting)
    found = [one] if one is not None else []
    if proposal.origin != "volunteer" or proposal.turn != Side.COUNTERPART or proposal.round > 1:
        return found
    hat = hats.one(session, proposal.team_id, proposal.hat_id)
    if hat is None or hat.owner_id == proposal.counterpart_id:
        return found
    known = {waiting, proposal.candidate_id}
    return found + [admin for admin in teams.admins(session, proposal.team_id) if admin.id not in known]


def _owe_closings(session: Session, proposal: Proposal, how: str, now: datetime, *, round_: int | None = None) -> None:
    """Owe every message of a round, the last one unless it is given, the change that takes its buttons away."""
    over = round_ or proposal.round
    about = offer_about(proposal.id or 0, over)
    kinds = (OFFER, OFFER_REMINDER)
    team = teams.get(session, proposal.workspace_id, proposal.team_id)
    for sent in delivered.sent_about(session, team_id=proposal.team_id, kinds=kinds, about=about):
        if team is not None and round_about(sent.period) == over:
            owe_to(session, team, OFFER_CLOSED, sent.recipient, closing_about(sent.id or 0, how), now=now)


def _owe_to(session: Session, proposal: Proposal, member_id: int, about: str, now: datetime) -> None:
    member = members.get(session, proposal.workspace_id, member_id)
    if member is not None:
        _owe(session, proposal, member, DECISION, about, now)


def _owe(session: Session, proposal: Proposal, member: Member, kind: str, about: str, now: datetime) -> None:
    team = teams.get(session, proposal.workspace_id, proposal.team_id)
    if team is not None and not member.deleted:
        owe_to(session, team, kind, member.slack_user_id, about, now=now)
