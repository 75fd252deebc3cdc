"""oauth.v2.access: codes and refresh tokens turned into tokens."""

import base64
import binascii
from datetime import timedelta

from bot.playground import organisations
from bot.playground.api.call import Call, method
from bot.playground.errors import ApiError
from bot.playground.model import Installation, Json


@method("oauth.v2.access", tier=4, caller="anyone")
def oauth_access(call: Call) -> Json:
    """Turn a code into an installation with a bot token, or a refresh token into the next token."""
    app = call.playground.slack.app
    client_id, client_secret = _client(call)
    if client_id != app.client_id:
        raise ApiError("invalid_client_id")
    if client_secret != app.client_secret:
        raise ApiError("bad_client_secret")
    return _refreshed(call) if call.text("grant_type") == "refresh_token" else _installed(call)


def _installed(call: Call) -> Json:
    slack = call.playground.slack
    code = slack.oauth_codes.pop(call.text("code"), None)
    if code is None:
        raise ApiError("invalid_code")
    team_id, _, user_id = code.partition("/")
    organisation = slack.organisations.get(team_id)
    if organisation is not None:
        installation = organisations.install(slack, organisation, installer_id=user_id)
    else:
        installation = slack.install(slack.workspaces[team_id], installer_id=user_id)
    slack.changed("workspace", team_id)
    return _granted(call, installation)


def _refreshed(call: Call) -> Json:
    slack = call.playground.slack
    installation = slack.refresh_tokens.pop(call.text("refresh_token"), None)
    if installation is None or installation.revoked:
        raise ApiError("invalid_refresh_token")
    # The token before lives on until its own end.
    installation.bot_token = slack.ids.token("xoxb")
    slack.tokens[installation.bot_token] = installation
    return _granted(call, installation)


def _granted(call: Call, installation: Installation) -> Json:
    slack = call.playground.slack
    workspace = slack.workspaces.get(installation.team_id)
    organisation = slack.organisations.get(installation.enterprise_id or (workspace and workspace.enterprise_id) or "")
    answer: Json = {
        "app_id": slack.app.id,
        "authed_user": {"id": installation.installer_id},
        "scope": ",".join(sorted(installation.scopes)),
        "token_type": "bot",
        "access_token": installation.bot_token,
        "bot_user_id": installation.bot_user_id,
        "team": {"id": workspace.id, "name": workspace.name} if workspace else None,
        "enterprise": {"id": organisation.id, "name": organisation.name} if organisation else None,
        "is_enterprise_install": workspace is None,
    }
    seconds = slack.app.token_seconds
    if seconds:
        refresh_token = slack.ids.token("xoxe")
        slack.refresh_tokens[refresh_token] = installation
        slack.expiries[installation.bot_token] = slack.clock.now() + timedelta(seconds=seconds)
        answer |= {"refresh_token": refresh_token, "expires_in": seconds}
    return answer


def _client(call: Call) -> tuple[str, str]:
    scheme, _, credentials = call.authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(credentials).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise ApiError("invalid_client_id") from None
        return name, secret
    return call.text("client_id"), call.text("client_secret")
