"""The terms of an agreement: the hat's KPIs and their targets."""

from datetime import datetime

from bot.domain.period import Period
from storage import Session, kpis
from storage.proposals import Term


def current_terms(session: Session, hat_id: int, now: datetime) -> list[Term]:
    """Return what holds for a hat today."""
    rows = kpis.of_hats(session, [hat_id], period=str(Period.of(now.date())))
    return [Term(row.id, "", row.target) for row in rows]
