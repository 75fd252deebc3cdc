"""Installs as OAuth brings them, with tokens that a key of the tests encrypts."""

from typing import Any

from cryptography.fernet import Fernet

from bot.services.installs.installing import Installed
from bot.services.installs.installs import Installs
from bot.slack.vault import Vault
from storage import Sessions

KEY, OLD_KEY = (Fernet.generate_key().decode() for _ in range(2))
VAULT = Vault(KEY)
FIRST = "xoxb-first"


def made(slack_id: str = "T1", token: str = FIRST, **changed: Any) -> Installed:
    """Give what OAuth brings of a workspace."""
    described: dict[str, Any] = {
        "slack_id": slack_id,
        "is_org": False,
        "enterprise_id": None,
        "name": "North",
        "bot_user_id": "U0BOT",
        "bot_id": "B0BOT",
        "installer_id": "U1",
        "scopes": "commands",
        "token": token,
    }
    return Installed(**described | changed)


def token_of(sessions: Sessions, workspace: str = "T1", vault: Vault = VAULT) -> str | None:
    """Return the token with which the bot speaks there."""
    return Installs(sessions, vault.open).token_of(workspace)
