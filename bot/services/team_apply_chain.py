"""The chain of a team's file: KPIs, their targets, the goal, and the links."""

from decimal import Decimal
from typing import Any, Final

from bot.domain.spelling import name_key
from bot.services.team_changes import Applying, Verb, in_words
from bot.services.team_file import HatEntry, KpiEntry
from storage import kpis, team_state
from storage.tables import Hat, Kpi, Link, Target

# The first target of a KPI also holds for the weeks that are imported later on.
SINCE_EVER: Final = "1970-W01"


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
    hat_slugs = {team_state.identity(hat): slug for slug, hat in hats.items()}
    for key, (hat_entry, entry) in wanted.items():
        hat = hats[hat_entry.slug]
        if key in stored:
            _settle_kpi(applying, entry, stored[key], hat, hat_slugs)
        else:
            stored[key] = _add_kpi(applying, hat_entry, entry, hat)
    _settle_order(applying, [stored[key] for key in wanted], order_before)
    applying.session.flush()
    _settle_targets(applying, {key: stored[key] for key in wanted})
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


def _add_kpi(applying: Applying, hat_entry: HatEntry, entry: KpiEntry, hat: Hat) -> Kpi:
    kpi = Kpi(
        team_id=team_state.identity(applying.team),
        hat_id=team_state.identity(hat),
        slug=entry.slug,
        key=name_key(entry.slug),
        created_at=applying.now,
        **_columns(entry),
    )
    applying.session.add(kpi)
    note = f"{entry.name}, of {hat_entry.slug}, {entry.unit.value}, {entry.direction.value} is better"
    target = "" if entry.target is None else f", target {in_words(entry.target)}"
    applying.note(Verb.ADDED, f"KPI {entry.slug}", note + target)
    return kpi


def _settle_kpi(applying: Applying, entry: KpiEntry, kpi: Kpi, hat: Hat, hat_slugs: dict[int, str]) -> None:
    subject = f"KPI {entry.slug}"
    if kpi.archived_at is not None:
        kpi.archived_at = None
        applying.note(Verb.RESTORED, subject)
    hat_id = team_state.identity(hat)
    applying.changed(subject, "hat", hat_slugs[kpi.hat_id], hat_slugs[hat_id])
    kpi.hat_id = hat_id
    applying.settle(subject, kpi, **_columns(entry))


def _columns(entry: KpiEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "unit": entry.unit.value,
        "currency": entry.currency,
        "direction": entry.direction.value,
        "cadence": entry.cadence.value,
        "decimals": entry.decimals,
    }


def _settle_order(applying: Applying, chain: list[Kpi], before: list[str]) -> None:
    """Number the chain as the file does. KPIs that come or go do not count as another order."""
    after = [kpi.slug for kpi in chain if kpi.slug in before]
    applying.changed(f"team {applying.file.team.slug}", "order", before, after)
    for number, kpi in enumerate(chain, 1):
        kpi.sequence = number


def _settle_targets(applying: Applying, live: dict[str, Kpi]) -> None:
    """Agree on targets from this week on; earlier weeks keep theirs."""
    agreed = team_state.targets(applying.session, team_state.identity(applying.team))
    week = str(applying.week)
    for _, entry in applying.file.kpis():
        if entry.target is None:
            continue
        kpi_id = team_state.identity(live[name_key(entry.slug)])
        current = next((row for row in reversed(agreed.get(kpi_id, [])) if row.valid_from <= week), None)
        if current is not None and current.value == entry.target:
            continue
        if current is not None:
            subject = f"KPI {entry.slug}"
            applying.changed(subject, f"target from {week} on", current.value, entry.target)
        if current is not None and current.valid_from == week:
            current.value, current.agreed_at = entry.target, applying.now
            continue
        since = SINCE_EVER if current is None else week
        applying.session.add(Target(kpi_id=kpi_id, valid_from=since, value=entry.target, agreed_at=applying.now))


def _settle_links(applying: Applying, stored: dict[str, Kpi]) -> None:
    session, team_id = applying.session, team_state.identity(applying.team)
    slugs = {team_state.identity(kpi): kpi.slug for kpi in stored.values()}
    wanted = {(link.source, link.target): (link.lag, link.rate) for link in applying.file.links}
    existing = {
        (slugs[link.upstream_id], slugs[link.downstream_id]): link for link in team_state.links(session, team_id)
    }
    before = {ends: (link.lag_weeks, link.rate) for ends, link in existing.items()}
    # What goes or changes goes first: a loop that takes time may take none for a moment otherwise.
    team_state.drop(session, [link for ends, link in existing.items() if wanted.get(ends) != before[ends]])
    for (source, target), (lag, rate) in wanted.items():
        if before.get((source, target)) == (lag, rate):
            continue
        up, down = (team_state.identity(stored[name_key(end)]) for end in (source, target))
        session.add(Link(team_id=team_id, upstream_id=up, downstream_id=down, lag_weeks=lag, rate=rate))
    _tell_links(applying, before, wanted)


_Feeds = dict[tuple[str, str], tuple[int, Decimal | None]]


def _tell_links(applying: Applying, before: _Feeds, wanted: _Feeds) -> None:
    for ends in [*before, *(ends for ends in wanted if ends not in before)]:
        subject = f"link {ends[0]} → {ends[1]}"
        if ends not in wanted:
            applying.note(Verb.REMOVED, subject)
        elif ends not in before:
            applying.note(Verb.ADDED, subject, _feed(*wanted[ends]))
        else:
            applying.changed(subject, "feeds", _feed(*before[ends]), _feed(*wanted[ends]))


def _feed(lag: int, rate: Decimal | None) -> str:
    weeks = "the same week" if lag == 0 else f"{lag} week{'s' if lag > 1 else ''} later"
    return f"{weeks}, rate {'fitted' if rate is None else in_words(rate)}"
