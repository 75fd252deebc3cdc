"""What time brings about: offers that are reminded of once, that run out, or that have lost what they were about."""

from datetime import datetime

from bot.domain import agreement
from bot.domain.agreement import Hindrance, Side
from bot.services.agreements import agreement_news as news
from bot.services.agreements.agreement_reviews import owe_reviews
from bot.services.agreements.agreement_table import standing_of
from storage import Session, Sessions, hats, members, proposals, teams
from storage.tables import Proposal


def look_after_agreements(sessions: Sessions, now: datetime) -> None:
    """Look after the offers that wait for an answer, and the agreements whose review date has come."""
    look_after_offers(sessions, now)
    owe_reviews(sessions, now)


def look_after_offers(sessions: Sessions, now: datetime) -> None:
    """Remind of offers whose time has come, and end those that nobody answered or that have become pointless."""
    with sessions.read() as session:
        ids = {
            (proposal.workspace_id, proposal.id or 0)
            for found in (proposals.orphaned(session), proposals.run_out(session, now=now))
            for proposal in (*found, *proposals.to_remind(session, now=now))
        }
    for workspace_id, proposal_id in sorted(ids):
        with sessions.write() as session:
            _look_after(session, workspace_id, proposal_id, now)


def _look_after(session: Session, workspace_id: int, proposal_id: int, now: datetime) -> None:
    found = proposals.get(session, workspace_id, proposal_id)
    if found is None:
        return
    hats.lock(session, found.hat_id)
    proposal = proposals.get(session, workspace_id, proposal_id) or found
    if proposal.state not in agreement.LIVE:
        return
    after = agreement.expire(standing_of(proposal), now)
    if not isinstance(after, Hindrance):
        if proposals.move(session, proposal, state=after.state.value, decided_at=now, remind_at=None):
            news.owe_end(session, proposal, now=now, how=after.state.value)
    elif not _mended(session, proposal, now):
        news.call_off(session, proposal, now=now)
    elif _is_time(proposal, now) and proposals.move(session, proposal, remind_at=None):
        news.owe_offer(session, proposal, now=now, kind=news.OFFER_REMINDER)


def _is_time(proposal: Proposal, now: datetime) -> bool:
    return proposal.remind_at is not None and proposal.remind_at <= now


def _mended(session: Session, proposal: Proposal, now: datetime) -> bool:
    """Tell whether the proposal still makes sense; an admin takes the seat of a counterpart who has left."""
    hat = hats.one(session, proposal.team_id, proposal.hat_id)
    candidate = members.get(session, proposal.workspace_id, proposal.candidate_id)
    counterpart = members.get(session, proposal.workspace_id, proposal.counterpart_id)
    if hat is None or candidate is None or candidate.deleted:
        return False
    if counterpart is not None and not counterpart.deleted:
        return True
    others = [admin for admin in teams.admins(session, proposal.team_id) if admin.id != candidate.id]
    if not others or not proposals.move(session, proposal, counterpart_id=others[0].id):
        return False
    seated = proposals.get(session, proposal.workspace_id, proposal.id or 0)
    if seated is not None and seated.turn == Side.COUNTERPART:
        news.owe_offer(session, seated, now=now)
    return True
