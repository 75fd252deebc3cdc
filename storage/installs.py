"""Queries about where the app is installed and with which tokens. Tokens go in and out encrypted."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, exists, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage import exports
from storage.inserts import insert_or_ignore
from storage.rows import fetch
from storage.tables import Delivery, Install, InstallState, Workspace

REASON = "the app is not installed any more"


class Speaker(NamedTuple):
    """As whom the bot speaks in a workspace, and with which encrypted token."""

    bot_user_id: str
    bot_id: str
    token: str


# Built once: building a statement costs more than running it. A workspace's own install goes before its organisation's.
_SPEAKERS = (
    select_columns(
        col(Workspace.slack_team_id),
        col(Install.bot_user_id),
        col(Install.bot_id),
        col(Install.bot_token_encrypted),
    )
    .select_from(Workspace)
    .join(
        Install,
        or_(
            and_(col(Install.slack_id) == col(Workspace.slack_team_id), col(Install.is_org).is_(False)),
            and_(col(Install.slack_id) == col(Workspace.enterprise_id), col(Install.is_org).is_(True)),
        ),
    )
    .where(
        col(Workspace.slack_team_id).in_(bindparam("workspaces", expanding=True)),
        col(Workspace.uninstalled_at).is_(None),
        col(Install.ended_at).is_(None),
        col(Install.bot_token_encrypted).is_not(None),
    )
    .order_by(col(Install.is_org).desc())
)


def speakers(session: Session, workspaces: Collection[str]) -> dict[str, Speaker]:
    """Return with which tokens the bot speaks in workspaces, Slack's ids; one without the app is left out."""
    rows = fetch(session, _SPEAKERS, {"workspaces": list(workspaces)})
    return {workspace: Speaker(*columns) for workspace, *columns in rows}


def speaker_of_org(session: Session, enterprise: str) -> Speaker | None:
    """Return with which token the bot speaks for an organisation where no workspace is named."""
    row = named(session, enterprise)
    if row is None or not row.is_org or row.ended_at or not row.bot_token_encrypted:
        return None
    return Speaker(row.bot_user_id, row.bot_id, row.bot_token_encrypted)


def named(session: Session, slack_id: str) -> Install | None:
    """Return the install of a workspace or an organisation, live or ended."""
    return session.exec(select(Install).where(Install.slack_id == slack_id)).first()


def held(session: Session, slack_id: str) -> Install | None:
    """Return the install of a workspace or an organisation, held until the transaction ends."""
    return session.exec(select(Install).where(Install.slack_id == slack_id).with_for_update()).first()


def keep(session: Session, slack_id: str, **columns: Any) -> Install:
    """Store an install, in the place of an earlier one of the same workspace or organisation."""
    session.execute(insert_or_ignore(session, Install).values(slack_id=slack_id, **columns))
    row = session.exec(select(Install).where(Install.slack_id == slack_id).with_for_update()).one()
    for name, value in columns.items():
        setattr(row, name, value)
    return row


def workspaces_of(session: Session, install: Install) -> Sequence[Workspace]:
    """Return the workspaces in which the bot speaks, or spoke, through an install.

    A workspace with an install of its own does not speak through its organisation's.
    """
    if not install.is_org:
        return session.exec(select(Workspace).where(Workspace.slack_team_id == install.slack_id)).all()
    own = exists().where(col(Install.slack_id) == col(Workspace.slack_team_id), col(Install.ended_at).is_(None))
    return session.exec(select(Workspace).where(Workspace.enterprise_id == install.slack_id, ~own)).all()


def names_spoken_for(session: Session, install_id: int) -> list[str]:
    """Return Slack's ids of the workspaces in which the bot speaks through an install."""
    row = session.get(Install, install_id)
    return [workspace.slack_team_id for workspace in workspaces_of(session, row)] if row else []


def expiring(session: Session, *, by: datetime, now: datetime) -> Sequence[int]:
    """Return the installs whose tokens end before `by` and which no replica is refreshing."""
    query = select(Install.id).where(
        col(Install.ended_at).is_(None),
        col(Install.refresh_token_encrypted).is_not(None),
        col(Install.expires_at) < by,
        or_(col(Install.refreshing_until).is_(None), col(Install.refreshing_until) <= now),
    )
    return [found or 0 for found in session.exec(query)]


