"""users.* and bots.*: who is in the workspace."""

from bot.playground.api.call import Call, method
from bot.playground.errors import ApiError
from bot.playground.model import Json
from bot.playground.shapes import bot_profile, user_json


@method("users.info", tier=4, scopes="users:read")
def user_info(call: Call) -> Json:
    """Describe one member."""
    user = call.workspace.users.get(call.required("user"))
    if user is None:
        raise ApiError("user_not_found")
    now = call.playground.slack.clock.now()
    return {"user": user_json(user, now=now, include_locale=call.flag("include_locale"))}


@method("users.list", tier=2, scopes="users:read")
def list_users(call: Call) -> Json:
    """List all members, those that are gone and bots included."""
    page, more = call.page(list(call.workspace.users.values()))
    now, locale = call.playground.slack.clock.now(), call.flag("include_locale")
    shapes = [user_json(user, now=now, include_locale=locale) for user in page]
    return {"members": shapes, "cache_ts": int(now.timestamp())} | more


@method("bots.info", tier=3, scopes="users:read")
def bot_info(call: Call) -> Json:
    """Describe a bot."""
    profile = bot_profile(call.workspace, call.text("bot") or call.installation.bot_id)
    if not profile:
        raise ApiError("bot_not_found")
    return {"bot": profile}
