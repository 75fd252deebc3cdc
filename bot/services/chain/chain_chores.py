"""Reports on chains are computed when a week is over, before anybody asks for one: a chore of the ticker."""

from datetime import datetime
from time import monotonic
from typing import Final

import structlog

from bot.services.chain.chain_reports import prepare_report
from bot.services.digests.digests import last_full_week
from storage import Sessions, chain, teams

_AT_ONCE: Final = 20  # teams
_SECONDS: Final = 1.0  # for one tick, so that messages that are due do not wait
log = structlog.get_logger()


class ChainComputer:
    """Computes the reports that are missing for the week that ended last, as many as a tick has time for."""

    def __init__(self) -> None:
        self._given_up: set[tuple[int, str]] = set()

    def __call__(self, sessions: Sessions, now: datetime) -> None:
        """Compute what is missing now."""
        period = last_full_week(now)
        with sessions.read() as session:
            most = _AT_ONCE + len(self._given_up)
            waiting = chain.without_report(session, period=str(period), most=most)
        started = monotonic()
        for workspace_id, team_id in waiting:
            if (team_id, str(period)) in self._given_up:
                continue
            with sessions.read() as session:
                team = teams.get(session, workspace_id, team_id)
            try:
                is_kept = team is not None and prepare_report(sessions, team, period, now).is_kept
            # One team's numbers must not keep every other team from its report; the log tells of them.
            except Exception:
                log.exception("chain_not_computed", team=team_id, period=str(period))
                is_kept = False
            if not is_kept:  # the same numbers would fail again at every tick
                self._given_up.add((team_id, str(period)))
            if monotonic() - started > _SECONDS:
                return