def begin_refresh(session: Session, install_id: int, *, by: datetime, now: datetime, until: datetime) -> str | None:
    """Take a token's renewal on until `until`; return its encrypted refresh token, None when there is nothing to do.

    Of several replicas one gets it. `by` is as in `expiring`.
    """
    statement = (
        update(Install)
        .where(
            col(Install.id) == install_id,
            col(Install.ended_at).is_(None),
            col(Install.expires_at) < by,
            or_(col(Install.refreshing_until).is_(None), col(Install.refreshing_until) <= now),
        )
        .values(refreshing_until=until)
        .returning(col(Install.refresh_token_encrypted))
    )
    return session.connection().execute(statement).scalar()


def end_refresh(session: Session, install_id: int, *, used: str, **columns: Any) -> bool:
    """Store what came of a renewal, unless the app was installed anew meanwhile; `used` is from `begin_refresh`."""
    statement = (
        update(Install)
        .where(col(Install.id) == install_id, col(Install.refresh_token_encrypted) == used)
        .values(**columns)
        .returning(col(Install.id))
    )
    return session.connection().execute(statement).first() is not None


def silence(session: Session, workspace_id: int, *, now: datetime) -> None:
    """Stop everything for a workspace: it counts as uninstalled, and what it is still owed is dropped."""
    workspace = session.get_one(Workspace, workspace_id)
    workspace.uninstalled_at = workspace.uninstalled_at or now
    session.execute(
        update(Delivery)
        .where(col(Delivery.workspace_id) == workspace_id, col(Delivery.state) == "due")
        .values(state="skipped", error=REASON)
        .execution_options(synchronize_session=False)
    )


def gone_since(session: Session, before: datetime) -> Sequence[Workspace]:
    """Return the workspaces that the app was taken out of before an instant."""
    return session.exec(select(Workspace).where(col(Workspace.uninstalled_at) <= before)).all()


def erase_workspace(session: Session, slack_id: str, *, gone_before: datetime) -> bool:
    """Delete everything that is stored of a workspace, its install included, if the app is gone for so long."""
    query = select(Workspace.id).where(
        Workspace.slack_team_id == slack_id, col(Workspace.uninstalled_at) <= gone_before
    )
    workspace_id = session.exec(query.with_for_update()).first()
    if workspace_id is None:
        return False
    for table, condition in reversed(list(exports.scopes(workspace_id))):
        session.execute(delete(table).where(condition))
    session.execute(delete(Install).where(col(Install.slack_id) == slack_id))
    return True


def has_ended_orgs(session: Session, before: datetime) -> bool:
    """Tell whether there is something for `forget_ended_orgs` to do."""
    query = select(Install.id).where(col(Install.is_org).is_(True), col(Install.ended_at) <= before)
    return session.exec(query).first() is not None


def forget_ended_orgs(session: Session, before: datetime) -> None:
    """Delete installs of organisations that ended before an instant."""
    session.execute(delete(Install).where(col(Install.is_org).is_(True), col(Install.ended_at) <= before))


def sealed(session: Session) -> Iterator[Install]:
    """Yield every install that has a token, held until the transaction ends."""
    query = select(Install).where(col(Install.bot_token_encrypted).is_not(None)).order_by(col(Install.id))
    yield from session.exec(query.with_for_update())


def add_state(session: Session, state_hash: str, *, expires_at: datetime) -> None:
    """Remember an install that has begun."""
    session.add(InstallState(state_hash=state_hash, expires_at=expires_at))


def use_state(session: Session, state_hash: str, *, now: datetime) -> bool:
    """Use up what an install began with; return whether it was there, not used before and not too old."""
    statement = delete(InstallState).where(col(InstallState.state_hash) == state_hash)
    expires_at = session.connection().execute(statement.returning(col(InstallState.expires_at))).scalar()
    return expires_at is not None and expires_at > now


def forget_states(session: Session, *, now: datetime) -> None:
    """Delete what installs began with that were never finished."""
    session.execute(delete(InstallState).where(col(InstallState.expires_at) <= now))


def has_old_states(session: Session, *, now: datetime) -> bool:
    """Tell whether there is something for `forget_states` to do."""
    return session.exec(select(InstallState.state_hash).where(col(InstallState.expires_at) <= now)).first() is not None
