"""Which team a command means."""

import difflib

from bot.domain.errors import UserFacingError
from storage import Session, team_state, teams, workspaces
from storage.tables import Team


class TeamNotFoundError(UserFacingError):
    """There is no such team, or several could be meant."""


def team_called(session: Session, workspace_slack_id: str, slug: str | None) -> Team:
    """Return the workspace's live team of this slug, or its only one for None.

    Raises:
        TeamNotFoundError: There is none, or there are several to choose from.
    """
    workspace = workspaces.by_slack_id(session, workspace_slack_id)
    live = teams.of_workspace(session, team_state.identity(workspace)) if workspace else ()
    if not live:
        raise TeamNotFoundError(f"The workspace {workspace_slack_id} has no team yet; make one with `team apply`.")
    slugs = [team.slug for team in live]
    if slug is None:
        if len(live) > 1:
            raise TeamNotFoundError(f"Say which team with --team: {', '.join(slugs)}.")
        return live[0]
    for team in live:
        if team.slug == slug:
            return team
    near = difflib.get_close_matches(slug, slugs, n=1)
    offer = f"did you mean {near[0]}?" if near else f"there are {', '.join(slugs)}."
    raise TeamNotFoundError(f"There is no team {slug}; {offer}")
