"""The chain of a team's file: KPIs, their targets, the goal, and the links."""

from decimal import Decimal
from typing import Any

from bot.domain.formula import Formula, parse_formula
from bot.domain.spelling import name_key
from bot.services.team_file.team_apply_sources import settle_sources
from bot.services.team_file.team_apply_targets import settle_targets
from bot.services.team_file.team_file import HatEntry, KpiEntry
from bot.services.team_file.team_file_checks import formula_names
from bot.services.teams.team_changes import Applying, Verb, in_words
from storage import kpis, team_state
from storage.tables import Hat, Kpi, Link


def settle_chain(applying: Applying) -> None:
    """Make KPIs, targets, goal and links what the file says; KPIs that it lacks are archived."""
    team_id = team_state.identity(applying.team)
    hats = {hat.slug: hat for hat in team_state.hats(applying.session, team_id)}
    stored = {kpi.key: kpi for kpi in kpis.entities(applying.session, team_id)}
    wanted = {name_key(kpi.slug): (hat, kpi) for hat, kpi in applying.file.kpis()}
    goal_before = next((kpi.slug for kpi in stored.values() if kpi.is_goal and kpi.archived_at is None), None)
    order_before = [kpi.slug for kpi in stored.values() if kpi.archived_at is None and kpi.key in wanted]
    _leave_goal(applying, stored)
    for key, kpi in stored.items():
        if key not in wanted and kpi.archived_at is None:
            kpi.archived_at = applying.now
            applying.note(Verb.ARCHIVED, f"KPI {kpi.slug}", "its readings stay")
    names = formula_names(entry.model_dump() for _, entry in applying.file.kpis())
    for key, (hat_entry, entry) in wanted.items():
        hat = hats[hat_entry.slug]
        if key in stored:
            _settle_kpi(applying, entry, stored[key], hat, names)
        else:
            stored[key] = _add_kpi(applying, hat_entry, entry, hat, names)
    _settle_order(applying, [stored[key] for key in wanted], order_before)
    applying.session.flush()
    live = {key: stored[key] for key in wanted}
    settle_targets(applying, live)
    settle_sources(applying, live)
    _settle_goal(applying, stored, goal_before)
    _settle_links(applying, stored)


def _leave_goal(applying: Applying, stored: dict[str, Kpi]) -> None:
    """Take the goal from every other KPI first: the database allows one at a time."""
    for kpi in stored.values():
        if kpi.is_goal and kpi.slug != applying.file.goal:
            kpi.is_goal = False
    applying.session.flush()


def _settle_goal(applying: Applying, stored: dict[str, Kpi], before: str | None) -> None:
    goal = applying.file.goal
    if goal is not None:
        stored[name_key(goal)].is_goal = True
    applying.changed(f"team {applying.file.team.slug}", "goal", before, goal)


def _add_kpi(applying: Applying, hat_entry: HatEntry, entry: KpiEntry, hat: Hat, names: dict[str, str]) -> Kpi:
    kpi = Kpi(
        team_id=team_state.identity(applying.team),
        hat_id=team_state.identity(hat),
        slug=entry.slug,
        key=name_key(entry.slug),
        created_at=applying.now,
        **_columns(entry, names),
    )
    applying.session.add(kpi)
    note = f"{entry.name}, of {hat_entry.slug}, {entry.unit.value}, {entry.direction.value} is better"
    target = "" if entry.target is None else f", target {in_words(entry.target)}"
    formula = f", computed: {kpi.formula}" if kpi.formula else ""
    applying.note(Verb.ADDED, f"KPI {entry.slug}", note + target + formula)
    return kpi


def _settle_kpi(applying: Applying, entry: KpiEntry, kpi: Kpi, hat: Hat, names: dict[str, str]) -> None:
    subject = f"KPI {entry.slug}"
    if kpi.archived_at is not None:
        kpi.archived_at = None
        applying.note(Verb.RESTORED, subject)
    if kpi.hat_id != hat.id:
        team_id = team_state.identity(applying.team)
        slugs = {row.id: row.slug for row in team_state.hats(applying.session, team_id)}
        applying.changed(subject, "hat", slugs[kpi.hat_id], hat.slug)
    kpi.hat_id = team_state.identity(hat)
    applying.settle(subject, kpi, **_columns(entry, names))


def _columns(entry: KpiEntry, names: dict[str, str]) -> dict[str, Any]:
    return {
        "name": entry.name,
        "unit": entry.unit.value,
        "currency": entry.currency,
        "direction": entry.direction.value,
        "cadence": entry.cadence.value,
        "decimals": entry.decimals,
        "formula": _formula(entry, names),
        "shown_as": entry.shown_as.value,
    }


def _formula(entry: KpiEntry, names: dict[str, str]) -> str:
    read = parse_formula(entry.formula, names) if entry.formula.strip() else None
    return read.text if isinstance(read, Formula) else ""


def _settle_order(applying: Applying, chain: list[Kpi], before: list[str]) -> None:
    """Number the chain as the file does. KPIs that come or go do not count as another order."""
    after = [kpi.slug for kpi in chain if kpi.slug in before]
    applying.changed(f"team {applying.file.team.slug}", "order", before, after)
    for number, kpi in enumerate(chain, 1):
        kpi.sequence = number


def _settle_links(applying: Applying, stored: dict[str, Kpi]) -> None:
    session, team_id = applying.session, team_state.identity(applying.team)
    slugs = {team_state.identity(kpi): kpi.slug for kpi in stored.values()}
    wanted = {(link.source, link.target): (link.lag, link.rate, link.lag_known) for link in applying.file.links}
    existing = {
        (slugs[link.upstream_id], slugs[link.downstream_id]): link for link in team_state.links(session, team_id)
    }
    before = {ends: (link.lag_weeks, link.rate, link.lag_known) for ends, link in existing.items()}
    # What goes or changes goes first: a loop that takes time may take none for a moment otherwise.
    team_state.drop(session, [link for ends, link in existing.items() if wanted.get(ends) != before[ends]])
    for ends, feed in wanted.items():
        if before.get(ends) == feed:
            continue
        up, down = (team_state.identity(stored[name_key(end)]) for end in ends)
        lag, rate, known = feed
        row = Link(team_id=team_id, upstream_id=up, downstream_id=down, rate=rate)
        row.lag_weeks, row.lag_known = lag, known
        session.add(row)
    _tell_links(applying, before, wanted)


_Feeds = dict[tuple[str, str], tuple[int, Decimal | None, bool]]


def _tell_links(applying: Applying, before: _Feeds, wanted: _Feeds) -> None:
    for ends in [*before, *(ends for ends in wanted if ends not in before)]:
        subject = f"link {ends[0]} → {ends[1]}"
        if ends not in wanted:
            applying.note(Verb.REMOVED, subject)
        elif ends not in before:
            applying.note(Verb.ADDED, subject, _feed(*wanted[ends]))
        else:
            applying.changed(subject, "feeds", _feed(*before[ends]), _feed(*wanted[ends]))


def _feed(lag: int, rate: Decimal | None, lag_known: bool) -> str:
    weeks = "the same week" if lag == 0 else f"{lag} week{'s' if lag > 1 else ''} later"
    weeks += "" if lag_known else " until the numbers show more"
    return f"{weeks}, rate {'fitted' if rate is None else in_words(rate)}"
