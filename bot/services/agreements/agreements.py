"""Offers about who owns a hat: propose, volunteer, hand over, withdraw. Their answers are in `agreement_answers`.

Every function is one transaction that holds the hat. What people hear is owed as deliveries in the same transaction:
it is said once, whatever happens to the process. With a directory a hat is found by whatever it was called; buttons and
forms name it exactly, and give none.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import agreement
from bot.domain.agreement import Hindrance, Side, State
from bot.domain.errors import Refused
from bot.services.agreements import agreement_news
from bot.services.agreements.agreement_offers import Offer, put_on_the_table, who_answers
from bot.services.agreements.agreement_table import Made, Table, hindered, shown, standing_of, store, told
from bot.services.agreements.agreement_terms import current_terms
from bot.services.hats.evidence import natural_owner_of
from bot.services.hats.hats import names, owner_of, the_one
from bot.services.people.directory import HatDirectory
from bot.services.sending.owing import owe_to
from bot.services.workspaces.authority import Player, admin, player, possible_owner, the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, scene_of
from messages.content import HatName, Person
from storage import Session, Sessions, assignments, hats, proposals, teams
from storage.hats import HatRow


@dataclass(frozen=True)
class Choosing:
    """What somebody who looks for an owner of a hat is shown: who reaches for it naturally, and who wears it.

    `alone` is the only one who wears it, when that is somebody else.
    """

    hat: HatName
    owner: Person | None
    natural: Person | None
    wearers: tuple[Person, ...]
    chosen: Person | None = None
    alone: Person | None = None


def propose(
    sessions: Sessions, directory: HatDirectory | None, asker: Asker, query: str, candidate: str, *, now: datetime
) -> Answer[Made]:
    """Offer a hat to somebody. To hand over one's own hat is the same: the owner stays until it is accepted.

    Raises:
        Refused: `cannot_own`, `owns_already`, `hat_is_owned` (only its owner passes it on), `proposal_live`,
            `propose_to_self` (volunteer instead), `hat_not_found`, `not_a_member`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            proposer = player(session, scene, asker.user)
            hat = _held(session, scene, the_one(session, directory, scene, query))
            receiver = possible_owner(session, scene, candidate)
            _may_offer(hat, proposer, receiver)
            origin = "hand_over" if hat.owner_id == proposer.id else "offer"
            if origin == "offer" and _is_natural(session, scene, hat, receiver, now):
                origin = "evidence"
            terms = current_terms(session, hat.id, now)
            offer = Offer(receiver, proposer, Side.CANDIDATE, terms, origin=origin)
            return put_on_the_table(session, scene, hat, offer, now=now)


def volunteer(
    sessions: Sessions, directory: HatDirectory | None, asker: Asker, query: str, *, now: datetime
) -> Answer[Made]:
    """Offer oneself for a hat: its owner answers, or, where nobody owns it, an admin; alone in a team one just owns it.

    Raises:
        Refused: `cannot_own`, `owns_already`, `proposal_live`, `hat_not_found`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            hat = _held(session, scene, the_one(session, directory, scene, query))
            candidate = possible_owner(session, scene, asker.user)
            if hat.owner_id == candidate.id:
                raise Refused("owns_already", hat=hat.name)
            answering = who_answers(session, scene, hat, candidate)
            terms = current_terms(session, hat.id, now)
            offer = Offer(candidate, answering, Side.COUNTERPART, terms, origin="volunteer")
            return put_on_the_table(session, scene, hat, offer, now=now)


def withdraw(
    sessions: Sessions, directory: HatDirectory | None, asker: Asker, query: str, *, now: datetime
) -> Answer[Made]:
    """Take back the offer about a hat: the side that made it, or an admin of the team, can.

    Raises:
        Refused: `no_proposal`, `not_your_offer`, `hat_not_found`, `not_a_member`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            taking = player(session, scene, asker.user)
            hat = _held(session, scene, the_one(session, directory, scene, query))
            proposal = proposals.live_of_hat(session, scene.team_id, hat.id)
            if proposal is None:
                raise Refused("no_proposal", hat=hat.name)
            waiting = proposal.candidate_id if proposal.turn == Side.CANDIDATE else proposal.counterpart_id
            making = proposal.counterpart_id if proposal.turn == Side.CANDIDATE else proposal.candidate_id
            if taking.id != making and (taking.id == waiting or not taking.is_admin):
                raise Refused("not_your_offer", hat=hat.name)
            # The seat stays with the one who made the offer, also when an admin takes it back.
            table = Table(session, scene, proposal, hat, Side(proposal.turn).other, making, now)
            after = agreement.withdraw(standing_of(proposal), now)
            if isinstance(after, Hindrance) or not store(table, after):
                raise hindered(Hindrance.DECIDED, table)
            answer = told(table, asker, State.WITHDRAWN)
            if taking.id != making:
                agreement_news.owe_end(session, proposal, now=now)
            return answer


