"""Queries about how the passes over a team's links were rated."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import Kpi, Link, PassRating


class Score(NamedTuple):
    """What one member said of one week's passes over a link, 1 to 5."""

    link_id: int
    period: str
    member_id: int
    score: int


class Received(NamedTuple):
    """A link into a KPI: where its passes come from and where they go."""

    link_id: int
    upstream_id: int
    upstream: str
    upstream_slug: str
    downstream: str
    downstream_slug: str


_up, _down = aliased(Kpi), aliased(Kpi)
_SCORES = (
    select_columns(col(PassRating.link_id), col(PassRating.period), col(PassRating.member_id), col(PassRating.score))
    .where(
        col(PassRating.team_id) == bindparam("team_id"),
        col(PassRating.period).between(bindparam("first"), bindparam("last")),
    )
    .order_by(col(PassRating.period), col(PassRating.link_id), col(PassRating.id))
)
_RECEIVED = (
    select_columns(col(Link.id), col(_up.id), col(_up.name), col(_up.slug), col(_down.name), col(_down.slug))
    .select_from(Link)
    .join(_up, and_(col(_up.id) == col(Link.upstream_id), col(_up.archived_at).is_(None)))
    .join(_down, and_(col(_down.id) == col(Link.downstream_id), col(_down.archived_at).is_(None)))
    .where(col(Link.team_id) == bindparam("team_id"), col(Link.downstream_id).in_(bindparam("kpi_ids", expanding=True)))
    .order_by(col(_down.sequence), col(_up.sequence), col(Link.id))
)


def received(session: Session, team_id: int, kpi_ids: Sequence[int]) -> list[Received]:
    """Return the links of a team that end in some of its KPIs, in the chain's order."""
    rows = fetch(session, _RECEIVED, {"team_id": team_id, "kpi_ids": list(kpi_ids)}) if kpi_ids else ()
    return [Received(*row) for row in rows]


def rate(
    session: Session,
    *,
    workspace_id: int,
    team_id: int,
    link_id: int,
    member_id: int,
    period: str,
    score: int,
    now: datetime,
) -> None:
    """Store what a member says of a week's passes over a link of the team, in place of what they said before."""
    if session.exec(select(Link.id).where(Link.id == link_id, Link.team_id == team_id)).first() is None:
        return
    whose = {"workspace_id": workspace_id, "team_id": team_id, "member_id": member_id}
    said = {"score": score, "rated_at": now}
    added = session.execute(
        insert_or_ignore(session, PassRating)
        .values(**whose, link_id=link_id, period=period, **said)
        .returning(col(PassRating.id))
    )
    if added.first() is None:
        session.execute(
            update(PassRating)
            .where(
                col(PassRating.workspace_id) == workspace_id,
                col(PassRating.team_id) == team_id,
                col(PassRating.link_id) == link_id,
                col(PassRating.member_id) == member_id,
                col(PassRating.period) == period,
            )
            .values(**said)
        )


def unrate(session: Session, *, team_id: int, link_id: int, member_id: int, period: str) -> bool:
    """Forget what a member said of a week's passes over a link; return whether they had said anything."""
    gone = delete(PassRating).where(
        col(PassRating.team_id) == team_id,
        col(PassRating.link_id) == link_id,
        col(PassRating.member_id) == member_id,
        col(PassRating.period) == period,
    )
    returned = gone.returning(col(PassRating.id)).execution_options(synchronize_session=False)
    return session.execute(returned).first() is not None


def scores(session: Session, team_id: int, *, first: str, last: str) -> list[Score]:
    """Return what was said of a team's passes in a span of weeks, both ends included, oldest week first."""
    return [Score(*row) for row in fetch(session, _SCORES, {"team_id": team_id, "first": first, "last": last})]


def of_member(session: Session, team_id: int, member_id: int, period: str) -> dict[int, int]:
    """Return what a member said of one week's passes, by link."""
    query = select(PassRating.link_id, PassRating.score).where(
        PassRating.team_id == team_id, PassRating.member_id == member_id, PassRating.period == period
    )
    return dict(session.exec(query).all())


def by_link(rated: Sequence[Score]) -> dict[int, list[Score]]:
    """Group scores by their link."""
    found: dict[int, list[Score]] = defaultdict(list)
    for score in rated:
        found[score.link_id].append(score)
    return found
