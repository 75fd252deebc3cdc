"""All tables; importing this module makes them known to `SQLModel.metadata`."""

from sqlmodel import SQLModel

from storage.tables.agreement import Absence, Deputy, Proposal, ProposalTerm
from storage.tables.api import ApiRequest, ApiToken
from storage.tables.audit import Audit
from storage.tables.chain import ChainReport, PassRating, Recommendation
from storage.tables.delivery import Delivery, Lane
from storage.tables.evidence import Evidence, HatCheck, HatCheckHat
from storage.tables.hat import Alias, Assignment, Hat, Wearer
from storage.tables.install import Install, InstallState
from storage.tables.kpi import Kpi, Link, Reading, ReadingVersion, Target, TargetOverride
from storage.tables.question import Answer, Listening, Question, QuestionRoute, SeenEvent
from storage.tables.rhythm import SkippedWeek, Source
from storage.tables.workspace import Member, Membership, Team, Workspace

metadata = SQLModel.metadata

__all__ = [
    "Absence",
    "Alias",
    "Answer",
    "ApiRequest",
    "ApiToken",
    "Assignment",
    "Audit",
    "ChainReport",
    "Delivery",
    "Deputy",
    "Evidence",
    "Hat",
    "HatCheck",
    "HatCheckHat",
    "Install",
    "InstallState",
    "Kpi",
    "Lane",
    "Link",
    "Listening",
    "Member",
    "Membership",
    "PassRating",
    "Proposal",
    "ProposalTerm",
    "Question",
    "QuestionRoute",
    "Reading",
    "ReadingVersion",
    "Recommendation",
    "SeenEvent",
    "SkippedWeek",
    "Source",
    "Target",
    "TargetOverride",
    "Team",
    "Wearer",
    "Workspace",
    "metadata",
]