def choose_owner(
    sessions: Sessions, directory: HatDirectory | None, asker: Asker, query: str, *, now: datetime
) -> Answer[Choosing]:
    """Show who could own a hat.

    Raises:
        Refused: `hat_not_found`, `not_a_member`.
    """
    with scene_of(sessions, asker) as (session, scene):
        player(session, scene, asker.user)
        hat = the_one(session, directory, scene, query)
        found = choosing(session, scene, hat, now)
        others = [one for one in found.wearers if one.slack_id != asker.user]
        alone = others[0] if len(found.wearers) == 1 and others else None
        return Answer(scene.language, replace(found, alone=alone))


def own_hat(sessions: Sessions, directory: HatDirectory | None, asker: Asker, query: str) -> Answer[HatName]:
    """Return a hat of the asker's, to pass it on.

    Raises:
        Refused: `not_your_hat`, `hat_not_found`, `not_a_member`.
    """
    with scene_of(sessions, asker) as (session, scene):
        owner = player(session, scene, asker.user)
        hat = the_one(session, directory, scene, query)
        if hat.owner_id != owner.id:
            raise Refused("not_your_hat", hat=hat.name)
        return Answer(scene.language, names([hat])[0])


def open_force(
    sessions: Sessions, directory: HatDirectory | None, asker: Asker, query: str, chosen: str | None, *, now: datetime
) -> Answer[Choosing]:
    """Show an admin who could own a hat; `chosen` is the Slack id of a person who was named already.

    Raises:
        Refused: `not_admin`, `hat_not_found`.
    """
    with scene_of(sessions, asker) as (session, scene):
        admin(session, scene, asker.user)
        hat = the_one(session, directory, scene, query)
        found = choosing(session, scene, hat, now)
        return Answer(scene.language, replace(found, chosen=Person(chosen) if chosen else None))


def choosing(session: Session, scene: Scene, hat: HatRow, now: datetime) -> Choosing:
    """Put together who could own a hat, the owner left out."""
    natural = natural_owner_of(session, the_team(session, scene), hat.id, now=now)
    wearing = [Person(row.slack_id, row.name) for row in hats.wearers(session, hat.id) if row.member_id != hat.owner_id]
    offered = natural if natural is not None and natural.id != hat.owner_id else None
    return Choosing(names([hat])[0], owner_of(hat), shown(offered) if offered else None, tuple(wearing))


def pass_on(
    sessions: Sessions, directory: HatDirectory | None, asker: Asker, query: str, *, now: datetime
) -> Answer[HatName]:
    """Let those who wear a hat, and the team's admins, know that its owner looks for somebody to pass it on to.

    Until somebody agrees, the owner stays. They are told once a day at most.

    Raises:
        Refused: `not_your_hat`, `hat_not_found`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            owner = player(session, scene, asker.user)
            hat = _held(session, scene, the_one(session, directory, scene, query))
            assignment = assignments.live(session, hat.id)
            if assignment is None or assignment.member_id != owner.id:
                raise Refused("not_your_hat", hat=hat.name)
            team = the_team(session, scene)
            concerned = {row.slack_id for row in hats.wearers(session, hat.id)}
            concerned |= {one.slack_user_id for one in teams.admins(session, scene.team_id)}
            about = f"passing-{assignment.id}-{now:%Y%m%d}"
            for person in sorted(concerned - {asker.user}):
                owe_to(session, team, agreement_news.PASSING_ON, person, about, now=now)
            return Answer(scene.language, names([hat])[0])


def _held(session: Session, scene: Scene, found: HatRow) -> HatRow:
    """Hold a hat and return it as it is then."""
    hats.lock(session, found.id)
    row = hats.one(session, scene.team_id, found.id)
    if row is None:
        raise Refused("hat_archived")
    return row


def _may_offer(hat: HatRow, proposer: Player, receiver: Player) -> None:
    if hat.owner_id == receiver.id:
        raise Refused("owns_already", hat=hat.name, owner=None if proposer.id == receiver.id else owner_of(hat))
    if proposer.id == receiver.id:
        raise Refused("propose_to_self", hat=hat.name, slug=hat.slug)
    if hat.owner_id is not None and hat.owner_id != proposer.id:
        raise Refused("hat_is_owned", hat=hat.name, owner=owner_of(hat))


def _is_natural(session: Session, scene: Scene, hat: HatRow, receiver: Player, now: datetime) -> bool:
    natural = natural_owner_of(session, the_team(session, scene), hat.id, now=now)
    return natural is not None and natural.id == receiver.id
