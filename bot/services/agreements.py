"""Agreeing on a hat: propose, volunteer, hand over; accept, counter, decline, put off, withdraw.

Every function is one transaction. A move is a compare-and-set on the proposal (`storage.proposals.move`), so that of
two people who press at once one wins and the other gets a sentence. What people hear is owed as deliveries in the same
transaction: it is said once, whatever happens to the process.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain import agreement
from bot.domain.agreement import Hindrance, Side, State
from bot.domain.errors import Refused
from bot.services import agreement_news, ownership
from bot.services.agreement_table import (
    Made,
    Table,
    hindered,
    made_of,
    move,
    note,
    round_of,
    sit_down,
    standing_of,
    store,
    told,
)
from bot.services.agreement_terms import current_terms
from bot.services.authority import Player, player, possible_owner, the_team
from bot.services.directory import HatDirectory
from bot.services.hats import the_one
from bot.services.scene import Answer, Asker, Scene, in_language, locate
from storage import Session, Sessions, hats, members, proposals, teams
from storage.hats import HatRow
from storage.proposals import Term


def propose(
    sessions: Sessions,
    directory: HatDirectory,
    asker: Asker,
    query: str,
    candidate: str,
    *,
    now: datetime,
    origin: str = "offer",
) -> Answer[Made]:
    """Offer a hat to somebody. To hand over one's own hat is the same: the owner stays until it is accepted.

    Raises:
        Refused: `cannot_own`, `owns_already`, `hat_has_owner` (only its owner or an admin may pass it on),
            `proposal_live`, `propose_to_self` (volunteer instead), `hat_not_found`, `not_a_member`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            proposer = player(session, scene, asker.user)
            hat = the_one(session, directory, scene, query)
            receiver = possible_owner(session, scene, candidate)
            _may_offer(hat, proposer, receiver)
            if hat.owner_id == proposer.id:
                origin = "hand_over"
            return _offer(session, scene, hat, receiver, proposer, Side.CANDIDATE, origin, now)


