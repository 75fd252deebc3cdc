"""Hats, added and changed in a form. Any member may add one; its owner and the team's admins change it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.errors import Refused
from bot.domain.words import Position, Side
from bot.services.hats.hat_names import NameReader, new_hat, settle_names
from bot.services.hats.hats import names, the_one
from bot.services.kpis.kpi_adding import NewKpi, add_kpi
from bot.services.kpis.kpi_reading import read_aim
from bot.services.kpis.kpi_units import read_unit, refuse_taken
from bot.services.people.directory import HatDirectory
from bot.services.sending.texts import storable
from bot.services.workspaces.authority import Player
from bot.services.workspaces.editing import (
    SENT_TWICE_WITHIN,
    FieldProblem,
    FieldProblems,
    Problems,
    note,
    one_line,
    playing,
    read_ids,
)
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, locate_team, scene_of
from messages.content import HatName
from messages.editing_content import HatForm
from messages.life_content import Done
from storage import Session, Sessions, audits, hats, kpis, team_state, teams
from storage.hats import HatRow
from storage.tables import Hat

LONGEST_ASK_ABOUT: Final = 500
_RECENT = 10  # changes of a hat that was added a moment ago
_COLUMNS = ("name", "side", "position", "ask_about")


def blank(sessions: Sessions, asker: Asker, team_id: int | None = None) -> Answer[HatForm]:
    """Prepare the form for a new hat, in the team that a button names or that the asker means.

    Raises:
        Refused: `not_playing`, `form_outdated`.
    """
    with sessions.read() as session:
        scene = locate(session, asker) if team_id is None else locate_team(session, asker, team_id)
        with in_language(scene.language):
            playing(session, scene, asker.user)
            return Answer(scene.language, HatForm(state=str(scene.team_id), team=scene.team_name))


def filled(sessions: Sessions, directory: HatDirectory, asker: Asker, query: str) -> Answer[HatForm]:
    """Prepare the form for a hat that is there.

    Raises:
        Refused: `not_playing`, `hat_not_found`, `hat_not_yours`.
    """
    with scene_of(sessions, asker) as (session, scene):
        editing = playing(session, scene, asker.user)
        row = the_one(session, directory, scene, query)
        may_change(editing, row)
        form = HatForm(
            state=f"{scene.team_id} {row.id}",
            team=scene.team_name,
            is_new=False,
            name=row.name,
            slug=row.slug,
            aliases=tuple(hats.aliases(session, [row.id]).get(row.id, ())),
            side=row.side,
            position=row.position,
            ask_about=row.ask_about,
        )
        return Answer(scene.language, form)


def may_change(editing: Player, hat: HatRow) -> None:
    """Let a hat's owner and the team's admins pass.

    Raises:
        Refused: `hat_not_yours`.
    """
    if not editing.is_admin and hat.owner_id != editing.id:
        raise Refused("hat_not_yours", hat=hat.name, owner=hat.owner_name)


def save(
    sessions: Sessions, asker: Asker, state: str, typed: Mapping[str, str], *, now: datetime
) -> Answer[Done | Problems]:
    """Store a hat's form: `state` names the team, and the hat when it is not new. Saving it twice changes nothing more.

    Raises:
        Refused: `form_outdated`, `not_playing`, `hat_archived`, `hat_not_yours`.
    """
    ids = read_ids(state, len(state.split()) if len(state.split()) in {1, 2} else 1)
    with sessions.write() as session:
        scene = locate_team(session, asker, ids[0])
        with in_language(scene.language):
            editing = playing(session, scene, asker.user)
            # One after the other: names must not be given to two hats at once.
            teams.lock(session, scene.workspace_id, scene.team_id)
            saved = (
                _add(session, scene, asker, typed, now)
                if len(ids) == 1
                else _change(session, scene, editing, ids[1], typed, now)
            )
            return Answer(scene.language, saved)


def _add(session: Session, scene: Scene, asker: Asker, typed: Mapping[str, str], now: datetime) -> Done | Problems:
    hat, slug, aliases, problems = _read(session, scene, None, typed)
    same = _added_already(session, scene, asker, hat, now)
    if same is not None:
        return Done("hat_added", {"hat": HatName(same.slug, same.name)})
    kpi = _read_first_kpi(session, scene, typed, problems)
    if problems:
        return Problems(problems)
    new = new_hat(session, scene, slug, hat, now=now)
    settle_names(session, new, slug, aliases)
    note(session, scene, asker.user, "hat.added", slug, now=now, after={**hat, "aliases": aliases})
    if kpi is not None:
        add_kpi(session, scene, new, kpi, actor=asker.user, now=now)
    teams.touch_directory(session, scene.team_id)
    return Done("hat_added", {"hat": HatName(slug, new.name)})


def _change(
    session: Session, scene: Scene, editing: Player, hat_id: int, typed: Mapping[str, str], now: datetime
) -> Done | Problems:
    row = hats.one(session, scene.team_id, hat_id)
    if row is None:
        raise Refused("hat_archived")
    may_change(editing, row)
    hat = hats.entity_by_id(session, scene.team_id, hat_id)
    columns, slug, aliases, problems = _read(session, scene, hat, typed)
    if problems:
        return Problems(problems)
    before = {**{name: getattr(hat, name) for name in _COLUMNS}, **_named(session, hat)}
    for name, value in columns.items():
        setattr(hat, name, value)
    settle_names(session, hat, slug, aliases)
    after = {**columns, **_named(session, hat)}
    actor = editing.member.slack_user_id
    # The history of a hat is looked up by the slug that it has now.
    note(session, scene, actor, "hat.changed", slug, now=now, before=before, after=after)
    if before != after:
        teams.touch_directory(session, scene.team_id)
    return Done("hat_changed", {"hat": names([row._replace(name=hat.name)])[0]})


def _named(session: Session, hat: Hat) -> dict[str, object]:
    aliases = hats.aliases(session, [hat.id or 0]).get(hat.id or 0, [])
    return {"slug": hat.slug, "aliases": sorted(aliases)}


def _read(
    session: Session, scene: Scene, hat: Hat | None, typed: Mapping[str, str]
) -> tuple[dict[str, str], str, list[str], FieldProblems]:
    reader = NameReader(session, scene.team_id, hat)
    name = reader.name(typed.get("name", ""))
    slug = reader.slug(typed.get("slug", ""), name)
    aliases = reader.aliases(typed.get("aliases", ""), slug)
    for menu, words in (("side", Side), ("position", Position)):
        if typed.get(menu) not in set(words):
            reader.problems[menu] = FieldProblem("choice_unknown")
    asked_about = storable(typed.get("ask_about", "").strip(), LONGEST_ASK_ABOUT)
    columns = {
        "name": name,
        "side": typed.get("side", ""),
        "position": typed.get("position", ""),
        "ask_about": asked_about,
    }
    return columns, slug, aliases, reader.problems


def _added_already(
    session: Session, scene: Scene, asker: Asker, columns: Mapping[str, str], now: datetime
) -> Hat | None:
    """Return the hat that the asker has just added and that is what was typed: the form was sent twice."""
    return next(
        (
            hat
            for hat in team_state.hats(session, scene.team_id)
            if hat.archived_at is None
            and hat.created_at > now - SENT_TWICE_WITHIN
            and all(getattr(hat, name) == value for name, value in columns.items())
            and any(
                (row.action, row.actor) == ("hat.added", asker.user)
                for row in audits.of_team(session, scene.team_id, limit=_RECENT, subject=hat.slug)
            )
        ),
        None,
    )


def _read_first_kpi(session: Session, scene: Scene, typed: Mapping[str, str], problems: FieldProblems) -> NewKpi | None:
    if not typed.get("kpi", "").strip():
        if typed.get("target", "").strip():
            problems["kpi"] = FieldProblem("target_without_name")
        return None
    name = one_line(typed["kpi"], problems, "kpi")
    refuse_taken(name, kpis.entities(session, scene.team_id), None, problems, "kpi")
    unit, currency = read_unit(typed.get("unit", ""), problems)
    new = NewKpi(name, unit, currency)
    return new.aiming(read_aim(typed, new, scene.language, problems))
