"""Where the KPIs of a team's file are pulled from."""

from collections.abc import Mapping

from bot.domain.spelling import name_key
from bot.services.team_file.team_file_sources import SourceEntry
from bot.services.teams.team_changes import Applying
from storage import sources, team_state
from storage.tables import Kpi


def settle_sources(applying: Applying, live: Mapping[str, Kpi]) -> None:
    """Pull values from where the file says, from now on; a KPI that says nothing of it keeps what it has."""
    session, team_id = applying.session, team_state.identity(applying.team)
    stored = {source.kpi_id: source for source in sources.of_team(session, team_id)}
    for _, entry in applying.file.kpis():
        kpi_id = team_state.identity(live[name_key(entry.slug)])
        before = SourceEntry.of(stored.get(kpi_id))
        wanted = entry.source
        if wanted is None or wanted == before:
            continue
        same = str(wanted) == str(before)  # only the part that is not shown is another
        applying.changed(f"KPI {entry.slug}", "source", str(before), f"{wanted}{', another address' if same else ''}")
        if not wanted.url:
            sources.remove(session, team_id, kpi_id)
            continue
        sources.put(
            session,
            workspace_id=applying.team.workspace_id,
            team_id=team_id,
            kpi_id=kpi_id,
            address=wanted.url,
            format_=wanted.format,
            expression=wanted.values,
            week_expression=wanted.weeks,
            by=None,
            now=applying.now,
        )
