"""KPIs that a hat gets, their place in the chain, and the goal."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.errors import Refused
from bot.domain.naming import Found, NameIndex, Several
from bot.domain.spelling import name_key
from bot.domain.targets import Bounds
from bot.services.agreements.ownership import hold_terms
from bot.services.kpis.kpi_units import free_slug
from bot.services.kpis.target_reading import stored
from bot.services.workspaces.authority import the_team
from bot.services.workspaces.editing import note
from bot.services.workspaces.scene import Scene
from storage import Session, kpis
from storage.proposals import Term
from storage.tables import Hat, Kpi


@dataclass(frozen=True)
class NewKpi:
    """What a KPI measures, or is to. Its target is per week; None leaves it open."""

    name: str
    unit: str = "count"
    currency: str | None = None
    direction: str = "higher"
    decimals: int = 0
    cadence: str = "weekly"
    formula: str = ""
    shown_as: str = "value"
    target: Bounds | None = None

    def aiming(self, target: Bounds | None) -> "NewKpi":
        """Give the same with a target."""
        return replace(self, target=target)

    @property
    def columns(self) -> dict[str, Any]:
        """What is stored of it in the KPI's own row."""
        return {name: value for name, value in asdict(self).items() if name != "target"}


def the_kpi(session: Session, team_id: int, query: str) -> Kpi:
    """Return the live KPI of the team that a query clearly means, by slug or name.

    Raises:
        Refused: `kpi_unnamed_here` for nothing, `kpi_several`, `kpi_not_found`.
    """
    if not query.strip():
        raise Refused("kpi_unnamed_here")
    live = {kpi.id or 0: kpi for kpi in kpis.entities(session, team_id) if kpi.archived_at is None}
    match = NameIndex((name, kpi_id) for kpi_id, kpi in live.items() for name in (kpi.slug, kpi.name)).find(query)
    if isinstance(match, Found):
        return live[match.hat_id]
    if isinstance(match, Several):
        raise Refused("kpi_several", kpis=[live[kpi_id].name for kpi_id in match.hat_ids])
    raise Refused("kpi_not_found", kpi=query)


def add_kpi(
    session: Session, scene: Scene, hat: Hat, new: NewKpi, *, actor: str, now: datetime, waiting: bool = False
) -> Kpi:
    """Give a hat a KPI; one of the hat's own of that name, which has been put away, comes back with its numbers.

    With `waiting` it stays put away, without its target, until the hat's owner agrees to it.
    """
    known = kpis.entities(session, scene.team_id)
    columns = new.columns
    kpi = next((kpi for kpi in known if kpi.hat_id == hat.id and name_key(kpi.name) == name_key(new.name)), None)
    if kpi is None:
        slug = free_slug(new.name, known)
        kpi = kpis.add(
            session,
            team_id=scene.team_id,
            hat_id=hat.id or 0,
            slug=slug,
            key=name_key(slug),
            now=now,
            archived_at=now if waiting else None,
            sequence=max((one.sequence for one in known), default=0) + 1,
            **columns,
        )
    else:
        for column, value in columns.items():
            setattr(kpi, column, value)
        kpi.archived_at, kpi.is_goal = now if waiting else None, False
    if waiting:
        return kpi
    note(session, scene, actor, "kpi.added", kpi.slug, now=now, after={**columns, "hat": hat.slug})
    session.flush()
    before_goal = [one for one in _live(session, scene) if one.id != kpi.id and not one.is_goal]
    place(session, scene, kpi, before_goal[-1].slug if before_goal else "")
    if new.target is not None:
        term = Term(kpi.id, "", *stored(new.target))
        hold_terms(session, the_team(session, scene), hat, [(term, "")], actor=actor, now=now)
    return kpi


def place(session: Session, scene: Scene, kpi: Kpi, after: str) -> None:
    """Put a KPI behind another one in the chain, named by its slug; "" is the chain's beginning."""
    others = [one for one in _live(session, scene) if one.id != kpi.id]
    position = next((number for number, one in enumerate(others, 1) if one.slug == after), 0)
    for number, one in enumerate([*others[:position], kpi, *others[position:]], 1):
        one.sequence = number
    session.flush()


def before_in_chain(chain: Sequence[Kpi], kpi: Kpi) -> str:
    """Return the slug of the KPI before this one in the chain; "" for the first."""
    position = next((number for number, one in enumerate(chain) if one.id == kpi.id), 0)
    return chain[position - 1].slug if position else ""


def set_goal(session: Session, scene: Scene, kpi: Kpi, *, is_goal: bool, actor: str, now: datetime) -> None:
    """Make a KPI the team's one goal, or not the goal any more."""
    if kpi.is_goal == is_goal:
        return
    earlier = next((one for one in _live(session, scene) if one.is_goal), None)
    if earlier is not None:
        earlier.is_goal = False
        session.flush()  # the database allows one at a time
    kpi.is_goal = is_goal
    session.flush()
    before, after = earlier.slug if earlier else None, kpi.slug if is_goal else None
    note(session, scene, actor, "team.goal", kpi.slug, now=now, before={"goal": before}, after={"goal": after})


def _live(session: Session, scene: Scene) -> list[Kpi]:
    return [kpi for kpi in kpis.entities(session, scene.team_id) if kpi.archived_at is None]
