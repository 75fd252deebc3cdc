"""All that is kept of a workspace, to be taken along, and a person's data, to be erased."""

import json
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from bot.domain.errors import UserFacingError
from bot.services.people import leaving
from bot.services.workspaces.workspace_file import write_file
from storage import Session, Sessions, erasing, members, teams, workspaces
from storage.tables import Workspace


@dataclass(frozen=True)
class Erased:
    """What was erased of a person in one workspace: how many rows of what. Empty when nothing was kept."""

    workspace: str
    rows: dict[str, int]


def export(sessions: Sessions, workspace: str) -> dict[str, Any]:
    """Return all that is stored of a workspace, without tokens; the same rows always in the same order.

    Raises:
        UserFacingError: When there is no such workspace.
    """
    text = StringIO()
    write_file(sessions, workspace, text)
    content: dict[str, Any] = json.loads(text.getvalue())
    return content


def erase_member(sessions: Sessions, workspace: str, slack_user_id: str, *, now: datetime) -> Erased:
    """Erase a person's data: they leave their teams first, and an anonymous member stays in the history.

    Raises:
        UserFacingError: When there is no such workspace.
    """
    with sessions.write() as session:
        found = _workspace(session, workspace)
        member = members.by_slack_id(session, found.id or 0, slack_user_id)
        if member is None or member.id is None:
            return Erased(found.slack_team_id, {})
        for team in teams.concerning(session, found.id or 0, member.id):
            leaving.let_go(session, team, member, how=leaving.REMOVED, actor="terminal", now=now)
        session.flush()
        return Erased(found.slack_team_id, {"member": 1} | erasing.erase(session, found.id or 0, member.id, now=now))


def _workspace(session: Session, slack_id: str) -> Workspace:
    found = workspaces.by_slack_id(session, slack_id)
    if found is None:
        raise UserFacingError(f"There is no workspace {slack_id} in the database.")
    return found
