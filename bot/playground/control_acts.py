"""The part of the control API that acts as a person: one endpoint per step, answered with what the person saw."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from bot.playground import written
from bot.playground.model import ChannelKind, Json
from bot.playground.playground import Playground
from bot.playground.workspace import Workspace


class Act(BaseModel):
    """A step of `user` in workspace `team` (the first one if not named)."""

    model_config = ConfigDict(extra="forbid")

    user: str
    team: str = ""


class Command(Act):
    """A slash command; `wait` is how many seconds more to wait for something to see."""

    channel: str
    text: str
    wait: float = 0


class Post(Act):
    """A message in a channel, or (without one) in the direct conversation with the app."""

    channel: str = ""
    text: str
    thread_ts: str | None = None


class Edit(Act):
    """Another text for a message, or none to delete it."""

    channel: str
    ts: str
    text: str | None = None


class Click(Act):
    """A click on an element of a message or a view; `values` is what stands in the view's inputs."""

    action_id: str
    block_id: str | None = None
    channel: str = ""
    message_ts: str = ""
    view_id: str = ""
    value: Any = None
    values: Json = {}
    wait: float = 0


class Submit(Act):
    """A filled-in modal."""

    values: Json = {}
    view_id: str = ""
    wait: float = 0


class Close(Act):
    """A modal that is closed."""

    view_id: str = ""
    whole_stack: bool = False


class Shortcut(Act):
    """A shortcut, on a message where one is named."""

    callback_id: str
    channel: str = ""
    message_ts: str = ""
    wait: float = 0


class Home(Act):
    """The app's Home tab; `wait` is how long to wait for it to be published."""

    tab: str = "home"
    wait: float = 0


class Membership(Act):
    """Who joins, leaves, or invites `guest`."""

    channel: str
    guest: str = ""


class Rename(Act):
    """A channel with another name, or a new one."""

    channel: str = ""
    name: str = ""
    kind: ChannelKind = "public"


class Archive(Act):
    """A channel archived, or brought back."""

    channel: str
    archived: bool = True


class UserChange(Act):
    """Other facts about a member: tz, locale, deleted, real_name, is_restricted..."""

    changes: Json


class Uninstall(BaseModel):
    """The app taken out of a workspace."""

    model_config = ConfigDict(extra="forbid")

    team: str = ""


def add_acts(router: APIRouter, playground: Playground, find: Callable[[str], Workspace]) -> None:
    """Add the endpoints below `/control/act`."""
    _add_app_use(router, playground, find)
    _add_messages(router, playground, find)
    _add_administration(router, playground, find)


async def not_possible(_: Request, refused: Exception) -> JSONResponse:
    """Answer 409 with the sentence for a step that Slack's client would not offer."""
    return JSONResponse({"detail": str(refused)}, status_code=409)


def _add_app_use(router: APIRouter, playground: Playground, find: Callable[[str], Workspace]) -> None:
    acting = playground.acting

    @router.post("/act/command")
    async def command(step: Command) -> Json:
        workspace = find(step.team)
        came = await acting.run_command(workspace, step.user, step.channel, step.text, wait=step.wait)
        return written.outcome(playground, workspace, came)

    @router.post("/act/click")
    async def click(step: Click) -> Json:
        workspace = find(step.team)
        came = await acting.click(
            workspace,
            step.user,
            step.action_id,
            block_id=step.block_id,
            channel_id=step.channel,
            message_ts=step.message_ts,
            view_id=step.view_id,
            value=step.value,
            values=step.values,
            wait=step.wait,
        )
        return written.outcome(playground, workspace, came)

    @router.post("/act/submit")
    async def submit(step: Submit) -> Json:
        workspace = find(step.team)
        came = await acting.submit_view(workspace, step.user, step.values, view_id=step.view_id, wait=step.wait)
        return written.outcome(playground, workspace, came)

    @router.post("/act/close")
    async def close(step: Close) -> Json:
        workspace = find(step.team)
        came = await acting.close_view(workspace, step.user, view_id=step.view_id, whole_stack=step.whole_stack)
        return written.outcome(playground, workspace, came)

    @router.post("/act/shortcut")
    async def shortcut(step: Shortcut) -> Json:
        workspace = find(step.team)
        came = await acting.shortcut(
            workspace,
            step.user,
            step.callback_id,
            channel_id=step.channel,
            message_ts=step.message_ts,
            wait=step.wait,
        )
        return written.outcome(playground, workspace, came)

    @router.post("/act/home")
    async def home(step: Home) -> Json:
        workspace = find(step.team)
        before = workspace.home_of(step.user)
        acting.open_home(workspace, step.user, tab=step.tab)
        if step.wait:
            await playground.slack.wait_until(lambda: workspace.home_of(step.user) is not before, step.wait)
        return {"view": written.view(playground, workspace, workspace.home_of(step.user))}


def _add_messages(router: APIRouter, playground: Playground, find: Callable[[str], Workspace]) -> None:
    people = playground.people

    @router.post("/act/post")
    async def post(step: Post) -> Json:
        workspace = find(step.team)
        channel = step.channel or people.open_dm(workspace, step.user).id
        said = people.post_message(workspace, step.user, channel, step.text, thread_ts=step.thread_ts)
        return written.message(workspace, said)

    @router.post("/act/edit")
    async def edit(step: Edit) -> Json:
        workspace = find(step.team)
        if step.text is None:
            people.delete_message(workspace, step.user, step.channel, step.ts)
            return {}
        said = people.edit_message(workspace, step.user, step.channel, step.ts, step.text)
        return written.message(workspace, said)

    @router.post("/act/join")
    async def join(step: Membership) -> None:
        people.join(find(step.team), step.user, step.channel)

    @router.post("/act/leave")
    async def leave(step: Membership) -> None:
        people.leave(find(step.team), step.user, step.channel)

    @router.post("/act/invite")
    async def invite(step: Membership) -> None:
        people.invite(find(step.team), step.user, step.channel, step.guest)


def _add_administration(router: APIRouter, playground: Playground, find: Callable[[str], Workspace]) -> None:
    people = playground.people

    @router.post("/act/create_channel")
    async def create_channel(step: Rename) -> Json:
        made = people.create_channel(find(step.team), step.user, step.name, kind=step.kind)
        return written.channel(made)

    @router.post("/act/rename")
    async def rename(step: Rename) -> Json:
        return written.channel(people.rename(find(step.team), step.user, step.channel, step.name))

    @router.post("/act/archive")
    async def archive(step: Archive) -> Json:
        shown = people.archive(find(step.team), step.user, step.channel, archived=step.archived)
        return written.channel(shown)

    @router.post("/act/convert_to_private")
    async def convert_to_private(step: Membership) -> Json:
        return written.channel(people.convert_to_private(find(step.team), step.user, step.channel))

    @router.post("/act/change_user")
    async def change_user(step: UserChange) -> Json:
        changed = people.change_user(find(step.team), step.user, **step.changes)
        return written.user(playground, changed)

    @router.post("/act/uninstall")
    async def uninstall(step: Uninstall) -> None:
        people.uninstall(find(step.team))
