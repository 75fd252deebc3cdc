"""Owners in twelve zones who report, wait, skip, travel, go away and leave; and whether each was asked as promised.

When a prompt should come is worked out here a second time, from the local calendar alone.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.domain.period import Period
from bot.domain.schedule import Rhythm
from bot.domain.snoozing import Mornings, ask_again_at, offered
from bot.services.teams.holiday_calendars import is_holiday_in
from bot.services.teams.rhythms import rhythm_of
from bot.slack.outcomes import Outcome
from bot.slack.port import Postable
from storage import Session, Sessions, readings, weeks
from storage.tables import Absence, Delivery, Member
from tests.support.fake_slack import FakeSlack
from tests.support.replica import Replica, StandingClock
from tests.support.week import Player, a_player, a_playing_team

ZONES = [
    "Europe/Stockholm",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Africa/Lagos",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Honolulu",
]
TEAMS = [("Europe/Stockholm", "SE"), ("America/New_York", "US"), ("Asia/Tokyo", "")]
ON_TIME = timedelta(seconds=30)
WAYS = {"at once": 40, "early": 8, "skips": 8, "snoozes": 16, "silent": 12, "late": 8, "away": 8}


class Tape(FakeSlack):
    """Keeps what was said, and does not look at how: other tests do."""

    def post(
        self,
        workspace: str,
        recipient: str,
        message: Postable,
        *,
        key: str | None = None,
        thread_ts: str | None = None,
    ) -> Outcome:
        """Keep it."""
        with self._lock:
            return self._keep(workspace, recipient, message, key, thread_ts)


@dataclass
class Week:
    """What one owner does about one week, and what was promised to them."""

    way: str
    prompt: datetime
    reminder: datetime | None
    again: datetime | None = None
    settled: datetime | None = None  # when they had reported, or said that there is nothing
    away: tuple[datetime, datetime] | None = None
    got: list[tuple[str, datetime]] = field(default_factory=list)


@dataclass
class Owner:
    """Somebody in one of the zones, for as long as they stay."""

    player: Player
    rhythm: Rhythm
    holidays: str
    leaves: datetime | None
    weeks: dict[str, Week] = field(default_factory=dict)


def prompt_of(owner: Owner, period: Period) -> datetime:
    """Give Friday 13:00, or 07:00 of the next working day when that is a holiday."""
    is_off = is_holiday_in(owner.holidays)
    day, at = period.monday + timedelta(days=4), time(13)
    while is_off(day) or day.isoweekday() > 5:
        day, at = day + timedelta(days=1), time(7)
    return local(day, at, owner.rhythm.zone)


def local(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


class Simulation:
    """The owners' lives: what they do at each instant at which anything can happen."""

    def __init__(
        self, sessions: Sessions, chance: random.Random, *, owners: int, periods: Sequence[Period], workers: int = 4
    ) -> None:
        self.sessions, self.chance, self.periods, self.workers = sessions, chance, periods, workers
        self.clock = StandingClock(local(periods[0].monday + timedelta(days=1), time(22), "UTC"))
        self.slack = Tape(self.clock)
        self.owners: dict[str, Owner] = {}
        self.read = 0  # how many of the messages the owners have read
        self.bot = self._started()
        for number in range(owners):
            self._join(number)

    def _join(self, number: int) -> None:
        if not self.owners:
            now = self.clock.now
            self.teams = [
                (a_playing_team(self.sessions, channel_id=f"C{i}", timezone=zone, holidays=code, created_at=now), code)
                for i, (zone, code) in enumerate(TEAMS)
            ]
        team, code = self.teams[number % len(TEAMS)]
        zone = ZONES[number // len(TEAMS) % len(ZONES)]
        player = a_player(self.sessions, team, f"Owner {number}", since=self.clock.now, timezone=zone)
        leaves = None
        if number % 20 == 0:
            leaves = self.clock.now + timedelta(days=self.chance.randint(30, 380), minutes=7)
        self.owners[player.id] = Owner(player, rhythm_of(team, player.member), code, leaves)

    def _started(self) -> Replica:
        return Replica(self.sessions, self.slack, self.clock, workers=self.workers)

    def live(self) -> None:
        """Live through all weeks."""
        for period in self.periods:
            self._thursday(period)
            while (now := self._next(period)) is not None:
                self._instant(now + timedelta(seconds=self.chance.randint(0, 12)))
        self.bot.close()

    def told(self) -> Counter[str]:
        """Judge every week of every owner; return how many messages of each kind there were."""
        kinds: Counter[str] = Counter()
        for owner in self.owners.values():
            for week in owner.weeks.values():
                judge(owner, week)
                kinds.update(kind for kind, _ in week.got)
        return kinds

    def _thursday(self, period: Period) -> None:
        """Decide who does what this week; some report before they are asked, some go away."""
        self.clock.now = local(period.monday + timedelta(days=2), time(23), "UTC")
        self.until = local(period.monday + timedelta(days=9), time(20), "UTC")
        with self.sessions.write() as session:
            for owner in self.owners.values():
                if owner.leaves and owner.leaves < self.clock.now:
                    continue
                (way,) = self.chance.choices(list(WAYS), list(WAYS.values()))
                week = Week(way, prompt_of(owner, period), owner.rhythm.reminder_due(period))
                owner.weeks[str(period)] = week
                if way == "early":
                    self._reports(session, owner, str(period))
                elif way == "away":
                    back = self.until - timedelta(hours=self.chance.choice([1, 60]))
                    week.away = (self.clock.now, back)
                    self._goes_away(session, owner, *week.away)
        self.due = {at for one in self.owners.values() for at in self._dues(one, period) if at <= self.until}

    def _dues(self, owner: Owner, period: Period) -> list[datetime]:
        week = owner.weeks.get(str(period))
        digest = owner.rhythm.digest_due(period)
        leaves = owner.leaves if owner.leaves and self.clock.now < owner.leaves <= self.until else None
        return [at for at in (week and week.prompt, week and week.reminder, digest, leaves) if at]

    def _next(self, _period: Period) -> datetime | None:
        coming = [at for at in self.due if at > self.clock.now]
        return min(coming) if coming else None

    def _instant(self, now: datetime) -> None:
        self.clock.now = now
        self.due = {at for at in self.due if at > now}
        members = [owner.player.member for owner in self.owners.values() if owner.leaves and owner.leaves <= now]
        for member in members:
            if not member.deleted:
                member.deleted = True
                with self.sessions.write() as session:
                    session.get_one(Member, member.id).deleted = True
        if self.chance.random() < 0.1:
            self.bot.close()
            self.bot = self._started()
        assert self.bot.tick(now)
        assert self.bot.missed == [], (now, self.bot.missed)
        self._react(now)

    def _react(self, now: datetime) -> None:
        """Let people read what has come, and do what they do."""
        # Workers post in any order: what people do must not hang on it.
        new, self.read = sorted(self.slack.said[self.read :], key=lambda said: said.recipient), len(self.slack.said)
        if not new:
            return
        asked = {row.key: row for row in deliveries_of_keys(self.sessions, [said.key or "" for said in new])}
        with self.sessions.write() as session:
            for said in new:
                owner = self.owners.get(said.recipient)
                if owner is None:
                    continue
                row = asked[said.key or ""]
                week = owner.weeks[row.period]
                week.got.append((row.kind, said.at))
                self._answer(session, owner, week, row.period, row.kind, now)

    def _answer(self, session: Session, owner: Owner, week: Week, period: str, kind: str, now: datetime) -> None:
        if week.way == "at once" or (kind != "prompt" and self.chance.random() < 0.5):
            self._reports(session, owner, period)
        elif week.way == "skips":
            team = owner.player.team
            weeks.skip(
                session,
                workspace_id=team.workspace_id,
                team_id=team.id or 0,
                member_id=owner.player.member.id or 0,
                period=period,
                reason="",
                now=now,
            )
            week.settled = now
        elif week.way == "snoozes" and kind == "prompt":
            for _ in range(self.chance.choice([1, 1, 2])):  # some think twice
                mornings = Mornings(owner.rhythm.zone, owner.rhythm.asking)
                digest = owner.rhythm.digest_due(Period.parse(period))
                choice = self.chance.choice(list(offered(now, mornings, digest)))
                week.again = ask_again_at(choice, now, mornings)
                assert weeks.ask_again(
                    session,
                    workspace_id=owner.player.team.workspace_id,
                    team_id=owner.player.team.id or 0,
                    recipient=owner.player.id,
                    period=period,
                    at=week.again,
                ), (now, owner.player.id, owner.rhythm, week)
            self.due.add(week.again)
        elif kind != "prompt":
            assert not weeks.ask_again(
                session,
                workspace_id=owner.player.team.workspace_id,
                team_id=owner.player.team.id or 0,
                recipient=owner.player.id,
                period=period,
                at=now + timedelta(hours=1),
            ), "there is no third message"

    def _reports(self, session: Session, owner: Owner, period: str) -> None:
        owner.weeks[period].settled = self.clock.now
        readings.store(
            session,
            kpi_id=owner.player.kpi.id or 0,
            period=period,
            value=Decimal(self.chance.randint(0, 99)),
            by=owner.player.member.id,
            source="modal",
            now=self.clock.now,
        )

    def _goes_away(self, session: Session, owner: Owner, start: datetime, end: datetime) -> None:
        member = owner.player.member
        row = {"workspace_id": member.workspace_id, "member_id": member.id}
        session.add(Absence(**row, starts_at=start, ends_at=end))


def deliveries_of_keys(sessions: Sessions, keys: list[str]) -> Sequence[Delivery]:
    with sessions.read() as session:
        return session.exec(select(Delivery).where(col(Delivery.key).in_(keys))).all()


def judge(owner: Owner, week: Week) -> None:
    """Fail unless somebody was asked about a week once, on time, at most twice and never in vain."""
    here = (owner.player.member.name, owner.rhythm.zone, week)
    kinds = [kind for kind, _ in week.got]
    assert len(kinds) <= 2, here
    assert len(set(kinds)) == len(kinds), here
    for _, at in week.got:
        assert not week.settled or at <= week.settled, here
        assert not week.away or not week.away[0] <= at < week.away[1], here
        assert not owner.leaves or at < owner.leaves, here

    def asked(due: datetime | None) -> bool:
        """Tell whether somebody has to hear at an instant: nothing speaks against it."""
        gone = owner.leaves and due and owner.leaves <= due + ON_TIME
        away = week.away and due and week.away[0] <= due < week.away[1]
        return bool(due and not gone and not away and not (week.settled and week.settled < due))

    times = dict(week.got)
    expected = {"prompt": week.prompt, "snooze": week.again, "reminder": None if week.again else week.reminder}
    for kind, due in expected.items():
        assert (kind in times) is asked(due), (kind, here)
        if due and kind in times:
            assert timedelta() <= times[kind] - due <= ON_TIME, (kind, here)
