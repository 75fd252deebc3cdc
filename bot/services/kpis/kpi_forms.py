"""The form for a KPI, blank or filled, and the list of the chain's KPIs."""

from dataclasses import replace
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.formula import spelled
from bot.domain.period import Period
from bot.services.hats.hats import kpi_value, names, owner_of, the_one
from bot.services.kpis.kpi_adding import before_in_chain, the_kpi
from bot.services.people.directory import HatDirectory
from bot.services.sources.sources import hosts
from bot.services.workspaces.authority import Player
from bot.services.workspaces.editing import playing
from bot.services.workspaces.scene import Answer, Asker, Scene, scene_of
from messages.content import KpiValue
from messages.editing_content import Chain, ChainedKpi, KpiForm
from storage import Session, Sessions, hats, kpis
from storage.hats import HatRow
from storage.tables import Kpi

# A single week's target is agreed on ahead: holidays, a fair, a release.
WEEKS_AHEAD = 8


def chain(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[Chain]:
    """List the team's KPIs in the chain's order, and what each one feeds."""
    with scene_of(sessions, asker) as (session, scene):
        rows = kpis.of_team(session, scene.team_id, period=str(Period.of(now.date())))
        called = {hat.id: hat.name for hat in hats.all_of_team(session, scene.team_id)}
        named = {row.id: row.name for row in rows}
        by_slug = {row.slug: row.name for row in rows}
        links = kpis.links(session, scene.team_id)
        read_from = hosts(session, scene.team_id)
        shown = tuple(
            ChainedKpi(
                kpi=kpi_value(row),
                hat=called.get(row.hat_id, ""),
                is_goal=row.is_goal,
                feeds=tuple(
                    (named[link.downstream_id], link.lag_weeks, link.rate)
                    for link in links
                    if link.upstream_id == row.id and link.downstream_id in named
                ),
                formula=spelled(row.formula, by_slug) if row.formula else "",
                cadence=row.cadence,
                read_from=read_from.get(row.id, ""),
            )
            for row in rows
        )
        return Answer(scene.language, Chain(scene.team_name, shown))


def blank(sessions: Sessions, directory: HatDirectory, asker: Asker, query: str) -> Answer[KpiForm]:
    """Prepare the form for a new KPI of a hat.

    Raises:
        Refused: `not_playing`, `hat_not_found`.
    """
    with scene_of(sessions, asker) as (session, scene):
        editing = playing(session, scene, asker.user)
        row = the_one(session, directory, scene, query)
        live = [kpi for kpi in kpis.entities(session, scene.team_id) if kpi.archived_at is None]
        others = [kpi for kpi in live if not kpi.is_goal]
        form = KpiForm(
            state=f"{scene.team_id} {row.id}",
            hat=names([row])[0],
            kpi=KpiValue(slug="", name=""),
            may_set_goal=editing.is_admin and row.owner_id in {None, editing.id},
            asked=owner_of(row) if _is_anothers(row, editing) else None,
            after=others[-1].slug if others else "",
            chain=tuple((kpi.slug, kpi.name) for kpi in live),
        )
        return Answer(scene.language, form)


def filled(sessions: Sessions, asker: Asker, query: str, *, now: datetime) -> Answer[KpiForm]:
    """Prepare the form for a KPI that is there. Who may not define it can suggest another target.

    Raises:
        Refused: `not_playing`, `kpi_unnamed_here`, `kpi_not_found`, `kpi_several`, `hat_archived`.
    """
    with scene_of(sessions, asker) as (session, scene):
        editing = playing(session, scene, asker.user)
        kpi = the_kpi(session, scene.team_id, query)
        hat = hat_of(session, scene, kpi)
        week = Period.of(now.date())
        rows = kpis.of_team(session, scene.team_id, period=str(week))
        live = [one for one in kpis.entities(session, scene.team_id) if one.archived_at is None]
        form = KpiForm(
            state=f"{scene.team_id} {hat.id} {kpi.id}",
            hat=names([hat])[0],
            kpi=_usually(session, kpi_value(next(row for row in rows if row.id == kpi.id)), kpi, week),
            is_new=False,
            may_define=editing.is_admin or hat.owner_id == editing.id,
            may_set_goal=editing.is_admin,
            is_goal=kpi.is_goal,
            asked=owner_of(hat) if _is_anothers(hat, editing) else None,
            after=before_in_chain(live, kpi),
            chain=tuple((one.slug, one.name) for one in live if one.id != kpi.id),
            cadence=kpi.cadence,
            formula=spelled(kpi.formula, {one.slug: one.name for one in live}) if kpi.formula else "",
            shown_as=kpi.shown_as,
            weeks=tuple(weeks_ahead(week)),
        )
        return Answer(scene.language, form)


def weeks_ahead(week: Period) -> list[str]:
    """Give the weeks for which alone a target can be agreed on."""
    return [str(week.shift(ahead)) for ahead in range(WEEKS_AHEAD)]


def hat_of(session: Session, scene: Scene, kpi: Kpi) -> HatRow:
    """Return the live hat that a KPI belongs to.

    Raises:
        Refused: `hat_archived`.
    """
    hat = hats.one(session, scene.team_id, kpi.hat_id)
    if hat is None:
        raise Refused("hat_archived")
    return hat


def _usually(session: Session, shown: KpiValue, kpi: Kpi, week: Period) -> KpiValue:
    """Show the target that holds from week to week, also in a week for which another one was agreed."""
    if not shown.overridden:
        return shown
    held = kpis.target_at(session, kpi.id or 0, str(week))
    if held is None:
        return replace(shown, target=None, comparator="", upper=None)
    return replace(shown, target=held.value, comparator=held.comparator, upper=held.upper)


def _is_anothers(hat: HatRow, editing: Player) -> bool:
    return hat.owner_id not in {None, editing.id}
