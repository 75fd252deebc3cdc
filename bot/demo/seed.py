"""The demo's team in a database: its file applied, half a year of simulated readings, and who wore which hat."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.demo.hat_checks import store_hat_checks
from bot.demo.simulation import DEMO_CHAIN, simulate
from bot.domain.period import Period
from bot.domain.schedule import DEFAULT_PROMPT, prompt_at
from bot.services.agreements.ownership import renew
from bot.services.team_file.team_apply import apply
from bot.services.team_file.team_file import TeamFile, load_team_file
from storage import Session, Sessions, hats, kpis, team_state, teams, workspaces
from storage.readings_bulk import NewReading, store_many
from storage.tables import Team

WEEKS: Final = 30
SEED: Final = 1874
_FILES = {"en": "team.yml", "sv": "team.sv.yml"}


def demo_file(language: str) -> Path:
    """Return the demo's team file in `en` or `sv`."""
    return Path(__file__).with_name(_FILES[language])


def seed_demo(sessions: Sessions, workspace_slack_id: str, language: str, now: datetime) -> bool:
    """Put the demo's team, its readings and its hat checks into a database, unless they are there.

    The readings end with the last completed week: this week's are for the person to report. Owners have had their
    hats since the first of those weeks.

    Args:
        sessions: The database.
        workspace_slack_id: Slack's id of the workspace.
        language: `en` or `sv`.
        now: The demo's present.

    Returns:
        Whether anything was added.
    """
    file = load_team_file(demo_file(language))
    last = Period.of(now.astimezone(ZoneInfo(file.team.timezone))).shift(-1)
    began = now - timedelta(weeks=WEEKS)
    with sessions.read() as session:
        is_new = _team(session, workspace_slack_id, file) is None
    if is_new:
        apply(sessions, workspace_slack_id, file, began)
    with sessions.write() as session:
        team = _team(session, workspace_slack_id, file)
        if team is None or team_state.has_readings(session, team_state.identity(team)):
            return is_new
        store_many(session, _readings(session, team, last), source="demo")
        store_hat_checks(session, team, last, now=now)
        # They looked at their agreements again not long ago: a newcomer's first week is not one of reviews.
        for hat in hats.all_of_team(session, team_state.identity(team)):
            renew(session, team, hats.entity_by_id(session, team_state.identity(team), hat.id), now=now)
    return True


def _team(session: Session, workspace_slack_id: str, file: TeamFile) -> Team | None:
    workspace = workspaces.by_slack_id(session, workspace_slack_id)
    return teams.by_slug(session, team_state.identity(workspace), file.team.slug) if workspace else None


def _readings(session: Session, team: Team, last: Period) -> list[NewReading]:
    team_id = team_state.identity(team)
    owners = team_state.owners(session, team_id)
    played = simulate(DEMO_CHAIN, weeks=WEEKS, last=last, seed=SEED)
    rows = []
    for kpi in kpis.entities(session, team_id):
        owner = owners.get(kpi.hat_id)
        by = team_state.identity(owner) if owner else None
        for period, value in played.get(kpi.slug, {}).items():
            reported = prompt_at(period, DEFAULT_PROMPT, team.timezone) + timedelta(minutes=25)
            rows.append(NewReading(team_state.identity(kpi), str(period), Decimal(value), None, by, reported))
    return rows
