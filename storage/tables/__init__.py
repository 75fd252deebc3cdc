"""All tables; importing this module makes them known to `SQLModel.metadata`."""

from sqlmodel import SQLModel

from storage.tables.delivery import Delivery
from storage.tables.hat import Alias, Assignment, Hat, Wearer
from storage.tables.kpi import Kpi, Link, Reading, ReadingVersion, Target
from storage.tables.question import Question
from storage.tables.workspace import Member, Membership, Team, Workspace

metadata = SQLModel.metadata

__all__ = [
    "Alias",
    "Assignment",
    "Delivery",
    "Hat",
    "Kpi",
    "Link",
    "Member",
    "Membership",
    "Question",
    "Reading",
    "ReadingVersion",
    "Target",
    "Team",
    "Wearer",
    "Workspace",
    "metadata",
]
