"""The audit log, as admins read it."""

import re
from collections.abc import Mapping
from typing import Any

from bot.domain.errors import Refused
from bot.domain.zones import zone_of
from bot.services.workspaces.authority import admin, the_team
from bot.services.workspaces.scene import Answer, Asker, scene_of
from messages.content import Person
from messages.life_content import AuditLine, AuditLog
from storage import Sessions, audits, members
from storage.tables import Audit

PAGE = 30
_HIGHEST_PAGE = 10_000
_PERSON = re.compile(r"\b[UW][A-Z0-9]{7,19}\b")


def latest(sessions: Sessions, asker: Asker, *, page: int = 0) -> Answer[AuditLog]:
    """Show an admin the latest changes of the team; `page` 0 are the latest of all.

    Raises:
        Refused: `not_admin`, `not_a_member`.
    """
    with scene_of(sessions, asker) as (session, scene):
        reader = admin(session, scene, asker.user)
        zone = zone_of(reader.member.timezone, the_team(session, scene).timezone)
        first = PAGE * min(max(page, 0), _HIGHEST_PAGE)
        rows = audits.of_team(session, scene.team_id, limit=PAGE + 1, offset=first)
        # People stand in the log by Slack's id; they are read by name.
        named = members.names(session, scene.workspace_id, {one for row in rows for one in _people_in(row)})
        lines = tuple(
            AuditLine(
                at=row.at.astimezone(zone),
                actor=Person(row.actor, named.get(row.actor, row.actor)),
                action=row.action,
                subject=named.get(row.subject, row.subject),
                changes=_changes(row, named),
                reason=row.reason,
            )
            for row in rows[:PAGE]
        )
        return Answer(scene.language, AuditLog(scene.team_name, lines, str(page + 1) if len(rows) > PAGE else ""))


def read_page(state: str) -> int:
    """Read which page a button names.

    Raises:
        Refused: `form_outdated`, when it is something else.
    """
    if not state.isdecimal():
        raise Refused("form_outdated")
    return min(int(state), _HIGHEST_PAGE)


def _people_in(row: Audit) -> list[str]:
    return _PERSON.findall(" ".join([row.actor, row.subject, str(row.before), str(row.after)]))


def _changes(row: Audit, named: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (name, _said(row.before.get(name), named), _said(row.after.get(name), named))
        for name in {**row.before, **row.after}
    )


def _said(value: Any, named: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(each, named) for each in value)
    return "" if value is None else _PERSON.sub(lambda found: named.get(found[0], found[0]), str(value))
