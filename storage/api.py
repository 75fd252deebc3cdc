"""Queries about bearer tokens, and about requests that must have their effect once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, bindparam, delete, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import ApiRequest, ApiToken, Hat, Kpi, Reading, Team, Workspace

# When a token was last used is told to the minute: more would write on every request.
_TOUCHED_AFTER = timedelta(minutes=1)


class Bearer(NamedTuple):
    """Whoever holds a live token: what they may speak for."""

    token_id: int
    token_hash: str
    name: str
    prefix: str
    workspace_id: int
    team_id: int
    used_at: datetime | None


_BEARER = (
    select_columns(
        col(ApiToken.id),
        col(ApiToken.token_hash),
        col(ApiToken.name),
        col(ApiToken.prefix),
        col(ApiToken.workspace_id),
        col(ApiToken.team_id),
        col(ApiToken.used_at),
    )
    .join(Team, col(Team.id) == col(ApiToken.team_id))
    .join(Workspace, col(Workspace.id) == col(ApiToken.workspace_id))
    .where(
        col(ApiToken.token_hash) == bindparam("token_hash"),
        col(ApiToken.revoked_at).is_(None),
        col(Team.archived_at).is_(None),
        col(Workspace.uninstalled_at).is_(None),
    )
)


def bearer(session: Session, token_hash: str) -> Bearer | None:
    """Return whom a token's SHA-256 (hex) lets speak, while token, team and workspace are live."""
    row = fetch(session, _BEARER, {"token_hash": token_hash}).first()
    return Bearer(*row) if row else None


def touch(session: Session, holder: Bearer, *, now: datetime) -> None:
    """Remember that a token has been used."""
    session.execute(
        update(ApiToken)
        .where(
            col(ApiToken.id) == holder.token_id,
            or_(col(ApiToken.used_at).is_(None), col(ApiToken.used_at) < now - _TOUCHED_AFTER),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def stale(holder: Bearer, now: datetime) -> bool:
    """Tell whether `touch` would write anything."""
    return holder.used_at is None or holder.used_at < now - _TOUCHED_AFTER


def add_token(
    session: Session,
    *,
    workspace_id: int,
    team_id: int,
    name: str,
    prefix: str,
    token_hash: str,
    by: int | None,
    now: datetime,
) -> ApiToken:
    """Keep a token's hash, and how it begins."""
    token = ApiToken(
        workspace_id=workspace_id,
        team_id=team_id,
        name=name,
        prefix=prefix,
        token_hash=token_hash,
        created_by=by,
        created_at=now,
    )
    session.add(token)
    session.flush()
    return token


def tokens(session: Session, team_id: int) -> Sequence[ApiToken]:
    """Return the team's live tokens, oldest first."""
    query = select(ApiToken).where(ApiToken.team_id == team_id, col(ApiToken.revoked_at).is_(None))
    return session.exec(query.order_by(col(ApiToken.id))).all()


def revoke(session: Session, team_id: int, token_id: int, *, now: datetime) -> ApiToken | None:
    """End a token of the team; return it, or None when there was none that lived."""
    query = select(ApiToken).where(
        ApiToken.team_id == team_id, ApiToken.id == token_id, col(ApiToken.revoked_at).is_(None)
    )
    token = session.exec(query.with_for_update()).first()
    if token is not None:
        token.revoked_at = now
        session.flush()
    return token


def begin_request(session: Session, holder: Bearer, *, key: str, fingerprint: str, now: datetime) -> bool:
    """Take an idempotency key for the request that is under way; return False when it is taken.

    Whoever comes second at the same instant waits here until the first transaction has ended.
    """
    statement = insert_or_ignore(session, ApiRequest).values(
        workspace_id=holder.workspace_id,
        api_token_id=holder.token_id,
        key=key,
        fingerprint=fingerprint,
        status=0,
        answer={},
        made_at=now,
    )
    return session.execute(statement.returning(ApiRequest.id)).first() is not None


def request_made(session: Session, holder: Bearer, key: str) -> ApiRequest | None:
    """Return the request that took a key."""
    query = select(ApiRequest).where(ApiRequest.api_token_id == holder.token_id, ApiRequest.key == key)
    return session.exec(query).first()


def finish_request(session: Session, holder: Bearer, key: str, *, status: int, answer: dict[str, Any]) -> None:
    """Keep what the request was answered."""
    session.execute(
        update(ApiRequest)
        .where(col(ApiRequest.api_token_id) == holder.token_id, col(ApiRequest.key) == key)
        .values(status=status, answer=answer)
        .execution_options(synchronize_session=False)
    )


def has_requests(session: Session, *, before: datetime) -> bool:
    """Tell whether any request was made before an instant."""
    return session.exec(select(ApiRequest.id).where(ApiRequest.made_at < before).limit(1)).first() is not None


def forget_requests(session: Session, *, before: datetime) -> int:
    """Forget the requests that were made before an instant; return how many."""
    result = session.execute(delete(ApiRequest).where(col(ApiRequest.made_at) < before))
    return result.rowcount if isinstance(result, CursorResult) else 0


class ReadingRow(NamedTuple):
    """A reading as a program sees it."""

    week: str
    kpi: str
    value: Decimal
    note: str
    source: str
    reported_at: datetime


def readings(
    session: Session, team_id: int, *, first: str, last: str, key: str | None, limit: int, offset: int
) -> list[ReadingRow]:
    """Return up to `limit` of the team's readings by week and chain, after the first `offset`; `key` is one KPI's."""
    query = (
        select_columns(
            col(Reading.period),
            col(Kpi.slug),
            col(Reading.value),
            col(Reading.note),
            col(Reading.source),
            col(Reading.reported_at),
        )
        .join(Kpi, col(Kpi.id) == col(Reading.kpi_id))
        .where(col(Kpi.team_id) == team_id, col(Reading.period).between(first, last))
        .order_by(col(Reading.period), col(Kpi.sequence), col(Kpi.id))
        .limit(limit)
        .offset(offset)
    )
    if key is not None:
        query = query.where(col(Kpi.key) == key)
    return [ReadingRow(*row) for row in session.execute(query)]


def hat_slugs(session: Session, team_id: int) -> dict[int, str]:
    """Return what the team's hats are called by id."""
    return dict(session.execute(select_columns(col(Hat.id), col(Hat.slug)).where(col(Hat.team_id) == team_id)).all())
