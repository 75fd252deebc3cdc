"""What people read about agreements: the offer, its reminder, how it ended, and the channel's announcement."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.agreement import LIVE, Side, State
from bot.domain.evidence import WINDOW
from bot.domain.period import Period
from bot.services import agreement_news as news
from bot.services.evidence import evidence_lines
from bot.services.hats import card, kpi_value
from bot.services.letters import Composer, Occasion, Unneeded
from bot.services.scene import Scene
from messages import catalog
from messages.agreement_content import Announcement, Decision, OfferedTerm, ProposalCard
from messages.content import HatName, KpiValue, Message, Person
from messages.i18n import language_of
from storage import Session, audits, hats, kpis, members, proposals
from storage.hats import HatRow
from storage.tables import Member, Proposal, ProposalTerm, Team


def proposal_card(
    session: Session, team: Team, proposal: Proposal, reader: Member, *, today: date, reminder: bool = False
) -> ProposalCard | None:
    """Put together a proposal as one of its sides reads it; None when the hat or a side is gone."""
    hat = hats.one(session, proposal.team_id, proposal.hat_id)
    candidate = members.get(session, team.workspace_id, proposal.candidate_id)
    counterpart = members.get(session, team.workspace_id, proposal.counterpart_id)
    if hat is None or candidate is None or counterpart is None:
        return None
    side = Side.CANDIDATE if reader.id == proposal.candidate_id else Side.COUNTERPART
    language = language_of(reader.locale, team.locale)
    scene = Scene(team.workspace_id, team.id or 0, team.name, team.directory_version, reader.id, language)
    offered = proposals.terms(session, proposal.id or 0, proposal.round)
    return ProposalCard(
        key=f"{proposal.id}.{proposal.round}",
        kind=proposal.kind,
        origin=proposal.origin,
        state=proposal.state,
        hat=card(session, scene, hat, on=today),
        candidate=Person(candidate.slack_user_id, candidate.name),
        counterpart=Person(counterpart.slack_user_id, counterpart.name),
        side=side,
        readers_turn=proposal.state in LIVE and proposal.turn == side,
        terms=offered_terms(session, hat, offered, today),
        reason=next((term.reason for term in offered if term.reason), ""),
        evidence=evidence_lines(session, team, hat.id, since=proposal.offered_at - WINDOW),
        evidence_weeks=WINDOW.days // 7,
        expires_on=proposal.expires_at.astimezone(ZoneInfo(reader.timezone or team.timezone)).date(),
        earlier_owner=Person(hat.owner_slack_id, hat.owner_name or "") if hat.owner_slack_id else None,
        reminder=reminder,
    )


def offered_terms(session: Session, hat: HatRow, terms: Sequence[ProposalTerm], on: date) -> tuple[OfferedTerm, ...]:
    """Return terms with the KPIs that they are about."""
    known = {row.id: row for row in kpis.of_hats(session, [hat.id], period=str(Period.of(on)))}
    return tuple(
        OfferedTerm(kpi_value(known[term.kpi_id]), term.target, known[term.kpi_id].target)
        if term.kpi_id in known
        else OfferedTerm(KpiValue(slug="", name=term.kpi_name), term.target, is_new=True)
        for term in terms
        if term.kpi_id in known or term.kpi_name
    )


def _offer(occasion: Occasion) -> Message | Unneeded:
    found = _proposal(occasion)
    reader = _reader(occasion)
    if found is None or reader is None:
        return Unneeded("the offer or its reader is gone")
    round_ = occasion.claimed.period.rpartition("-")[2]
    if found.state not in LIVE or str(found.round) != round_:
        return Unneeded("the offer is not waiting for an answer any more")
    reminder = occasion.claimed.kind == news.OFFER_REMINDER
    today = occasion.now.date()
    shown = proposal_card(occasion.session, occasion.team, found, reader, today=today, reminder=reminder)
    if shown is None:
        return Unneeded("the hat is gone")
    return catalog.proposal(shown, language=language_of(reader.locale, occasion.team.locale))


def _decision(occasion: Occasion) -> Message | Unneeded:
    found, reader = _proposal(occasion), _reader(occasion)
    hat = hats.entity_by_id(occasion.session, occasion.team.id or 0, found.hat_id) if found else None
    if found is None or reader is None or hat is None:
        return Unneeded("the offer or its reader is gone")
    workspace = occasion.team.workspace_id
    candidate = members.get(occasion.session, workspace, found.candidate_id)
    counterpart = members.get(occasion.session, workspace, found.counterpart_id)
    if candidate is None or counterpart is None:
        return Unneeded("one of the two is gone")
    other = counterpart if reader.id == candidate.id else candidate
    decided = Decision(
        kind=found.kind,
        origin=found.origin,
        state=found.state,
        hat=HatName(hat.slug, hat.name),
        team=occasion.team.name,
        by=Person(other.slack_user_id, other.name),
        candidate=Person(candidate.slack_user_id, candidate.name),
        reason=found.reason if found.state == State.DECLINED else "",
    )
    return catalog.decision(decided, language=language_of(reader.locale, occasion.team.locale))


def _announcement(occasion: Occasion) -> Message | Unneeded:
    what, _, number = occasion.claimed.period.rpartition("-")
    found = proposals.get(occasion.session, occasion.team.workspace_id, int(number)) if what == "proposal" else None
    if what == "proposal":
        assignment = hats.live_assignment(occasion.session, found.hat_id) if found else None
    else:
        assignment = hats.assignment(occasion.session, occasion.team.workspace_id, int(number))
    if assignment is None:
        return Unneeded("the hat has changed hands again")
    hat = hats.one(occasion.session, occasion.team.id or 0, assignment.hat_id)
    owner = members.get(occasion.session, occasion.team.workspace_id, assignment.member_id)
    if hat is None or owner is None:
        return Unneeded("the hat or its owner is gone")
    earlier = hats.owner_before(occasion.session, assignment)
    terms = proposals.terms(occasion.session, found.id or 0, found.round) if found else []
    forced_by = _who_forced(occasion, hat.slug) if found is None else None
    told = Announcement(
        hat=HatName(hat.slug, hat.name),
        team=occasion.team.name,
        owner=Person(owner.slack_user_id, owner.name),
        position=hat.position,
        earlier=Person(earlier.slack_user_id, earlier.name) if earlier else None,
        kpis=offered_terms(occasion.session, hat, terms, occasion.now.date()),
        forced_by=Person(forced_by) if forced_by else None,
        reason=assignment.reason if found is None else "",
    )
    if occasion.claimed.kind == news.FORCED:
        reader = _reader(occasion)
        return catalog.forced(told, language=language_of(reader.locale if reader else None, occasion.team.locale))
    return catalog.announcement(told, language=occasion.team.locale)


def _who_forced(occasion: Occasion, slug: str) -> str | None:
    changes = audits.of_team(occasion.session, occasion.team.id or 0, limit=20, subject=slug)
    return next((change.actor for change in changes if change.action == "hat.owner"), None)


def _proposal(occasion: Occasion) -> Proposal | None:
    number = occasion.claimed.period.split("-")[1]
    return proposals.get(occasion.session, occasion.team.workspace_id, int(number))


def _reader(occasion: Occasion) -> Member | None:
    member = members.by_slack_id(occasion.session, occasion.team.workspace_id, occasion.claimed.recipient)
    return None if member is None or member.deleted else member


COMPOSERS: dict[str, Composer] = {
    news.OFFER: _offer,
    news.OFFER_REMINDER: _offer,
    news.DECISION: _decision,
    news.ANNOUNCEMENT: _announcement,
    news.FORCED: _announcement,
}
