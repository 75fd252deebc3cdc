"""What programs may look at: the KPIs and readings of their token's team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.domain.period import Period
from bot.domain.spelling import name_key
from storage import Sessions, api, kpis
from storage.api import Bearer, ReadingRow
from storage.tables import Kpi

WEEKS_SHOWN: Final = 13


@dataclass(frozen=True)
class ShownKpi:
    """A live KPI, the hat that it belongs to, and the target that holds now."""

    kpi: Kpi
    hat: str
    target: Decimal | None


class UnknownKpiError(Exception):
    """The team has no such KPI."""


def live_kpis(sessions: Sessions, holder: Bearer, *, now: datetime) -> list[ShownKpi]:
    """Return the team's live KPIs in the chain's order."""
    with sessions.read() as session:
        targets = {row.id: row.target for row in kpis.of_team(session, holder.team_id, period=_week(now))}
        hats = api.hat_slugs(session, holder.team_id)
        return [
            ShownKpi(kpi, hats.get(kpi.hat_id, ""), targets.get(kpi.id or 0))
            for kpi in kpis.entities(session, holder.team_id)
            if kpi.archived_at is None
        ]


def readings_of(
    sessions: Sessions,
    holder: Bearer,
    *,
    kpi: str | None,
    first: Period | None,
    last: Period | None,
    limit: int,
    offset: int,
    now: datetime,
) -> Sequence[ReadingRow]:
    """Return readings by week and chain; without weeks, those of the last 13.

    Raises:
        UnknownKpiError: There is no such KPI.
    """
    until = last or Period.of(now.date())
    since = first or until.shift(1 - WEEKS_SHOWN)
    with sessions.read() as session:
        if kpi is not None and name_key(kpi) not in {one.key for one in kpis.entities(session, holder.team_id)}:
            raise UnknownKpiError
        return api.readings(
            session,
            holder.team_id,
            first=str(since),
            last=str(until),
            key=name_key(kpi) if kpi is not None else None,
            limit=limit,
            offset=offset,
        )


def _week(now: datetime) -> str:
    return str(Period.of(now.date()))
