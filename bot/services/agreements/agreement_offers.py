"""Putting an offer on the table: between whom, about what, and what follows when there is nobody to agree with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import agreement
from bot.domain.agreement import Side, State
from bot.domain.errors import Refused
from bot.services.agreements import agreement_news, ownership
from bot.services.agreements.agreement_table import Made, Table, made_of, note
from bot.services.workspaces.authority import Player, can_own, the_team
from bot.services.workspaces.scene import Answer, Scene
from storage import Session, hats, members, proposals, teams
from storage.hats import HatRow
from storage.proposals import Term


@dataclass(frozen=True)
class Offer:
    """What is offered, and to which side. `kind`: owner, terms; `origin` as in `storage.tables.Proposal`."""

    candidate: Player
    counterpart: Player
    turn: Side
    terms: Sequence[Term]
    kind: str = "owner"
    origin: str = "offer"
    reason: str = ""

    @property
    def by(self) -> Player:
        """The side that makes the offer."""
        return self.counterpart if self.turn is Side.CANDIDATE else self.candidate


def put_on_the_table(session: Session, scene: Scene, hat: HatRow, offer: Offer, *, now: datetime) -> Answer[Made]:
    """Store an offer and owe it to the side that answers; who is both sides has agreed already.

    Raises:
        Refused: `proposal_live`, when the hat has another offer that waits for an answer.
    """
    hats.lock(session, hat.id)
    standing = agreement.offer(offer.turn, now)
    proposal_id = proposals.add(
        session,
        workspace_id=scene.workspace_id,
        team_id=scene.team_id,
        hat_id=hat.id,
        kind=offer.kind,
        origin=offer.origin,
        candidate_id=offer.candidate.id,
        counterpart_id=offer.counterpart.id,
        state=standing.state.value,
        turn=standing.turn.value,
        offered_at=now,
        expires_at=standing.expires_at,
        remind_at=standing.remind_at,
    )
    if proposal_id is None:
        raise Refused("proposal_live", hat=hat.name)
    proposals.add_terms(session, proposal_id, 1, offer.terms, reason=offer.reason)
    proposal = proposals.get(session, scene.workspace_id, proposal_id)
    if proposal is None:  # it was stored a moment ago, in this transaction
        raise Refused("proposal_gone")
    table = Table(session, scene, proposal, hat, offer.turn.other, offer.by.id, now)
    note(table, offer.by.member.slack_user_id, "proposal.offered")
    if offer.candidate.id == offer.counterpart.id:
        return _agreed_alone(table, offer)
    agreement_news.owe_offer(session, proposal, now=now)
    return Answer(scene.language, made_of(table, State.OFFERED))


def who_answers(session: Session, scene: Scene, hat: HatRow, candidate: Player) -> Player:
    """Return who agrees for the team: the hat's owner, an admin, who wears the hat, who plays; else the candidate."""
    owner = members.get(session, scene.workspace_id, hat.owner_id) if hat.owner_id else None
    if owner is not None and owner.id != candidate.id and not owner.deleted:
        return Player(owner, None)
    others = [one for one in teams.admins(session, scene.team_id) if one.id != candidate.id]
    if others:
        return Player(others[0], None)
    wearing = [row.member_id for row in hats.wearers(session, hat.id)]
    playing = [one.id for one, _ in teams.members(session, scene.team_id)]
    for member_id in (*wearing, *playing):
        found = members.get(session, scene.workspace_id, member_id or 0)
        if found is not None and found.id != candidate.id and can_own(found):
            return Player(found, None)
    return candidate


def _agreed_alone(table: Table, offer: Offer) -> Answer[Made]:
    proposal = table.proposal
    proposals.move(table.session, proposal, state=State.ACCEPTED.value, decided_at=table.now, remind_at=None)
    terms = proposals.terms(table.session, proposal.id or 0, 1)
    team = the_team(table.session, table.scene)
    actor = offer.by.member.slack_user_id
    ownership.take_effect(table.session, team, proposal, terms, actor=actor, now=table.now)
    return Answer(table.scene.language, made_of(table, State.ACCEPTED))
