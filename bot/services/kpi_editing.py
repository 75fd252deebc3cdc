"""KPIs in a form. What an owner agreed to changes with their consent only: KPIs, what they measure, and targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.domain.words import Direction
from bot.services.agreement_terms import propose_terms_in
from bot.services.authority import Player
from bot.services.directory import HatDirectory
from bot.services.editing import (
    SENT_TWICE_WITHIN,
    FieldProblem,
    FieldProblems,
    Problems,
    note,
    one_line,
    playing,
    read_ids,
    read_number,
)
from bot.services.hats import kpi_value, names, owner_of, the_one
from bot.services.kpi_adding import NewKpi, add_kpi, before_in_chain, place, set_goal, the_kpi
from bot.services.kpi_units import read_unit, refuse_taken, value_of
from bot.services.scene import Answer, Asker, Scene, in_language, locate, locate_team, scene_of
from bot.services.texts import MOST_CHARACTERS, storable
from messages.content import HatName, KpiValue
from messages.editing_content import Chain, ChainedKpi, KpiForm
from messages.form_fields import FIRST, GOAL, MOST_DECIMALS
from messages.life_content import Done
from storage import Session, Sessions, hats, kpis, proposals, teams
from storage.hats import HatRow
from storage.proposals import Term
from storage.tables import Kpi

_DEFINITION = ("name", "unit", "currency", "direction", "decimals")
_AGREED = ("unit", "currency", "direction")  # what a number of the owner's means


@dataclass(frozen=True)
class _Change:
    """One save of a form: whose, about which hat, when, what was typed, and what is wrong with it."""

    session: Session
    scene: Scene
    editing: Player
    hat: HatRow
    typed: Mapping[str, str]
    now: datetime
    problems: FieldProblems

    @property
    def owned_by_another(self) -> bool:
        return self.hat.owner_id not in {None, self.editing.id}

    @property
    def actor(self) -> str:
        return self.editing.member.slack_user_id


def chain(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[Chain]:
    """List the team's KPIs in the chain's order, and what each one feeds."""
    with scene_of(sessions, asker) as (session, scene):
        rows = kpis.of_team(session, scene.team_id, period=str(Period.of(now.date())))
        called = {hat.id: hat.name for hat in hats.all_of_team(session, scene.team_id)}
        named = {row.id: row.name for row in rows}
        links = kpis.links(session, scene.team_id)
        shown = tuple(
            ChainedKpi(
                kpi=kpi_value(row),
                hat=called.get(row.hat_id, ""),
                is_goal=row.is_goal,
                feeds=tuple(
                    (named[link.downstream_id], link.lag_weeks, link.rate)
                    for link in links
                    if link.upstream_id == row.id and link.downstream_id in named
                ),
            )
            for row in rows
        )
        return Answer(scene.language, Chain(scene.team_name, shown))


def blank(sessions: Sessions, directory: HatDirectory, asker: Asker, query: str) -> Answer[KpiForm]:
    """Prepare the form for a new KPI of a hat.

    Raises:
        Refused: `not_playing`, `hat_not_found`.
    """
    with scene_of(sessions, asker) as (session, scene):
        editing = playing(session, scene, asker.user)
        row = the_one(session, directory, scene, query)
        live = [kpi for kpi in kpis.entities(session, scene.team_id) if kpi.archived_at is None]
        others = [kpi for kpi in live if not kpi.is_goal]
        form = KpiForm(
            state=f"{scene.team_id} {row.id}",
            hat=names([row])[0],
            kpi=KpiValue(slug="", name=""),
            may_set_goal=editing.is_admin and row.owner_id in {None, editing.id},
            asked=owner_of(row) if row.owner_id not in {None, editing.id} else None,
            after=others[-1].slug if others else "",
            chain=tuple((kpi.slug, kpi.name) for kpi in live),
        )
        return Answer(scene.language, form)


def filled(sessions: Sessions, asker: Asker, query: str, *, now: datetime) -> Answer[KpiForm]:
    """Prepare the form for a KPI that is there. Who may not define it can suggest another target.

    Raises:
        Refused: `not_playing`, `kpi_unnamed_here`, `kpi_not_found`, `kpi_several`.
    """
    with scene_of(sessions, asker) as (session, scene):
        editing = playing(session, scene, asker.user)
        kpi = the_kpi(session, scene.team_id, query)
        hat = _hat(session, scene, kpi)
        rows = kpis.of_team(session, scene.team_id, period=str(Period.of(now.date())))
        live = [one for one in kpis.entities(session, scene.team_id) if one.archived_at is None]
        form = KpiForm(
            state=f"{scene.team_id} {hat.id} {kpi.id}",
            hat=names([hat])[0],
            kpi=kpi_value(next(row for row in rows if row.id == kpi.id)),
            is_new=False,
            may_define=editing.is_admin or hat.owner_id == editing.id,
            may_set_goal=editing.is_admin,
            is_goal=kpi.is_goal,
            asked=owner_of(hat) if hat.owner_id not in {None, editing.id} else None,
            after=before_in_chain(live, kpi),
            chain=tuple((one.slug, one.name) for one in live if one.id != kpi.id),
        )
        return Answer(scene.language, form)


def save(
    sessions: Sessions, asker: Asker, state: str, typed: Mapping[str, str], *, now: datetime
) -> Answer[Done | Problems]:
    """Store a KPI's form: `state` names team and hat, and the KPI when it is not new.

    What the owner of the hat has to agree to becomes an offer to them; everything else holds at once, or nothing does.

    Raises:
        Refused: `form_outdated`, `not_playing`, `hat_archived`, `no_such_kpi`, `proposal_live`.
    """
    ids = read_ids(state, 3 if len(state.split()) > 2 else 2)  # noqa: PLR2004  # team, hat, KPI
    with sessions.write() as session:
        scene = locate_team(session, asker, ids[0])
        with in_language(scene.language):
            editing = playing(session, scene, asker.user)
            # One after the other: two KPIs of one name, or two goals, must not be there at once.
            teams.lock(session, scene.workspace_id, scene.team_id)
            hats.lock(session, ids[1])
            hat = hats.one(session, scene.team_id, ids[1])
            if hat is None:
                raise Refused("hat_archived")
            change = _Change(session, scene, editing, hat, typed, now, {})
            done = _add(change) if len(ids) == 2 else _alter(change, ids[2])  # noqa: PLR2004
            return Answer(scene.language, Problems(change.problems) if done is None else done)


def archive(sessions: Sessions, asker: Asker, query: str, *, now: datetime) -> Answer[Done]:
    """Put a KPI away: the hat's owner can, and an admin while nobody owns the hat. Its numbers stay.

    Raises:
        Refused: `not_playing`, `kpi_unnamed_here`, `kpi_not_found`, `kpi_several`, `kpi_is_agreed`, `hat_not_yours`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            editing = playing(session, scene, asker.user)
            kpi = the_kpi(session, scene.team_id, query)
            hat = _hat(session, scene, kpi)
            hats.lock(session, hat.id)
            if hat.owner_id is not None and hat.owner_id != editing.id:
                raise Refused("kpi_is_agreed", kpi=kpi.name, owner=owner_of(hat))
            if hat.owner_id is None and not editing.is_admin:
                raise Refused("not_admin", admins=[one.name for one in teams.admins(session, scene.team_id)])
            kpi.archived_at = now
            note(session, scene, asker.user, "kpi.archived", kpi.slug, now=now, after={"hat": hat.slug})
            return Answer(scene.language, Done("kpi_archived", {"kpi": HatName(kpi.slug, kpi.name)}))


