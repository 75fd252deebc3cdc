"""The audit log of applying a team's file: a row for each change, made by `terminal`."""

import re
from typing import Final

from bot.services.teams.team_changes import Applying, Change, Verb, in_words
from storage import audits, members, team_state

ACTOR: Final = "terminal"
_LONGEST_SUBJECT = 80
# What agreements write as well is written in the same words.
_NAMED = {("hat", "owner"): "hat.owner", ("KPI", "target"): "kpi.target", ("KPI", "source"): "source.set"}


def note_changes(applying: Applying) -> None:
    """Put every change into the audit log, in the transaction that makes them."""
    team = applying.team
    # People stand in the log by Slack's id: names change, and can be erased.
    everybody = members.all_of(applying.session, team.workspace_id)
    ids = {member.name: member.slack_user_id for member in everybody if member.name}
    named = re.compile(
        "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(ids, key=len, reverse=True)) or "$^"
    )

    def by_id(text: str) -> str:
        return named.sub(lambda found: ids[found[0]], text)

    for change in applying.changes:
        kind, _, subject = change.subject.partition(" ")
        before, after = _fields(change)
        audits.add(
            applying.session,
            workspace_id=team.workspace_id,
            team_id=team_state.identity(team),
            actor=ACTOR,
            action=_action(kind, change),
            subject=by_id(subject)[:_LONGEST_SUBJECT],
            now=applying.now,
            before={what: by_id(value) for what, value in before.items()},
            after={what: by_id(value) for what, value in after.items()},
        )


def _action(kind: str, change: Change) -> str:
    what = change.what.partition(" ")[0]
    if (kind, what) == ("KPI", "source") and change.after == in_words(None):
        return "source.removed"
    return _NAMED.get((kind, what), f"{kind.lower()}.{change.verb.value}")


def _fields(change: Change) -> tuple[dict[str, str], dict[str, str]]:
    if change.verb is Verb.CHANGED:
        return {change.what: change.before}, {change.what: change.after}
    return {}, {change.verb.value: change.note} if change.note else {}
