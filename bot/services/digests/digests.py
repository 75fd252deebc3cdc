"""The Monday digest: how each link of the chain performed in one week."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

import structlog

from bot.domain.cadence import is_due
from bot.domain.chain import ChainError, Conversion
from bot.domain.period import Period
from bot.domain.series import against_target, change, conversion
from bot.services.chain.chain_looking_back import look_back_for
from bot.services.chain.chain_reports import Material, Report, computed_report, known_report, material_of
from bot.services.digests.digest_story import conversions_by_kpi, goals_by_kpi, lags_of, story_of
from bot.services.digests.pass_quality import pass_quality
from bot.services.hats.hats import bounds_of, deputy_of, kpi_value, owner_of
from bot.services.questions.question_learning import figures_of_week
from bot.services.teams.which_team import team_called
from bot.services.workspaces.scene import Answer
from messages.chain_content import LookBackFacts
from messages.content import HatName, Person
from messages.digest_content import Digest, DigestRow
from storage import Session, Sessions, readings, weeks
from storage.hats import HatRow
from storage.kpis import KpiRow, LinkRow
from storage.tables import Team

HISTORY_WEEKS = 13
log = structlog.get_logger()
_Owing = tuple[tuple[Person, tuple[str, ...]], ...]
_Skipping = tuple[tuple[Person, str], ...]


@dataclass(frozen=True)
class Written:
    """A digest, and what to remember of it once it has been posted."""

    digest: Digest
    report: Report | None
    looked_back: LookBackFacts | None = None


@dataclass(frozen=True)
class _Week:
    """Everything that the digest of one week reads, from one query per table whatever the size of the chain."""

    period: Period
    kpis: Mapping[int, KpiRow]
    hats: Mapping[int, HatRow]
    feeds: Mapping[int, LinkRow]
    values: Mapping[int, Mapping[str, Decimal]]
    remarks: dict[int, tuple[str, str | None]]
    skippers: dict[int, str]
    report: Report | None
    now: datetime | None = None

    def is_away(self, hat: HatRow) -> bool:
        return self.now is not None and hat.owner_away_until(self.now) is not None

    def value(self, kpi_id: int, weeks_ago: int = 0) -> Decimal | None:
        return self.values.get(kpi_id, {}).get(str(self.period.shift(-weeks_ago)))

    def asked(self, hat: HatRow) -> tuple[Person | None, int | None]:
        """Return who reports a hat's numbers, and their id: its owner, or the deputy of one who is away."""
        return (deputy_of(hat), hat.deputy_id) if self.is_away(hat) else (owner_of(hat), hat.owner_id)

    @cached_property
    def lags(self) -> dict[tuple[str, str], int]:
        return lags_of(self.report) if self.report else {}

    @cached_property
    def goals(self) -> dict[str, float | None]:
        return goals_by_kpi(self.report.analysis) if self.report else {}

    @cached_property
    def conversions(self) -> dict[str, Conversion]:
        return conversions_by_kpi(self.report.analysis) if self.report else {}


def digest_of(
    session: Session, team: Team, period: Period, *, late: bool = False, now: datetime | None = None
) -> Digest:
    """Put together a team's digest of one week; with `now`, owners who are away then are said to be."""
    return write_digest(session, team, period, late=late, now=now).digest


def write_digest(
    session: Session, team: Team, period: Period, *, late: bool = False, now: datetime | None = None
) -> Written:
    """Put together a team's digest, with the report on its chain. Slow when that has to be computed."""
    material = material_of(session, team.id or 0, period)
    report = _report(session, team, material)
    looked_back = look_back_for(session, team, report) if report else None
    week = _read(session, team.id or 0, material, report, now)
    rows = tuple(_row(week, kpi) for kpi in week.kpis.values())
    goal = next((kpi for kpi in week.kpis.values() if kpi.is_goal), None)
    missing, skipped = _missing(week)
    digest = Digest(
        team=team.name,
        period=str(period),
        first_day=period.monday,
        last_day=period.sunday,
        rows=rows,
        goal=next((row for row in rows if row.is_goal), None),
        history=_history(week, goal) if goal else (),
        missing=missing,
        skipped=skipped,
        reported=_reported(week, {person for person, _ in (*missing, *skipped)}),
        away=_away(week),
        vacant=tuple(HatName(hat.slug, hat.name) for hat in week.hats.values() if hat.owner_id is None),
        late=late,
        questions=figures_of_week(session, team, period),
        story=story_of(report, looked_back) if report else None,
        passes=pass_quality(session, team.id or 0, period),
    )
    return Written(digest, report, looked_back)


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


