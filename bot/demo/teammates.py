"""The demo's other players: on Friday evening they report, so that Monday's digest has something to say."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from bot.demo.seed import SEED, WEEKS, demo_file
from bot.demo.simulation import DEMO_CHAIN, play_on
from bot.domain.period import Period
from bot.domain.schedule import prompt_at
from bot.domain.weekly import WeeklyTime
from bot.services.team_file.team_file import load_team_file
from storage import Sessions, kpis, readings, team_state, teams, workspaces

FRIDAY_EVENING = WeeklyTime(4, 18, 0)
# Left to the person who plays: one to report as, and one to whom Monday's reminder goes.
LEFT_TO_THE_PLAYER = ("visits", "nurtured-leads")


@dataclass
class Teammates:
    """A chore of the demo's bot: stores the other owners' numbers of each week, as the chain makes them."""

    workspace: str
    language: str
    _done: set[Period] = field(default_factory=set)

    def __call__(self, sessions: Sessions, now: datetime) -> None:
        """Report for the week if it is Friday evening or later and they have not."""
        period = Period.of(now)
        if period in self._done:
            return
        file = load_team_file(demo_file(self.language))
        if now < prompt_at(period, FRIDAY_EVENING, file.team.timezone):
            period = period.shift(-1)
        if period not in self._done:
            self._report(sessions, file.team.slug, period, now)
            self._done.add(period)

    def _report(self, sessions: Sessions, slug: str, period: Period, now: datetime) -> None:
        with sessions.write() as session:
            workspace = workspaces.by_slack_id(session, self.workspace)
            team = teams.by_slug(session, workspace.id or 0, slug) if workspace else None
            if team is None or team.id is None:
                return
            measured = kpis.entities(session, team.id)
            stored = readings.of_team(session, team.id)
            history = {
                kpi.slug: {Period.parse(week): int(value) for week, value in stored.get(kpi.id or 0, {}).items()}
                for kpi in measured
            }
            owners = team_state.owners(session, team.id)
            first = min((min(weeks) for weeks in history.values() if weeks), default=period)
            weeks_on = (period.monday - first.monday).days // 7 - (WEEKS - 1)
            made = play_on(DEMO_CHAIN, history, period, seed=SEED, weeks_on=weeks_on)
            for kpi in measured:
                if kpi.slug in made and kpi.slug not in LEFT_TO_THE_PLAYER and period not in history[kpi.slug]:
                    owner = owners.get(kpi.hat_id)
                    readings.store(
                        session,
                        kpi_id=kpi.id or 0,
                        period=str(period),
                        value=Decimal(made[kpi.slug]),
                        by=owner.id if owner else None,
                        source="demo",
                        now=now,
                    )
