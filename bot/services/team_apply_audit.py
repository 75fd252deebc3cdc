"""The audit log of applying a team's file: a row for each change, made by `terminal`."""

from typing import Final

from bot.services.team_changes import Applying, Change, Verb
from storage import audits, team_state

ACTOR: Final = "terminal"
_LONGEST_SUBJECT = 80
# What agreements write as well is written in the same words.
_NAMED = {("hat", "owner"): "hat.owner", ("KPI", "target"): "kpi.target"}


def note_changes(applying: Applying) -> None:
    """Put every change into the audit log, in the transaction that makes them."""
    team = applying.team
    for change in applying.changes:
        kind, _, subject = change.subject.partition(" ")
        before, after = _fields(change)
        audits.add(
            applying.session,
            workspace_id=team.workspace_id,
            team_id=team_state.identity(team),
            actor=ACTOR,
            action=_action(kind, change),
            subject=subject[:_LONGEST_SUBJECT],
            now=applying.now,
            before=before,
            after=after,
        )


def _action(kind: str, change: Change) -> str:
    what = change.what.partition(" ")[0]
    return _NAMED.get((kind, what), f"{kind.lower()}.{change.verb.value}")


def _fields(change: Change) -> tuple[dict[str, str], dict[str, str]]:
    if change.verb is Verb.CHANGED:
        return {change.what: change.before}, {change.what: change.after}
    return {}, {change.verb.value: change.note} if change.note else {}
