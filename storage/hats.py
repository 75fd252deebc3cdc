"""Queries about hats: their names, wearers and owners of now. How owners come and go is `assignments`."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, union_all, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import Absence, Alias, Assignment, Deputy, Hat, Member, Team, Wearer


class HatRow(NamedTuple):
    """A live hat and, when it has one, its owner and who stands in for them.

    `owner_timezone`: the owner's, else the team's. `owner_back_at`: when the owner's latest absence ends or ended.
    """

    id: int
    slug: str
    name: str
    side: str
    position: str
    ask_about: str
    owner_id: int | None
    owner_slack_id: str | None
    owner_name: str | None
    owner_since: datetime | None
    owner_timezone: str | None = None
    owner_back_at: datetime | None = None
    deputy_id: int | None = None
    deputy_slack_id: str | None = None
    deputy_name: str | None = None

    def owner_away_until(self, now: datetime) -> datetime | None:
        """Return when the owner is back, if they are away now: an absence begins when it is told."""
        return self.owner_back_at if self.owner_back_at and self.owner_back_at > now else None


class WearerRow(NamedTuple):
    """Who wears which hat."""

    hat_id: int
    member_id: int
    slack_id: str
    name: str


_deputy, _deputy_member = aliased(Deputy), aliased(Member)
_TEAM_TIMEZONE = (
    select_columns(col(Team.timezone)).where(col(Team.id) == col(Hat.team_id)).correlate(Hat).scalar_subquery()
)
_BACK_AT = (
    select_columns(func.max(col(Absence.ends_at)))
    .where(col(Absence.member_id) == col(Assignment.member_id))
    .correlate(Assignment)
    .scalar_subquery()
)
_COLUMNS = (
    col(Hat.id),
    col(Hat.slug),
    col(Hat.name),
    col(Hat.side),
    col(Hat.position),
    col(Hat.ask_about),
    col(Member.id),
    col(Member.slack_user_id),
    col(Member.name),
    col(Assignment.started_at),
    func.coalesce(col(Member.timezone), _TEAM_TIMEZONE),
    _BACK_AT,
    col(_deputy_member.id),
    col(_deputy_member.slack_user_id),
    col(_deputy_member.name),
)
WITH_OWNER = (
    select_columns(*_COLUMNS)
    .join(Assignment, and_(col(Assignment.hat_id) == col(Hat.id), col(Assignment.ended_at).is_(None)), isouter=True)
    .join(Member, col(Member.id) == col(Assignment.member_id), isouter=True)
    .join(_deputy, and_(col(_deputy.hat_id) == col(Hat.id), col(_deputy.until).is_(None)), isouter=True)
    .join(
        _deputy_member,
        and_(col(_deputy_member.id) == col(_deputy.member_id), col(_deputy_member.deleted).is_(False)),
        isouter=True,
    )
    .where(col(Hat.archived_at).is_(None))
)
# Built once: building a statement costs more than running it.
_OF_TEAM = WITH_OWNER.where(col(Hat.team_id) == bindparam("team_id")).order_by(col(Hat.name), col(Hat.id))
_OWNED_BY = WITH_OWNER.where(
    col(Hat.team_id) == bindparam("team_id"), col(Assignment.member_id) == bindparam("member_id")
).order_by(col(Hat.name))
_DEPUTISED_BY = WITH_OWNER.where(
    col(Hat.team_id) == bindparam("team_id"), col(_deputy.member_id) == bindparam("member_id")
).order_by(col(Hat.name))
_ASKED_ABOUT = union_all(
    select_columns(col(Assignment.hat_id)).where(
        col(Assignment.member_id) == bindparam("member_id"), col(Assignment.ended_at).is_(None)
    ),
    select_columns(col(Deputy.hat_id)).where(
        col(Deputy.member_id) == bindparam("member_id"), col(Deputy.until).is_(None)
    ),
)
_REPORTED_BY = WITH_OWNER.where(col(Hat.team_id) == bindparam("team_id"), col(Hat.id).in_(_ASKED_ABOUT)).order_by(
    col(Hat.name)
)
_BY_KEY = WITH_OWNER.join(Alias, col(Alias.hat_id) == col(Hat.id)).where(
    col(Alias.team_id) == bindparam("team_id"), col(Alias.key) == bindparam("key")
)


def id_by_key(session: Session, team_id: int, key: str) -> int | None:
    """Return the live hat whose slug or alias has this key."""
    query = (
        select(Alias.hat_id)
        .join(Hat, col(Hat.id) == col(Alias.hat_id))
        .where(Alias.team_id == team_id, Alias.key == key, col(Hat.archived_at).is_(None))
    )
    return session.exec(query).first()


def by_key(session: Session, team_id: int, key: str) -> HatRow | None:
    """Return the live hat whose slug or alias has this key, with its owner."""
    row = fetch(session, _BY_KEY, {"team_id": team_id, "key": key}).first()
    return HatRow(*row) if row else None


def one(session: Session, team_id: int, hat_id: int) -> HatRow | None:
    """Return a live hat of the team, with its owner."""
    row = session.execute(WITH_OWNER.where(col(Hat.team_id) == team_id, col(Hat.id) == hat_id)).first()
    return HatRow(*row) if row else None


def all_of_team(session: Session, team_id: int) -> Sequence[HatRow]:
    """Return every live hat of the team, by name."""
    return [HatRow(*row) for row in fetch(session, _OF_TEAM, {"team_id": team_id})]


def owned_by(session: Session, team_id: int, member_id: int) -> Sequence[HatRow]:
    """Return the live hats of the team that a member owns."""
    return [HatRow(*row) for row in fetch(session, _OWNED_BY, {"team_id": team_id, "member_id": member_id})]


def deputised_by(session: Session, team_id: int, member_id: int) -> Sequence[HatRow]:
    """Return the live hats of the team for whose owner a member stands in, whether the owner is away or not."""
    return [HatRow(*row) for row in fetch(session, _DEPUTISED_BY, {"team_id": team_id, "member_id": member_id})]


def reported_by(session: Session, team_id: int, member_id: int, *, now: datetime) -> Sequence[HatRow]:
    """Return the live hats of the team that a member reports for: their own, then those of owners who are away now."""
    rows = [HatRow(*row) for row in fetch(session, _REPORTED_BY, {"team_id": team_id, "member_id": member_id})]
    own = [row for row in rows if row.owner_id == member_id]
    return own + [row for row in rows if row.owner_id != member_id and row.owner_away_until(now) is not None]


def worn_by(session: Session, team_id: int, member_id: int) -> Sequence[HatRow]:
    """Return the live hats of the team that a member wears."""
    query = (
        WITH_OWNER.join(Wearer, and_(col(Wearer.hat_id) == col(Hat.id), col(Wearer.until).is_(None)))
        .where(col(Hat.team_id) == team_id, col(Wearer.member_id) == member_id)
        .order_by(col(Hat.name))
    )
    return [HatRow(*row) for row in session.execute(query)]


def names(session: Session, team_id: int) -> list[tuple[str, int]]:
    """Return every name by which a live hat can be found: its name, slug, and aliases."""
    live = (Hat.team_id == team_id, col(Hat.archived_at).is_(None))
    own = session.exec(select(Hat.name, Hat.id).where(*live)).all()
    others = session.exec(
        select(Alias.text, Alias.hat_id).join(Hat, col(Hat.id) == col(Alias.hat_id)).where(*live)
    ).all()
    return [(name, hat_id) for name, hat_id in (*own, *others) if hat_id is not None]


def aliases(session: Session, hat_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the aliases (not the slugs) of hats."""
    query = select(Alias.hat_id, Alias.text).where(col(Alias.hat_id).in_(hat_ids), Alias.kind != "slug")
    found: dict[int, list[str]] = defaultdict(list)
    for hat_id, name in session.exec(query.order_by(col(Alias.id))):
        found[hat_id].append(name)
    return found


