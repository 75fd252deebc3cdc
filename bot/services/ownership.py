"""Hats change hands: what takes effect when two people have agreed, or an admin has decided."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.months import add_months
from bot.domain.naming import name_key, slugify
from bot.domain.period import Period
from bot.services import agreement_news
from bot.services.authority import admin, possible_owner, the_team
from bot.services.directory import HatDirectory
from bot.services.hats import names, the_one
from bot.services.scene import Answer, Asker, in_language, locate
from messages.content import HatName
from storage import Session, Sessions, absences, audits, hats, kpis, members, proposals, teams
from storage.tables import Hat, Kpi, Proposal, ProposalTerm, Team


def take_effect(
    session: Session, team: Team, proposal: Proposal, terms: Sequence[ProposalTerm], *, actor: str, now: datetime
) -> None:
    """Carry out an accepted proposal: the owner (unless only terms were agreed on) and the targets, from this week."""
    hat = hats.entity_by_id(session, team.id or 0, proposal.hat_id)
    if proposal.kind == "owner":
        give(session, team, hat, proposal.candidate_id, ending="handed_over", actor=actor, now=now)
        agreement_news.owe_announcement(session, team, f"proposal-{proposal.id}", now=now)
    else:
        renew(session, team, hat, now=now)
    for term in terms:
        kpi = _kpi(session, team, hat, term, now)
        if term.target is not None:
            agree_target(session, team, kpi, term, actor=actor, now=now)


def give(
    session: Session, team: Team, hat: Hat, member_id: int, *, ending: str, actor: str, now: datetime, reason: str = ""
) -> None:
    """Make a member the hat's one owner; they play in the team and wear the hat from now on."""
    earlier = hats.live_assignment(session, hat.id or 0)
    teams.add_member(session, team, member_id, now=now)
    hats.start_wearing(session, hat, member_id, now=now)
    hats.assign(session, hat, member_id, ending=ending, now=now)
    deputy = absences.deputy_of(session, hat.id or 0)
    if deputy and deputy.member_id == member_id:
        absences.set_deputy(session, hat, None, now=now)
    renew(session, team, hat, now=now, reason=reason)
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


def vacate(session: Session, team: Team, hat: Hat, *, ending: str, actor: str, now: datetime, reason: str = "") -> None:
    """Take the hat from its owner; nobody owns it until somebody agrees to."""
    earlier = hats.live_assignment(session, hat.id or 0)
    if earlier is None:
        return
    hats.assign(session, hat, None, ending=ending, now=now)
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        actor=actor,
        action="hat.owner",
        subject=hat.slug,
        now=now,
        before={"owner": _name(session, team, earlier.member_id)},
        after={"owner": None},
        reason=reason,
    )


def renew(session: Session, team: Team, hat: Hat, *, now: datetime, reason: str = "") -> None:
    """Let the hat's agreement hold for the team's number of months from now."""
    assignment = hats.live_assignment(session, hat.id or 0)
    if assignment is not None:
        assignment.review_at = add_months(now, team.review_months)
        assignment.reason = reason or assignment.reason
        session.flush()


def force(
    sessions: Sessions,
    directory: HatDirectory,
    asker: Asker,
    query: str,
    owner: str,
    reason: str,
    *,
    now: datetime,
) -> Answer[HatName]:
    """Let an admin decide who owns a hat. Everyone concerned sees that, and why.

    Raises:
        Refused: `not_admin`, `reason_missing`, `cannot_own`, `owns_already`, `hat_not_found`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            forcing = admin(session, scene, asker.user)
            if not reason.strip():
                raise Refused("reason_missing")
            row = the_one(session, directory, scene, query)
            receiver = possible_owner(session, scene, owner)
            if row.owner_id == receiver.id:
                raise Refused("owns_already", hat=row.name, slack_id=owner)
            team = the_team(session, scene)
            hat = hats.entity_by_id(session, scene.team_id, row.id)
            live = proposals.live_of_hat(session, scene.team_id, row.id)
            if live is not None:
                proposals.move(session, live, state="withdrawn", decided_at=now, remind_at=None)
                agreement_news.owe_answer(session, live, by=None, now=now)
            give(session, team, hat, receiver.id, ending="forced", actor=asker.user, now=now, reason=reason.strip())
            assignment = hats.live_assignment(session, row.id)
            about = f"forced-{assignment.id if assignment else 0}"
            agreement_news.owe_announcement(session, team, about, now=now)
            concerned = {receiver.member.slack_user_id, row.owner_slack_id} - {None, forcing.member.slack_user_id}
            for person in sorted(one for one in concerned if one):
                agreement_news.owe_to(session, team, "forced", person, about, now=now)
            return Answer(scene.language, names([row])[0])


def agree_target(session: Session, team: Team, kpi: Kpi, term: ProposalTerm, *, actor: str, now: datetime) -> None:
    """Let a target hold from this week on; earlier weeks keep what was agreed then."""
    if term.target is None:
        return
    period = str(Period.of(now.date()))
    before = kpis.target_at(session, kpi.id or 0, period)
    if before is not None and before.value == term.target:
        return
    kpis.set_target(session, kpi.id or 0, valid_from=period, value=term.target, now=now)
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        actor=actor,
        action="kpi.target",
        subject=kpi.slug,
        now=now,
        before={"target": before.value if before else None},
        after={"target": term.target, "from": period},
        reason=term.reason,
    )


def _kpi(session: Session, team: Team, hat: Hat, term: ProposalTerm, now: datetime) -> Kpi:
    """Return the KPI that a term is about, adding one that was asked for by name."""
    known = kpis.entities(session, team.id or 0)
    if term.kpi_id is not None:
        return next(kpi for kpi in known if kpi.id == term.kpi_id)
    key = name_key(term.kpi_name)
    found = next((kpi for kpi in known if kpi.key == key and kpi.archived_at is None), None)
    if found is not None:
        return found
    taken = {kpi.key for kpi in known}
    slug = slugify(term.kpi_name)
    number = 2
    while name_key(slug) in taken:
        slug, number = f"{slugify(term.kpi_name)}-{number}", number + 1
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


def _name(session: Session, team: Team, member_id: int | None) -> str | None:
    member = members.get(session, team.workspace_id, member_id) if member_id else None
    return (member.name or member.slack_user_id) if member else None
