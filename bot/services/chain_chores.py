"""Reports on chains are computed when a week is over, before anybody asks for one: a chore of the ticker."""

from datetime import datetime
from time import monotonic
from typing import Final

from bot.services.chain_reports import prepare_report
from bot.services.digests import last_full_week
from storage import Sessions, chain, teams

_AT_ONCE: Final = 20  # teams
_SECONDS: Final = 1.0  # for one tick, so that messages that are due do not wait


def compute_chains(sessions: Sessions, now: datetime) -> None:
    """Compute the reports that are missing for the week that ended last, as many as a tick has time for."""
    period = last_full_week(now)
    with sessions.read() as session:
        waiting = chain.without_report(session, period=str(period), most=_AT_ONCE)
    started = monotonic()
    for workspace_id, team_id in waiting:
        with sessions.read() as session:
            team = teams.get(session, workspace_id, team_id)
        if team is not None:
            prepare_report(sessions, team, period, now)
        if monotonic() - started > _SECONDS:
            return
