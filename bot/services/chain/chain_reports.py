"""Reports on chains: computed from what is stored, kept with a fingerprint of all that went in, and read again.

1. `material_of` reads the chain and its weeks: the same number of queries whatever the number of KPIs and weeks.
2. A report that is kept with the same fingerprint is read; otherwise the statistics are computed, which takes up to a
   third of a second and imports numpy and scipy: never while Slack waits for an acknowledgement.
3. What was computed is stored in a transaction of its own, so that nothing is locked meanwhile.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from bot.domain.chain import MOST_WEEKS, Analysis, Chain, ChainKpi, ChainLink, Series
from bot.domain.period import Period
from bot.services.chain.chain_content import as_content, from_content, is_sound
from bot.services.hats.hats import owner_of
from bot.services.kpis.computed import values_of_team
from bot.services.teams.which_team import team_called
from messages.content import HatName, Person
from storage import Session, Sessions, chain, hats, kpis
from storage.hats import HatRow
from storage.kpis import KpiRow, LinkRow
from storage.tables import Team

# Another number when the same chain and weeks would be told differently: reports that were kept before are then made
# again.
VERSION: Final = 1


@dataclass(frozen=True)
class Material:
    """What a report on a week is made from. KPIs are named by their slugs; those without a link are left out.

    `links` are the team's as they are stored, `values` those of all its KPIs by id and week, in the weeks of `series`.
    """

    period: Period
    chain: Chain
    series: Series
    kpis: Mapping[str, KpiRow]
    hats: Mapping[int, HatRow]
    unlinked: tuple[KpiRow, ...]
    links: tuple[LinkRow, ...]
    values: Mapping[int, Mapping[str, Decimal]]

    @cached_property
    def fingerprint(self) -> str:
        """Name it by all that the numbers depend on."""
        parts = (VERSION, str(self.period), self.chain.kpis, self.chain.links, self.chain.goal, self.series.first)
        values = sorted(self.series.values.items())
        return hashlib.sha256(repr((parts, values)).encode()).hexdigest()

    def name(self, slug: str) -> str:
        """Give a KPI's name; what has been archived since is named by its slug."""
        return self.kpis[slug].name if slug in self.kpis else slug

    def hat(self, slug: str) -> HatName | None:
        """Give the hat that a KPI belongs to."""
        row = self._hat_of(slug)
        return HatName(row.slug, row.name) if row else None

    def owner(self, slug: str) -> Person | None:
        """Give who owns a KPI's hat; None when it is vacant."""
        row = self._hat_of(slug)
        return owner_of(row) if row else None

    def _hat_of(self, slug: str) -> HatRow | None:
        kpi = self.kpis.get(slug)
        return self.hats.get(kpi.hat_id) if kpi else None


@dataclass(frozen=True)
class Report:
    """A week's analysis and what it was made from. `is_kept`: it was read, and need not be stored."""

    material: Material
    analysis: Analysis
    is_kept: bool = False


def material_of(session: Session, team_id: int, period: Period) -> Material:
    """Read a team's chain and its weeks up to and including one, at most 104."""
    rows = {row.id: row for row in kpis.of_team(session, team_id, period=str(period))}
    stored = tuple(kpis.links(session, team_id))
    links = [link for link in stored if {link.upstream_id, link.downstream_id} <= set(rows)]
    first = period.shift(1 - MOST_WEEKS)
    values = values_of_team(session, team_id, first=str(first), last=str(period))
    ends = {end for link in links for end in (link.upstream_id, link.downstream_id)}
    weeks = {week: Period.parse(week) for week in set().union(*values.values())}
    chained = [row for row in rows.values() if row.id in ends or row.is_goal]
    return Material(
        period=period,
        chain=Chain(
            kpis=tuple(_kpi(row) for row in chained),
            links=tuple(_link(link, rows) for link in links),
            goal=next((row.slug for row in chained if row.is_goal), None),
        ),
        series=Series.of(
            {row.slug: {weeks[week]: value for week, value in values.get(row.id, {}).items()} for row in chained},
            last=period,
            weeks=MOST_WEEKS,
        ),
        kpis={row.slug: row for row in rows.values()},
        hats={hat.id: hat for hat in hats.all_of_team(session, team_id)},
        unlinked=tuple(row for row in rows.values() if row.id not in ends),
        links=stored,
        values=values,
    )


