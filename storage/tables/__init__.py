"""All tables; importing this module makes them known to `SQLModel.metadata`."""

from sqlmodel import SQLModel

from storage.tables.agreement import Absence, Deputy, Proposal, ProposalTerm
from storage.tables.audit import Audit
from storage.tables.delivery import Delivery
from storage.tables.evidence import Evidence, HatCheck, HatCheckHat
from storage.tables.hat import Alias, Assignment, Hat, Wearer
from storage.tables.kpi import Kpi, Link, Reading, ReadingVersion, Target
from storage.tables.question import Answer, Listening, Question, QuestionRoute, SeenEvent
from storage.tables.workspace import Member, Membership, Team, Workspace

metadata = SQLModel.metadata

__all__ = [
    "Absence",
    "Alias",
    "Answer",
    "Assignment",
    "Audit",
    "Delivery",
    "Deputy",
    "Evidence",
    "Hat",
    "HatCheck",
    "HatCheckHat",
    "Kpi",
    "Link",
    "Listening",
    "Member",
    "Membership",
    "Proposal",
    "ProposalTerm",
    "Question",
    "QuestionRoute",
    "Reading",
    "ReadingVersion",
    "SeenEvent",
    "Target",
    "Team",
    "Wearer",
    "Workspace",
    "metadata",
]
