"""What people read about agreements: offers, reminders, decisions, announcements, reviews."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.agreement import LIVE, Side, State
from bot.domain.evidence import WINDOW
from bot.services.agreements import agreement_news as news
from bot.services.agreements.agreement_form import offered_terms
from bot.services.agreements.agreement_reviews import review_of
from bot.services.agreements.agreement_table import shown as person_of
from bot.services.hats.evidence import evidence_lines
from bot.services.hats.hats import card, owner_of
from bot.services.sending.letters import Composer, Occasion, Unneeded
from bot.services.workspaces.scene import Scene
from messages import catalog
from messages.agreement_content import Announcement, Decision, EvidenceLine, OfferedTerm, PassingOn, ProposalCard
from messages.content import HatName, Message
from messages.i18n import language_of
from storage import Session, assignments, hats, kpis, members, proposals
from storage.hats import HatRow
from storage.proposals import term_of
from storage.tables import Member, Proposal, Team


def proposal_card(
    session: Session,
    team: Team,
    proposal: Proposal,
    reader: Member,
    *,
    today: date,
    reminder: bool = False,
    remind_on: date | None = None,
) -> ProposalCard | None:
    """Put together a proposal as one of its sides reads it; None when the hat or a side is gone."""
    hat = hats.one(session, proposal.team_id, proposal.hat_id)
    candidate = members.get(session, team.workspace_id, proposal.candidate_id)
    counterpart = members.get(session, team.workspace_id, proposal.counterpart_id)
    if hat is None or candidate is None or counterpart is None:
        return None
    side = Side.CANDIDATE if reader.id == proposal.candidate_id else Side.COUNTERPART
    language = language_of(members.spoken_locale(reader), team.locale)
    scene = Scene(team.workspace_id, team.id or 0, team.name, team.directory_version, reader.id, language)
    offered = proposals.terms(session, proposal.id or 0, proposal.round)
    return ProposalCard(
        key=f"{proposal.id}.{proposal.round}",
        kind=proposal.kind,
        origin=proposal.origin,
        state=proposal.state,
        hat=card(session, scene, hat, on=today),
        candidate=person_of(candidate),
        counterpart=person_of(counterpart),
        side=side,
        readers_turn=proposal.state in LIVE and proposal.turn == side,
        remind_on=remind_on,
        terms=_terms_shown(session, hat, proposal, today),
        reason=next((term.reason for term in offered if term.reason), ""),
        evidence=_evidence(session, team, hat, candidate, proposal),
        evidence_weeks=WINDOW.days // 7,
        expires_on=proposal.expires_at.astimezone(ZoneInfo(reader.timezone or team.timezone)).date(),
        earlier_owner=owner_of(hat),
        reminder=reminder,
    )


def _evidence(
    session: Session, team: Team, hat: HatRow, candidate: Member, proposal: Proposal
) -> tuple[EvidenceLine, ...]:
    """Return what the candidate did for the hat before it was offered; what others did is theirs."""
    lines = evidence_lines(session, team, hat.id, since=proposal.offered_at - WINDOW)
    return tuple(line for line in lines if line.person.slack_id == candidate.slack_user_id)


def _offer(occasion: Occasion) -> Message | Unneeded:
    found = _proposal(occasion)
    reader = _reader(occasion)
    if found is None or reader is None:
        return Unneeded("the offer or its reader is gone")
    if found.state not in LIVE or found.round != news.round_about(occasion.claimed.period):
        return Unneeded("the offer is not waiting for an answer any more")
    reminder = occasion.claimed.kind == news.OFFER_REMINDER
    today = occasion.now.date()
    shown = proposal_card(occasion.session, occasion.team, found, reader, today=today, reminder=reminder)
    if shown is None:
        return Unneeded("the hat is gone")
    return catalog.proposal(shown, language=language_of(members.spoken_locale(reader), occasion.team.locale))


def _decision(occasion: Occasion) -> Message | Unneeded:
    found, reader = _proposal(occasion), _reader(occasion)
    if found is None or reader is None:
        return Unneeded("the offer or its reader is gone")
    state = occasion.claimed.period.rpartition("-")[2]
    shown = decision_of(occasion.session, occasion.team, found, reader, state=state, round_=found.round)
    return catalog.decision(shown, language=language_of(members.spoken_locale(reader), occasion.team.locale))


def decision_of(
    session: Session, team: Team, proposal: Proposal, reader: Member, *, state: str, round_: int
) -> Decision:
    """Put together how a proposal, or one round of it, ended, as somebody at the table reads it.

    A declined offer's reason is for the other side alone.
    """
    hat = hats.entity_by_id(session, team.id or 0, proposal.hat_id)
    candidate = members.get(session, team.workspace_id, proposal.candidate_id)
    counterpart = members.get(session, team.workspace_id, proposal.counterpart_id)
    side = Side.CANDIDATE if reader.id == proposal.candidate_id else Side.COUNTERPART
    decider = _decider(proposal, state, round_)
    by = {Side.CANDIDATE: candidate, Side.COUNTERPART: counterpart}[decider] if decider else None
    private = (
        state == State.DECLINED and decider is not None and side is decider.other and reader.id in _sides(proposal)
    )
    return Decision(
        kind=proposal.kind,
        origin=proposal.origin,
        state=state,
        hat=HatName(hat.slug, hat.name),
        team=team.name,
        side=side.value,
        other=person_of(counterpart if side is Side.CANDIDATE else candidate),
        own=by is not None and by.id == reader.id,
        by=person_of(by) if by else None,
        reason=proposal.reason if private else "",
        removes=_removed(session, proposal, round_),
    )


def _removed(session: Session, proposal: Proposal, round_: int) -> str:
    """Name the KPI that a round was about to put away."""
    offered = proposals.terms(session, proposal.id or 0, round_)
    about = next((term.kpi_id for term in offered if term.change == "remove"), None)
    known = kpis.entities(session, proposal.team_id) if about else ()
    return next((kpi.name for kpi in known if kpi.id == about), "")


def _decider(proposal: Proposal, state: str, round_: int) -> Side | None:
    """Return the side that ended a round; nobody did when the offer ran out or was called off."""
    answering = Side(proposal.turn) if (proposal.round - round_) % 2 == 0 else Side(proposal.turn).other
    if state in (State.ACCEPTED, State.DECLINED, State.COUNTERED):
        return answering
    return answering.other if state == State.WITHDRAWN else None


def _sides(proposal: Proposal) -> tuple[int, int]:
    return proposal.candidate_id, proposal.counterpart_id


def _announcement(occasion: Occasion) -> Message | Unneeded:
    how, number, further = occasion.claimed.period.split("-")
    session, workspace_id = occasion.session, occasion.team.workspace_id
    assignment = assignments.one(session, workspace_id, int(number))
    if assignment is None or assignment.ended_at is not None:
        return Unneeded("the hat has changed hands again")
    hat = hats.one(session, occasion.team.id or 0, assignment.hat_id)
    owner = members.get(session, workspace_id, assignment.member_id)
    if hat is None or owner is None or owner.deleted:
        return Unneeded("the hat or its owner is gone")
    earlier = assignments.owner_before(session, assignment)
    agreed = proposals.get(session, workspace_id, int(further)) if how == "owner" else None
    told = Announcement(
        hat=HatName(hat.slug, hat.name),
        team=occasion.team.name,
        owner=person_of(owner),
        position=hat.position,
        earlier=person_of(earlier) if earlier else None,
        kpis=_terms_shown(session, hat, agreed, occasion.now.date()) if agreed else (),
        forced_by=person_of(members.get(session, workspace_id, int(further))) if how == "forced" else None,
        reason=assignment.reason if how == "forced" else "",
        reader_owns=owner.slack_user_id == occasion.claimed.recipient,
    )
    if occasion.claimed.kind == news.ANNOUNCEMENT:
        return catalog.announcement(told, language=occasion.team.locale)
    reader = _reader(occasion)
    if reader is None:
        return Unneeded("the reader is gone")
    return catalog.forced(told, language=language_of(members.spoken_locale(reader), occasion.team.locale))


def _passing_on(occasion: Occasion) -> Message | Unneeded:
    assignment = assignments.one(occasion.session, occasion.team.workspace_id, _number(occasion))
    reader = _reader(occasion)
    if reader is None or assignment is None or assignment.ended_at is not None:
        return Unneeded("the hat has changed hands, or the reader is gone")
    hat = hats.one(occasion.session, occasion.team.id or 0, assignment.hat_id)
    owner = members.get(occasion.session, occasion.team.workspace_id, assignment.member_id)
    if hat is None or owner is None:
        return Unneeded("the hat is gone")
    shown = PassingOn(HatName(hat.slug, hat.name), occasion.team.name, person_of(owner), occasion.team.channel_id or "")
    return catalog.passing_on(shown, language=language_of(members.spoken_locale(reader), occasion.team.locale))


def _review(occasion: Occasion) -> Message | Unneeded:
    assignment = assignments.one(occasion.session, occasion.team.workspace_id, _number(occasion))
    reader = _reader(occasion)
    if reader is None or assignment is None or assignment.ended_at is not None:
        return Unneeded("the hat has changed hands, or the reader is gone")
    if assignment.review_at is None or assignment.review_at > occasion.now:
        return Unneeded("the agreement was renewed meanwhile")
    shown = review_of(occasion.session, occasion.team, assignment, reader, occasion.now)
    if shown is None:
        return Unneeded("the hat is gone")
    return catalog.review(shown, language=language_of(members.spoken_locale(reader), occasion.team.locale))


def _terms_shown(session: Session, hat: HatRow, proposal: Proposal, on: date) -> tuple[OfferedTerm, ...]:
    stored = proposals.terms(session, proposal.id or 0, proposal.round)
    return offered_terms(session, hat, [term_of(term) for term in stored], on)


def _number(occasion: Occasion) -> int:
    return int(occasion.claimed.period.split("-")[1])


def _proposal(occasion: Occasion) -> Proposal | None:
    return proposals.get(occasion.session, occasion.team.workspace_id, _number(occasion))


def _reader(occasion: Occasion) -> Member | None:
    member = members.by_slack_id(occasion.session, occasion.team.workspace_id, occasion.claimed.recipient)
    return None if member is None or member.deleted else member


COMPOSERS: dict[str, Composer] = {
    news.OFFER: _offer,
    news.OFFER_REMINDER: _offer,
    news.DECISION: _decision,
    news.ANNOUNCEMENT: _announcement,
    news.FORCED: _announcement,
    news.PASSING_ON: _passing_on,
    news.REVIEW: _review,
}
