"""Hats change hands: what takes effect when two people have agreed, or an admin has decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.months import add_months
from bot.domain.spelling import name_key
from bot.services.agreements import agreement_news
from bot.services.agreements.agreed import Agreeing, agree_target, put_away, redefine
from bot.services.hats.hats import names, the_one
from bot.services.installs import onboarding_news
from bot.services.kpis.kpi_units import free_slug
from bot.services.people.directory import HatDirectory
from bot.services.sending.texts import MOST_CHARACTERS, storable
from bot.services.workspaces.authority import admin, possible_owner, the_team
from bot.services.workspaces.scene import Answer, Asker, in_language, locate
from messages.content import HatName, Person
from storage import Session, Sessions, absences, assignments, audits, hats, kpis, members, proposals, teams
from storage.proposals import Term, term_of
from storage.tables import Assignment, Hat, Kpi, Proposal, ProposalTerm, Team


@dataclass(frozen=True)
class Forced:
    """What an admin has decided, and the proposal that is over by that."""

    hat: HatName
    owner: Person
    called_off: int | None


def take_effect(
    session: Session, team: Team, proposal: Proposal, terms: Sequence[ProposalTerm], *, actor: str, now: datetime
) -> None:
    """Carry out an accepted proposal: the owner (unless only terms were agreed on) and the targets, from this week."""
    hat = hats.entity_by_id(session, team.id or 0, proposal.hat_id)
    if proposal.kind == "owner":
        assignment = give(session, team, hat, proposal.candidate_id, ending="handed_over", actor=actor, now=now)
        agreement_news.owe_announcement(session, team, assignment, proposal, now=now)
    else:
        renew(session, team, hat, now=now)
    agreed = [(term_of(term), term.reason) for term in terms]
    hold_terms(session, team, hat, agreed, actor=actor, now=now)


def give(
    session: Session, team: Team, hat: Hat, member_id: int, *, ending: str, actor: str, now: datetime, reason: str = ""
) -> Assignment:
    """Make a member the hat's one owner; they play in the team and wear the hat from now on.

    A proposal about the hat that still waits for an answer is called off: it was about another owner.
    """
    hats.lock(session, hat.id or 0)
    earlier = assignments.live(session, hat.id or 0)
    teams.add_member(session, team, member_id, now=now)
    hats.start_wearing(session, hat, member_id, now=now)
    assignments.assign(session, hat, member_id, ending=ending, now=now)
    deputy = absences.deputy_of(session, hat.id or 0)
    if deputy and deputy.member_id == member_id:
        absences.set_deputy(session, hat, None, now=now)
    _call_off(session, team, hat, now)
    renew(session, team, hat, now=now, reason=reason)
    _note_owner(session, team, hat, earlier, member_id, actor=actor, now=now, reason=reason)
    assignment = assignments.live(session, hat.id or 0)
    if assignment is None:
        raise RuntimeError("a hat that was given away has no owner")
    return assignment


def vacate(session: Session, team: Team, hat: Hat, *, ending: str, actor: str, now: datetime, reason: str = "") -> None:
    """Take the hat from its owner; nobody owns it until somebody agrees to."""
    hats.lock(session, hat.id or 0)
    earlier = assignments.live(session, hat.id or 0)
    if earlier is None:
        return
    assignments.assign(session, hat, None, ending=ending, now=now)
    live = proposals.live_of_hat(session, team.id or 0, hat.id or 0)
    if live is not None and live.kind == "terms":
        agreement_news.call_off(session, live, now=now)
    _note_owner(session, team, hat, earlier, None, actor=actor, now=now, reason=reason)


def renew(session: Session, team: Team, hat: Hat, *, now: datetime, reason: str = "") -> None:
    """Let the hat's agreement hold for the team's number of months from now."""
    assignment = assignments.live(session, hat.id or 0)
    if assignment is not None:
        assignment.review_at = add_months(now, team.review_months)
        assignment.reason = reason or assignment.reason
        session.flush()


def force(
    sessions: Sessions,
    directory: HatDirectory | None,
    asker: Asker,
    query: str,
    owner: str,
    reason: str,
    *,
    now: datetime,
) -> Answer[Forced]:
    """Let an admin decide who owns a hat. Everyone concerned sees that, and why.

    Raises:
        Refused: `not_admin`, `reason_missing`, `cannot_own`, `owns_already`, `hat_not_found`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            forcing = admin(session, scene, asker.user)
            why = storable(reason.strip(), MOST_CHARACTERS)
            if not why:
                raise Refused("reason_missing")
            found = the_one(session, directory, scene, query)
            receiver = possible_owner(session, scene, owner)
            hats.lock(session, found.id)
            row = hats.one(session, scene.team_id, found.id) or found
            if row.owner_id == receiver.id:
                raise Refused("owns_already", hat=row.name)
            team = the_team(session, scene)
            hat = hats.entity_by_id(session, scene.team_id, row.id)
            live = proposals.live_of_hat(session, scene.team_id, row.id)
            at_the_table = _sides(session, team, live) if live else set()
            given = give(session, team, hat, receiver.id, ending="forced", actor=asker.user, now=now, reason=why)
            concerned = {receiver.member.slack_user_id, row.owner_slack_id or "", *at_the_table}
            agreement_news.owe_forced(session, team, given, forcing.id, concerned - {"", asker.user}, now)
            new_owner = Person(receiver.member.slack_user_id, receiver.member.name)
            return Answer(scene.language, Forced(names([row])[0], new_owner, live.id if live else None))


