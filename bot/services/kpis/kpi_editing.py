"""KPIs in a form. What an owner agreed to changes with their consent only: KPIs, what they measure, and targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.errors import Refused
from bot.domain.formula import slugs_of
from bot.domain.period import Period
from bot.domain.targets import Bounds
from bot.services.agreements.agreed import DEFINITION, Agreeing, bounds_held, put_away
from bot.services.agreements.agreement_terms import propose_terms_in
from bot.services.hats.hats import names, owner_of
from bot.services.kpis.kpi_adding import NewKpi, add_kpi, place, set_goal, the_kpi
from bot.services.kpis.kpi_forms import hat_of, weeks_ahead
from bot.services.kpis.kpi_reading import COLUMNS, as_it_is, read_aim, read_kpi, refitted
from bot.services.kpis.kpi_units import refuse_taken
from bot.services.kpis.target_reading import stored
from bot.services.sending.texts import MOST_CHARACTERS, storable
from bot.services.workspaces.authority import Player, the_team
from bot.services.workspaces.editing import (
    SENT_TWICE_WITHIN,
    FieldProblem,
    FieldProblems,
    Problems,
    note,
    playing,
    read_ids,
)
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, locate_team
from messages.content import HatName
from messages.kpi_fields import FIRST, GOAL, ONWARDS
from messages.life_content import Done
from storage import Session, Sessions, hats, kpis, proposals, teams
from storage.hats import HatRow
from storage.proposals import Term, term_of
from storage.tables import Kpi


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
    def may_define(self) -> bool:
        return self.editing.is_admin or self.hat.owner_id == self.editing.id

    @property
    def actor(self) -> str:
        return self.editing.member.slack_user_id

    @property
    def week(self) -> Period:
        return Period.of(self.now.date())


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

    Anybody else asks the owner, with a reason that follows the KPI after a colon.

    Raises:
        Refused: `not_playing`, `kpi_unnamed_here`, `kpi_not_found`, `kpi_several`, `not_admin`, `proposal_live`,
            `kpi_archive_reason`, when it is another's and no reason is given; `kpi_in_formula`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            editing = playing(session, scene, asker.user)
            # Held, so that no other KPI comes to be computed from it meanwhile.
            teams.lock(session, scene.workspace_id, scene.team_id)
            named, _, reason = query.partition(":")
            kpi = the_kpi(session, scene.team_id, named)
            hat = hat_of(session, scene, kpi)
            hats.lock(session, hat.id)
            if hat.owner_id is None and not editing.is_admin:
                raise Refused("not_admin", admins=[one.name for one in teams.admins(session, scene.team_id)])
            _refuse_used(session, scene, kpi)
            said = {"kpi": HatName(kpi.slug, kpi.name), "owner": owner_of(hat)}
            if hat.owner_id not in {None, editing.id}:
                if not reason.strip():
                    raise Refused("kpi_archive_reason", kpi=kpi.name, owner=owner_of(hat), slug=kpi.slug)
                term = Term(kpi.id, "", None, change="remove")
                propose_terms_in(session, scene, editing, hat.id, [term], reason, now=now)
                return Answer(scene.language, Done("kpi_archive_asked", said))
            put_away(Agreeing(session, the_team(session, scene), asker.user, now, reason.strip()), kpi, hat.slug)
            return Answer(scene.language, Done("kpi_archived", said))


def _refuse_used(session: Session, scene: Scene, kpi: Kpi) -> None:
    """Keep a KPI that others are computed from: without it they would have no values, and nobody would know why."""
    live = (one for one in kpis.entities(session, scene.team_id) if one.archived_at is None and one.id != kpi.id)
    others = [one.name for one in live if kpi.slug in slugs_of(one.formula)]
    if others:
        raise Refused("kpi_in_formula", kpi=kpi.name, others=others)


def _add(change: _Change) -> Done | None:
    session, scene, hat, problems = change.session, change.scene, change.hat, change.problems
    known = kpis.entities(session, scene.team_id)
    new = read_kpi(change.typed, None, known, scene.language, problems)
    term = Term(None, new.name, *stored(new.target))
    said = {"kpi": HatName("", new.name), "hat": names([hat])[0], "owner": owner_of(hat)}
    if _is_there(known, hat, new, change.now):
        return Done("kpi_added", said)
    refuse_taken(new.name, known, None, problems, "name")
    reason = _reason(change, "reason_missing" if change.owned_by_another else "")
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
        and all(getattr(kpi, column) == getattr(new, column) for column in COLUMNS)
        for kpi in known
    )


def _alter(change: _Change, kpi_id: int) -> Done | None:
    session, scene, hat, problems = change.session, change.scene, change.hat, change.problems
    known = kpis.entities(session, scene.team_id)
    kpi = next((one for one in known if one.id == kpi_id and one.hat_id == hat.id and one.archived_at is None), None)
    if kpi is None:
        raise Refused("no_such_kpi")
    new = _read(change, kpi, known)
    defined = {column: getattr(new, column) for column in DEFINITION if getattr(new, column) != getattr(kpi, column)}
    week = _only_week(change, defined)
    aim = _aim(change, kpi, new, week)
    reason = _reason(change, _why_reason(change, defined, aim, week))
    if problems:
        return None
    asked = defined if change.owned_by_another else {}
    if change.may_define:
        _define(change, kpi, {column: getattr(new, column) for column in COLUMNS if column not in asked})
    said = {"kpi": HatName(kpi.slug, kpi.name), "owner": owner_of(hat)}
    if aim is None and not asked:
        return Done("kpi_changed", said)
    term = Term(kpi_id, "", *stored(aim), week, "define" if asked else "target", tuple(asked.items()))
    if not _asked_already(change, term):
        propose_terms_in(session, scene, change.editing, hat.id, [term], reason, now=change.now)
    if not change.owned_by_another:
        return Done("kpi_changed", said)
    return Done("kpi_definition_asked" if asked else "kpi_target_asked", said)


def _read(change: _Change, kpi: Kpi, known: Sequence[Kpi]) -> NewKpi:
    """Read what was typed on top of what a KPI is: all of it, or, from who may not define it, another target."""
    if change.may_define:
        new = read_kpi(change.typed, kpi, known, change.scene.language, change.problems)
        refuse_taken(new.name, known, kpi, change.problems, "name")
        return new
    held = as_it_is(kpi)
    return held.aiming(read_aim(change.typed, held, change.scene.language, change.problems))


def _only_week(change: _Change, defined: Mapping[str, Any]) -> str | None:
    """Return the one week that the target is meant for; None when it holds from this week on."""
    holds = change.typed.get("holds", ONWARDS)
    if holds == ONWARDS:
        return None
    if holds not in weeks_ahead(change.week):
        change.problems["holds"] = FieldProblem("choice_unknown")
    elif defined:
        change.problems["holds"] = FieldProblem("definition_first")
    return holds


def _aim(change: _Change, kpi: Kpi, new: NewKpi, week: str | None) -> Bounds | None:
    """Return the target that is new; None when the one that holds stays."""
    kpi_id = kpi.id or 0
    usual = kpis.target_at(change.session, kpi_id, str(change.week))
    held = (kpis.override_at(change.session, kpi_id, week) if week else None) or usual
    if new.target is not None:
        return None if held and bounds_held(held, kpi.direction) == new.target else new.target
    if new.direction != kpi.direction and usual and "target" not in change.problems:
        return refitted(bounds_held(usual, kpi.direction), new, change.problems)
    return None


def _why_reason(change: _Change, defined: Mapping[str, Any], aim: Bounds | None, week: str | None) -> str:
    """Name what is missing without a reason; "" where none is needed."""
    if change.owned_by_another and (defined or aim is not None):
        return "reason_missing"
    return "reason_for_week" if week and aim is not None else ""


def _define(change: _Change, kpi: Kpi, columns: Mapping[str, Any]) -> None:
    before = {column: getattr(kpi, column) for column in columns}
    for column, value in columns.items():
        setattr(kpi, column, value)
    change.session.flush()
    note(
        change.session,
        change.scene,
        change.actor,
        "kpi.changed",
        kpi.slug,
        now=change.now,
        before=before,
        after=columns,
    )
    _settle_place(change, kpi)


def _reason(change: _Change, needed: str) -> str:
    reason = storable(change.typed.get("reason", "").strip(), MOST_CHARACTERS)
    if needed and not reason:
        change.problems["reason"] = FieldProblem(needed)
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
    return any(term_of(one) == term for one in proposals.terms(change.session, live.id or 0, live.round))
