"""The Monday digest: how each link of the chain performed in one week."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.domain.cadence import is_due
from bot.domain.period import Period
from bot.domain.series import against_target, change, conversion
from bot.services.computed import values_of_team
from bot.services.hats import bounds_of, deputy_of, kpi_value, owner_of
from bot.services.question_learning import figures_of_week
from bot.services.scene import Answer
from bot.services.which_team import team_called
from messages.content import Digest, DigestRow, HatName, Person
from storage import Session, Sessions, hats, kpis, weeks
from storage.hats import HatRow
from storage.kpis import KpiRow
from storage.tables import Link, Team

HISTORY_WEEKS = 13
_Owing = tuple[tuple[Person, tuple[str, ...]], ...]
_Skipping = tuple[tuple[Person, str], ...]


@dataclass(frozen=True)
class _Week:
    """Everything that the digest of one week reads, from one query per table whatever the size of the chain."""

    period: Period
    kpis: dict[int, KpiRow]
    hats: dict[int, HatRow]
    feeds: dict[int, Link]
    values: dict[int, dict[str, Decimal]]
    skippers: dict[int, str]
    now: datetime | None = None

    def is_away(self, hat: HatRow) -> bool:
        return self.now is not None and hat.owner_away_until(self.now) is not None

    def value(self, kpi_id: int, weeks_ago: int = 0) -> Decimal | None:
        return self.values.get(kpi_id, {}).get(str(self.period.shift(-weeks_ago)))


def digest_of(
    session: Session, team: Team, period: Period, *, late: bool = False, now: datetime | None = None
) -> Digest:
    """Put together a team's digest of one week; with `now`, owners who are away then are said to be."""
    week = _read(session, team.id or 0, period, now)
    rows = tuple(_row(week, kpi) for kpi in week.kpis.values())
    goal = next((kpi for kpi in week.kpis.values() if kpi.is_goal), None)
    missing, skipped = _missing(week)
    return Digest(
        team=team.name,
        period=str(period),
        first_day=period.monday,
        last_day=period.sunday,
        rows=rows,
        goal=next((row for row in rows if row.is_goal), None),
        history=_history(week, goal) if goal else (),
        missing=missing,
        skipped=skipped,
        vacant=tuple(HatName(hat.slug, hat.name) for hat in week.hats.values() if hat.owner_id is None),
        late=late,
        questions=figures_of_week(session, team, period),
    )


def last_full_week(now: datetime) -> Period:
    """Return the week that ended last."""
    return Period.of(now.date()).shift(-1)


def preview_of(
    sessions: Sessions, workspace: str, team: str | None, period: Period, *, now: datetime | None = None
) -> Answer[Digest]:
    """Return a team's digest of a week as it would be posted, in the team's language.

    Raises:
        UserFacingError: When there is no such team.
    """
    with sessions.read() as session:
        found = team_called(session, workspace, team)
        return Answer(found.locale, digest_of(session, found, period, now=now))


def _read(session: Session, team_id: int, period: Period, now: datetime | None) -> _Week:
    links = kpis.links(session, team_id)
    first = period.shift(-max([HISTORY_WEEKS - 1, *(link.lag_weeks for link in links)]))
    hat_rows = {hat.id: hat for hat in hats.all_of_team(session, team_id)}
    rows = kpis.of_team(session, team_id, period=str(period))
    return _Week(
        period=period,
        kpis={kpi.id: kpi for kpi in rows if kpi.hat_id in hat_rows},
        hats=hat_rows,
        # The first link into a KPI, in the chain's order, is the one that its conversion is told of.
        feeds={link.downstream_id: link for link in reversed(links)},
        values=values_of_team(session, team_id, first=str(first), last=str(period)),
        skippers=weeks.skippers(session, team_id, str(period)),
        now=now,
    )


def _row(week: _Week, kpi: KpiRow) -> DigestRow:
    hat = week.hats[kpi.hat_id]
    value, previous = week.value(kpi.id), week.value(kpi.id, weeks_ago=1)
    feed = week.feeds.get(kpi.id)
    upstream = week.kpis.get(feed.upstream_id) if feed else None
    came_in = week.value(feed.upstream_id, weeks_ago=feed.lag_weeks) if feed else None
    return DigestRow(
        kpi=replace(kpi_value(kpi), value=value, previous=previous, period=str(week.period)),
        hat=HatName(hat.slug, hat.name),
        owner=owner_of(hat),
        status=_status(kpi, value),
        change=change(value, previous),
        conversion=conversion(value, came_in),
        upstream=upstream.name if upstream else None,
        is_goal=kpi.is_goal,
        away=week.is_away(hat),
    )


def _status(kpi: KpiRow, value: Decimal | None) -> str | None:
    target = bounds_of(kpi)
    return None if value is None or target is None else against_target(value, target)


def _history(week: _Week, goal: KpiRow) -> tuple[tuple[str, Decimal], ...]:
    values = week.values.get(goal.id, {})
    shown = (str(week.period.shift(-ago)) for ago in reversed(range(HISTORY_WEEKS)))
    return tuple((period, values[period]) for period in shown if period in values)


def _missing(week: _Week) -> tuple[_Owing, _Skipping]:
    """Tell whose numbers have not come yet, and who said that there are none: owners, or deputies of who is away.

    A vacant hat's KPI is nobody's omission, nor is that of an owner who is away without a deputy, nor one that is
    computed, or is not due in this week.
    """
    waiting: dict[Person, list[str]] = {}
    skipped: dict[Person, str] = {}
    for kpi in week.kpis.values():
        hat = week.hats[kpi.hat_id]
        owner, member_id = (deputy_of(hat), hat.deputy_id) if week.is_away(hat) else (owner_of(hat), hat.owner_id)
        asked = not kpi.formula and is_due(kpi.cadence, week.period)
        if not owner or not asked or week.value(kpi.id) is not None:
            continue
        if member_id in week.skippers:
            skipped[owner] = week.skippers[member_id]
        else:
            waiting.setdefault(owner, []).append(kpi.name)
    return tuple((owner, tuple(names)) for owner, names in waiting.items()), tuple(skipped.items())
