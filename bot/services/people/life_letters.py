"""What people read about deputies, departures and admins, written when it is sent."""

from collections.abc import Callable

from bot.domain.zones import zone_of
from bot.services.hats.hats import names, owner_of
from bot.services.people import life_news
from bot.services.sending.letters import Composer, Occasion, Unneeded
from messages import catalog
from messages.content import HatName, Message, Person
from messages.i18n import language_of
from messages.life_content import Departure, Done
from storage import absences, assignments, hats, members, teams
from storage.tables import Member


def _to_reader(compose: Callable[[Occasion, Member, str], Message | Unneeded]) -> Composer:
    """Make a composer for people: who has left gets nothing, everybody else reads it in their language."""

    def composer(occasion: Occasion) -> Message | Unneeded:
        team = occasion.team
        reader = members.by_slack_id(occasion.session, team.workspace_id, occasion.claimed.recipient)
        if reader is None or reader.deleted:
            return Unneeded("the person has left")
        if teams.membership(occasion.session, team.id or 0, reader.id or 0) is None:
            return Unneeded("the person has left the team")
        return compose(occasion, reader, language_of(members.spoken_locale(reader), team.locale))

    return composer


def _deputy(occasion: Occasion, reader: Member, language: str) -> Message | Unneeded:
    hat = hats.one(occasion.session, occasion.team.id or 0, int(occasion.claimed.period.split("-")[1]))
    if hat is None or hat.deputy_id != reader.id or hat.owner_id is None:
        return Unneeded("the reader is not the deputy any more")
    said = {"hat": names([hat])[0], "owner": owner_of(hat)}
    return catalog.done(Done("you_are_deputy", said), language=language)


def _standing_in(occasion: Occasion, reader: Member, language: str) -> Message | Unneeded:
    absence = absences.get(occasion.session, occasion.team.workspace_id, int(occasion.claimed.period.split("-")[1]))
    if absence is None or absence.ends_at <= occasion.now:
        return Unneeded("the owner is back")
    owner = members.get(occasion.session, occasion.team.workspace_id, absence.member_id)
    stood_in = [
        hat
        for hat in hats.deputised_by(occasion.session, occasion.team.id or 0, reader.id or 0)
        if hat.owner_id == absence.member_id
    ]
    if owner is None or not stood_in:
        return Unneeded("the reader stands in for nobody any more")
    zone = zone_of(owner.timezone, occasion.team.timezone)
    said = {
        "owner": Person(owner.slack_user_id, owner.name),
        "day": absence.ends_at.astimezone(zone).date(),
        "hats": list(names(stood_in)),
    }
    return catalog.done(Done("you_stand_in", said), language=language)


def _left(occasion: Occasion, reader: Member, language: str) -> Message | Unneeded:
    how, member_id, stamped = occasion.claimed.period.split("-")
    team, member = occasion.team, members.get(occasion.session, occasion.team.workspace_id, int(member_id))
    admins = {admin.id for admin in teams.admins(occasion.session, team.id or 0)}
    if member is None or reader.id not in admins:
        return Unneeded("the reader does not look after the team any more")
    vacant = assignments.given_up(occasion.session, team.id or 0, int(member_id), at=life_news.instant(stamped))
    told = Departure(
        team=team.name,
        person=Person(member.slack_user_id, member.name),
        how=how,
        vacant=tuple(HatName(hat.slug, hat.name) for hat in vacant),
    )
    return catalog.departure(told, language=language)


def _made_admin(occasion: Occasion, reader: Member, language: str) -> Message | Unneeded:
    membership = teams.membership(occasion.session, occasion.team.id or 0, reader.id or 0)
    if membership is None or not membership.is_admin:
        return Unneeded("the reader does not look after the team any more")
    return catalog.done(Done("you_are_admin", {"team": occasion.team.name}), language=language)


def _volunteers(occasion: Occasion) -> Message | Unneeded:
    hat = hats.one(occasion.session, occasion.team.id or 0, int(occasion.claimed.period.split("-")[1]))
    if hat is None or hat.owner_id is not None:
        return Unneeded("the hat has an owner, or is gone")
    wearers = tuple(Person(row.slack_id, row.name) for row in hats.wearers(occasion.session, hat.id))
    return catalog.volunteers_wanted(names([hat])[0], wearers, language=occasion.team.locale)


COMPOSERS: dict[str, Composer] = {
    life_news.DEPUTY: _to_reader(_deputy),
    life_news.STANDING_IN: _to_reader(_standing_in),
    life_news.LEFT: _to_reader(_left),
    life_news.MADE_ADMIN: _to_reader(_made_admin),
    life_news.VOLUNTEERS: _volunteers,
}
