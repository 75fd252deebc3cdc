"""What happened to a hat: who owned it and when nobody did, what was proposed, which targets held."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.errors import Refused
from bot.domain.spelling import slugify
from bot.domain.zones import zone_of
from bot.services.hats.hats import the_one
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.authority import the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, scene_of
from messages.content import HatName, KpiValue, Person
from messages.life_content import History, HistoryEntry
from storage import Session, Sessions, assignments, hats, kpis, members, proposals
from storage.tables import Assignment, Hat, Kpi, Member, Target, TargetOverride

PAGE = 15
_HIGHEST_PAGE = 10_000


@dataclass(frozen=True)
class _Dated:
    """An entry with the instant that it is sorted by."""

    at: datetime
    entry: HistoryEntry


def history(
    sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, *, page: int = 0, now: datetime
) -> Answer[History]:
    """Tell what happened to a hat, archived ones too, latest first; `page` 0 is the latest.

    Raises:
        Refused: `hat_not_found`.
    """
    with scene_of(sessions, asker) as (session, scene):
        hat = _hat(session, directory, scene, query)
        zone = zone_of(the_team(session, scene).timezone)
        found = [
            *_owners(session, hat, zone, now),
            *_proposals(session, scene, hat, zone),
            *_targets(session, hat, zone),
        ]
        found.sort(key=lambda dated: dated.at, reverse=True)
        first = PAGE * min(max(page, 0), _HIGHEST_PAGE)
        return Answer(
            scene.language,
            History(
                hat=HatName(hat.slug, hat.name),
                entries=tuple(dated.entry for dated in found[first : first + PAGE]),
                earlier=f"{hat.slug}:{page + 1}" if len(found) > first + PAGE else "",
            ),
        )


def read_state(state: str) -> tuple[str, int]:
    """Read which hat and page a button names.

    Raises:
        Refused: `form_outdated`, when it is something else.
    """
    slug, _, page = state.rpartition(":")
    if not slug or not page.isdecimal():
        raise Refused("form_outdated")
    return slug, min(int(page), _HIGHEST_PAGE)


def _hat(session: Session, directory: HatDirectory, scene: Scene, query: str) -> Hat:
    try:
        return hats.entity_by_id(session, scene.team_id, the_one(session, directory, scene, query).id)
    except Refused:
        archived = hats.entity(session, scene.team_id, _slug(query))
        if archived is None:
            raise
        return archived


def _slug(query: str) -> str:
    try:
        return slugify(query)
    except ValueError:
        return ""


def _owners(session: Session, hat: Hat, zone: tzinfo, now: datetime) -> Iterator[_Dated]:
    """Tell who owned the hat, and from when to when nobody did."""
    until = hat.created_at
    for assignment, owner in assignments.of_hat(session, hat.id or 0):
        yield from _vacancy(until, assignment.started_at, zone)
        yield _owned(assignment, owner, zone)
        until = max(until, assignment.ended_at or now)
    if assignments.live(session, hat.id or 0) is None:
        yield from _vacancy(until, hat.archived_at, zone)


def _vacancy(start: datetime, end: datetime | None, zone: tzinfo) -> Iterator[_Dated]:
    """Tell that nobody owned the hat; `end` None: nobody does."""
    if end is None or start < end:
        until = end.astimezone(zone).date() if end else None
        yield _Dated(start, HistoryEntry("vacant", start.astimezone(zone).date(), until))


def _owned(assignment: Assignment, owner: Member, zone: tzinfo) -> _Dated:
    ended = assignment.ended_at
    entry = HistoryEntry(
        kind="owned",
        on=assignment.started_at.astimezone(zone).date(),
        until=ended.astimezone(zone).date() if ended else None,
        person=Person(owner.slack_user_id, owner.name),
        how=assignment.ending or "",
        reason=assignment.reason,
    )
    return _Dated(assignment.started_at, entry)


def _proposals(session: Session, scene: Scene, hat: Hat, zone: tzinfo) -> Iterator[_Dated]:
    """Tell how proposals ended, and never why one was declined: that is private to the two."""
    for proposal in proposals.of_hat(session, scene.team_id, hat.id or 0):
        candidate = members.get(session, scene.workspace_id, proposal.candidate_id)
        counterpart = members.get(session, scene.workspace_id, proposal.counterpart_id)
        at = proposal.decided_at or proposal.offered_at
        entry = HistoryEntry(
            kind="proposal" if proposal.kind == "owner" else "terms",
            on=at.astimezone(zone).date(),
            person=Person(candidate.slack_user_id, candidate.name) if candidate else None,
            other=Person(counterpart.slack_user_id, counterpart.name) if counterpart else None,
            how=proposal.state,
        )
        yield _Dated(at, entry)


def _targets(session: Session, hat: Hat, zone: tzinfo) -> Iterator[_Dated]:
    measured = {kpi.id or 0: kpi for kpi in kpis.entities(session, hat.team_id) if kpi.hat_id == hat.id}
    before: dict[int, KpiValue] = {}
    for target in kpis.targets(session, list(measured)):
        kpi = measured[target.kpi_id]
        after = _with_target(kpi, target)
        on = target.agreed_at.astimezone(zone).date()
        yield _Dated(
            target.agreed_at,
            HistoryEntry("target", on, kpi=kpi.name, before=before.get(target.kpi_id), after=after),
        )
        before[target.kpi_id] = after
    for only in kpis.overrides(session, list(measured)):
        kpi, on = measured[only.kpi_id], only.agreed_at.astimezone(zone).date()
        entry = HistoryEntry("target", on, kpi=kpi.name, after=_with_target(kpi, only), week=only.period)
        yield _Dated(only.agreed_at, entry)


def _with_target(kpi: Kpi, target: Target | TargetOverride) -> KpiValue:
    return KpiValue(
        slug=kpi.slug,
        name=kpi.name,
        unit=kpi.unit,
        currency=kpi.currency,
        decimals=kpi.decimals,
        direction=kpi.direction,
        target=target.value,
        comparator=target.comparator,
        upper=target.upper,
    )