def _add(change: _Change) -> Done | None:
    session, scene, hat, problems = change.session, change.scene, change.hat, change.problems
    new = _read(change, None)
    known = kpis.entities(session, scene.team_id)
    term = Term(None, new.name, new.target)
    said = {"kpi": HatName("", new.name), "hat": names([hat])[0], "owner": owner_of(hat)}
    if _is_there(known, hat, new, change.now):
        return Done("kpi_added", said)
    refuse_taken(new.name, known, None, problems, "name")
    reason = _reason(change, needed=change.owned_by_another)
    if problems:
        return None
    entity = hats.entity_by_id(session, scene.team_id, hat.id)
    if change.owned_by_another:
        if not _asked_already(change, term):
            add_kpi(session, scene, entity, new, actor=change.actor, now=change.now, waiting=True)
            propose_terms_in(session, scene, change.editing, hat.id, [term], reason, now=change.now)
        return Done("kpi_asked", said)
    kpi = add_kpi(session, scene, entity, new, actor=change.actor, now=change.now)
    _settle_place(change, kpi)
    return Done("kpi_added", said)


def _is_there(known: Sequence[Kpi], hat: HatRow, new: NewKpi, now: datetime) -> bool:
    """Tell whether the hat has had this very KPI for a moment: the form was sent twice."""
    return any(
        kpi.hat_id == hat.id
        and kpi.archived_at is None
        and kpi.created_at > now - SENT_TWICE_WITHIN
        and all(getattr(kpi, c) == getattr(new, c) for c in _DEFINITION)
        for kpi in known
    )


