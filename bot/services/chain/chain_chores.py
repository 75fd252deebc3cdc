"""Reports on chains are computed when a week is over, before anybody asks for one: a chore of the ticker.

The week ends for all teams and all replicas at once. Each replica begins with other teams, and leaves out those whose
report another one has kept meanwhile: together they are done sooner, where in one order each would compute them all.
"""

import random
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Any, Final

import structlog

from bot.services.chain.chain_reports import prepare_report
from bot.services.digests.digests import last_full_week
from storage import Sessions, chain, teams

_AT_ONCE: Final = 500  # teams, of which each replica takes others
_SECONDS: Final = 1.0  # for one tick, so that messages that are due do not wait
log = structlog.get_logger()


class ChainComputer:
    """Computes the reports that are missing for the week that ended last, as many as a tick has time for.

    `shuffle` puts the teams that wait, a list, into the order in which this replica takes them.
    """

    def __init__(self, shuffle: Callable[[list[Any]], object] = random.shuffle) -> None:
        self._shuffle = shuffle
        self._given_up: set[tuple[int, str]] = set()

    def __call__(self, sessions: Sessions, now: datetime) -> None:
        """Compute what is missing now."""
        period = last_full_week(now)
        self._given_up = {one for one in self._given_up if one[1] == str(period)}
        with sessions.read() as session:
            most = _AT_ONCE + len(self._given_up)
            waiting = chain.without_report(session, period=str(period), most=most)
        self._shuffle(waiting)
        started = monotonic()
        for workspace_id, team_id in waiting:
            if (team_id, str(period)) in self._given_up:
                continue
            with sessions.read() as session:
                if chain.is_reported(session, team_id, str(period)):
                    continue
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
