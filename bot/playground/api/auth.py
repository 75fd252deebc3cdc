"""auth.*, apps.*, oauth.*, team.* and blocks.validate."""

import base64
import binascii

from bot.playground.api.call import Call, method
from bot.playground.blockkit import validate_blocks
from bot.playground.errors import ApiError
from bot.playground.model import Json


@method("api.test", tier=4, caller="anyone")
def api_test(call: Call) -> Json:
    """Echo."""
    if call.text("error"):
        raise ApiError(call.text("error"), args=call.args)
    return {"args": call.args}


@method("auth.test", tier=0)
def auth_test(call: Call) -> Json:
    """Say whose token this is."""
    workspace, installation = call.workspace, call.installation
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.users[installation.bot_user_id].name,
        "team_id": workspace.id,
        "user_id": installation.bot_user_id,
        "bot_id": installation.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke", tier=3)
def auth_revoke(call: Call) -> Json:
    """End the token."""
    if not call.flag("test"):
        call.installation.revoked = True
    return {"revoked": not call.flag("test")}


@method("apps.connections.open", tier=1, caller="app")
def open_connection(call: Call) -> Json:
    """Give the address of a Socket Mode connection, good for one."""
    base = call.playground.slack.url.replace("http", "ws", 1)
    return {"url": f"{base}/link?ticket={call.playground.hub.ticket()}&app_id={call.playground.slack.app.id}"}


@method("oauth.v2.access", tier=4, caller="anyone")
def oauth_access(call: Call) -> Json:
    """Turn a code into an installation with a bot token."""
    slack = call.playground.slack
    client_id, client_secret = _client(call)
    if client_id != slack.app.client_id:
        raise ApiError("invalid_client_id")
    if client_secret != slack.app.client_secret:
        raise ApiError("bad_client_secret")
    code = slack.oauth_codes.pop(call.text("code"), None)
    if code is None:
        raise ApiError("invalid_code")
    team_id, _, user_id = code.partition("/")
    workspace = slack.workspaces[team_id]
    installation = slack.install(workspace, installer_id=user_id)
    slack.changed("workspace", team_id)
    return {
        "app_id": slack.app.id,
        "authed_user": {"id": user_id},
        "scope": ",".join(sorted(installation.scopes)),
        "token_type": "bot",
        "access_token": installation.bot_token,
        "bot_user_id": installation.bot_user_id,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


@method("team.info", tier=3, scopes="team:read")
def team_info(call: Call) -> Json:
    """Describe the workspace."""
    workspace = call.workspace
    if call.text("team") not in ("", workspace.id):
        raise ApiError("team_not_found")
    return {
        "team": {
            "id": workspace.id,
            "name": workspace.name,
            "domain": workspace.domain,
            "email_domain": "",
            "url": f"https://{workspace.domain}.slack.com/",
            "icon": {"image_default": True},
        }
    }


@method("blocks.validate", tier=4)
def blocks_validate(call: Call) -> Json:
    """Check blocks without posting them."""
    blocks = call.parsed("blocks", error="invalid_blocks_format")
    problems = call.playground.dice.unknown_blocks(blocks) or validate_blocks(blocks, surface="message")
    if problems:
        raise ApiError("invalid_blocks", errors=problems, messages=problems)
    return {}


def _client(call: Call) -> tuple[str, str]:
    scheme, _, credentials = call.authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(credentials).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise ApiError("invalid_client_id") from None
        return name, secret
    return call.text("client_id"), call.text("client_secret")
