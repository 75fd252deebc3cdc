"""What a question's earlier moves tell: what was written with the last one, and what its words could teach."""

from typing import Final

from bot.domain.questions import recognise
from bot.domain.spelling import name_key
from bot.services.workspaces.editing import LONGEST_NAME
from storage import Session, audits, hats, questions, teams
from storage.hats import HatRow
from storage.questions import RouteRow
from storage.tables import Member, Question, Team

_WITHOUT_OWNER: Final = frozenset({"owner", "candidate", "wearer", "admin"})


def subject_of(question_id: int, hop: int) -> str:
    """Name a move in the audit log."""
    return f"question-{question_id}-{hop}"


def note_of(session: Session, team_id: int, question_id: int, hop: int) -> tuple[str, str] | None:
    """Return the last word that came with a question on its way to a hop: Slack's id of who wrote it, and the words.

    It stays with the question: whoever gets it next without a word of its own reads it as well.
    """
    moves = [subject_of(question_id, earlier) for earlier in range(2, hop + 1)]
    return audits.last_reason(session, team_id, moves) if moves else None


def note_of_move(session: Session, team_id: int, question_id: int, hop: int) -> tuple[str, str] | None:
    """Return the word that came with just this move."""
    return audits.last_reason(session, team_id, [subject_of(question_id, hop)])


def is_newly_owned(routed: list[RouteRow], hop: int) -> bool:
    """Tell whether a question went on because its hat has got an owner, whom it had not gone to before."""
    before, now = [one for one in routed if one.hop < hop], [one for one in routed if one.hop == hop]
    if not before or [one.role for one in now] != ["owner"]:
        return False
    (owner,) = now
    waited = {one.role for one in before if one.hop == hop - 1 and one.hat_id == owner.hat_id}
    known = any((one.member_id, one.role) == (owner.member_id, "owner") for one in before)
    return bool(waited) and waited <= _WITHOUT_OWNER and not known


def phrase_of(question: Question) -> str:
    """Return how the asker calls what they ask about; '' when they ask no who-owns question."""
    asked = recognise(question.text)
    phrase = asked.topic if asked and not asked.deictic else ""
    return phrase if len(phrase) <= LONGEST_NAME else ""


def phrase_to_teach(session: Session, team: Team, question: Question) -> str:
    """Return the asker's words for the hat that their question was moved to, unless some hat is called so already.

    '' when there is nothing to teach: the question is about the hat that it began with, or its words name nothing.
    """
    routed = questions.routes(session, question.workspace_id, question.id or 0)
    if not routed or routed[0].hat_id == question.hat_id:
        return ""
    phrase = phrase_of(question)
    if not phrase:
        return ""
    known = {name_key(name) for name, _ in hats.names(session, team.id or 0)}
    return "" if name_key(phrase) in known else phrase


def may_teach(session: Session, team: Team, member: Member, hat: HatRow) -> bool:
    """Tell whether somebody may change a hat: its owner and the team's admins may."""
    membership = teams.membership(session, team.id or 0, member.id or 0)
    return membership is not None and (membership.is_admin or hat.owner_id == member.id)
