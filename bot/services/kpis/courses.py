"""How the KPIs of a hat, or of all hats of one's own, have gone over a quarter: `/hat kpis`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.course import best, gap, seen_as, streak
from bot.domain.errors import Refused
from bot.domain.formula import spelled
from bot.domain.period import Period
from bot.domain.series import against_target
from bot.domain.targets import Bounds
from bot.domain.words import ShownAs
from bot.services.agreements.agreed import bounds_held
from bot.services.hats.hats import kpi_value, names, the_one
from bot.services.kpis.computed import values_of_team
from bot.services.kpis.kpi_adding import the_kpi
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.authority import the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, scene_of
from messages.course_content import Course, CoursePoint, Courses
from storage import Session, Sessions, hats, kpis
from storage.hats import HatRow
from storage.kpis import KpiRow

WEEKS: Final = 13  # that are shown
# What a streak and a best week are looked for in: two years.
HISTORY: Final = 104
MOST: Final = 20  # KPIs in one message


@dataclass(frozen=True)
class _Past:
    """The values and the targets of a team's KPIs by KPI and week, until a week."""

    until: Period
    values: Mapping[int, Mapping[Period, Decimal]]
    targets: Mapping[int, Mapping[Period, Bounds]]


def courses(
    sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, *, now: datetime, kpi: str = ""
) -> Answer[Courses]:
    """Show how the KPIs of a hat have gone, or one KPI; without a query, those of the asker's own hats.

    Args:
        sessions: The database.
        directory: What hats are found by.
        asker: Who asks, and where.
        query: What was typed: a hat, else a KPI.
        now: The present.
        kpi: The KPI that a button means; the query is not looked at then.

    Raises:
        Refused: `hat_not_found`, when the query means neither a hat nor a KPI; `kpi_not_found`, `several_teams`,
            `no_team`.
    """
    with scene_of(sessions, asker) as (session, scene):
        found, hat, only = _of_kpi(session, scene, kpi) if kpi else _meant(session, directory, scene, query)
        week = Period.of(now.astimezone(ZoneInfo(the_team(session, scene).timezone)).date())
        rows = kpis.of_hats(session, [row.id for row in found], period=str(week)) if found else []
        rows = [row for row in rows if only in {None, row.slug}]
        past = _past(session, scene.team_id, rows[:MOST], week)
        called = {row.slug: row.name for row in kpis.of_team(session, scene.team_id, period=str(week))}
        return Answer(
            scene.language,
            Courses(
                team=scene.team_name,
                hat=names([hat])[0] if hat else None,
                courses=tuple(_course(row, past, called) for row in rows[:MOST]),
                left_out=max(0, len(rows) - MOST),
            ),
        )


def _meant(
    session: Session, directory: HatDirectory, scene: Scene, query: str
) -> tuple[Sequence[HatRow], HatRow | None, str | None]:
    """Find the hats whose KPIs are meant, the one hat that was named, and the slug of the KPI that was."""
    if not query:
        return (hats.owned_by(session, scene.team_id, scene.member_id) if scene.member_id else ()), None, None
    try:
        hat = the_one(session, directory, scene, query)
    except Refused as refused:
        try:
            return _of_kpi(session, scene, query)
        except Refused:
            raise refused from None
    return [hat], hat, None


def _of_kpi(session: Session, scene: Scene, query: str) -> tuple[Sequence[HatRow], HatRow | None, str | None]:
    kpi = the_kpi(session, scene.team_id, query)
    hat = hats.one(session, scene.team_id, kpi.hat_id)
    if hat is None:
        raise Refused("kpi_not_found", kpi=query)
    return [hat], hat, kpi.slug


def _past(session: Session, team_id: int, rows: Sequence[KpiRow], until: Period) -> _Past:
    first = until.shift(1 - HISTORY)
    values = values_of_team(session, team_id, first=str(first), last=str(until)) if rows else {}
    ids = [row.id for row in rows]
    agreed: dict[int, list[tuple[str, Bounds]]] = defaultdict(list)
    directions = {row.id: row.direction for row in rows}
    for target in kpis.targets(session, ids) if rows else ():
        agreed[target.kpi_id].append((target.valid_from, bounds_held(target, directions[target.kpi_id])))
    only = {
        (row.kpi_id, row.period): bounds_held(row, directions[row.kpi_id])
        for row in (kpis.overrides(session, ids) if rows else ())
    }
    weeks = list(Period.span(first, until))
    return _Past(
        until,
        {kpi_id: {Period.parse(week): value for week, value in values.get(kpi_id, {}).items()} for kpi_id in ids},
        {
            kpi_id: {
                week: held
                for week in weeks
                if (held := only.get((kpi_id, str(week))) or _holding(agreed[kpi_id], str(week))) is not None
            }
            for kpi_id in ids
        },
    )


def _holding(agreed: Sequence[tuple[str, Bounds]], week: str) -> Bounds | None:
    return next((bounds for since, bounds in reversed(agreed) if since <= week), None)


def _course(row: KpiRow, past: _Past, called: Mapping[str, str]) -> Course:
    values, targets = past.values[row.id], past.targets[row.id]
    last = max(values, default=None)
    target = targets.get(last) if last else targets.get(past.until)
    value = values[last] if last else None
    best_week = best(values, row.direction)
    shown = replace(
        kpi_value(row),
        value=value,
        period=str(last) if last else None,
        target=target.value if target else None,
        comparator=target.comparator.value if target else "",
        upper=target.upper if target else None,
    )
    standing, away = None, None
    if value is not None and target is not None:
        standing, away = against_target(value, target), gap(value, target)
    return Course(
        kpi=shown,
        cadence=row.cadence,
        formula=spelled(row.formula, called) if row.formula else "",
        shown_as=row.shown_as,
        points=_points(row, past),
        status=standing,
        gap=away,
        streak=streak(values, targets, row.cadence),
        best=(str(best_week), values[best_week]) if best_week else None,
    )


def _points(row: KpiRow, past: _Past) -> tuple[CoursePoint, ...]:
    """Give 13 weeks as the KPI is looked at, this one if it has a value already; those without one are left out."""
    values, targets = past.values[row.id], past.targets[row.id]
    lows = {week: bounds.value for week, bounds in targets.items()}
    highs = {week: bounds.upper for week, bounds in targets.items() if bounds.upper is not None}
    found = []
    last = past.until if past.until in values else past.until.shift(-1)
    for week in Period.span(last.shift(1 - WEEKS), last):
        shown = seen_as(row.shown_as, values, week) if week in values else None
        if shown is not None:
            found.append(CoursePoint(str(week), shown, _line(row, lows, week), _line(row, highs, week)))
    return tuple(found)


def _line(row: KpiRow, ends: Mapping[Period, Decimal], week: Period) -> Decimal | None:
    """Give where the target's line is: the agreed number, or, where values are added up, what it adds up to."""
    return seen_as(row.shown_as if row.shown_as == ShownAs.CUMULATIVE else ShownAs.VALUE, ends, week)
