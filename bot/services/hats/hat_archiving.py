"""Putting a hat away, and bringing it back. Its history stays; who owned it has to agree again."""

from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.naming import Found, NameIndex
from bot.domain.spelling import name_key
from bot.services.agreements import agreement_news, ownership
from bot.services.hats.hat_names import NameReader, settle_names
from bot.services.hats.hats import names, owner_of, the_one
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.authority import admin, the_team
from bot.services.workspaces.editing import note, read_ids
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, locate_team, scene_of
from messages.content import HatName
from messages.editing_content import Archived, ArchiveQuestion
from messages.life_content import Done
from storage import Session, Sessions, absences, hats, kpis, members, proposals, team_state, teams
from storage.tables import Hat, Team


def question(sessions: Sessions, directory: HatDirectory, asker: Asker, query: str) -> Answer[ArchiveQuestion]:
    """Prepare the question whether a hat is really to be put away.

    Raises:
        Refused: `not_admin`, `not_a_member`, `hat_not_found`.
    """
    with scene_of(sessions, asker) as (session, scene):
        admin(session, scene, asker.user)
        row = the_one(session, directory, scene, query)
        asked = ArchiveQuestion(
            hat=names([row])[0],
            state=f"{scene.team_id} {row.id}",
            owner=owner_of(row),
            wearers=len(hats.wearers(session, row.id)),
            kpis=tuple(
                kpi.name
                for kpi in kpis.entities(session, scene.team_id)
                if kpi.hat_id == row.id and kpi.archived_at is None
            ),
            has_offer=proposals.live_of_hat(session, scene.team_id, row.id) is not None,
        )
        return Answer(scene.language, asked)


def archive(sessions: Sessions, asker: Asker, state: str, *, now: datetime) -> Answer[Archived]:
    """Put a hat and its KPIs away, at the same instant. Doing it again changes nothing.

    Raises:
        Refused: `form_outdated`, `not_admin`, `not_a_member`.
    """
    team_id, hat_id = read_ids(state, 2)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            hat = _held(session, scene, hat_id)
            if hat.archived_at is None:
                put_away(session, the_team(session, scene), hat, actor=asker.user, now=now)
                for kpi in kpis.entities(session, scene.team_id):
                    if kpi.hat_id == hat_id and kpi.archived_at is None:
                        kpi.archived_at = now
                note(session, scene, asker.user, "hat.archived", hat.slug, now=now, after={"name": hat.name})
                teams.touch_directory(session, scene.team_id)
            return Answer(scene.language, Archived(HatName(hat.slug, hat.name), state))


def put_away(session: Session, team: Team, hat: Hat, *, actor: str, now: datetime) -> None:
    """Free a hat of its owner, deputy, wearers and live offer, and archive it."""
    ownership.vacate(session, team, hat, ending="archived", actor=actor, now=now)
    live = proposals.live_of_hat(session, team_state.identity(team), team_state.identity(hat))
    if live is not None:
        agreement_news.call_off(session, live, now=now)
    absences.set_deputy(session, hat, None, now=now)
    hats.take_off_everybody(session, hat, now=now)
    hat.archived_at = now
    session.flush()


def restore(sessions: Sessions, asker: Asker, state: str, *, now: datetime) -> Answer[Done]:
    """Bring back the hat that a button names. Doing it again changes nothing.

    Raises:
        Refused: `form_outdated`, `not_admin`, `not_a_member`.
    """
    team_id, hat_id = read_ids(state, 2)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            return Answer(scene.language, _restore(session, scene, _held(session, scene, hat_id), asker.user, now))


def restore_called(
    sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, *, now: datetime
) -> Answer[Done]:
    """Bring back the hat that was called so.

    Raises:
        Refused: `not_admin`, `not_a_member`, `hat_is_there`, `archived_not_found`, which names those that are put away.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            hat = _archived_called(session, scene, query)
            if hat is None:
                raise Refused("hat_is_there", hat=the_one(session, directory, scene, query).name)
            teams.lock(session, scene.workspace_id, scene.team_id)
            hats.lock(session, team_state.identity(hat))
            session.refresh(hat)
            return Answer(scene.language, _restore(session, scene, hat, asker.user, now))


def _restore(session: Session, scene: Scene, hat: Hat, actor: str, now: datetime) -> Done:
    """Bring back a hat, the KPIs that were put away with it, and who wore it then; it has no owner."""
    said = Done("hat_restored", {"hat": HatName(hat.slug, hat.name)})
    if hat.archived_at is None:
        return said
    away_since, hat.archived_at = hat.archived_at, None
    known = kpis.entities(session, scene.team_id)
    has_goal = any(kpi.is_goal and kpi.archived_at is None for kpi in known)
    for kpi in known:
        if kpi.hat_id == hat.id and kpi.archived_at == away_since:
            kpi.is_goal = kpi.is_goal and not has_goal
            kpi.archived_at = None
    for member_id in hats.taken_off(session, hat, at=away_since):
        member = members.get(session, scene.workspace_id, member_id)
        if member is not None and not member.deleted and teams.membership(session, scene.team_id, member_id):
            hats.start_wearing(session, hat, member_id, now=now)
    # Whoever applied a team's file meanwhile may have given its names to other hats.
    reader = NameReader(session, scene.team_id, hat)
    kept = hats.aliases(session, [hat.id or 0]).get(hat.id or 0, [])
    settle_names(session, hat, reader.free_slug(hat.slug), kept)
    note(session, scene, actor, "hat.restored", hat.slug, now=now, after={"name": hat.name})
    teams.touch_directory(session, scene.team_id)
    return Done("hat_restored", {"hat": HatName(hat.slug, hat.name)})


def _archived_called(session: Session, scene: Scene, query: str) -> Hat | None:
    """Return the archived hat that is meant; None when a live one has exactly that name."""
    every = {team_state.identity(hat): hat for hat in team_state.hats(session, scene.team_id)}
    rows = [(row.text, row.hat_id) for row in team_state.aliases(session, scene.team_id)]
    called = rows + [(hat.name, hat_id) for hat_id, hat in every.items()]
    away = [(name, hat_id) for name, hat_id in called if every[hat_id].archived_at is not None]
    match = NameIndex(away).find(query)
    if isinstance(match, Found):
        return every[match.hat_id]
    if any(name_key(name) == name_key(query) and every[hat_id].archived_at is None for name, hat_id in called):
        return None
    gone = [hat.name for hat in every.values() if hat.archived_at is not None]
    raise Refused("archived_not_found", query=query, hats=gone)


def _held(session: Session, scene: Scene, hat_id: int) -> Hat:
    found = next((hat for hat in team_state.hats(session, scene.team_id) if hat.id == hat_id), None)
    if found is None:
        raise Refused("form_outdated")
    # The team before its hat, as everywhere: its directory is told of what is done.
    teams.lock(session, scene.workspace_id, scene.team_id)
    hats.lock(session, hat_id)
    session.refresh(found)  # whoever held the hat until now may have put it away
    return found