def _report(session: Session, team: Team, material: Material) -> Report | None:
    """Give the report on the chain; None without a link, and where its numbers grow beyond all measure."""
    if not material.chain.links:
        return None
    try:
        return known_report(session, material, team) or computed_report(material)
    except ChainError as error:
        log.warning("chain_not_computed", team=team.id, period=str(material.period), reason=str(error))
        return None


def _read(session: Session, team_id: int, material: Material, report: Report | None, now: datetime | None) -> _Week:
    rows = material.kpis.values()
    return _Week(
        period=material.period,
        kpis={kpi.id: kpi for kpi in rows if kpi.hat_id in material.hats},
        hats=material.hats,
        # The first link into a KPI, in the chain's order, is the one that its conversion is told of.
        feeds={link.downstream_id: link for link in reversed(material.links)},
        values=material.values,
        remarks=readings.remarks_of_period(session, [kpi.id for kpi in rows], str(material.period)) if rows else {},
        skippers=weeks.skippers(session, team_id, str(material.period)),
        report=report,
        now=now,
    )


def _row(week: _Week, kpi: KpiRow) -> DigestRow:
    hat = week.hats[kpi.hat_id]
    value, previous = week.value(kpi.id), week.value(kpi.id, weeks_ago=1)
    note, confidence = week.remarks.get(kpi.id, ("", None))
    row = DigestRow(
        kpi=replace(
            kpi_value(kpi),
            value=value,
            previous=previous,
            period=str(week.period),
            note=note,
            confidence=confidence,
        ),
        hat=HatName(hat.slug, hat.name),
        owner=owner_of(hat),
        status=_status(kpi, value),
        change=change(value, previous),
        is_goal=kpi.is_goal,
        away=week.is_away(hat),
        goals=week.goals.get(kpi.slug),
    )
    return _with_conversion(week, kpi, row)


def _with_conversion(week: _Week, kpi: KpiRow, row: DigestRow) -> DigestRow:
    feed, found = week.feeds.get(kpi.id), week.conversions.get(kpi.slug)
    if found is not None:
        row = replace(row, call=found.call.value, norm=found.norm, ci=found.ci)
    if found is not None and len(found.sources) > 1:
        exact = None if found.value is None else Decimal(repr(found.value))
        return replace(row, conversion=exact, is_joined=True)
    upstream = week.kpis.get(feed.upstream_id) if feed else None
    if feed is None or upstream is None:
        return row
    lag = week.lags.get((upstream.slug, kpi.slug), feed.lag_weeks)
    came_in = week.value(feed.upstream_id, weeks_ago=lag)
    return replace(row, conversion=conversion(row.kpi.value, came_in), upstream=upstream.name)


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
    for kpi in _asked_for(week):
        owner, member_id = week.asked(week.hats[kpi.hat_id])
        if owner is None or week.value(kpi.id) is not None:
            continue
        if member_id in week.skippers:
            skipped[owner] = week.skippers[member_id]
        else:
            waiting.setdefault(owner, []).append(kpi.name)
    return tuple((owner, tuple(names)) for owner, names in waiting.items()), tuple(skipped.items())


def _reported(week: _Week, others: set[Person]) -> tuple[Person, ...]:
    """Tell whose numbers are all in."""
    people = (week.asked(week.hats[kpi.hat_id])[0] for kpi in _asked_for(week))
    return tuple(dict.fromkeys(person for person in people if person is not None and person not in others))


def _away(week: _Week) -> tuple[Person, ...]:
    owners = (owner_of(week.hats[kpi.hat_id]) for kpi in week.kpis.values() if week.is_away(week.hats[kpi.hat_id]))
    return tuple(dict.fromkeys(owner for owner in owners if owner is not None))


def _asked_for(week: _Week) -> Iterator[KpiRow]:
    return (kpi for kpi in week.kpis.values() if not kpi.formula and is_due(kpi.cadence, week.period))
