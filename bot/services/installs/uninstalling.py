"""The app leaves a workspace or a whole organisation: everything stops at once, and is erased after a grace time."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from storage import Session, Sessions, hearing, installs, workspaces
from storage.tables import Workspace

log = structlog.get_logger()


def ended(sessions: Sessions, slack_id: str, *, happened_at: datetime, now: datetime) -> list[str]:
    """Stop everything where the app was taken out, or its token revoked; return the workspaces, Slack's ids.

    Slack tells of both, in any order, and repeats what was not acknowledged: what had happened before the app was
    installed last stops nothing. `slack_id` is a workspace's or an organisation's; `happened_at` is in whole seconds.
    """
    with sessions.write() as session:
        # Installed again at this moment, it must not lose the token that has just come.
        row = installs.held(session, slack_id)
        if row is not None and happened_at < row.installed_at.replace(microsecond=0):
            return []
        if row is not None:
            row.ended_at = row.ended_at or now
            row.bot_token_encrypted = row.refresh_token_encrypted = row.expires_at = None
            concerned: Sequence[Workspace] = installs.workspaces_of(session, row)
        else:
            # The workspace of the token in the settings has no install of its own.
            found = workspaces.by_slack_id(session, slack_id)
            concerned = [found] if found else []
        names = [_silenced(session, workspace, now) for workspace in concerned]
    log.info("uninstalled", install=slack_id, workspaces=len(names))
    return names


def access_changed(
    sessions: Sessions, enterprise: str, names: Sequence[str], *, granted: bool, now: datetime, event_id: str = ""
) -> None:
    """Stop what runs in workspaces that an organisation has taken the app from, or let it run again.

    `event_id` is that of the event that told it: told again, after a newer one, it is no news.
    """
    with sessions.write() as session:
        for name in names:
            workspace = workspaces.by_slack_id(session, name)
            if workspace is None or workspace.enterprise_id != enterprise:
                continue
            if event_id and not hearing.first_time(session, workspace.id or 0, event_id, now=now):
                continue
            if granted:
                workspace.uninstalled_at = None
            else:
                _silenced(session, workspace, now)
    log.info("access_changed", install=enterprise, workspaces=len(names), granted=granted)


def let_in_unheard(
    sessions: Sessions, open_sealed: Callable[[str], str | None], let_into: Callable[[str], Collection[str] | None]
) -> list[str]:
    """Let workspaces run again into which an organisation let the app while nobody listened; return Slack's ids.

    Where it was taken out meanwhile, Slack's refusals tell.

    Args:
        sessions: The database.
        open_sealed: Decrypts a stored token; None when no key fits.
        let_into: Asks Slack, with an organisation's token, into which workspaces the app is let; None when it cannot.
    """
    with sessions.read() as session:
        orgs = [(row.slack_id, row.bot_token_encrypted or "") for row in installs.sealed(session) if row.is_org]
    back: list[str] = []
    for slack_id, sealed in orgs:
        token = open_sealed(sealed)
        names = let_into(token) if token else None
        if not names:
            continue
        with sessions.write() as session:
            row = installs.held(session, slack_id)
            for workspace in installs.workspaces_of(session, row) if row and row.ended_at is None else ():
                if workspace.uninstalled_at is not None and workspace.slack_team_id in names:
                    workspace.uninstalled_at = None
                    back.append(workspace.slack_team_id)
    if back:
        log.info("access_found", workspaces=len(back))
    return back


@dataclass(frozen=True)
class Eraser:
    """A chore: erases everything of the workspaces that the app was taken out of more than `days` ago."""

    days: int

    def __call__(self, sessions: Sessions, now: datetime) -> None:
        """Erase what has been kept long enough, one workspace after the other."""
        before = now - timedelta(days=self.days)
        with sessions.read() as session:
            names = [workspace.slack_team_id for workspace in installs.gone_since(session, before)]
            orgs = installs.has_ended_orgs(session, before)
        for name in names:
            with sessions.write() as session:
                # It may have been installed again since it was read, or erased by another replica.
                if installs.erase_workspace(session, name, gone_before=before):
                    log.info("workspace_erased", workspace=name)
        if orgs:
            with sessions.write() as session:
                installs.forget_ended_orgs(session, before)


def _silenced(session: Session, workspace: Workspace, now: datetime) -> str:
    installs.silence(session, workspace.id or 0, now=now)
    return workspace.slack_team_id
