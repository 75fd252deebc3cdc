"""What is owed: turns the schedule of every team and owner into deliveries, once each.

1. Read who is asked every week and which teams get a digest.
2. For each, compute when its prompt, reminder and digest of the recent weeks are due (`bot.domain.schedule`), once
   for all who share their times and zones.
3. Insert what is due, and what was missed by more than its grace as skipped, lot by lot. What exists already is left
   alone: the database's unique key decides, so any number of replicas may plan at the same time. Each begins with
   other lots, and looks first what others have inserted: together they do it once.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, groupby
from typing import Any

import structlog

from bot.domain.period import Period
from bot.domain.schedule import GRACE, Kind, Timing, periods_to_consider, timing
from bot.services.teams.rhythms import rhythm
from storage import Sessions, absences, deliveries, reporters
from storage.deliveries import MOST_ROWS_AT_ONCE
from storage.reporters import Audience, Reporter, StandIn, Times

# Longer than the time from the oldest week that is still planned for until now.
ABSENCES_THAT_MATTER = timedelta(weeks=5)
log = structlog.get_logger()


@dataclass(frozen=True)
class Owed:
    """A message that a recipient should get about a week."""

    workspace_id: int
    team_id: int
    kind: Kind
    recipient: str
    period: Period
    due: datetime
    timing: Timing

    @property
    def identity(self) -> tuple[int, Kind, str, Period]:
        """What is unique about it."""
        return self.team_id, self.kind, self.recipient, self.period

    def row(self) -> dict[str, Any]:
        """Return the delivery's columns."""
        return {
            "workspace_id": self.workspace_id,
            "team_id": self.team_id,
            "kind": self.kind.value,
            "recipient": self.recipient,
            "period": str(self.period),
            "key": deliveries.key_of(
                team_id=self.team_id, kind=self.kind.value, recipient=self.recipient, period=str(self.period)
            ),
            "state": "skipped" if self.timing is Timing.MISSED else "due",
            "due_at": self.due,
            "not_before": self.due,
            "late": self.timing is Timing.LATE,
            "doubtful": False,
            "attempts": 0,
            "error": "missed by more than its grace" if self.timing is Timing.MISSED else None,
        }


