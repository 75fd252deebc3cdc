"""A team that says every week which hats it wore: what the tests of hat checks and evidence start from."""

from datetime import datetime
from typing import Any

from sqlmodel import select

from bot.services.hats import hat_checks
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.scene import Asker
from messages.evidence_content import HatChecked
from storage import Sessions, evidences
from storage.tables import Hat, Member, Membership, Team, Workspace
from tests.support.builders import a_hat, a_member, a_workspace, added
from tests.support.week import FRIDAY_13, THIS_WEEK, TUESDAY, a_playing_team


class Dugout:
    """A team with three hats, an admin and two others, who are all asked from Tuesday on."""

    def __init__(self, sessions: Sessions, **team: Any) -> None:
        self.sessions = sessions
        self.workspace: Workspace = a_workspace(sessions)
        self.team: Team = a_playing_team(
            sessions, workspace=self.workspace, **{"name": "North", "hat_check": True, **team}
        )
        self.directory = HatDirectory()
        self.anna, self.erik, self.maria = (self.joins(name) for name in ("Anna", "Erik", "Maria"))
        self.booking, self.prospecting, self.sales = (
            a_hat(sessions, self.team, name) for name in ("Booking", "Prospecting", "Sales")
        )
        self.makes_admin(self.anna)

    def joins(self, name: str, **columns: Any) -> Member:
        """Let somebody join the team on Tuesday."""
        member = a_member(self.sessions, self.workspace, name, **columns)
        self.plays(member)
        return member

    def plays(self, member: Member, *, since: datetime = TUESDAY) -> None:
        """Let a member play in the team from an instant on."""
        place = {"workspace_id": self.workspace.id, "team_id": self.team.id, "member_id": member.id}
        added(self.sessions, Membership(joined_at=since, **place))

    def makes_admin(self, member: Member) -> None:
        """Let a member look after the team."""
        with self.sessions.write() as session:
            session.exec(select(Membership).where(Membership.member_id == member.id)).one().is_admin = True

    def asker(self, member: Member) -> Asker:
        """Somebody who asks from a DM."""
        return Asker(self.workspace.slack_team_id, member.slack_user_id)

    def ticks(
        self, member: Member, *hats: Hat, week: str = THIS_WEEK, now: datetime = FRIDAY_13, stop_asking: bool = False
    ) -> HatChecked:
        """Let somebody say what they wore in a week, through the product."""
        answer = hat_checks.answer(
            self.sessions,
            self.asker(member),
            f"{self.team.id}:{week}",
            [hat.id or 0 for hat in hats],
            now=now,
            stop_asking=stop_asking,
        )
        return answer.content.checked

    def has_ticked(self, member: Member, *hats: Hat, week: str, at: datetime) -> None:
        """Store what somebody said about an older week."""
        with self.sessions.write() as session:
            evidences.check(
                session,
                workspace_id=self.workspace.id or 0,
                team_id=self.team.id or 0,
                member_id=member.id or 0,
                period=week,
                hat_ids=[hat.id or 0 for hat in hats],
                now=at,
            )

    def did(self, member: Member, hat: Hat, kind: str, *, key: str, at: datetime) -> None:
        """Store that somebody did something for a hat."""
        with self.sessions.write() as session:
            evidences.add(
                session,
                workspace_id=self.workspace.id or 0,
                hat_id=hat.id or 0,
                member_id=member.id or 0,
                kind=kind,
                key=key,
                now=at,
            )

    def stored(self, member: Member, week: str = THIS_WEEK) -> tuple[int, ...] | None:
        """Return the hats that are stored for somebody and a week; None without an answer."""
        with self.sessions.read() as session:
            found = evidences.last_ticked(session, self.team.id or 0, member.id or 0, until=week)
        return tuple(sorted(found.hat_ids)) if found and found.period == week else None
