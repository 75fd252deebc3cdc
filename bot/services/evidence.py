"""Evidence for a natural owner: counts by hat and person."""

from datetime import datetime

from bot.domain.evidence import Counts
from messages.agreement_content import EvidenceLine
from messages.content import Person
from storage import Session, evidences, members
from storage.tables import Team


def counts_of_hat(session: Session, team: Team, hat_id: int, *, since: datetime) -> dict[int, Counts]:
    """Return what each member of the workspace did for one hat since an instant."""
    counted = evidences.counts(session, team.id or 0, since=since)
    return {member: Counts(**kinds) for (hat, member), kinds in counted.items() if hat == hat_id}


def evidence_lines(session: Session, team: Team, hat_id: int, *, since: datetime) -> tuple[EvidenceLine, ...]:
    """Return the evidence for one hat as it is shown, most first; people who have left are not shown."""
    counted = counts_of_hat(session, team, hat_id, since=since)
    lines = []
    for member_id, counts in sorted(counted.items(), key=lambda item: (-item[1].weight, item[0])):
        member = members.get(session, team.workspace_id, member_id)
        if member is not None and not member.deleted:
            lines.append(
                EvidenceLine(
                    person=Person(member.slack_user_id, member.name),
                    hat_checks=counts.hat_checks,
                    answered=counts.answered,
                    passed_on=counts.passed_on,
                    readings=counts.readings,
                    took_it=counts.took_it,
                )
            )
    return tuple(lines)