@dataclass
class Planner:
    """Plans for all workspaces. Remembers what it has inserted and read: a tick without news reads, and is done.

    `on_missed` is told of what will not be sent any more. `shuffle` puts the lots that are due at the same instant into
    the order in which this replica takes them.
    """

    sessions: Sessions
    on_missed: Callable[[Owed], None]
    shuffle: Callable[[list[Any]], object] = random.shuffle
    _planned: set[tuple[int, Kind, str, Period]] = field(default_factory=set)
    _unplannable: set[tuple[int, str]] = field(default_factory=set)
    _instants: "_Instants" = field(default_factory=lambda: _Instants(()))
    _seen: tuple[datetime, tuple[object, ...]] | None = None

    def plan(self, now: datetime) -> int:
        """Insert what has become due by `now`; return how many deliveries are new."""
        periods = periods_to_consider(now)
        if self._instants.periods != periods:
            self._instants = _Instants(periods)
        with self.sessions.read() as session:
            asked, audiences = reporters.reporters(session), reporters.audiences(session)
            away = absences.recent(session, since=now - ABSENCES_THAT_MATTER)
            stand_ins = reporters.stand_ins(session, since=now - ABSENCES_THAT_MATTER) if away else []
        read = (periods, asked, audiences, away, stand_ins)
        if self._seen is not None and self._seen[1] == read and not self._instants.come(self._seen[0], now):
            return 0
        self._seen = None
        found = chain(self._all_owed(asked, audiences, now), self._owed_to_stand_ins(stand_ins, now))
        # Somebody who owns a hat and stands in for another's owner is asked about both at once.
        open_ones = list({one.identity: one for one in found if not self._is_settled(one, away)}.values())
        owed = self._once(open_ones)
        self._planned = {known for known in self._planned if known[3] in periods}
        added = sum(self._insert(lot) for lot in self._lots(owed))
        if len(owed) == len(open_ones):  # what was left out now may not be at the next tick
            self._seen = (now, read)
        return added

    def _lots(self, owed: list[Owed]) -> Iterator[list[Owed]]:
        """Cut it into what is inserted at once: messages of one kind about one week, due at the same instant.

        A lot is in one order, whoever inserts it: replicas with the same rows never wait for each other in a circle.
        """
        in_order = sorted(owed, key=lambda one: (*_moment(one), one.team_id, one.recipient))
        for _, together in groupby(in_order, key=_moment):
            ones = list(together)
            lots = [ones[start : start + MOST_ROWS_AT_ONCE] for start in range(0, len(ones), MOST_ROWS_AT_ONCE)]
            self.shuffle(lots)
            yield from lots

    def _insert(self, lot: list[Owed]) -> int:
        """Insert what nobody else has, tell of what is missed, and return how many are new."""
        with self.sessions.read() as session:
            teams = {one.team_id for one in lot}
            there = deliveries.recipients(session, teams, kind=lot[0].kind.value, period=str(lot[0].period))
        left = [one for one in lot if (one.team_id, one.recipient) not in there]
        new = 0
        if left:
            with self.sessions.write() as session:
                new = deliveries.owe(session, [one.row() for one in left])
        for one in left if new else ():
            if one.timing is Timing.MISSED:
                self.on_missed(one)
        self._planned |= {one.identity for one in lot}
        return new

    def _once(self, owed: list[Owed]) -> list[Owed]:
        """Leave out the digests that went to another channel, before the team's present one was chosen."""
        digests = [one for one in owed if one.kind is Kind.DIGEST]
        if not digests:
            return owed
        teams, weeks = {one.team_id for one in digests}, {str(one.period) for one in digests}
        with self.sessions.read() as session:
            there = reporters.channels_of_digests(session, teams, weeks)
        elsewhere = {one.identity for one in digests if there[one.team_id, str(one.period)] - {one.recipient}}
        return [one for one in owed if one.identity not in elsewhere]

    def asked_soon(self, now: datetime, within: timedelta) -> set[tuple[int, str]]:
        """Tell who will be asked before long, by the times and zones that are known: (workspace, Slack's id of each).

        With those whose time has passed no longer ago than that: they may have gone to where it has not come yet.
        """
        instants = _Instants(periods_to_consider(now + within))
        with self.sessions.read() as session:
            asked = reporters.reporters(session)
        soon = set()
        for one in asked:
            with self._passing_over(one.team_id, one.slack_user_id):
                if any(abs(due - now) <= within for _, _, due in instants.of(one.times)):
                    soon.add((one.workspace_id, one.slack_user_id))
        return soon

    def _all_owed(self, asked: list[Reporter], audiences: list[Audience], now: datetime) -> Iterator[Owed]:
        for reporter in asked:
            with self._passing_over(reporter.team_id, reporter.slack_user_id):
                yield from self._to_reporter(reporter, now)
        for audience in audiences:
            with self._passing_over(audience.team_id, audience.channel_id):
                yield from self._to_channel(audience, now)

    def _owed_to_stand_ins(self, stand_ins: list[StandIn], now: datetime) -> Iterator[Owed]:
        for reporter, until in stand_ins:
            with self._passing_over(reporter.team_id, reporter.slack_user_id):
                yield from (one for one in self._to_reporter(reporter, now) if one.due < until)

    def _to_reporter(self, reporter: Reporter, now: datetime) -> Iterator[Owed]:
        for kind, period, due in self._instants.of(reporter.times):
            since = reporter.asked_since if kind is Kind.PROMPT else reporter.reporting_since
            # Who joined, or began to own, after the time had come is not late with anything.
            if due > now or kind is Kind.DIGEST or since is None or since > due:
                continue
            when = timing(due, now, GRACE[kind])
            yield Owed(reporter.workspace_id, reporter.team_id, kind, reporter.slack_user_id, period, due, when)

    def _to_channel(self, audience: Audience, now: datetime) -> Iterator[Owed]:
        for kind, period, due in self._instants.of(audience.times):
            if kind is Kind.DIGEST and audience.created_at <= due <= now:
                when = timing(due, now, GRACE[kind])
                yield Owed(audience.workspace_id, audience.team_id, kind, audience.channel_id, period, due, when)

    def _is_settled(self, owed: Owed, away: dict[tuple[int, str], list[tuple[datetime, datetime]]]) -> bool:
        """Tell whether it has been planned already, or nobody is asked because they were away when it was due."""
        absent = away.get((owed.workspace_id, owed.recipient), ())
        return owed.identity in self._planned or any(start <= owed.due < end for start, end in absent)

    @contextmanager
    def _passing_over(self, team_id: int, recipient: str) -> Iterator[None]:
        """Leave out whose zone or time cannot be read, and say so once: everybody else gets their messages."""
        try:
            yield
        except (ValueError, KeyError, OSError) as error:  # what zoneinfo raises for a name that is not a zone
            if (team_id, recipient) not in self._unplannable:
                self._unplannable.add((team_id, recipient))
                log.warning("not_plannable", team=team_id, recipient=recipient, error=str(error))


def _moment(owed: Owed) -> tuple[datetime, Kind, Period]:
    return owed.due, owed.kind, owed.period


class _Instants:
    """When messages about some periods are due, computed once for all who share their times and zones."""

    def __init__(self, periods: tuple[Period, ...]) -> None:
        self.periods = periods
        self._known: dict[Times, tuple[tuple[Kind, Period, datetime], ...]] = {}

    def come(self, after: datetime, until: datetime) -> bool:
        """Tell whether something is due between two instants, the later one included, or the clock was set back."""
        return until < after or any(after < due <= until for known in self._known.values() for _, _, due in known)

    def of(self, times: Times) -> tuple[tuple[Kind, Period, datetime], ...]:
        """Give everything that is due at some time.

        Raises:
            ValueError, KeyError, OSError: a time or a zone cannot be read.
        """
        known = self._known.get(times)
        if known is None:
            theirs = rhythm(**times._asdict())
            instants = ((kind, period, theirs.due(kind, period)) for period in self.periods for kind in Kind)
            known = tuple((kind, period, due) for kind, period, due in instants if due is not None)
            self._known[times] = known
        return known
