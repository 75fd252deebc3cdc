"""A team whose numbers are known to hang together: what the tests of chains start from."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlmodel import select

from bot.domain.period import Period
from bot.services.chain.chain_reports import Report, prepare_report
from bot.services.workspaces.scene import Asker
from storage import Sessions
from storage.readings_bulk import NewReading, store_many
from storage.tables import ChainReport, Hat, Kpi, Link, Member
from tests.support.builders import a_hat, a_kpi, a_link, owns
from tests.support.club import Club

# The week that ended before the club's present.
LAST_WEEK = Period.parse("2026-W47")


@dataclass
class LinkedTeam:
    """Visits become leads a week later, and leads become deals in the same week; Oskar owns leads, Anna the rest.

    `weeks` are reported, the last one being `LAST_WEEK`. In the latest `bad_weeks` only half as many leads came of the
    visits as before.
    """

    sessions: Sessions
    weeks: int = 40
    bad_weeks: int = 0
    lag_known: bool = True
    club: Club = field(init=False)

    def __post_init__(self) -> None:
        self.club = Club(self.sessions)
        self.web: Hat = a_hat(self.sessions, self.club.team, "Web")
        owns(self.sessions, self.club.anna, self.web)
        self.visits: Kpi = a_kpi(self.sessions, self.web, "Visits", sequence=1)
        self.leads: Kpi = a_kpi(self.sessions, self.club.email, "Leads", sequence=2)
        self.deals: Kpi = a_kpi(self.sessions, self.web, "Deals", sequence=3, is_goal=True)
        self.first: Link = a_link(self.sessions, self.visits, self.leads, lag=1, lag_known=self.lag_known)
        self.second: Link = a_link(self.sessions, self.leads, self.deals, lag=0)
        for kpi, values in self._played():
            self.reports(kpi, values)

    def reports(self, kpi: Kpi, values: Mapping[Period, int]) -> None:
        """Store a KPI's values."""
        rows = [
            NewReading(kpi.id or 0, str(week), Decimal(of), None, None, self.club.now) for week, of in values.items()
        ]
        with self.sessions.write() as session:
            store_many(session, rows, source="import")

    def report(self, week: Period = LAST_WEEK) -> Report:
        """Give the report on a week, and keep it."""
        return prepare_report(self.sessions, self.club.team, week, self.club.now)

    def kept(self) -> list[ChainReport]:
        """Return the reports that are kept, oldest week first."""
        with self.sessions.read() as session:
            return list(session.exec(select(ChainReport).order_by(ChainReport.period)))

    @property
    def anna(self) -> Asker:
        """Anna, asking in the team's channel."""
        return self.asks(self.club.anna)

    def asks(self, member: Member) -> Asker:
        """Give a member asking in the team's channel."""
        return self.club.asker(member)

    def _played(self) -> list[tuple[Kpi, dict[Period, int]]]:
        chance = random.Random(7)  # the same numbers each time
        visits = [chance.randint(600, 1400) for _ in range(self.weeks + 1)]
        rates = [0.1 if ago < self.bad_weeks else 0.2 for ago in reversed(range(self.weeks))]
        leads = [round(visits[week] * rate) + chance.randint(-4, 4) for week, rate in enumerate(rates)]
        deals = [round(of * 0.25) + chance.randint(-1, 1) for of in leads]
        weeks = [LAST_WEEK.shift(-ago) for ago in reversed(range(self.weeks))]
        return [
            (self.visits, dict(zip(weeks, visits[1:], strict=True))),
            (self.leads, dict(zip(weeks, leads, strict=True))),
            (self.deals, dict(zip(weeks, deals, strict=True))),
        ]
