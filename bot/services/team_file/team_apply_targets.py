"""The targets of a team's file: those that hold from this week on, and those of single weeks."""

from collections.abc import Mapping
from typing import Final

from bot.domain.spelling import name_key
from bot.domain.targets import TargetProblem, refit
from bot.services.agreements.agreed import bounds_held, in_words
from bot.services.team_file.team_file import KpiEntry
from bot.services.team_file.team_file_yaml import TeamFileError
from bot.services.teams.team_changes import Applying
from storage import kpis, team_state
from storage.tables import Kpi, Target

# The first target of a KPI also holds for the weeks that are imported later on.
SINCE_EVER: Final = "1970-W01"


def settle_targets(applying: Applying, live: Mapping[str, Kpi]) -> None:
    """Agree on targets from this week on, earlier weeks keep theirs; and on those of single weeks.

    Raises:
        TeamFileError: A KPI has a new direction that the target which was agreed does not go with.
    """
    agreed = team_state.targets(applying.session, team_state.identity(applying.team))
    week = str(applying.week)
    for _, entry in applying.file.kpis():
        kpi_id = team_state.identity(live[name_key(entry.slug)])
        current = next((row for row in reversed(agreed.get(kpi_id, [])) if row.valid_from <= week), None)
        _settle_target(applying, entry, kpi_id, current)
        _settle_weeks(applying, entry, kpi_id)


def _settle_target(applying: Applying, entry: KpiEntry, kpi_id: int, current: Target | None) -> None:
    direction, week = entry.direction.value, str(applying.week)
    held = bounds_held(current, direction) if current else None
    turned = refit(held, direction) if held else None
    wanted = turned if entry.target is None else entry.aim(entry.target)
    if isinstance(wanted, TargetProblem):
        raise TeamFileError([f"KPI {entry.slug}: its target does not go with the direction {direction}; give another"])
    if wanted is None or wanted == held:
        return
    if held is not None and wanted != turned:  # a target that merely turns with its direction is no news
        after = in_words(wanted, direction)
        applying.changed(f"KPI {entry.slug}", f"target from {week} on", in_words(held, direction), after)
    kpis.set_target(
        applying.session,
        kpi_id,
        valid_from=SINCE_EVER if current is None else week,
        value=wanted.value,
        comparator=wanted.comparator.value,
        upper=wanted.upper,
        now=applying.now,
    )


def _settle_weeks(applying: Applying, entry: KpiEntry, kpi_id: int) -> None:
    for one in entry.weeks:
        direction, wanted = entry.direction.value, entry.aim(one.target)
        row = kpis.override_at(applying.session, kpi_id, one.week)
        held = bounds_held(row, direction) if row else None
        if row is not None and held == wanted and row.reason == one.reason:
            continue
        subject = f"KPI {entry.slug}"
        before = in_words(held, direction) if held else None
        applying.changed(subject, f"target in {one.week}", before, in_words(wanted, direction))
        if row is not None:
            applying.changed(subject, f"reason in {one.week}", row.reason, one.reason)
        kpis.override_target(
            applying.session,
            kpi_id,
            period=one.week,
            value=wanted.value,
            comparator=wanted.comparator.value,
            upper=wanted.upper,
            reason=one.reason,
            now=applying.now,
        )
