"""The control API: what a test needs to set the scene, to act as a person, and to see what happened."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Body, HTTPException

from bot.playground import written
from bot.playground.control_acts import add_acts
from bot.playground.control_organisations import add_organisations
from bot.playground.faults import Faults
from bot.playground.limits import Limits
from bot.playground.model import Json, User
from bot.playground.playground import Playground
from bot.playground.seed import seed_demo
from bot.playground.workspace import Workspace

Text = Annotated[str, Body(embed=True)]
OptionalText = Annotated[str | None, Body(embed=True)]


def control_router(playground: Playground) -> APIRouter:
    """Return the routes below `/control`. `team` names a workspace; without it the first one is meant."""
    router = APIRouter(prefix="/control", tags=["control"])
    _add_clock(router, playground)
    _add_scene(router, playground)
    _add_channels(router, playground)
    _add_app(router, playground)
    _add_oauth(router, playground)
    _add_records(router, playground)
    add_acts(router, playground, _finder(playground))
    add_organisations(router, playground, _finder(playground))
    return router


def _finder(playground: Playground) -> Callable[[str], Workspace]:
    def find(team: str = "") -> Workspace:
        try:
            return playground.slack.workspace(team)
        except KeyError:
            raise HTTPException(404, f"there is no workspace {team!r}") from None

    return find


def _add_clock(router: APIRouter, playground: Playground) -> None:
    slack = playground.slack

    def told() -> Json:
        clock = slack.clock
        return {"now": clock.now().isoformat(), "offset_seconds": clock.offset.total_seconds()}

    @router.get("/clock")
    async def clock() -> Json:
        return told()

    @router.post("/clock/move")
    async def move(to: Annotated[datetime, Body(embed=True)]) -> Json:
        if to.tzinfo is None:
            raise HTTPException(422, "the instant needs a time zone")
        slack.clock.move_to(to)
        slack.changed("clock")
        return told()

    @router.post("/clock/advance")
    async def advance(seconds: Annotated[float, Body(embed=True)]) -> Json:
        slack.clock.advance(timedelta(seconds=seconds))
        slack.changed("clock")
        return told()


def _add_scene(router: APIRouter, playground: Playground) -> None:
    slack, find = playground.slack, _finder(playground)

    @router.get("/workspaces")
    async def workspaces() -> list[Json]:
        return [written.workspace(playground, w) for w in slack.workspaces.values()]

    @router.post("/workspaces")
    async def add_workspace(
        name: Text,
        domain: OptionalText = None,
        id: OptionalText = None,  # noqa: A002  # it is the field's name in JSON
        install: Annotated[bool, Body()] = True,
    ) -> Json:
        made = slack.add_workspace(name, domain or name.lower(), team_id=id, install=install)
        return written.workspace(playground, made)

    @router.post("/seed")
    async def seed(language: Annotated[Literal["en", "sv"], Body(embed=True)] = "en") -> Json:
        return written.workspace(playground, seed_demo(slack, language=language))

    @router.post("/users")
    async def add_user(
        user: Annotated[Json, Body(embed=True)],
        team: OptionalText = None,
        announce: Annotated[bool, Body()] = False,
    ) -> Json:
        workspace = find(team or "")
        given = {"id": slack.ids.new("U"), "team_id": workspace.id, "real_name": user.get("name", "")} | user
        try:
            member = User(**given)
        except TypeError as unknown:
            raise HTTPException(422, str(unknown)) from unknown
        if announce:
            playground.people.hire(workspace, member)
        else:
            slack.add_user(workspace, member)
        return written.user(playground, member)


def _add_channels(router: APIRouter, playground: Playground) -> None:
    slack, find = playground.slack, _finder(playground)

    @router.post("/channels")
    async def add_channel(
        name: Text,
        kind: Annotated[Literal["public", "private", "mpim"], Body()] = "public",
        members: Annotated[list[str] | None, Body()] = None,
        posting_restricted: Annotated[bool, Body()] = False,
        team: OptionalText = None,
    ) -> Json:
        made = slack.add_channel(find(team or ""), name, kind=kind, members=members)
        made.posting_restricted = posting_restricted
        return written.channel(made)

    @router.get("/messages")
    async def messages(channel: str = "", user: str = "", team: str = "", ephemeral: bool = True) -> list[Json]:
        """Return everything said in a channel (id or `#name`) or in the bot's direct conversation with `user`."""
        workspace = find(team)
        if channel:
            place = workspace.channels.get(channel) or workspace.channel_named(channel)
        else:
            place = workspace.im_between(user, workspace.bot_user_id)
        if place is None:
            return []
        said = [*place.messages.values(), *(place.ephemerals.values() if ephemeral else ())]
        return [written.message(workspace, m) for m in sorted(said, key=lambda m: m.ts)]

    @router.get("/views")
    async def views(user: str, team: str = "") -> Json:
        """Return the person's modal and Home tab."""
        workspace = find(team)
        return {
            "modal": written.view(playground, workspace, workspace.modal_of(user)),
            "home": written.view(playground, workspace, workspace.home_of(user)),
        }


