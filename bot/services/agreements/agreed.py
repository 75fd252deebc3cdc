"""What has been agreed on about a KPI takes effect: its target, a target for one week, and how it is measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.period import Period
from bot.domain.targets import USUAL, Bounds
from storage import Session, audits, kpis
from storage.proposals import Term
from storage.tables import Kpi, Target, TargetOverride, Team

_SIGNS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}
DEFINITION = ("unit", "currency", "direction", "cadence", "formula")  # what a number of the owner's means


@dataclass(frozen=True)
class Agreeing:
    """Where, when, by whom and why something takes effect."""

    session: Session
    team: Team
    actor: str
    now: datetime
    reason: str = ""

    def note(self, kpi: Kpi, action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Put it into the audit log."""
        audits.add(
            self.session,
            workspace_id=self.team.workspace_id,
            team_id=self.team.id or 0,
            actor=self.actor,
            action=action,
            subject=kpi.slug,
            now=self.now,
            before=before,
            after=after,
            reason=self.reason,
        )


def redefine(agreeing: Agreeing, kpi: Kpi, columns: Mapping[str, Any]) -> None:
    """Measure a KPI in another way from now on."""
    changed = {column: value for column, value in columns.items() if column in DEFINITION}
    before = {column: getattr(kpi, column) for column in changed}
    for column, value in changed.items():
        setattr(kpi, column, value)
    agreeing.session.flush()
    if before != changed:
        agreeing.note(kpi, "kpi.changed", before, changed)


def put_away(agreeing: Agreeing, kpi: Kpi, hat: str) -> None:
    """Put a KPI away; `hat` is the slug of the hat that it belongs to. What was reported stays."""
    kpi.archived_at = agreeing.now
    agreeing.session.flush()
    agreeing.note(kpi, "kpi.archived", {}, {"hat": hat})


def agree_target(agreeing: Agreeing, kpi: Kpi, term: Term) -> None:
    """Let a term's target hold: in its one week, or from this week on; what holds already is left alone."""
    if term.target is None:
        return
    session, kpi_id, now = agreeing.session, kpi.id or 0, agreeing.now
    agreed = Bounds.of(term.comparator, term.target, term.upper, kpi.direction)
    week = term.period or str(Period.of(now.date()))
    held = kpis.override_at(session, kpi_id, week) if term.period else kpis.target_at(session, kpi_id, week)
    if held is not None and bounds_held(held, kpi.direction) == agreed:
        return
    value, comparator, upper = agreed.value, agreed.comparator.value, agreed.upper
    if term.period:
        reason = agreeing.reason[:500]
        kpis.override_target(
            session, kpi_id, period=week, value=value, comparator=comparator, upper=upper, reason=reason, now=now
        )
    else:
        kpis.set_target(session, kpi_id, valid_from=week, value=value, comparator=comparator, upper=upper, now=now)
    before = in_words(bounds_held(held, kpi.direction), kpi.direction) if held is not None else None
    after = {"target": in_words(agreed, kpi.direction), "only" if term.period else "from": week}
    agreeing.note(kpi, "kpi.target", {"target": before}, after)


def bounds_held(row: Target | TargetOverride, direction: str) -> Bounds:
    """Return what a stored target says."""
    return Bounds.of(row.comparator, row.value, row.upper, direction)


def in_words(bounds: Bounds, direction: str) -> Decimal | str:
    """Write a target for the audit log and a team's file: a plain number where that says it all."""
    if bounds.upper is not None:
        return f"{bounds.value:f}–{bounds.upper:f}"
    usual = USUAL.get(direction) is bounds.comparator
    return bounds.value if usual else f"{_SIGNS[bounds.comparator]} {bounds.value:f}"
