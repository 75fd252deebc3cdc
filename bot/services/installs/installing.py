"""The app comes to a workspace or a whole organisation, and its tokens are kept fresh."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import structlog

from bot.services.installs.onboarding import greet_installer
from bot.slack.oauth import NotRenewed, Renew
from bot.slack.vault import Vault
from storage import Sessions, installs, workspaces

STATE_LIFE: Final = timedelta(minutes=10)
# Before they end, with room for hours in which Slack cannot be reached.
RENEWED_BEFORE: Final = timedelta(hours=2)
# Longer than Slack's client waits for an answer.
RENEWAL_LEASE: Final = timedelta(minutes=1)
# What Slack refuses is asked for again now and then: somebody may mend the app's credentials.
REFUSED_PAUSE: Final = timedelta(minutes=15)
MOST_RENEWALS: Final = 20
log = structlog.get_logger()


@dataclass(frozen=True)
class Installed:
    """An install as Slack describes it. `slack_id` is a workspace's, or with `is_org` an organisation's."""

    slack_id: str
    is_org: bool
    enterprise_id: str | None
    name: str
    bot_user_id: str
    bot_id: str
    installer_id: str
    scopes: str
    token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


def begin(sessions: Sessions, *, now: datetime) -> str:
    """Begin an install in a browser; return the state that it must bring back within ten minutes, once."""
    state = secrets.token_urlsafe(32)
    with sessions.write() as session:
        installs.add_state(session, _digest(state), expires_at=now + STATE_LIFE)
    return state


def take_up(sessions: Sessions, state: str, *, now: datetime) -> bool:
    """Use a state up; return whether it was one that had begun an install and is not too old."""
    with sessions.write() as session:
        return installs.use_state(session, _digest(state), now=now)


def forget_old_states(sessions: Sessions, now: datetime) -> None:
    """Forget installs that were begun and never finished: a chore."""
    with sessions.read() as session:
        if not installs.has_old_states(session, now=now):
            return
    with sessions.write() as session:
        installs.forget_states(session, now=now)


def install(
    sessions: Sessions, vault: Vault, made: Installed, *, now: datetime, let_in: Collection[str] | None = None
) -> list[str]:
    """Store an install and let everything run again where it had ended; return the workspaces, Slack's ids.

    The one who installed the app in a workspace for the first time is greeted. An organisation that installs it lets it
    into workspaces afterwards: it runs again in those of `let_in`, where that is known, and in others once Slack tells.
    """
    with sessions.write() as session:
        row = installs.keep(
            session,
            made.slack_id,
            is_org=made.is_org,
            enterprise_id=made.enterprise_id,
            bot_user_id=made.bot_user_id,
            bot_id=made.bot_id,
            installer_id=made.installer_id,
            scopes=made.scopes[:2000],
            bot_token_encrypted=vault.seal(made.token),
            refresh_token_encrypted=vault.seal(made.refresh_token) if made.refresh_token else None,
            expires_at=made.expires_at,
            refreshing_until=None,
            installed_at=now,
            ended_at=None,
        )
        # After the install, as where it ends: who takes both the other way round may wait for each other.
        if not made.is_org:
            workspaces.ensure(session, made.slack_id, now=now).enterprise_id = made.enterprise_id
        session.flush()
        spoken_for = installs.workspaces_of(session, row)
        for workspace in spoken_for:
            workspace.bot_user_id = made.bot_user_id
            workspace.name = workspace.name if made.is_org else made.name[:200]
        back = [each for each in spoken_for if let_in is None or each.slack_team_id in let_in]
        for workspace in back:
            workspace.uninstalled_at = None
        names = [workspace.slack_team_id for workspace in back]
    log.info("installed", install=made.slack_id, organisation=made.is_org, workspaces=len(names))
    if not made.is_org:
        greet_installer(sessions, made.slack_id, made.installer_id, now=now)
    return names


@dataclass(frozen=True)
class TokenRenewal:
    """A chore: renews tokens that end soon, each by one replica. `renewed` is told the workspaces concerned."""

    vault: Vault
    renew: Renew
    renewed: Callable[..., None]

    def __call__(self, sessions: Sessions, now: datetime) -> None:
        """Renew what ends soon."""
        with sessions.read() as session:
            soon = installs.expiring(session, by=now + RENEWED_BEFORE, now=now)
        for install_id in soon[:MOST_RENEWALS]:
            self._renew(sessions, install_id, now)

    def _renew(self, sessions: Sessions, install_id: int, now: datetime) -> None:
        with sessions.write() as session:
            by, until = now + RENEWED_BEFORE, now + RENEWAL_LEASE
            used = installs.begin_refresh(session, install_id, by=by, now=now, until=until)
        refresh_token = self.vault.open(used) if used else None
        if used is None or refresh_token is None:
            return
        answer = self.renew(refresh_token)
        if isinstance(answer, NotRenewed):
            # The lease keeps it from being asked for again at once.
            log.error("token_not_renewed", install=install_id, error=answer.error)
            if answer.is_final:
                with sessions.write() as session:
                    installs.end_refresh(session, install_id, used=used, refreshing_until=now + REFUSED_PAUSE)
            return
        with sessions.write() as session:
            kept = installs.end_refresh(
                session,
                install_id,
                used=used,
                bot_token_encrypted=self.vault.seal(answer.token),
                refresh_token_encrypted=self.vault.seal(answer.refresh_token),
                expires_at=now + timedelta(seconds=answer.seconds),
                refreshing_until=None,
            )
            names = installs.names_spoken_for(session, install_id)
        self.renewed(*names)
        log.info("token_renewed", install=install_id, kept=kept)


def rotate_keys(sessions: Sessions, vault: Vault) -> tuple[int, int, list[str]]:
    """Encrypt every stored token with the newest key, all or none.

    Returns:
        How many installs there are, how many were encrypted anew, and those whose tokens no key opens (left alone).
    """
    seen, anew, closed = 0, 0, []
    with sessions.write() as session:
        for row in installs.sealed(session):
            seen += 1
            tokens = {"bot_token_encrypted": row.bot_token_encrypted}
            tokens |= {"refresh_token_encrypted": row.refresh_token_encrypted} if row.refresh_token_encrypted else {}
            opened = {name: vault.open(sealed or "") for name, sealed in tokens.items()}
            if None in opened.values():
                closed.append(row.slack_id)
            elif not all(vault.is_newest(sealed or "") for sealed in tokens.values()):
                anew += 1
                for name, token in opened.items():
                    setattr(row, name, vault.seal(token or ""))
    return seen, anew, closed


def _digest(state: str) -> str:
    return sha256(state.encode()).hexdigest()
