"""Values that come, or are corrected, after their week's digest was posted: the digest is owed an update.

Whatever stores a reading ends in `changed`, and the database decides:

1. The digest's delivery is locked until the value is there: one that waits is not claimed before it, and one that
   is being sent, or was sent, needs an update.
2. An update that waits already takes the value along. It is locked as well, so that nobody writes it meanwhile.
3. Otherwise one is owed, a minute from now: several changes within that minute are one update. Two transactions that
   come to the same number are told apart by the delivery's unique key.
4. The reports on the team's chain are out of date, and are made again before somebody needs them.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import uuid4

from sqlalchemy import bindparam, case, func, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from storage import chain, deliveries
from storage.rows import fetch
from storage.tables import Delivery, Kpi, Member, Reading, ReadingVersion

UPDATE: Final = "digest_update"
# The kinds of delivery that are a week's digest in its channel.
DIGESTS: Final = ("digest", "digest_again")
GATHERED: Final = timedelta(minutes=1)
_TRIES: Final = 5
_LENGTH_OF_A_week: Final = 8  # 2026-W48, with which the names of all these deliveries begin

_week: Any = func.substr(col(Delivery.period), 1, _LENGTH_OF_A_week)
_POSTED: Any = (
    select_columns(
        col(Delivery.workspace_id),
        col(Delivery.team_id),
        col(Delivery.recipient),
        col(Delivery.period).label("about"),
        col(Delivery.state),
        col(Delivery.doubtful),
    )
    .where(
        col(Delivery.team_id).in_(
            select_columns(col(Kpi.team_id)).where(col(Kpi.id).in_(bindparam("kpi_ids", expanding=True)))
        ),
        col(Delivery.kind).in_(DIGESTS),
        _week.in_(bindparam("periods", expanding=True)),
        # What waits is locked too: it is written when the value is there.
        col(Delivery.state).in_(("due", "claimed", "sent")),
    )
    .order_by(col(Delivery.id))
    .with_for_update(read=True)
)


def changed(session: Session, kpi_ids: Collection[int], periods: Collection[str], now: datetime) -> None:
    """Owe an update of the digests about weeks in which KPIs have just got other values, and outdate the reports."""
    known = {"kpi_ids": sorted(kpi_ids), "periods": sorted(periods)}
    posted = {
        (row.team_id, row.about[:_LENGTH_OF_A_week]): row
        for row in fetch(session, _POSTED, known)
        if row.state != "due" or row.doubtful
    }
    for (team_id, period), row in posted.items():
        _owe(session, row.workspace_id, team_id, row.recipient, period, now)
    # Behind the deliveries, as when a digest is recorded: two transactions then never wait for each other.
    chain.outdate(session, kpi_ids, since=min(periods))


def _owe(session: Session, workspace_id: int, team_id: int, recipient: str, period: str, now: datetime) -> None:
    for _ in range(_TRIES):
        # Counted before it is looked for one that waits: what another transaction stores in between then has the number
        # that this one tries, and is not followed by a second one.
        number = _number(session, team_id, period) + 1
        if _joined(session, team_id, period, now):
            return
        row = {
            "workspace_id": workspace_id,
            "team_id": team_id,
            "kind": UPDATE,
            "recipient": recipient,
            "period": f"{period}.{number}",
            "key": uuid4().hex,
            "state": "due",
            "due_at": now,
            "not_before": now + GATHERED,
            "late": False,
            "doubtful": False,
            "attempts": 0,
        }
        if deliveries.owe(session, [row]):
            return


def _joined(session: Session, team_id: int, period: str, now: datetime) -> bool:
    """Let an update that waits take the change along; tell whether there is one."""
    waiting = (
        update(Delivery)
        .where(
            col(Delivery.team_id) == team_id,
            col(Delivery.kind) == UPDATE,
            _week == period,
            col(Delivery.state) == "due",
        )
        .values(due_at=case((col(Delivery.due_at) > now, now), else_=col(Delivery.due_at)))
        .returning(col(Delivery.id))
    )
    return session.execute(waiting.execution_options(synchronize_session=False)).first() is not None


def _number(session: Session, team_id: int, period: str) -> int:
    """Return how many updates of a week's digest there have been."""
    query = select_columns(func.count()).where(
        col(Delivery.team_id) == team_id, col(Delivery.kind) == UPDATE, _week == period
    )
    return int(session.execute(query).scalar_one())


class Told(NamedTuple):
    """A KPI's value as somebody said it at some time: a member by Slack's id and name, or nobody."""

    kpi_id: int
    value: Decimal
    at: datetime
    source: str
    slack_id: str | None
    name: str | None


_NOW = (
    select_columns(
        col(Reading.kpi_id),
        col(Reading.value),
        col(Reading.reported_at),
        col(Reading.source),
        col(Member.slack_user_id),
        col(Member.name),
    )
    .join(Member, col(Member.id) == col(Reading.reported_by), isouter=True)
    .where(col(Reading.kpi_id).in_(bindparam("kpi_ids", expanding=True)), col(Reading.period) == bindparam("period"))
)
_BEFORE = (
    select_columns(
        col(Reading.kpi_id),
        col(ReadingVersion.value),
        col(ReadingVersion.reported_at),
        col(ReadingVersion.source),
        col(Member.slack_user_id),
        col(Member.name),
    )
    .join(Reading, col(Reading.id) == col(ReadingVersion.reading_id))
    .join(Member, col(Member.id) == col(ReadingVersion.reported_by), isouter=True)
    .where(col(Reading.kpi_id).in_(bindparam("kpi_ids", expanding=True)), col(Reading.period) == bindparam("period"))
    .order_by(col(ReadingVersion.id))
)


def history(session: Session, kpi_ids: Collection[int], period: str) -> dict[int, list[Told]]:
    """Return everything that was said of KPIs for one week, oldest first."""
    found: dict[int, list[Told]] = defaultdict(list)
    known = {"kpi_ids": sorted(kpi_ids), "period": period}
    for statement in (_BEFORE, _NOW) if kpi_ids else ():
        for row in fetch(session, statement, known):
            found[row[0]].append(Told(*row))
    return found


def owed_at(session: Session, team_id: int, period: str) -> dict[int, datetime]:
    """Return when each update of a week's digest became owed, by its number."""
    query = select_columns(col(Delivery.period), col(Delivery.due_at)).where(
        col(Delivery.team_id) == team_id, col(Delivery.kind) == UPDATE, period == _week
    )
    return {int(about.partition(".")[2]): due_at for about, due_at in session.execute(query)}
