"""A team in the middle of its week: what the tests of planning, sending and reporting start from."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import select

from bot.services.readings import reports
from bot.services.workspaces.scene import Asker
from storage import Sessions, readings
from storage.tables import Delivery, Hat, Kpi, Member, Team, Workspace
from tests.support.builders import a_hat, a_kpi, a_member, a_team, a_workspace, owns

# Everything of the week before is over, and nothing of this week is due: teams and owners begin here.
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
# 2026-W48 in Stockholm.
FRIDAY_13 = datetime(2026, 11, 27, 12, tzinfo=UTC)
MONDAY_8 = datetime(2026, 11, 30, 7, tzinfo=UTC)
MONDAY_10 = datetime(2026, 11, 30, 9, tzinfo=UTC)
THIS_WEEK = "2026-W48"
CHANNEL = "C0NORTH"


@dataclass(frozen=True)
class Player:
    """A member who owns one hat with one KPI."""

    member: Member
    hat: Hat
    kpi: Kpi
    workspace: Workspace
    team: Team

    @property
    def id(self) -> str:
        """What Slack calls them."""
        return self.member.slack_user_id

    @property
    def asker(self) -> Asker:
        """The player, asking from a DM."""
        return Asker(self.workspace.slack_team_id, self.id)

    def reports(self, sessions: Sessions, value: str, week: str, *, now: datetime) -> None:
        """Fill in the form of a week."""
        answer = reports.submit(sessions, self.asker, f"{self.team.id}:{week}", {self.kpi.id or 0: value}, now=now)
        assert isinstance(answer.content, reports.Reported)


def a_playing_team(sessions: Sessions, *, workspace: Workspace | None = None, **columns: Any) -> Team:
    """Add a team from Tuesday on, with a channel for its digest; its members are not asked which hats they wore."""
    workspace = workspace or a_workspace(sessions)
    row = {"channel_id": CHANNEL, "created_at": TUESDAY, "hat_check": False, **columns}
    return a_team(sessions, workspace, **row)


def a_player(
    sessions: Sessions,
    team: Team,
    name: str = "Anna",
    *,
    hat: str | None = None,
    kpi: dict[str, Any] | None = None,
    since: datetime = TUESDAY,
    **columns: Any,
) -> Player:
    """Add a member who owns a hat with one KPI from Tuesday on."""
    member = a_member(sessions, team, name, **columns)
    worn = a_hat(sessions, team, hat or f"Hat of {name}")
    owns(sessions, member, worn, since=since)
    measured = a_kpi(sessions, worn, **{"name": f"Kpi of {name}", **(kpi or {})})
    with sessions.read() as session:
        workspace = session.get_one(Workspace, team.workspace_id)
    return Player(member, worn, measured, workspace, team)


def deliveries_of(sessions: Sessions, **columns: Any) -> list[Delivery]:
    """Return the rows of what is owed, in order of their time."""
    with sessions.read() as session:
        rows = session.exec(select(Delivery).order_by(Delivery.due_at, Delivery.id)).all()  # type: ignore[arg-type]
    return [row for row in rows if all(getattr(row, name) == value for name, value in columns.items())]


def reading_of(sessions: Sessions, kpi: Kpi, week: str) -> Decimal | None:
    """Return what is stored for a KPI and a week."""
    with sessions.read() as session:
        return readings.of_period(session, [kpi.id or 0], week).get(kpi.id or 0)
