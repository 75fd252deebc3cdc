"""A proposal, the two who sit at it, and the moves that the database arbitrates between them."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain import agreement
from bot.domain.agreement import Hindrance, Side, Standing, State
from bot.domain.errors import Refused
from bot.services.agreements import agreement_news
from bot.services.hats.hats import names
from bot.services.installs import onboarding_news
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team
from messages.content import HatName, Person
from storage import Session, audits, hats, members, proposals, teams
from storage.hats import HatRow
from storage.tables import Member, Proposal

_LONGEST_NUMBER = 9  # digits; a key with more was not written by us


@dataclass(frozen=True)
class Made:
    """What a move did: to which hat, between whom, and where the proposal stands now."""

    proposal_id: int
    hat: HatName
    candidate: Person
    counterpart: Person
    state: State
    origin: str


@dataclass(frozen=True)
class Table:
    """A proposal with the side and the member who moves, inside a transaction that holds the hat."""

    session: Session
    scene: Scene
    proposal: Proposal
    hat: HatRow
    side: Side
    member_id: int
    now: datetime


def sit_down(session: Session, asker: Asker, key: str, now: datetime) -> Table:
    """Find the proposal that a button names, and the side that the asker is on.

    Raises:
        Refused: `proposal_gone`, `hat_archived`, `not_your_proposal`.
    """
    workspace_id = teams.workspace_id(session, asker.workspace) or 0
    found = proposals.get(session, workspace_id, number_of(key))
    if found is None:
        raise Refused("proposal_gone")
    scene = locate_team(session, asker, found.team_id)
    with in_language(scene.language):
        hats.lock(session, found.hat_id)
        # Read again: whoever held the hat until now may have moved it.
        proposal = proposals.get(session, workspace_id, found.id or 0) or found
        hat = hats.one(session, proposal.team_id, proposal.hat_id)
        if hat is None:
            raise Refused("hat_archived")
        side = _side_of(session, scene, proposal, hat)
        if side is None:
            raise Refused("not_your_proposal")
        return Table(session, scene, proposal, hat, side, scene.member_id or 0, now)


def number_of(key: str) -> int:
    """Return the proposal that a button names; 0 when it names none."""
    number = key.partition(".")[0]
    return int(number) if number.isdecimal() and len(number) <= _LONGEST_NUMBER else 0


def round_of(key: str) -> int:
    """Return the round that a button was shown in."""
    number = key.partition(".")[2]
    return int(number) if number.isdecimal() and len(number) <= _LONGEST_NUMBER else 0


def standing_of(proposal: Proposal) -> Standing:
    """Return a proposal as far as its rules are concerned."""
    return Standing(
        state=State(proposal.state),
        turn=Side(proposal.turn),
        round=proposal.round,
        expires_at=proposal.expires_at,
        remind_at=proposal.remind_at,
        decided_at=proposal.decided_at,
    )


def move(table: Table, key: str, verdict: State, *, reason: str = "") -> Standing:
    """Answer what is on the table; of two people who press at once, one wins.

    Raises:
        Refused: `proposal_decided`, `proposal_outdated`, `proposal_not_your_turn`, `proposal_too_many_rounds`.
    """
    after = agreement.answer(standing_of(table.proposal), table.side, round_of(key), verdict, table.now)
    if isinstance(after, Hindrance):
        raise hindered(after, table)
    if not store(table, after, reason=reason):
        raise hindered(Hindrance.DECIDED, table)
    return after


def store(table: Table, after: Standing, *, reason: str = "") -> bool:
    """Store where the proposal stands, unless somebody has moved it meanwhile."""
    seat = {"counterpart_id": table.member_id} if table.side is Side.COUNTERPART else {}
    return proposals.move(
        table.session,
        table.proposal,
        state=after.state.value,
        turn=after.turn.value,
        round=after.round,
        expires_at=after.expires_at,
        remind_at=after.remind_at,
        decided_at=after.decided_at,
        reason=reason,
        **seat,
    )


def hindered(hindrance: Hindrance, table: Table) -> Refused:
    """Make the sentence for somebody who cannot move."""
    return Refused(f"proposal_{hindrance.value}", hat=table.hat.name)


def told(table: Table, asker: Asker, state: State) -> Answer[Made]:
    """Owe the other side the news, and say what was done."""
    proposal = _again(table)
    agreement_news.owe_answer(table.session, proposal, by=table.side, now=table.now)
    note(table, asker.user, f"proposal.{state.value}")
    return Answer(table.scene.language, made_of(table, state))


def made_of(table: Table, state: State) -> Made:
    """Return what a move did."""
    proposal, workspace_id = _again(table), table.scene.workspace_id
    return Made(
        proposal_id=proposal.id or 0,
        hat=names([table.hat])[0],
        candidate=shown(members.get(table.session, workspace_id, proposal.candidate_id)),
        counterpart=shown(members.get(table.session, workspace_id, proposal.counterpart_id)),
        state=state,
        origin=proposal.origin,
    )


def shown(member: Member | None) -> Person:
    """Return a member as a person to show."""
    return Person(member.slack_user_id, member.name) if member else Person("")


def note(table: Table, actor: str, action: str) -> None:
    """Put a move into the audit log."""
    candidate = members.get(table.session, table.scene.workspace_id, table.proposal.candidate_id)
    audits.add(
        table.session,
        workspace_id=table.scene.workspace_id,
        team_id=table.scene.team_id,
        actor=actor,
        action=action,
        subject=table.hat.slug,
        now=table.now,
        after={"proposal": table.proposal.id, "candidate": candidate.slack_user_id if candidate else None},
    )
    onboarding_news.owe_moved(table.session, table.scene.workspace_id, table.scene.team_id, action, now=table.now)


def _side_of(session: Session, scene: Scene, proposal: Proposal, hat: HatRow) -> Side | None:
    """Return the asker's side. For the team any admin may speak, unless it is the owner's own hat that is passed on."""
    sides = {proposal.candidate_id: Side.CANDIDATE, proposal.counterpart_id: Side.COUNTERPART}
    side = sides.get(scene.member_id or 0)
    if side is not None or proposal.counterpart_id == hat.owner_id:
        return side
    admins = {admin.id for admin in teams.admins(session, scene.team_id)}
    return Side.COUNTERPART if scene.member_id in admins else None


def _again(table: Table) -> Proposal:
    return proposals.get(table.session, table.scene.workspace_id, table.proposal.id or 0) or table.proposal