def hold_terms(
    session: Session, team: Team, hat: Hat, terms: Iterable[tuple[Term, str]], *, actor: str, now: datetime
) -> None:
    """Let targets hold from this week on, adding KPIs that the hat did not have, and putting away those agreed on.

    Earlier weeks keep what held then.

    Terms about a KPI that has been archived, or is another hat's by now, are left out. Each comes with its reason.
    """
    for term, reason in terms:
        kpi = _kpi(session, team, hat, term, actor, now)
        if kpi is None:
            continue
        agreeing = Agreeing(session, team, actor, now, reason)
        if term.change == "remove":
            put_away(agreeing, kpi, hat.slug)
            continue
        if term.change == "define":
            redefine(agreeing, kpi, dict(term.definition))
        if term.target is not None:
            agree_target(agreeing, kpi, term)


def _kpi(session: Session, team: Team, hat: Hat, term: Term, actor: str, now: datetime) -> Kpi | None:
    """Return the hat's KPI that a term is about, adding one that was asked for by name.

    One of the hat's own of that name that is put away, or waited for this agreement, is there from now on.
    """
    known = kpis.entities(session, team.id or 0)
    own = [kpi for kpi in known if kpi.hat_id == hat.id]
    if term.kpi_id is not None:
        return next((kpi for kpi in own if kpi.id == term.kpi_id and kpi.archived_at is None), None)
    key = name_key(term.kpi_name)
    called = [kpi for kpi in own if key in (kpi.key, name_key(kpi.name))]
    found = next((kpi for kpi in called if kpi.archived_at is None), None)
    if found is not None:
        return found
    slug = called[0].slug if called else free_slug(term.kpi_name, known)
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        actor=actor,
        action="kpi.added",
        subject=slug,
        now=now,
        after={"name": term.kpi_name, "hat": hat.slug},
    )
    if called:
        called[0].archived_at, called[0].is_goal = None, False
        return called[0]
    return kpis.add(
        session,
        team_id=team.id or 0,
        hat_id=hat.id or 0,
        slug=slug,
        key=name_key(slug),
        name=term.kpi_name,
        sequence=max((kpi.sequence for kpi in known), default=0) + 1,
        now=now,
    )


def _call_off(session: Session, team: Team, hat: Hat, now: datetime) -> None:
    live = proposals.live_of_hat(session, team.id or 0, hat.id or 0)
    if live is not None:
        agreement_news.call_off(session, live, now=now)


def _sides(session: Session, team: Team, live: Proposal) -> set[str]:
    """Return who sits at a live proposal, which is over when an admin decides."""
    found = [members.get(session, team.workspace_id, one) for one in (live.candidate_id, live.counterpart_id)]
    return {member.slack_user_id for member in found if member is not None and not member.deleted}


def _note_owner(
    session: Session,
    team: Team,
    hat: Hat,
    earlier: Assignment | None,
    member_id: int | None,
    *,
    actor: str,
    now: datetime,
    reason: str,
) -> None:
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        actor=actor,
        action="hat.owner",
        subject=hat.slug,
        now=now,
        before={"owner": _name(session, team, earlier.member_id if earlier else None)},
        after={"owner": _name(session, team, member_id)},
        reason=reason,
    )
    onboarding_news.owe_moved(session, team.workspace_id, team.id or 0, "hat.owner", now=now)


def _name(session: Session, team: Team, member_id: int | None) -> str | None:
    member = members.get(session, team.workspace_id, member_id) if member_id else None
    return member.slack_user_id if member else None