def _add_app(router: APIRouter, playground: Playground) -> None:
    slack = playground.slack

    @router.get("/app")
    async def app() -> Json:
        return written.app(playground)

    @router.post("/delivery")
    async def delivery(
        mode: Annotated[Literal["socket", "http"], Body()],
        request_url: Annotated[str, Body()] = "",
        retry_delays: Annotated[list[float] | None, Body()] = None,
    ) -> Json:
        slack.app.delivery, slack.app.request_url = mode, request_url
        if retry_delays is not None:
            playground.delivery.retry_delays = tuple(retry_delays)
        return written.app(playground)

    @router.post("/disconnect")
    async def disconnect(hard: Annotated[bool, Body(embed=True)] = False) -> Json:
        return {"connections": await (playground.hub.drop() if hard else playground.hub.disconnect())}

    @router.get("/faults")
    async def faults() -> Faults:
        return playground.dice.faults

    @router.put("/faults")
    async def set_faults(faults: Faults) -> Faults:
        playground.set_faults(faults)
        return playground.dice.faults

    @router.get("/limits")
    async def limits() -> Limits:
        return playground.limiter.limits

    @router.put("/limits")
    async def set_limits(limits: Limits) -> Limits:
        playground.set_limits(limits)
        return playground.limiter.limits


def _add_oauth(router: APIRouter, playground: Playground) -> None:
    slack, find = playground.slack, _finder(playground)

    @router.post("/oauth/code")
    async def oauth_code(user: Text, team: OptionalText = None) -> Json:
        """Give a code as if `user` had allowed the app in a workspace, or an organisation that `team` names."""
        where = team if team in slack.organisations else find(team or "").id
        code = slack.ids.hexes(32)
        slack.oauth_codes[code] = f"{where}/{user}"
        return {"code": code}

    @router.post("/rotation")
    async def rotation(seconds: Annotated[int, Body(embed=True)]) -> Json:
        """Let tokens that are given from now on end after so many seconds; 0: never."""
        slack.app.token_seconds = seconds
        return written.app(playground)


def _add_records(router: APIRouter, playground: Playground) -> None:
    slack = playground.slack

    @router.get("/calls")
    async def calls(method: str = "", since: int = 0) -> list[Json]:
        kept = [c for c in list(slack.calls) if c.serial > since and method in ("", c.method)]
        return written.records(kept)

    @router.get("/deliveries")
    async def deliveries(kind: str = "", since: int = 0) -> list[Json]:
        kept = [d for d in list(slack.deliveries) if d.serial > since and kind in ("", d.kind)]
        return written.records(kept)

    @router.post("/redeliver")
    async def redeliver(event_id: Text) -> Json:
        return {"found": await playground.delivery.redeliver(event_id)}

    @router.post("/settle")
    async def settle(seconds: Annotated[float, Body(embed=True)] = 5) -> Json:
        """Wait until no event is on its way to the app."""
        return {"settled": await playground.delivery.settle(seconds)}

    @router.get("/changes")
    async def changes(since: int = 0, seconds: float = 10) -> Json:
        """Return the feed's version as soon as it is past `since`, or after `seconds`."""
        await slack.wait_until(lambda: slack.version > since, seconds)
        return {"version": slack.version}