_WEARERS = (
    select_columns(col(Wearer.hat_id), col(Member.id), col(Member.slack_user_id), col(Member.name))
    .join(Member, col(Member.id) == col(Wearer.member_id))
    .where(col(Wearer.until).is_(None), col(Member.deleted).is_(False))
    .order_by(col(Wearer.since), col(Wearer.id))
)


_WEARERS_OF = _WEARERS.where(col(Wearer.hat_id) == bindparam("hat_id"))


def wearers(session: Session, hat_id: int) -> list[WearerRow]:
    """Return who wears a hat now, longest first."""
    return [WearerRow(*row) for row in fetch(session, _WEARERS_OF, {"hat_id": hat_id})]


def wearers_of_team(session: Session, team_id: int) -> dict[int, list[WearerRow]]:
    """Return who wears each of the team's hats now."""
    query = _WEARERS.join(Hat, col(Hat.id) == col(Wearer.hat_id)).where(col(Hat.team_id) == team_id)
    found: dict[int, list[WearerRow]] = defaultdict(list)
    for row in session.execute(query):
        found[row[0]].append(WearerRow(*row))
    return found


def entity(session: Session, team_id: int, slug: str) -> Hat | None:
    """Return the hat that the team calls `slug`, archived or not, to change it."""
    return session.exec(select(Hat).where(Hat.team_id == team_id, Hat.slug == slug)).first()


