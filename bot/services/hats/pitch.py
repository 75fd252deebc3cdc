"""The team as a football formation: hats in their lines, owners, wearers, and the passes between linked hats."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.period import Period
from bot.domain.series import Status, against_target
from bot.services.chain.chain_facts import Ends, passes_of
from bot.services.chain.chain_reports import Material, kept_analysis, material_of
from bot.services.hats.hats import bounds_of, owner_of
from bot.services.kpis.computed import with_computed
from bot.services.workspaces.scene import Answer, Asker, scene_of
from messages.content import HatName
from messages.pitch_content import Mark, Pass, Pitch, Shirt
from storage import Session, Sessions, hats, kpis
from storage.kpis import KpiRow

_REACHED = (Status.AHEAD, Status.ON_TARGET)


def pitch(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[Pitch]:
    """Collect the pitch of the asker's team for the week that ended last.

    Raises:
        Refused: `no_team`, `several_teams`.
    """
    with scene_of(sessions, asker) as (session, scene):
        period = Period.of(now.date()).shift(-1)
        return Answer(scene.language, pitch_of(session, scene.team_id, scene.team_name, period, now=now))


@dataclass(frozen=True)
class Linked:
    """A team's chain, and what its kept report says of each link: the verdict, and the goals won or lost.

    `told` is None when no report is kept. A late number may have changed since: a picture need not wait for the report
    to be computed again.
    """

    material: Material
    told: Mapping[Ends, tuple[str, float | None]] | None


def linked_of(session: Session, team_id: int, period: Period) -> Linked:
    """Read a team's chain in one week and what is kept about it. Computes nothing."""
    material = material_of(session, team_id, period)
    analysis = kept_analysis(session, team_id, period)
    return Linked(material, passes_of(material, analysis) if analysis else None)


def pitch_of(
    session: Session, team_id: int, team_name: str, period: Period, *, now: datetime, linked: Linked | None = None
) -> Pitch:
    """Collect a team's pitch for one week; `linked` is its chain, where that has been read already."""
    linked = linked or linked_of(session, team_id, period)
    rows = with_computed(session, team_id, kpis.of_team(session, team_id, period=str(period)), period)
    worn = hats.wearers_of_team(session, team_id)
    measured: dict[int, list[KpiRow]] = {}
    for row in rows:
        measured.setdefault(row.hat_id, []).append(row)
    found = hats.all_of_team(session, team_id)
    slugs = {hat.id: hat.slug for hat in found}
    hat_of = {row.id: slugs[row.hat_id] for row in rows if row.hat_id in slugs}
    return Pitch(
        team=team_name,
        period=str(period),
        shirts=tuple(
            Shirt(
                hat=HatName(hat.slug, hat.name),
                position=hat.position,
                owner=owner_of(hat),
                wearers=len(worn.get(hat.id, ())),
                mark=_mark(measured.get(hat.id, []), str(period)),
                away=hat.owner_away_until(now) is not None,
            )
            for hat in found
        ),
        passes=_passes(linked, {row.slug: hat_of[row.id] for row in rows if row.id in hat_of}),
    )


def _passes(linked: Linked, hat_of: Mapping[str, str]) -> tuple[Pass, ...]:
    """Give the passes between hats, with what the kept report says of them; `hat_of` gives a KPI's hat by slugs."""
    told = linked.told or {}
    return tuple(
        Pass(hat_of[link.source], hat_of[link.target], *told.get(link.ends, ()))
        for link in linked.material.chain.links
        if link.source in hat_of and link.target in hat_of
    )


def fingerprint(shown: Pitch, language: str) -> str:
    """Name a picture by all that is drawn in it: what looks the same is the same."""
    return hashlib.sha256(f"{language} {shown!r}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _mark(rows: list[KpiRow], period: str) -> Mark:
    """Say how a hat's KPIs of one week stand: missed when one is, unknown as long as none can be judged."""
    judged = [
        against_target(row.value, target)
        for row in rows
        if row.period == period and row.value is not None and (target := bounds_of(row)) is not None
    ]
    if not judged:
        return "unknown"
    return "reached" if all(status in _REACHED for status in judged) else "missed"
