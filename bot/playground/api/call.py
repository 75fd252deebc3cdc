"""One call of the Web API: its arguments, who makes it, and what a method declares about itself."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.playground.errors import ApiError
from bot.playground.model import Channel, Installation, Json
from bot.playground.organisations import place_of
from bot.playground.workspace import Workspace

if TYPE_CHECKING:
    from bot.playground.playground import Playground

Handler = Callable[["Call"], Json]


@dataclass(frozen=True)
class Method:
    """A method: what it does, its rate tier (0: special), the scopes it needs, and whose token: bot, app, anyone."""

    handler: Handler
    tier: int
    scopes: frozenset[str]
    caller: str


METHODS: dict[str, Method] = {}


def method(name: str, *, tier: int, scopes: str = "", caller: str = "bot") -> Callable[[Handler], Handler]:
    """Register a method. `scopes` are separated by spaces and all needed; `caller` is bot, app or anyone."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, tier, frozenset(scopes.split()), caller)
        return handler

    return register


@dataclass
class Call:
    """What a method gets to work with. Arguments come as JSON or as form fields, so each is read by its kind."""

    playground: "Playground"
    method: str
    args: Json
    token: str = ""
    authorization: str = ""
    bound: Installation | None = None

    @property
    def installation(self) -> Installation:
        """The installation whose bot token makes the call."""
        if self.bound is None:
            raise ApiError("not_authed")
        return self.bound

    @property
    def workspace(self) -> Workspace:
        """The caller's workspace, or the one of its organisation that the call is about."""
        slack, caller = self.playground.slack, self.installation
        return slack.workspaces[caller.team_id] if caller.team_id else place_of(slack, caller, self.method, self.args)

    @property
    def places(self) -> list[Workspace]:
        """The caller's workspace, or all those of its organisation that the app is let into."""
        slack, caller = self.playground.slack, self.installation
        if caller.team_id:
            return [self.workspace]
        return [slack.workspaces[name] for name in slack.organisations[caller.enterprise_id or ""].granted]

    @property
    def team_id(self) -> str:
        """The id of the workspace that the call is about; of the organisation where it is about none; '' of nobody."""
        if self.bound is None:
            return ""
        try:
            return self.bound.team_id or self.workspace.id
        except ApiError:
            return self.bound.enterprise_id or ""

    def text(self, name: str, default: str = "") -> str:
        """Return an argument as text."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """Return an argument as text, or raise `invalid_arguments` naming it."""
        value = self.text(name)
        if not value:
            raise ApiError("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return an argument as a boolean: `true` and `1`, in any spelling that the SDKs send."""
        value = self.args.get(name)
        return default if value is None else str(value).lower() in ("true", "1")

    def number(self, name: str, default: int, *, low: int = 1, high: int = 1000) -> int:
        """Return an argument as a whole number within bounds, or raise `invalid_arguments`."""
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            number = int(str(value))
        except ValueError:
            raise ApiError(
                "invalid_arguments", messages=[f"[ERROR] must be an integer [json-pointer:/{name}]"]
            ) from None
        if number == 0:
            return default
        if number < low:
            raise ApiError("invalid_limit")
        return min(number, high)

    def parsed(self, name: str, *, error: str = "invalid_arguments") -> Any:
        """Return an argument that is JSON, whether it came as such or as text; raise `error` if it is not."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(error) from None

    def need(self, scope: str) -> None:
        """Raise `missing_scope` unless the token has the scope."""
        if scope not in self.installation.scopes:
            raise ApiError("missing_scope", needed=scope, provided=",".join(sorted(self.installation.scopes)))

    def channel(self, name: str = "channel") -> Channel:
        """Return the conversation as the bot may see it, or raise `channel_not_found`."""
        channel = self.workspace.channels.get(self.text(name))
        hidden = channel is not None and channel.kind != "public" and not self.is_in(channel)
        if channel is None or hidden:
            raise ApiError("channel_not_found")
        return channel

    def is_in(self, channel: Channel) -> bool:
        """Whether the bot is a member."""
        return self.installation.bot_user_id in channel.members

    def page(self, items: list[Any], *, default: int = 100, high: int = 1000) -> tuple[list[Any], Json]:
        """Cut one page out by `cursor` and `limit`; return it with its `response_metadata`."""
        cursor, limit = self.text("cursor"), self.number("limit", default, high=high)
        start = 0
        if cursor:
            if not cursor.startswith("p") or not cursor[1:].isdigit():
                raise ApiError("invalid_cursor")
            start = int(cursor[1:])
        following = f"p{start + limit}" if start + limit < len(items) else ""
        return items[start : start + limit], {"response_metadata": {"next_cursor": following}}
