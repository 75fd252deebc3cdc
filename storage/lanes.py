"""How soon Slack takes another message, and the API a token's next request, shared by all replicas."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage.inserts import insert_or_ignore
from storage.tables import Delivery, Lane

# Built once: building a statement costs more than running it. In order, so that no two replicas wait for each other.
_OPEN_AT: Any = (
    select_columns(col(Lane.workspace_id), col(Lane.recipient), col(Lane.open_at))
    .where(
        col(Lane.workspace_id).in_(bindparam("workspace_ids", expanding=True)),
        col(Lane.recipient).in_(bindparam("recipients", expanding=True)),
    )
    .order_by(col(Lane.workspace_id), col(Lane.recipient))
    .with_for_update()
)


def open_at(session: Session, lanes: Collection[tuple[int, str]]) -> dict[tuple[int, str], datetime]:
    """Return when lanes open, held until the transaction ends; one that was never used is left out.

    A lane is a workspace's id and a recipient; the recipient '' is the workspace as a whole, `token-12` a program's
    token, which asks and is sent nothing.
    """
    wanted = {
        "workspace_ids": sorted({workspace_id for workspace_id, _ in lanes}),
        "recipients": sorted({recipient for _, recipient in lanes}),
    }
    rows = session.connection().execute(_OPEN_AT, wanted)
    return {(workspace_id, recipient): opens for workspace_id, recipient, opens in rows}


def move(session: Session, moved: Mapping[tuple[int, str], datetime]) -> None:
    """Let lanes open no sooner than this; one that opens later already stays as it is."""
    if not moved:
        return
    rows = [
        {"workspace_id": workspace_id, "recipient": recipient, "open_at": opens}
        for (workspace_id, recipient), opens in sorted(moved.items())
    ]
    session.connection().execute(_MOVES[session.get_bind().dialect.name], rows)


def held(session: Session, workspace_id: int, recipient: str, *, since: datetime) -> datetime:
    """Return when one lane opens, held until the transaction ends; one that was never used opens at `since`.

    Unlike `open_at`, of two that use a new lane at the same instant the second one sees what the first has done.
    """
    lane = (workspace_id, recipient)
    opens = open_at(session, {lane}).get(lane)
    if opens is None:
        row = {"workspace_id": workspace_id, "recipient": recipient, "open_at": since}
        session.execute(insert_or_ignore(session, Lane).values(**row))
        opens = open_at(session, {lane})[lane]
    return opens


def put(session: Session, workspace_id: int, recipient: str, *, until: datetime) -> None:
    """Let one lane that is held open at an instant, be it earlier than before."""
    session.connection().execute(_PUT, {"of": workspace_id, "whose": recipient, "until": until})


def hold(session: Session, workspace_id: int, *, until: datetime) -> None:
    """Send nothing more in a workspace before an instant, and let what is due there wait for it."""
    move(session, {(workspace_id, ""): until})
    session.connection().execute(_LATER, {"of": workspace_id, "until": until})


# What another replica claims just now is left to its pacing, which waits for the lane: to wait for that claim with the
# lane in hand would be to wait for each other.
_WAITING = (
    select_columns(col(Delivery.id))
    .where(
        col(Delivery.workspace_id) == bindparam("of"),
        col(Delivery.state) == "due",
        col(Delivery.not_before) < bindparam("until"),
    )
    .with_for_update(skip_locked=True)
    .cte("waiting")
)
_LATER: Any = (
    update(Delivery).where(col(Delivery.id).in_(select_columns(_WAITING.c.id))).values(not_before=bindparam("until"))
)
_PUT: Any = (
    update(Lane)
    .where(col(Lane.workspace_id) == bindparam("of"), col(Lane.recipient) == bindparam("whose"))
    .values(open_at=bindparam("until"))
)


def _moving(insert: Any) -> Any:
    statement = insert(Lane)
    later = case((statement.excluded.open_at > col(Lane.open_at), statement.excluded.open_at), else_=col(Lane.open_at))
    return statement.on_conflict_do_update(index_elements=["workspace_id", "recipient"], set_={"open_at": later})


_MOVES = {"sqlite": _moving(sqlite.insert), "postgresql": _moving(postgresql.insert)}
