"""Half a year behind many teams: a chain of linked KPIs in each, and what was reported week by week."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.bench.scene import Settled, wave
from bot.domain.period import Period
from storage import Session
from storage.tables import Kpi, Link, Reading
from storage.team_state import identity

WEEKS: Final = 26
# A team's KPIs by number: calls feed meetings, visits feed leads, lost chances feed nurtured leads, and all feed deals.
LINKS: Final = ((0, 2), (2, 12), (4, 6), (6, 12), (10, 8), (8, 12))
GOAL: Final = 12
_LINKED: Final = frozenset(end for link in LINKS for end in link)
_WEEKS_OF_OTHERS: Final = 4


def play(session: Session, settled: Settled, *, now: datetime) -> None:
    """Link the KPIs of every team, and report them."""
    link(session, settled)
    report(session, [identity(kpi) for kpi in settled.kpis], len(settled.kpis) // len(settled.teams), now=now)


def link(session: Session, settled: Settled) -> None:
    """Link the KPIs of every team; every one has as many, more than `GOAL`."""
    each = len(settled.kpis) // len(settled.teams)
    for start in range(0, len(settled.kpis), each):
        _link(session, settled.kpis[start : start + each])
    session.flush()


def report(session: Session, kpi_ids: Sequence[int], each: int, *, now: datetime) -> None:
    """Report the KPIs, `each` of a team, for the weeks up to the last one: `WEEKS`, or four without a link."""
    last = Period.of(now.date()).shift(-1)
    weeks = {number: WEEKS if number in _LINKED else _WEEKS_OF_OTHERS for number in range(each)}
    rows = [
        {"kpi_id": kpi, "period": str(last.shift(-ago)), "value": wave(number, ago), "reported_at": now}
        for number, kpi in enumerate(kpi_ids)
        for ago in range(weeks[number % each])
    ]
    session.bulk_insert_mappings(Reading, rows)


def _link(session: Session, team: list[Kpi]) -> None:
    team[GOAL].is_goal = True
    session.add_all(
        Link(team_id=team[up].team_id, upstream_id=identity(team[up]), downstream_id=identity(team[down]), lag_weeks=1)
        for up, down in LINKS
    )
