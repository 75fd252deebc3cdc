"""What changed in a week's values after its digest was posted.

Updates of a digest are numbered. Each tells of what changed from the moment that it became owed until the next one
became owed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.period import Period
from bot.domain.source_links import host_of
from bot.services.hats.hats import kpi_value
from bot.services.readings.duties import UNTYPED
from messages.content import KpiValue, Person
from messages.digest_content import Change
from storage import Session, kpis, late_values, sources
from storage.kpis import KpiRow
from storage.late_values import Told
from storage.sources import Origin
from storage.tables import Team


def changes_of(
    session: Session, team: Team, period: Period, number: int, *, since: int | None = None
) -> tuple[Change, ...]:
    """Return what an update of a week's digest brought, in the chain's order; with `since`, from an earlier one on."""
    owed = late_values.owed_at(session, team.id or 0, str(period))
    first, last = owed.get(since or number), owed.get(number + 1)
    if first is None:
        return ()
    rows = [row for row in kpis.of_team(session, team.id or 0, period=str(period)) if not row.formula]
    history = late_values.history(session, [row.id for row in rows], str(period))
    origins = sources.origins(session, list(history), str(period)) if history else {}
    found = []
    for row in rows:
        told = history.get(row.id, [])
        before, after = _said_before(told, first), _said_before(told, last)
        if after is not None and (before is None or before.value != after.value):
            by = Person(after.slack_id, after.name or "") if after.slack_id else None
            found.append(Change(_value(row, after, origins.get(row.id), period), before.value if before else None, by))
    return tuple(found)


def _said_before(told: Sequence[Told], moment: datetime | None) -> Told | None:
    """Return what was said last before a moment; without one, what is said now."""
    return max((one for one in told if moment is None or one.at < moment), key=lambda one: one.at, default=None)


def _value(row: KpiRow, told: Told, origin: Origin | None, period: Period) -> KpiValue:
    host = host_of(origin.address or "") if origin else ""
    shown = replace(kpi_value(row), value=told.value, period=str(period))
    return replace(shown, origin=told.source, origin_host=host) if told.source in UNTYPED else shown
