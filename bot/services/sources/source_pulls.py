"""Pulling values from a KPI's source, once in all replicas, and what comes of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from bot.domain import source_times
from bot.domain.cadence import is_due
from bot.domain.edit_window import EditWindow
from bot.domain.period import Period
from bot.metrics import SOURCE_PULLS
from bot.services.sources import source_news
from bot.services.sources.fetching import Fetcher, SourceFailed
from bot.services.sources.source_reading import Reader, Recipe, read
from storage import Session, Sessions, audits, hats, kpis, members, sources, teams
from storage.readings import Stored
from storage.sources import Claimed
from storage.tables import Kpi, Source, Team

# Longer than a pull can take; a replica that died leaves its sources to the others then.
LEASE: Final = timedelta(minutes=3)
ACTOR: Final = "source"


def due(sessions: Sessions, now: datetime, *, limit: int) -> Sequence[Claimed]:
    """Claim the sources whose time has come. Nothing is written while there are none."""
    with sessions.read() as session:
        if not sources.any_due(session, now=now):
            return ()
    with sessions.write() as session:
        return sources.claim(session, now=now, limit=limit, lease=LEASE)


def pull(sessions: Sessions, fetcher: Fetcher, claimed: Claimed, *, now: datetime) -> bool:
    """Read a claimed source and store what is new; return whether its owner is to hear of it.

    A value that a person or another program has reported stays as it is.
    """
    with sessions.read() as session:
        source = sources.held(session, claimed)
        found = _scene(session, source) if source else None
    if source is None or found is None:
        return False
    team, kpi = found
    recipe = Recipe(source.format, source.expression, source.week_expression)
    try:
        values = read(fetcher.fetch(source.address), recipe, reader_of(team, kpi, now))
    except SourceFailed as failed:
        return _settle_failure(sessions, claimed, failed, now)
    return _settle(sessions, claimed, values, now)


def reader_of(team: Team, kpi: Kpi, now: datetime) -> Reader:
    """Tell how the numbers of a KPI's source are read, and which week is the present one there."""
    present = source_times.present_week(now, team.digest_at, team.timezone)
    return Reader(kpi.unit, kpi.decimals, team.locale, present)


def open_weeks(values: Mapping[Period, Decimal], team: Team, kpi: Kpi, now: datetime) -> dict[Period, Decimal]:
    """Return the values of the weeks that can be changed, and for which the KPI is reported."""
    window = EditWindow.at(now, team.timezone, team.edit_weeks)
    return {week: value for week, value in values.items() if week in window and is_due(kpi.cadence, week)}


def _scene(session: Session, source: Source) -> tuple[Team, Kpi] | None:
    team = teams.get(session, source.workspace_id, source.team_id)
    live = (kpi for kpi in kpis.entities(session, source.team_id) if kpi.archived_at is None and not kpi.formula)
    kpi = next((kpi for kpi in live if kpi.id == source.kpi_id), None)
    return (team, kpi) if team is not None and kpi is not None else None


def _settle(sessions: Sessions, claimed: Claimed, values: Mapping[Period, Decimal], now: datetime) -> bool:
    with sessions.write() as session:
        source = sources.held(session, claimed)
        found = _scene(session, source) if source else None
        if source is None or found is None:
            return False
        team, kpi = found
        _store(session, source, kpi, open_weeks(values, team, kpi, now), now)
        prompt, zone = _prompt(session, team, kpi)
        told, since = source.told_at is not None, source.failing_since
        source.worked_at = now
        SOURCE_PULLS.labels("read").inc()
        source.next_at = source_times.next_pull(now, prompt, zone, team.digest_at, team.timezone)
        source.failing_since = source.told_at = None
        source.problem = ""
        if told and since is not None:
            source_news.owe(session, source, source_news.WORKS, since=since, now=now)
        return told


def _settle_failure(sessions: Sessions, claimed: Claimed, failed: SourceFailed, now: datetime) -> bool:
    with sessions.write() as session:
        source = sources.held(session, claimed)
        if source is None:
            return False
        since = source.failing_since or now
        source.failing_since, source.problem = since, source_news.written(failed)
        source.next_at = source_times.retry_at(now, since)
        SOURCE_PULLS.labels("failed").inc()
        if source.told_at is not None or not source_times.is_to_be_told(now, since, passing=failed.passing):
            return False
        source.told_at = now
        source_news.owe(session, source, source_news.FAILED, since=since, now=now)
        return True


def _store(session: Session, source: Source, kpi: Kpi, values: Mapping[Period, Decimal], now: datetime) -> None:
    stored = {
        str(week): str(value)
        for week, value in values.items()
        if sources.store_pulled(session, kpi_id=source.kpi_id, period=str(week), value=value, now=now)
        in {Stored.NEW, Stored.CORRECTED}
    }
    if stored:
        audits.add(
            session,
            workspace_id=source.workspace_id,
            team_id=source.team_id,
            actor=ACTOR,
            action="readings.pulled",
            subject=kpi.slug,
            now=now,
            after=stored,
        )


def _prompt(session: Session, team: Team, kpi: Kpi) -> tuple[str, str]:
    """Return when and in which zone the owner of the KPI's hat is asked."""
    hat = hats.one(session, kpi.team_id, kpi.hat_id)
    owner = members.get(session, team.workspace_id, hat.owner_id) if hat and hat.owner_id else None
    if owner is None:
        return team.prompt_at, team.timezone
    return owner.prompt_at or team.prompt_at, owner.timezone or team.timezone