def volunteer(sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, *, now: datetime) -> Answer[Made]:
    """Offer oneself for a hat: its owner answers, or, where nobody owns it, an admin of the team.

    Raises:
        Refused: `cannot_own`, `owns_already`, `proposal_live`, `hat_not_found`; `no_admin`, when nobody can answer.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            hat = the_one(session, directory, scene, query)
            candidate = possible_owner(session, scene, asker.user)
            if hat.owner_id == candidate.id:
                raise Refused("owns_already", hat=hat.name, slack_id=asker.user)
            answering = _who_answers(session, scene, hat, candidate)
            return _offer(session, scene, hat, candidate, answering, Side.COUNTERPART, "volunteer", now)


def accept(sessions: Sessions, asker: Asker, key: str, *, now: datetime) -> Answer[Made]:
    """Accept what is on the table: the candidate owns the hat from now on, with the targets that were offered.

    Raises:
        Refused: `proposal_decided`, `proposal_outdated`, `not_your_turn`, `proposal_gone`; `cannot_own`, when the
            candidate has left meanwhile.
    """
    with sessions.write() as session:
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            proposal = table.proposal
            candidate = members.get(session, table.scene.workspace_id, proposal.candidate_id)
            if candidate is None or candidate.deleted or candidate.is_bot or candidate.is_restricted:
                raise Refused("cannot_own", slack_id=candidate.slack_user_id if candidate else "", person="")
            terms = proposals.terms(session, proposal.id or 0, proposal.round)
            move(table, key, State.ACCEPTED)
            ownership.take_effect(session, the_team(session, table.scene), proposal, terms, actor=asker.user, now=now)
            return told(table, asker, State.ACCEPTED)


def counter(
    sessions: Sessions, asker: Asker, key: str, terms: Sequence[Term], reason: str, *, now: datetime
) -> Answer[Made]:
    """Put other terms on the table, with a reason; the other side answers next.

    Raises:
        Refused: As `accept`; `reason_missing`, `nothing_countered`, `too_many_rounds`.
    """
    with sessions.write() as session:
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            if not reason.strip():
                raise Refused("reason_missing")
            before = proposals.terms(session, table.proposal.id or 0, table.proposal.round)
            if {(term.kpi_id, term.kpi_name, term.target) for term in before} == set(terms):
                raise Refused("nothing_countered")
            after = move(table, key, State.COUNTERED)
            proposals.add_terms(session, table.proposal.id or 0, after.round, terms, reason=reason.strip())
            return told(table, asker, State.COUNTERED)


def decline(sessions: Sessions, asker: Asker, key: str, reason: str, *, now: datetime) -> Answer[Made]:
    """Say no; the reason may be empty and is only for the other side.

    Raises:
        Refused: As `accept`.
    """
    with sessions.write() as session:
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            move(table, key, State.DECLINED, reason=reason.strip())
            return told(table, asker, State.DECLINED)


def ask_later(sessions: Sessions, asker: Asker, key: str, when: datetime, *, now: datetime) -> Answer[Made]:
    """Put the answer off until `when`.

    Raises:
        Refused: As `accept`.
    """
    with sessions.write() as session:
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            after = agreement.ask_later(standing_of(table.proposal), table.side, round_of(key), when, now)
            if isinstance(after, Hindrance):
                raise hindered(after, table)
            if not proposals.move(session, table.proposal, remind_at=after.remind_at, expires_at=after.expires_at):
                raise hindered(Hindrance.DECIDED, table)
            return Answer(table.scene.language, made_of(table, State(table.proposal.state)))


def withdraw(sessions: Sessions, asker: Asker, key: str, *, now: datetime) -> Answer[Made]:
    """Take one's own offer back.

    Raises:
        Refused: As `accept`; `not_your_offer`, for anybody but the one who made the last offer or an admin.
    """
    with sessions.write() as session:
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            if table.proposal.turn == table.side:
                raise Refused("not_your_offer")
            after = agreement.withdraw(standing_of(table.proposal), now)
            if isinstance(after, Hindrance) or not store(table, after):
                raise hindered(Hindrance.DECIDED, table)
            return told(table, asker, State.WITHDRAWN)


def _offer(
    session: Session,
    scene: Scene,
    hat: HatRow,
    candidate: Player,
    counterpart: Player,
    turn: Side,
    origin: str,
    now: datetime,
) -> Answer[Made]:
    standing = agreement.offer(turn, now)
    proposal_id = proposals.add(
        session,
        workspace_id=scene.workspace_id,
        team_id=scene.team_id,
        hat_id=hat.id,
        kind="owner",
        origin=origin,
        candidate_id=candidate.id,
        counterpart_id=counterpart.id,
        state=standing.state.value,
        turn=standing.turn.value,
        offered_at=now,
        expires_at=standing.expires_at,
        remind_at=standing.remind_at,
    )
    if proposal_id is None:
        raise Refused("proposal_live", hat=hat.name)
    proposals.add_terms(session, proposal_id, 1, current_terms(session, hat.id, now))
    proposal = proposals.get(session, scene.workspace_id, proposal_id)
    if proposal is None:
        raise Refused("proposal_gone")
    table = Table(session, scene, proposal, hat, turn.other, now)
    agreement_news.owe_offer(session, proposal, now=now)
    note(table, (counterpart if turn is Side.CANDIDATE else candidate).member.slack_user_id, "proposal.offered")
    return Answer(scene.language, made_of(table, State.OFFERED))


def _may_offer(hat: HatRow, proposer: Player, receiver: Player) -> None:
    if proposer.id == receiver.id:
        raise Refused("owns_already" if hat.owner_id == receiver.id else "propose_to_self", hat=hat.name)
    if hat.owner_id == receiver.id:
        raise Refused("owns_already", hat=hat.name, slack_id=receiver.member.slack_user_id)
    if hat.owner_id is not None and hat.owner_id != proposer.id and not proposer.is_admin:
        raise Refused("hat_has_owner", hat=hat.name, owner=hat.owner_name, slack_id=hat.owner_slack_id)


def _who_answers(session: Session, scene: Scene, hat: HatRow, candidate: Player) -> Player:
    owner = members.get(session, scene.workspace_id, hat.owner_id) if hat.owner_id else None
    if owner is not None:
        return Player(owner, None)
    others = [one for one in teams.admins(session, scene.team_id) if one.id != candidate.id]
    if others:
        return Player(others[0], None)
    if candidate.is_admin:
        # The team's only admin has nobody to ask but the team: whoever wears the hat, or plays longest.
        wearing = [row.member_id for row in hats.wearers(session, hat.id) if row.member_id != candidate.id]
        playing = [one.id for one, _ in teams.members(session, scene.team_id) if one.id != candidate.id]
        for member_id in (*wearing, *playing):
            found = members.get(session, scene.workspace_id, member_id or 0)
            if found is not None and not found.deleted:
                return Player(found, None)
    raise Refused("no_admin")
