"""Queries about deliveries: owing, claiming, recording. The database arbitrates between replicas."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import and_, bindparam, case, exists, func, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage import requests
from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import Delivery

MOST_ROWS_AT_ONCE = 500
NO_TEAM = 0  # no row has this id
_KEY_LENGTH = 32
# What asks a person about their week: a first message, and one more, whichever it is.
SLOTS = {"prompt": 1, "reminder": 2, "snooze": 2}
# What a picture is drawn for, which takes hundreds of times as long as writing.
DRAWN = ("digest_pitch",)


class Claimed(NamedTuple):
    """A delivery that this worker may send. `doubtful`: look for its key in the conversation first.

    `team_id` is `NO_TEAM` for what a workspace owes where there is no team yet.
    """

    id: int
    workspace_id: int
    team_id: int
    kind: str
    recipient: str
    period: str
    key: str
    due_at: datetime
    doubtful: bool
    attempts: int
    claimed_at: datetime
    request_id: str | None = None


class Recorded(NamedTuple):
    """What came of a claim.

    `state` is `sent`, `failed`, `skipped`, or `due` to try again at `not_before`. `columns` are further ones of
    `Delivery`: sent_at, channel_id, message_ts, late, not_before, doubtful, error.
    """

    claimed: Claimed
    state: str
    columns: dict[str, Any]

    def row(self) -> dict[str, Any]:
        """Give the values that the statement takes."""
        return {
            "claim_id": self.claimed.id,
            "claim_attempts": self.claimed.attempts,
            "state": self.state,
            **self.columns,
        }


# Built once, and executed without the session's bookkeeping: both cost more than running them.
_RECIPIENTS = select_columns(col(Delivery.team_id), col(Delivery.recipient)).where(
    col(Delivery.team_id).in_(bindparam("team_ids", expanding=True)),
    col(Delivery.kind) == bindparam("kind"),
    col(Delivery.period) == bindparam("period"),
)
_READY = or_(
    and_(col(Delivery.state) == "due", col(Delivery.not_before) <= bindparam("now")),
    and_(col(Delivery.state) == "claimed", col(Delivery.claimed_at) < bindparam("silent_since")),
)


def _claiming(kinds: Any) -> Any:
    """Give the statement that claims what is ready and of some kinds."""
    chosen = (
        select_columns(col(Delivery.id))
        .where(col(Delivery.state).in_(("due", "claimed")), _READY, kinds)
        .order_by(col(Delivery.not_before), col(Delivery.id))
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("chosen")  # chosen once: PostgreSQL may run a subquery again per row, and each run locks other rows
    )
    return (
        update(Delivery)
        .where(col(Delivery.id).in_(select_columns(chosen.c.id)))
        .values(
            state="claimed",
            claimed_at=bindparam("now"),
            attempts=col(Delivery.attempts) + 1,
            doubtful=case((col(Delivery.state) == "claimed", True), else_=col(Delivery.doubtful)),
        )
        .returning(
            col(Delivery.id),
            col(Delivery.workspace_id),
            func.coalesce(col(Delivery.team_id), NO_TEAM),
            col(Delivery.kind),
            col(Delivery.recipient),
            col(Delivery.period),
            col(Delivery.key),
            col(Delivery.due_at),
            col(Delivery.doubtful),
            col(Delivery.attempts),
            col(Delivery.claimed_at),
            col(Delivery.request_id),
        )
    )


_CLAIM_WRITTEN = _claiming(col(Delivery.kind).not_in(DRAWN))
_CLAIM_DRAWN = _claiming(col(Delivery.kind).in_(DRAWN))
_PUT_BACK: Any = (
    update(Delivery)
    .where(col(Delivery.id) == bindparam("claim_id"))
    .values(state="due", attempts=col(Delivery.attempts) - 1, not_before=bindparam("until"))
)


@cache
def _recording(columns: frozenset[str]) -> Any:
    """Give the statement that records a claim with these further columns; few combinations are ever used."""
    return (
        update(Delivery)
        .where(
            col(Delivery.id) == bindparam("claim_id"),
            col(Delivery.state) == "claimed",
            col(Delivery.attempts) == bindparam("claim_attempts"),
        )
        .values({name: bindparam(name) for name in ("state", *sorted(columns))})
    )


def key_of(*, team_id: int, kind: str, recipient: str, period: str) -> str:
    """Return the key of what the calendar owes: the same one whenever, and from whichever backup, it is planned again.

    News have random ones: after a restore another event may get the number, and so the name, of one that was lost.
    """
    return sha256(f"{team_id} {kind} {recipient} {period}".encode()).hexdigest()[:_KEY_LENGTH]


def recipients(session: Session, team_ids: Collection[int], *, kind: str, period: str) -> set[tuple[int, str]]:
    """Return to whom teams owe a kind of message about a week, or owed it: (team's id, recipient) of each."""
    known = {"team_ids": sorted(team_ids), "kind": kind, "period": period}
    return {(row[0], row[1]) for row in fetch(session, _RECIPIENTS, known)}


def owe(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Insert deliveries that do not exist yet; return how many are new. Each row gives every required column.

    The request that is being worked on is stored with them.
    """
    added = 0
    request_id = requests.owing() if rows else None
    rows = [{**row, "slot": SLOTS.get(row["kind"]), "request_id": request_id} for row in rows]
    # Without that, SQLAlchemy does not tell of an INSERT how many rows are new.
    statement = insert_or_ignore(session, Delivery).execution_options(preserve_rowcount=True)
    for start in range(0, len(rows), MOST_ROWS_AT_ONCE):
        # Values apart from the statement, and none handed back: it is then written out once, for one row.
        added += session.connection().execute(statement, list(rows[start : start + MOST_ROWS_AT_ONCE])).rowcount
    return added


def owe_news(
    session: Session,
    *,
    workspace_id: int,
    team_id: int | None,
    kind: str,
    recipient: str,
    about: str,
    now: datetime,
    key: str | None = None,
    doubtful: bool = False,
) -> bool:
    """Owe a recipient one message about something that happened, once for each `about`; return whether it is new.

    `about` stands in the place of the period, for example `proposal-12-2`. Without a team the workspace owes it.
    With `doubtful` it may have been sent already, under its `key`.
    """
    row = {
        "workspace_id": workspace_id,
        "team_id": team_id,
        "kind": kind,
        "recipient": recipient,
        "period": about,
        "key": key or uuid4().hex,
        "state": "due",
        "due_at": now,
        "not_before": now,
        "late": False,
        "doubtful": doubtful,
        "attempts": 0,
    }
    return owe(session, [row]) == 1


def claim(session: Session, *, now: datetime, limit: int, lease: timedelta, drawn: bool = False) -> list[Claimed]:
    """Take up to `limit` deliveries that are due, or whose worker has been silent for longer than `lease`.

    Of those that a picture is drawn for with `drawn`, else of all the others.
    Two workers never get the same one: PostgreSQL skips rows that another has locked, SQLite has one writer at a time.
    A delivery taken over from a silent worker is doubtful: it may have been sent.
    """
    chosen = {"now": now, "silent_since": now - lease, "limit": limit}
    statement = _CLAIM_DRAWN if drawn else _CLAIM_WRITTEN
    return [Claimed(*row) for row in session.connection().execute(statement, chosen)]


def record(session: Session, outcomes: Sequence[Recorded]) -> list[bool]:
    """Store what came of claims; return of each whether it was, and not taken over by another worker meanwhile."""
    kept = [True] * len(outcomes)
    alike: dict[frozenset[str], list[int]] = defaultdict(list)
    for place, one in enumerate(outcomes):
        alike[frozenset(one.columns)].append(place)
    for columns, places in alike.items():
        statement, rows = _recording(columns), [outcomes[place].row() for place in places]
        if len(rows) > 1:
            with session.begin_nested() as together:
                if session.connection().execute(statement, rows).rowcount == len(rows):
                    continue
                together.rollback()  # one was taken over, which the sum does not name
        for place, row in zip(places, rows, strict=True):
            kept[place] = session.connection().execute(statement, row).rowcount == 1
    return kept


def put_back(session: Session, later: Sequence[tuple[Claimed, datetime]]) -> None:
    """Undo claims of this transaction, each until an instant: it is as if they had not been made."""
    if later:
        rows = [{"claim_id": claimed.id, "until": until} for claimed, until in later]
        session.connection().execute(_PUT_BACK, rows)


def release(session: Session, *, team_id: int, channel: str, now: datetime, to: str) -> None:
    """Let what a team's channel is owed go now, to that channel or to the one that has taken its place."""
    there = aliased(Delivery)
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.team_id) == team_id,
            col(Delivery.recipient) == channel,
            col(Delivery.state) == "due",
            col(Delivery.due_at) <= now,
            # What the other channel has been owed already comes there once.
            ~exists().where(
                col(there.team_id) == team_id,
                col(there.recipient) == to,
                col(there.kind) == col(Delivery.kind),
                col(there.period) == col(Delivery.period),
                col(there.id) != col(Delivery.id),
            ),
        )
        .values(not_before=now, recipient=to)
        .execution_options(synchronize_session=False)
    )


def drop_open(session: Session, team_id: int, recipient: str, *, reason: str, but: Sequence[str] = ()) -> None:
    """Skip what a team still owes a recipient, kinds in `but` left out.

    What a worker has claimed already, or may have sent, is judged when it is written.
    """
    session.execute(
        update(Delivery)
        .where(
            col(Delivery.team_id) == team_id,
            col(Delivery.recipient) == recipient,
            col(Delivery.state) == "due",
            col(Delivery.doubtful).is_(False),
            col(Delivery.kind).not_in(but),
        )
        .values(state="skipped", error=reason)
        .execution_options(synchronize_session=False)
    )


def next_due(session: Session) -> datetime | None:
    """Return when the next open delivery may be sent."""
    return session.exec(select(func.min(Delivery.not_before)).where(Delivery.state == "due")).one()