def entity_by_id(session: Session, team_id: int, hat_id: int) -> Hat:
    """Return a hat of the team that is known to exist, archived or not, to change it."""
    return session.exec(select(Hat).where(Hat.team_id == team_id, Hat.id == hat_id)).one()


def start_wearing(session: Session, hat: Hat, member_id: int, *, now: datetime) -> bool:
    """Let a member wear the hat; return whether that is new."""
    result = session.execute(
        insert_or_ignore(session, Wearer)
        .values(workspace_id=hat.workspace_id, hat_id=hat.id, member_id=member_id, since=now)
        .returning(Wearer.id)
    )
    return result.first() is not None


def stop_wearing(session: Session, hat_id: int, member_id: int, *, now: datetime) -> None:
    """Take the hat off a member; the row stays as history."""
    session.execute(
        update(Wearer)
        .where(col(Wearer.hat_id) == hat_id, col(Wearer.member_id) == member_id, col(Wearer.until).is_(None))
        .values(until=now)
    )


def take_off_everybody(session: Session, hat: Hat, *, now: datetime) -> None:
    """Take the hat off everybody who wears it; the rows stay as history."""
    session.execute(
        update(Wearer)
        .where(col(Wearer.hat_id) == hat.id, col(Wearer.until).is_(None))
        .values(until=now)
        .execution_options(synchronize_session=False)
    )


def taken_off(session: Session, hat: Hat, *, at: datetime) -> Sequence[int]:
    """Return the members who wore the hat until an instant, longest first."""
    query = select(Wearer.member_id).where(Wearer.hat_id == hat.id, Wearer.until == at)
    return session.exec(query.order_by(col(Wearer.since), col(Wearer.id))).all()


def lock(session: Session, hat_id: int) -> None:
    """Hold a hat until the transaction ends, so that nobody else decides about its owner meanwhile.

    SQLite has one writer at a time and needs no lock.
    """
    session.execute(select_columns(col(Hat.id)).where(col(Hat.id) == hat_id).with_for_update(key_share=True))


def take_off(session: Session, team_id: int, member_id: int, *, now: datetime) -> None:
    """Take every hat of the team off a member; the rows stay as history."""
    of_team = select(Hat.id).where(Hat.team_id == team_id)
    session.execute(
        update(Wearer)
        .where(col(Wearer.hat_id).in_(of_team), col(Wearer.member_id) == member_id, col(Wearer.until).is_(None))
        .values(until=now)
        .execution_options(synchronize_session=False)
    )


def team_of(session: Session, hat_id: int) -> int | None:
    """Return the team that a hat belongs to."""
    return session.exec(select(Hat.team_id).where(Hat.id == hat_id)).first()
