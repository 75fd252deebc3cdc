"""Which workspaces have the app, and with which token the bot speaks in each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from storage import Sessions, workspaces


@dataclass
class Installs:
    """Finds a workspace's bot token: the one from the settings for its own workspace, else the stored one.

    `open_sealed` decrypts a stored token; None when no key fits. Tokens are cached until `forget`.
    """

    sessions: Sessions
    open_sealed: Callable[[str], str | None]
    _tokens: dict[str, str] = field(default_factory=dict)

    def own(self, workspace: str, token: str, *, bot_user_id: str, name: str, now: datetime) -> None:
        """Remember the workspace that the token in the settings belongs to."""
        with self.sessions.write() as session:
            row = workspaces.ensure(session, workspace, now=now)
            row.name, row.bot_user_id, row.uninstalled_at = name[:200], bot_user_id, None
        self._tokens[workspace] = token

    def token_of(self, workspace: str) -> str | None:
        """Return a workspace's bot token; None when the app is not installed there."""
        known = self._tokens.get(workspace)
        if known:
            return known
        with self.sessions.read() as session:
            row = workspaces.by_slack_id(session, workspace)
        if row is None or row.uninstalled_at or not row.bot_token_encrypted:
            return None
        token = self.open_sealed(row.bot_token_encrypted)
        if token:
            self._tokens[workspace] = token
        return token

    def forget(self, workspace: str) -> None:
        """Drop a cached token, after an uninstall or a new install."""
        self._tokens.pop(workspace, None)