def known_report(session: Session, material: Material, team: Team) -> Report | None:
    """Read the report that is kept, if all that went into it is still so. Computes nothing."""
    kept = chain.report(session, team.id or 0, str(material.period))
    analysis = _read(kept[1]) if kept is not None and kept[0] == material.fingerprint else None
    return Report(material, analysis, is_kept=True) if analysis else None


def report_for(session: Session, team: Team, period: Period) -> Report:
    """Give a team's report on a week: the one that is kept where it is up to date, else one that is computed.

    Writes nothing, so that a session that only reads can be handed in, and none that writes should be: computing
    would keep the others waiting. Whoever wants it kept calls `keep_report` in a writing session, or `prepare_report`.
    """
    material = material_of(session, team.id or 0, period)
    return known_report(session, material, team) or computed_report(material)


def computed_report(material: Material) -> Report:
    """Compute a report. Slow: at most a third of a second, and the first time the imports as well."""
    # numpy and scipy take a while to import and much memory to hold: only who computes has them.
    from bot.domain.chain.analysis import analyse  # noqa: PLC0415

    return Report(material, analyse(material.chain, material.series))


def content_of(sessions: Sessions, workspace: str, team: str | None, period: Period) -> dict[str, Any]:
    """Give a team's report on a week as plain values, as `hattrick digest preview` prints it. Keeps nothing.

    Raises:
        TeamNotFoundError: When there is no such team.
    """
    with sessions.read() as session:
        return as_content(report_for(session, team_called(session, workspace, team), period).analysis)


def keep_report(session: Session, team: Team, report: Report, now: datetime) -> bool:
    """Store a report that was computed, in place of the week's earlier one; tell whether it is kept."""
    content = as_content(report.analysis)
    if report.is_kept or not is_sound(content):
        return report.is_kept
    chain.keep_report(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        period=str(report.material.period),
        fingerprint=report.material.fingerprint,
        content=content,
        now=now,
    )
    return True


def prepare_report(sessions: Sessions, team: Team, period: Period, now: datetime) -> Report:
    """Give a team's report on a week, and keep it when it had to be computed. No transaction is open meanwhile."""
    with sessions.read() as session:
        material = material_of(session, team.id or 0, period)
        known = known_report(session, material, team)
    if known is not None:
        return known
    report = computed_report(material)
    with sessions.write() as session:
        return replace(report, is_kept=keep_report(session, team, report, now))


def kept_analysis(session: Session, team_id: int, period: Period) -> Analysis | None:
    """Read a week's analysis as it was kept, although numbers may have changed since. One query."""
    kept = chain.report(session, team_id, str(period))
    return _read(kept[1]) if kept else None


def _read(content: Mapping[str, Any]) -> Analysis | None:
    """Read what was kept; None when another version wrote it."""
    try:
        return from_content(content)
    except ValueError:
        return None


def _kpi(row: KpiRow) -> ChainKpi:
    # A range has no one value to plan with: the KPI's norm stands in.
    target = None if row.target is None or row.upper is not None else float(row.target)
    return ChainKpi(row.slug, row.unit, row.decimals, row.direction, target)


def _link(link: LinkRow, rows: Mapping[int, KpiRow]) -> ChainLink:
    return ChainLink(
        source=rows[link.upstream_id].slug,
        target=rows[link.downstream_id].slug,
        lag=link.lag_weeks if link.lag_known else None,
        rate=None if link.rate is None else float(link.rate),
        assumed_lag=link.lag_weeks,
    )
