"""A team whose people come, go and are away: what the tests of its life start from."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from bot.services.people.directory import HatDirectory
from bot.services.people.people import remember
from bot.services.workspaces.scene import Asker
from bot.slack.port import Profile
from storage import Sessions
from storage.tables import Assignment, Audit, Hat, Member, Membership, Proposal, Team, Wearer, Workspace
from tests.support.builders import a_hat, a_member, a_workspace, added, owns, wears
from tests.support.fake_slack import FakeSlack
from tests.support.replica import Replica, StandingClock
from tests.support.week import CHANNEL, TUESDAY, a_playing_team


@dataclass
class Club:
    """A team with an admin, Anna, and Oskar, who owns the hat `email`; more people and hats as a test needs them."""

    sessions: Sessions
    clock: StandingClock = field(default_factory=lambda: StandingClock(TUESDAY))
    directory: HatDirectory = field(default_factory=HatDirectory)

    def __post_init__(self) -> None:
        self.slack = FakeSlack(self.clock)
        self.workspace: Workspace = a_workspace(self.sessions)
        self.team: Team = a_playing_team(self.sessions, workspace=self.workspace)
        self.anna = self.joins("Anna", is_admin=True)
        self.oskar = self.joins("Oskar")
        self.email: Hat = a_hat(self.sessions, self.team, "Email", aliases=["Newsletter"], created_at=TUESDAY)
        owns(self.sessions, self.oskar, self.email, since=TUESDAY)
        wears(self.sessions, self.oskar, self.email, since=TUESDAY)
        self.replica = Replica(self.sessions, self.slack, self.clock, workers=2)

    def joins(self, name: str, *, is_admin: bool = False, days_ago: int = 0, **columns: Any) -> Member:
        """Add a member of the team."""
        member = a_member(self.sessions, self.workspace, name, **columns)
        place = {"workspace_id": self.workspace.id, "team_id": self.team.id, "member_id": member.id}
        joined = TUESDAY - timedelta(days=days_ago)
        added(self.sessions, Membership(is_admin=is_admin, joined_at=joined, **place))
        return member

    def asker(self, member: Member) -> Asker:
        """Give a member asking in the team's channel."""
        return Asker(self.workspace.slack_team_id, member.slack_user_id, CHANNEL)

    @property
    def now(self) -> datetime:
        """The present."""
        return self.clock()

    def slack_says(self, member: Member, **facts: Any) -> None:
        """Let Slack describe a member, as a `user_change` event does."""
        profile = {
            "handle": "x",
            "name": member.name,
            "timezone": None,
            "locale": None,
            "is_bot": False,
            "is_restricted": False,
            "is_stranger": False,
            "deleted": False,
            **facts,
        }
        remember(self.sessions, self.workspace.slack_team_id, Profile(member.slack_user_id, **profile), now=self.now)

    def told(self, member: Member) -> list[str]:
        """Send what is owed, and return everything that a person has been told."""
        self.replica.tick()
        return [said.words for said in self.slack.all_in(member.slack_user_id)]

    # What is stored

    def owner_of(self, hat: Hat) -> int | None:
        with self.sessions.read() as session:
            query = select(Assignment.member_id).where(Assignment.hat_id == hat.id, Assignment.ended_at == None)  # noqa: E711
            return session.exec(query).first()

    def plays(self, member: Member) -> bool:
        with self.sessions.read() as session:
            query = select(Membership).where(Membership.member_id == member.id, Membership.left_at == None)  # noqa: E711
            return session.exec(query).first() is not None

    def admins(self) -> set[str]:
        with self.sessions.read() as session:
            query = (
                select(Member.name)
                .join(Membership, Membership.member_id == Member.id)  # type: ignore[arg-type]
                .where(Membership.left_at == None, Membership.is_admin)  # noqa: E711
            )
            return set(session.exec(query))

    def wearing(self, member: Member) -> list[int]:
        with self.sessions.read() as session:
            query = select(Wearer.hat_id).where(Wearer.member_id == member.id, Wearer.until == None)  # noqa: E711
            return list(session.exec(query))

    def proposals(self) -> list[Proposal]:
        with self.sessions.read() as session:
            return list(session.exec(select(Proposal).order_by(Proposal.id)))  # type: ignore[arg-type]

    def changes(self) -> list[Audit]:
        with self.sessions.read() as session:
            return list(session.exec(select(Audit).order_by(Audit.id)))  # type: ignore[arg-type]

    def close(self) -> None:
        """End the threads."""
        self.replica.close()
