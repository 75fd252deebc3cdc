"""What many deliveries are written from, read together: the database is asked a few times for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

from bot.domain.period import Period
from bot.domain.schedule import SNOOZE, Kind
from bot.services.hats.hat_checks import check_from, is_asked
from bot.services.readings.duties import Duty, duties_of
from messages.content import HatCheck
from storage import Session, batches
from storage.batches import Person, Player
from storage.deliveries import NO_TEAM, Claimed
from storage.evidences import Choice, Ticked
from storage.tables import Member, Team

WEEKLY: Final = frozenset({Kind.PROMPT, Kind.REMINDER, SNOOZE})


@dataclass(frozen=True)
class Week:
    """What people owe their teams for one week, and what they have said of it: by the ids of team and member."""

    duties: dict[Player, Duty]
    skipped: dict[Player, str]
    choices: dict[Player, list[Choice]]
    ticked: dict[Player, Ticked]


@dataclass
class Batch:
    """Deliveries that are written at the same time, and what the database says about them, read when first asked for.

    One that was not in `claims` cannot be looked up.
    """

    session: Session
    claims: Sequence[Claimed]
    now: datetime
    _weeks: dict[str, Week] = field(default_factory=dict)

    def team(self, claimed: Claimed) -> tuple[Team, str] | None:
        """Return the live team that owes a delivery and Slack's id of its workspace, if the app is installed there."""
        found = self._teams.get(claimed.team_id)
        return found if found and found[0].workspace_id == claimed.workspace_id else None

    @property
    def workspaces(self) -> set[str]:
        """Slack's ids of the workspaces that it goes to."""
        return {workspace for _, workspace in self._teams.values()}

    def person(self, claimed: Claimed) -> Person | None:
        """Return the member whom a weekly message goes to."""
        return self._people.get((claimed.workspace_id, claimed.recipient))

    def duty(self, team: Team, member: Member, period: Period) -> Duty:
        """Return what a member owes their team for a week."""
        return self._week(period).duties[_player(team, member)]

    def skipped(self, team: Team, member: Member, period: Period) -> str | None:
        """Return why a member skips a week, "" when they gave no reason; None when they do not skip it."""
        return self._week(period).skipped.get(_player(team, member))

    def open_check(self, team: Team, member: Member, period: Period) -> HatCheck | None:
        """Return the hat check that a member still has to answer, if they are asked at all."""
        if not is_asked(team, member):
            return None
        week, player = self._week(period), _player(team, member)
        check = check_from(week.choices[player], week.ticked.get(player), team, period)
        return check if check and check.answered is None else None

    @cached_property
    def _teams(self) -> dict[int, tuple[Team, str]]:
        return batches.teams(self.session, {one.team_id for one in self.claims} - {NO_TEAM})

    @cached_property
    def _people(self) -> dict[tuple[int, str], Person]:
        wanted = {(one.workspace_id, one.recipient) for one in self.claims if one.kind in WEEKLY}
        return batches.people(self.session, wanted, now=self.now)

    def _week(self, period: Period) -> Week:
        name = str(period)
        if name not in self._weeks:
            self._weeks[name] = self._read(period, self._players(name))
        return self._weeks[name]

    def _players(self, period: str) -> dict[Player, tuple[Team, Member]]:
        """Return who is asked about a week, in which team."""
        found: dict[Player, tuple[Team, Member]] = {}
        for one in self.claims:
            team = self.team(one) if one.kind in WEEKLY and one.period == period else None
            person = self.person(one) if team else None
            if team and person:
                found[_player(team[0], person.member)] = (team[0], person.member)
        return found

    def _read(self, period: Period, players: dict[Player, tuple[Team, Member]]) -> Week:
        member_ids = {member_id for _, member_id in players}
        owned = batches.reported(self.session, member_ids, now=self.now)
        return Week(
            duties=duties_of(self.session, players, owned, period),
            skipped=batches.skipped(self.session, member_ids, str(period)),
            choices=batches.choices(self.session, players),
            ticked=batches.last_ticked(self.session, member_ids, until=str(period)),
        )


def _player(team: Team, member: Member) -> Player:
    return (team.id or 0, member.id or 0)
