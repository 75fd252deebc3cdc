"""Claiming no more than Slack takes now: what has to wait is put back in the transaction that claimed it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.pacing import lanes_of, share
from storage import Session, deliveries, lanes
from storage.deliveries import Claimed


def paced(session: Session, claims: Sequence[Claimed], now: datetime) -> list[Claimed]:
    """Return the claims that may be sent now, and let the others wait for their turn. Needs the claims' transaction."""
    if not claims:
        return []
    wanted = [(one.workspace_id, one.recipient) for one in claims]
    opens = lanes.open_at(session, {lane for one in wanted for lane in lanes_of(*one)})
    shared = share(wanted, opens, now)
    lanes.move(session, shared.moved)
    deliveries.put_back(
        session, [(one, until) for one, until in zip(claims, shared.waits_until, strict=True) if until is not None]
    )
    return [one for one, until in zip(claims, shared.waits_until, strict=True) if until is None]
