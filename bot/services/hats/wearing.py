"""Wearing a hat, and taking it off. Guests may wear hats, which nobody who is not of the workspace may."""

from datetime import datetime

from bot.domain.errors import Refused
from bot.services.hats.hats import names, the_one
from bot.services.people.directory import HatDirectory
from bot.services.people.joining import let_in
from bot.services.workspaces.authority import is_described, the_team
from bot.services.workspaces.editing import note
from bot.services.workspaces.scene import Answer, Asker, in_language, locate
from messages.life_content import Done
from storage import Sessions, hats, members


def wear(sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, *, now: datetime) -> Answer[Done]:
    """Let the asker wear a hat; whoever does not play in the team yet does so from now on.

    Raises:
        Refused: `hat_not_found`, `cannot_wear` for bots and strangers from shared channels; `slack_silent`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            row = the_one(session, directory, scene, query)
            member = members.by_slack_id(session, scene.workspace_id, asker.user)
            if member is None or member.deleted or member.is_bot or member.is_stranger:
                raise Refused("cannot_wear")
            if not is_described(member):
                raise Refused("slack_silent")
            let_in(session, scene, the_team(session, scene), member, now=now)
            hat = hats.entity_by_id(session, scene.team_id, row.id)
            new = hats.start_wearing(session, hat, member.id or 0, now=now)
            if new:
                after = {"wearer": member.name or member.slack_user_id}
                note(session, scene, asker.user, "hat.worn", row.slug, now=now, after=after)
            return Answer(scene.language, Done("wearing" if new else "wearing_already", {"hat": names([row])[0]}))


def unwear(sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, *, now: datetime) -> Answer[Done]:
    """Take a hat off the asker, if they wear it.

    Raises:
        Refused: `hat_not_found`, `owner_wears`, since an owner hands the hat over or steps down.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            row = the_one(session, directory, scene, query)
            # Held, so that nobody becomes its owner meanwhile.
            hats.lock(session, row.id)
            row = hats.one(session, scene.team_id, row.id) or row
            if row.owner_id is not None and row.owner_id == scene.member_id:
                raise Refused("owner_wears", hat=row.name, slug=row.slug)
            said = {"hat": names([row])[0]}
            worn = next((one for one in hats.wearers(session, row.id) if one.member_id == scene.member_id), None)
            if worn is None:
                return Answer(scene.language, Done("not_wearing", said))
            hats.stop_wearing(session, row.id, worn.member_id, now=now)
            note(session, scene, asker.user, "hat.taken_off", row.slug, now=now, after={"wearer": worn.name})
            return Answer(scene.language, Done("taken_off", said))