def _alter(change: _Change, kpi_id: int) -> Done | None:
    session, scene, hat, problems = change.session, change.scene, change.hat, change.problems
    known = kpis.entities(session, scene.team_id)
    kpi = next((one for one in known if one.id == kpi_id and one.hat_id == hat.id and one.archived_at is None), None)
    if kpi is None:
        raise Refused("no_such_kpi")
    new = _read(change, kpi)
    refuse_taken(new.name, known, kpi, problems, "name")
    held = kpis.target_at(session, kpi_id, str(Period.of(change.now.date())))
    changes_target = new.target is not None and (held is None or held.value != new.target)
    reason = _reason(change, needed=changes_target and change.owned_by_another)
    if problems:
        return None
    if _defines(change):
        before = {column: getattr(kpi, column) for column in _DEFINITION}
        for column in _DEFINITION:
            setattr(kpi, column, getattr(new, column))
        after = {column: getattr(kpi, column) for column in _DEFINITION}
        note(session, scene, change.actor, "kpi.changed", kpi.slug, now=change.now, before=before, after=after)
        _settle_place(change, kpi)
    said = {"kpi": HatName(kpi.slug, kpi.name), "owner": owner_of(hat)}
    if not changes_target:
        return Done("kpi_changed", said)
    term = Term(kpi_id, "", new.target)
    if not _asked_already(change, term):
        propose_terms_in(session, scene, change.editing, hat.id, [term], reason, now=change.now)
    return Done("kpi_target_asked" if change.owned_by_another else "kpi_changed", said)


def _defines(change: _Change) -> bool:
    return change.editing.is_admin or change.hat.owner_id == change.editing.id


def _read(change: _Change, kpi: Kpi | None) -> NewKpi:
    """Read what was typed on top of what a KPI is."""
    typed, problems, language = change.typed, change.problems, change.scene.language
    if kpi is not None and not _defines(change):
        new = NewKpi(**{column: getattr(kpi, column) for column in _DEFINITION})
    else:
        unit, currency = read_unit(typed.get("unit", ""), problems)
        decimals = value_of(typed, "decimals", [str(number) for number in range(MOST_DECIMALS + 1)], problems)
        new = NewKpi(
            name=one_line(typed.get("name", ""), problems, "name"),
            unit=unit,
            currency=currency,
            direction=value_of(typed, "direction", list(Direction), problems),
            decimals=int(decimals) if "decimals" not in problems else 0,
        )
    if kpi is not None and change.owned_by_another:
        for column in _AGREED:
            if getattr(new, column) != getattr(kpi, column):
                where = "unit" if column == "currency" else column
                problems.setdefault(where, FieldProblem("owner_decides", {"owner": owner_of(change.hat)}))
    shown = KpiValue(slug="", name=new.name, unit=new.unit, currency=new.currency, decimals=new.decimals)
    target = read_number(typed.get("target", ""), shown, language, problems, "target")
    return NewKpi(new.name, new.unit, new.currency, new.direction, new.decimals, target)


def _reason(change: _Change, *, needed: bool) -> str:
    reason = storable(change.typed.get("reason", "").strip(), MOST_CHARACTERS)
    if needed and not reason:
        change.problems["reason"] = FieldProblem("reason_missing")
    return reason


def _settle_place(change: _Change, kpi: Kpi) -> None:
    """Put a KPI where the form says, and make it the goal when an admin says so."""
    session, scene = change.session, change.scene
    after = change.typed.get("after", "")
    if after:
        place(session, scene, kpi, "" if after == FIRST else after)
    if change.editing.is_admin and "goal" in change.typed:
        is_goal = change.typed["goal"] == GOAL
        set_goal(session, scene, kpi, is_goal=is_goal, actor=change.actor, now=change.now)


def _asked_already(change: _Change, term: Term) -> bool:
    """Tell whether the very same is on the table already: the form was sent twice."""
    live = proposals.live_of_hat(change.session, change.scene.team_id, change.hat.id)
    if live is None or live.kind != "terms" or live.counterpart_id != change.editing.id:
        return False
    offered = proposals.terms(change.session, live.id or 0, live.round)
    return any((one.kpi_id, one.kpi_name, one.target) == (term.kpi_id, term.kpi_name, term.target) for one in offered)


def _hat(session: Session, scene: Scene, kpi: Kpi) -> HatRow:
    hat = hats.one(session, scene.team_id, kpi.hat_id)
    if hat is None:
        raise Refused("hat_archived")
    return hat
