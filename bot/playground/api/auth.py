"""auth.*, apps.*, team.* and blocks.validate."""

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
    installation = call.installation
    if not installation.team_id:
        return _of_organisation(call)
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.name,
        "user": workspace.users[installation.bot_user_id].name,
        "team_id": workspace.id,
        "user_id": installation.bot_user_id,
        "bot_id": installation.bot_id,
        "is_enterprise_install": False,
    } | ({"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {})


def _of_organisation(call: Call) -> Json:
    slack, installation = call.playground.slack, call.installation
    organisation = slack.organisations[installation.enterprise_id or ""]
    return {
        "url": f"https://{organisation.name.lower().replace(' ', '-')}.enterprise.slack.com/",
        "team": None,
        "user": slack.manifest.bot_name,
        "team_id": None,
        "user_id": installation.bot_user_id,
        "bot_id": installation.bot_id,
        "enterprise_id": organisation.id,
        "is_enterprise_install": True,
    }


@method("auth.teams.list", tier=2)
def auth_teams(call: Call) -> Json:
    """List the workspaces that the token is good for: those into which the organisation has let the app."""
    found, page = call.page([{"id": place.id, "name": place.name} for place in call.places])
    return {"teams": found} | page


@method("auth.revoke", tier=3)
def auth_revoke(call: Call) -> Json:
    """End the token."""
    if not call.flag("test"):
        call.playground.events.token_revoked(call.workspace)
        call.installation.revoked = True
    return {"revoked": not call.flag("test")}


@method("apps.connections.open", tier=1, caller="app")
def open_connection(call: Call) -> Json:
    """Give the address of a Socket Mode connection, good for one."""
    base = call.playground.slack.url.replace("http", "ws", 1)
    return {"url": f"{base}/link?ticket={call.playground.hub.ticket()}&app_id={call.playground.slack.app.id}"}


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
