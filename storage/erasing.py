"""Forgetting a person: what is theirs goes, and an anonymous member stays, so that the history holds together."""

import re
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, Delete, String, Update, cast, delete, literal, or_, update
from sqlmodel import Session, SQLModel, col, select

from storage.tables import (
    Absence,
    Answer,
    Assignment,
    Audit,
    Delivery,
    Evidence,
    HatCheck,
    Install,
    Kpi,
    Lane,
    Member,
    PassRating,
    Proposal,
    ProposalTerm,
    Question,
    Reading,
    ReadingVersion,
    SkippedWeek,
    TargetOverride,
    Team,
    Workspace,
)

# What an anonymous member is called in Slack's place. Slack's own ids have capitals only.
PREFIX: Final = "erased-"
_LONGEST_REASON: Final = 500  # of a target for one week, which is cut to that


def erase(session: Session, workspace_id: int, member_id: int, *, now: datetime) -> dict[str, int]:
    """Erase what is personal of a member; return how many rows of what were erased or made anonymous.

    Readings, assignments, wearers and proposals stay, of somebody without a name. What others wrote is not theirs.
    """
    member = session.exec(select(Member).where(Member.id == member_id, Member.workspace_id == workspace_id)).one()
    slack_id, name, alias = member.slack_user_id, member.name, f"{PREFIX}{member_id}"
    counted = {
        "evidence": _done(session, delete(Evidence).where(_of(Evidence, workspace_id, member_id))),
        "hat checks": _done(session, delete(HatCheck).where(_of(HatCheck, workspace_id, member_id))),
        "ratings": _done(session, delete(PassRating).where(_of(PassRating, workspace_id, member_id))),
        "absences": _done(session, delete(Absence).where(_of(Absence, workspace_id, member_id))),
        "skipped weeks": _done(session, delete(SkippedWeek).where(_of(SkippedWeek, workspace_id, member_id))),
        "questions": _blank(
            session, Question, "text", col(Question.workspace_id) == workspace_id, col(Question.asker_id) == member_id
        ),
        "answers": _blank(session, Answer, "text", _of(Answer, workspace_id, member_id)),
        "notes": _blank(session, Reading, "note", col(Reading.reported_by) == member_id)
        + _blank(session, ReadingVersion, "note", col(ReadingVersion.reported_by) == member_id),
        "reasons": _reasons(session, workspace_id, member_id, slack_id),
        "deliveries": _done(
            session,
            update(Delivery)
            .where(col(Delivery.workspace_id) == workspace_id, col(Delivery.recipient) == slack_id)
            # From the key of what the week asked, whom it asked could be found by trying.
            .values(recipient=alias, key=literal("erased-").concat(cast(col(Delivery.id), String))),
        ),
        "lanes": _done(
            session,
            delete(Lane).where(col(Lane.workspace_id) == workspace_id, col(Lane.recipient) == slack_id),
        ),
        "installs": _installs(session, workspace_id, slack_id),
        "changes": _changes(session, workspace_id, {slack_id: alias, name: alias} if name else {slack_id: alias}),
    }
    member.slack_user_id, member.name, member.deleted = alias, "", True
    member.timezone = member.locale = member.own_locale = member.prompt_at = None
    member.hat_check, member.refreshed_at = False, now
    session.flush()
    return counted


def _of(table: type[Any], workspace_id: int, member_id: int) -> ColumnElement[bool]:
    return (col(table.workspace_id) == workspace_id) & (col(table.member_id) == member_id)


def _done(session: Session, statement: Update | Delete) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0


def _blank(session: Session, table: type[SQLModel], column: str, *whose: ColumnElement[bool]) -> int:
    written = getattr(table, column)
    return _done(session, update(table).where(*whose, written != "").values({column: ""}))


def _reasons(session: Session, workspace_id: int, member_id: int, slack_id: str) -> int:
    """Blank why they declined, countered or were given a hat, and why a target was to hold for one week."""
    sides = or_(col(Proposal.candidate_id) == member_id, col(Proposal.counterpart_id) == member_id)
    theirs = select(Proposal.id).where(Proposal.workspace_id == workspace_id, sides)
    # A target's row does not say whose its reason is; where it was given, it stands in the same words.
    given = {
        *session.exec(select(ProposalTerm.reason).where(col(ProposalTerm.proposal_id).in_(theirs))),
        *session.exec(select(Audit.reason).where(Audit.workspace_id == workspace_id, Audit.actor == slack_id)),
    }
    measured = select(Kpi.id).join(Team, col(Team.id) == col(Kpi.team_id)).where(Team.workspace_id == workspace_id)
    said = [reason[:_LONGEST_REASON] for reason in given if reason]
    return (
        _blank(
            session,
            TargetOverride,
            "reason",
            col(TargetOverride.kpi_id).in_(measured),
            col(TargetOverride.reason).in_(said),
        )
        + _blank(session, Proposal, "reason", col(Proposal.id).in_(theirs))
        + _blank(session, ProposalTerm, "reason", col(ProposalTerm.proposal_id).in_(theirs))
        + _blank(session, Assignment, "reason", _of(Assignment, workspace_id, member_id))
    )


def _installs(session: Session, workspace_id: int, slack_id: str) -> int:
    """Forget that they installed the app, in the workspace or for its organisation."""
    workspace = session.get_one(Workspace, workspace_id)
    spoken_for = col(Install.slack_id).in_([workspace.slack_team_id, workspace.enterprise_id or ""])
    return _blank(session, Install, "installer_id", spoken_for, col(Install.installer_id) == slack_id)


def _changes(session: Session, workspace_id: int, aliases: dict[str, str]) -> int:
    """Put the anonymous member in the person's place in the audit log."""
    changed = 0
    for row in session.exec(select(Audit).where(Audit.workspace_id == workspace_id)):
        said = {
            "actor": aliases.get(row.actor, row.actor),
            "subject": aliases.get(row.subject, row.subject),
            "before": _renamed(row.before, aliases),
            "after": _renamed(row.after, aliases),
        }
        if any(getattr(row, field) != value for field, value in said.items()):
            said["reason"] = "" if row.actor in aliases or row.subject in aliases else row.reason
            for field, value in said.items():
                setattr(row, field, value)
            changed += 1
    return changed


def _renamed(value: Any, aliases: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _renamed(each, aliases) for name, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, aliases) for each in value]
    if isinstance(value, str):
        for name, alias in aliases.items():
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", alias, value)
    return value
