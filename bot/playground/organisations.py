"""Organisations of Enterprise Grid: the app installed for all of one, and the workspaces that it is then let into.

1. An org admin installs the app once, and gets one token and one bot user for the whole organisation. The app is in no
   workspace yet.
2. The admin lets it into workspaces, and takes it out of some: the app hears of both.
3. A call with the organisation's token is about the workspace that it names, or whose channel, person, view, trigger
   or file it names. Methods that could be about any workspace have to be told which.

Here a person is in one workspace, while in Slack they may be in several of an organisation.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.playground.errors import ApiError, NotPossibleError
from bot.playground.events import Events
from bot.playground.model import Installation, Json, Organisation, User
from bot.playground.state import Slack
from bot.playground.workspace import Workspace

# Of the methods that there are here, those that could be about any workspace of an organisation.
NAME_THE_TEAM: Final = frozenset({"bots.info", "conversations.list", "users.conversations", "users.list"})
# What may name a person: a message goes to one by their id in place of a channel's.
_PEOPLE: Final = ("channel", "user", "user_id", "users")
NOT_GRANTED: Final = "team_access_not_granted"


class Organisations:
    """Make organisations and do what their admins do."""

    def __init__(self, slack: Slack, events: Events) -> None:
        self._slack, self._events = slack, events

    def add(self, name: str, workspaces: Iterable[Workspace], *, organisation_id: str | None = None) -> Organisation:
        """Make an organisation of workspaces."""
        made = Organisation(organisation_id or self._slack.ids.new("E"), name)
        for workspace in workspaces:
            made.workspaces[workspace.id] = None
            workspace.enterprise_id = made.id
        self._slack.organisations[made.id] = made
        return made

    def find(self, organisation_id: str) -> Organisation:
        """Return an organisation, or raise `NotPossibleError`."""
        found = self._slack.organisations.get(organisation_id)
        if found is None:
            raise NotPossibleError(f"there is no organisation {organisation_id}")
        return found

    def let_in(self, organisation: Organisation, names: list[str]) -> None:
        """Let the app into workspaces of the organisation, and tell it."""
        self._live(organisation)
        for workspace in self._places(organisation, names):
            organisation.granted[workspace.id] = None
            settle(self._slack, organisation, workspace)
        self._events.access(organisation, names, granted=True)
        self._slack.changed("workspace")

    def take_out(self, organisation: Organisation, names: list[str]) -> None:
        """Take the app out of workspaces of the organisation, and tell it."""
        installation = self._live(organisation)
        for workspace in self._places(organisation, names):
            organisation.granted.pop(workspace.id, None)
            if workspace.installation is installation:
                workspace.installation = replace(installation, revoked=True)
        self._events.access(organisation, names, granted=False)
        self._slack.changed("workspace")

    def uninstall(self, organisation: Organisation) -> None:
        """Take the app out of the whole organisation: its token is dead and it is told so."""
        installation = self._live(organisation)
        self._events.org_gone(organisation)
        installation.revoked = True
        organisation.granted.clear()
        self._slack.changed("workspace")

    def _live(self, organisation: Organisation) -> Installation:
        installation = organisation.installation
        if installation is None or installation.revoked:
            raise NotPossibleError("the app is not installed in this organisation")
        return installation

    def _places(self, organisation: Organisation, names: list[str]) -> list[Workspace]:
        strangers = [name for name in names if name not in organisation.workspaces]
        if strangers:
            raise NotPossibleError(f"{strangers[0]} is not of this organisation")
        return [self._slack.workspaces[name] for name in names]


def install(slack: Slack, organisation: Organisation, *, installer_id: str = "") -> Installation:
    """Install the app for an organisation: one bot user, one token. Installed anew, it stays where it is let in."""
    old = organisation.installation
    with slack.lock:
        made = Installation(
            team_id="",
            enterprise_id=organisation.id,
            bot_user_id=old.bot_user_id if old else slack.ids.new("U"),
            bot_id=old.bot_id if old else slack.ids.new("B"),
            bot_token=slack.ids.token("xoxb"),
            scopes=slack.manifest.scopes,
            installer_id=installer_id,
        )
        organisation.installation = made
        slack.tokens[made.bot_token] = made
        for name in organisation.granted:
            settle(slack, organisation, slack.workspaces[name])
    return made


def settle(slack: Slack, organisation: Organisation, workspace: Workspace) -> None:
    """Let the organisation's bot live in a workspace, unless the app is installed in that one by itself."""
    made, own = organisation.installation, workspace.installation
    if made is None or (own is not None and own.team_id and not own.revoked):
        return
    workspace.installation = made
    if made.bot_user_id not in workspace.users:
        workspace.users[made.bot_user_id] = User(
            id=made.bot_user_id,
            team_id=workspace.id,
            name=slack.manifest.bot_name,
            real_name=slack.manifest.name,
            is_bot=True,
            bot_id=made.bot_id,
            app_id=slack.app.id,
            updated=slack.epoch(),
        )


def place_of(slack: Slack, installation: Installation, method: str, args: Json) -> Workspace:
    """Return the workspace that a call with an organisation's token is about.

    Raises:
        ApiError: `missing_argument`, where it has to be named; `team_access_not_granted`, where the app is not let in.
    """
    organisation = slack.organisations[installation.enterprise_id or ""]
    places = [slack.workspaces[name] for name in organisation.workspaces]
    named = str(args.get("team_id") or "")
    if not named and method in NAME_THE_TEAM:
        raise ApiError("missing_argument", response_metadata={"messages": ["[ERROR] missing required field: team_id"]})
    if named:
        found = [place for place in places if place.id == named]
    else:
        found = [place for place in places if _is_meant(slack, place, args)]
        found = found or [place for place in places if place.id in organisation.granted][:1]
    if not found or found[0].id not in organisation.granted:
        raise ApiError(NOT_GRANTED)
    return found[0]


def _is_meant(slack: Slack, place: Workspace, args: Json) -> bool:
    """Tell whether something that a call names is of a workspace."""
    ids = {name: str(args.get(name) or "") for name in (*_PEOPLE, "view_id", "file")}
    trigger = slack.triggers.get(str(args.get("trigger_id") or ""))
    return (
        ids["channel"] in place.channels
        or any(ids[name].partition(",")[0] in place.users for name in _PEOPLE)
        or ids["view_id"] in place.views
        or ids["file"] in place.files
        or (trigger is not None and trigger.team_id == place.id)
    )
