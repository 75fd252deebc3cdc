"""The football team's six hats, for a team that would rather change some than invent them all."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.domain.spelling import name_key
from bot.services.hats.hat_names import NameReader, new_hat, settle_names
from bot.services.kpis.kpi_adding import NewKpi, add_kpi, set_goal
from bot.services.team_file.team_file import HatEntry, TeamFile, load_team_file
from bot.services.workspaces.authority import admin, the_team
from bot.services.workspaces.editing import note, read_ids
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team
from messages.life_content import Done
from storage import Session, Sessions, kpis, team_state, teams
from storage.tables import Kpi, Link

# The demo's team without its people: only its files are read, so that the bot needs nothing of the demo.
_FOLDER: Final = Path(__file__).parents[2] / "demo"


def add_starters(sessions: Sessions, asker: Asker, state: str, *, now: datetime) -> Answer[Done]:
    """Add those of the six hats whose names are free, with the KPIs that are linked: no owners, no targets, no rates.

    What people agree on is theirs to agree on, and so is what else they measure. Doing it again adds nothing.

    Raises:
        Refused: `form_outdated`, `not_admin`, `not_a_member`.
    """
    (team_id,) = read_ids(state, 1)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            teams.lock(session, scene.workspace_id, scene.team_id)
            template = load_team_file(_file(the_team(session, scene).locale))
            added: dict[str, Kpi] = {}
            linked = {end for link in template.links for end in (link.source, link.target)}
            number = sum(
                _add(session, scene, entry, linked, added, actor=asker.user, now=now) for entry in template.hats
            )
            _link(session, scene, template, added, asker.user, now)
            if number:
                teams.touch_directory(session, scene.team_id)
            return Answer(scene.language, Done("starters_added" if number else "starters_there", {"num": number}))


def _file(language: str) -> Path:
    """Return the six hats in a language, in English where nobody has translated them."""
    english = _FOLDER / "team.yml"
    translated = english.with_suffix(f".{language}.yml")
    return translated if translated.exists() else english


def _add(
    session: Session,
    scene: Scene,
    entry: HatEntry,
    linked: Collection[str],
    added: dict[str, Kpi],
    *,
    actor: str,
    now: datetime,
) -> bool:
    reader = NameReader(session, scene.team_id, None)
    slug = reader.slug(entry.slug, reader.name(entry.name))
    if reader.problems:
        return False
    aliases = [alias for alias in entry.aliases if reader.is_free(alias)]
    columns = {
        "name": entry.name,
        "side": entry.side.value,
        "position": entry.position.value,
        "ask_about": entry.ask_about,
    }
    hat = new_hat(session, scene, slug, columns, now=now)
    settle_names(session, hat, slug, aliases)
    note(session, scene, actor, "hat.added", slug, now=now, after={**columns, "aliases": aliases})
    taken = {name_key(kpi.name) for kpi in kpis.entities(session, scene.team_id)}
    for kpi in entry.kpis:
        if kpi.slug in linked and name_key(kpi.name) not in taken:
            new = NewKpi(kpi.name, kpi.unit.value, kpi.currency, kpi.direction.value, kpi.decimals)
            added[kpi.slug] = add_kpi(session, scene, hat, new, actor=actor, now=now)
    return True


def _link(session: Session, scene: Scene, template: TeamFile, added: dict[str, Kpi], actor: str, now: datetime) -> None:
    """Link those of the template's KPIs that were added, and make its goal the goal where there is none."""
    for link in template.links:
        if link.source in added and link.target in added:
            upstream, downstream = (team_state.identity(added[end]) for end in (link.source, link.target))
            session.add(Link(team_id=scene.team_id, upstream_id=upstream, downstream_id=downstream, lag_weeks=link.lag))
            subject = f"{added[link.source].slug} → {added[link.target].slug}"
            note(session, scene, actor, "link.added", subject, now=now, after={"weeks later": link.lag, "rate": None})
    session.flush()
    goal = added.get(template.goal or "")
    if goal is not None and not any(kpi.is_goal for kpi in kpis.entities(session, scene.team_id)):
        set_goal(session, scene, goal, is_goal=True, actor=actor, now=now)
