"""What time brings about: offers that are reminded of once, and offers that run out."""

from datetime import datetime

from bot.domain import agreement
from bot.domain.agreement import Hindrance
from bot.services import agreement_news as news
from bot.services.agreement_table import standing_of
from storage import Sessions, proposals


def look_after_offers(sessions: Sessions, now: datetime) -> None:
    """Remind of offers whose time has come, and let those run out that nobody answered."""
    with sessions.read() as session:
        if not (proposals.to_remind(session, now=now) or proposals.run_out(session, now=now)):
            return
    with sessions.write() as session:
        for proposal in proposals.run_out(session, now=now):
            after = agreement.expire(standing_of(proposal), now)
            if isinstance(after, Hindrance):
                continue
            if proposals.move(session, proposal, state=after.state.value, decided_at=now, remind_at=None):
                ended = proposals.get(session, proposal.workspace_id, proposal.id or 0)
                if ended is not None:
                    news.owe_answer(session, ended, by=None, now=now)
        for proposal in proposals.to_remind(session, now=now):
            if proposals.move(session, proposal, remind_at=None):
                news.owe_offer(session, proposal, now=now, kind=news.OFFER_REMINDER)
