"""The terms of an agreement: the hat's KPIs and their targets, and changing them with the owner's consent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.agreement import Side, State
from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.domain.spelling import normalise
from bot.services.agreements.agreement_offers import Offer, put_on_the_table, who_answers
from bot.services.agreements.ownership import hold_terms
from bot.services.hats.hats import names, owner_of
from bot.services.sending.texts import MOST_CHARACTERS, storable
from bot.services.workspaces.authority import Player, player, the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate
from messages.content import HatName, Person
from storage import Session, Sessions, hats, kpis, members
from storage.hats import HatRow
from storage.kpis import KpiRow
from storage.proposals import Term


@dataclass(frozen=True)
class TermsProposed:
    """What became of new terms: they hold at once, or `asked` has to agree first."""

    hat: HatName
    at_once: bool
    asked: Person | None = None


def current_terms(session: Session, hat_id: int, now: datetime) -> list[Term]:
    """Return what holds for a hat today; what was agreed for this week alone is no part of it."""
    week = str(Period.of(now.date()))
    return [_usual(session, row, week) for row in kpis.of_hats(session, [hat_id], period=week)]


def _usual(session: Session, row: KpiRow, week: str) -> Term:
    if not row.overridden:
        return Term(row.id, "", row.target, row.comparator, row.upper)
    held = kpis.target_at(session, row.id, week)
    return Term(row.id, "", held.value, held.comparator, held.upper) if held else Term(row.id, "", None)


def propose_terms(
    sessions: Sessions, asker: Asker, hat_id: int, terms: Sequence[Term], reason: str, *, now: datetime
) -> Answer[TermsProposed]:
    """Change the targets of a hat's KPIs, or give it further KPIs, from this week on; earlier weeks stay as they are.

    Of a vacant hat, and by the owner themselves, it holds at once. Anybody else needs the owner's consent: the owner
    gets the terms as an offer to accept, counter or decline.

    Args:
        sessions: The database.
        asker: Who changes them; plays in the team.
        hat_id: A live hat of the asker's team.
        terms: The KPIs that change, by id (`Term(kpi_id, "", target)`) or, for a new one, by name
            (`Term(None, name, target)`). A target of None leaves the KPI's target as it is.
        reason: Why, for the owner and the history; may be empty when it holds at once.
        now: The present.

    Raises:
        Refused: `not_a_member`, `hat_archived`, `no_such_kpi`, `kpi_unnamed`, `kpi_taken`, `reason_missing`,
            `proposal_live`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            proposer = player(session, scene, asker.user)
            return propose_terms_in(session, scene, proposer, hat_id, terms, reason, now=now)


def propose_terms_in(
    session: Session,
    scene: Scene,
    proposer: Player,
    hat_id: int,
    terms: Sequence[Term],
    reason: str,
    *,
    now: datetime,
) -> Answer[TermsProposed]:
    """Do the same inside a transaction that changes other things as well."""
    hats.lock(session, hat_id)
    hat = hats.one(session, scene.team_id, hat_id)
    if hat is None:
        raise Refused("hat_archived")
    check_terms(session, scene, hat, terms, now)
    if hat.owner_id in (None, proposer.id):
        return _hold(session, scene, hat, terms, reason, proposer, now)
    why = storable(reason.strip(), MOST_CHARACTERS)
    if not why:
        raise Refused("reason_missing")
    owner = members.get(session, scene.workspace_id, hat.owner_id or 0)
    if owner is None:
        raise Refused("hat_archived")
    offer = Offer(Player(owner, None), proposer, Side.CANDIDATE, terms, kind="terms", reason=why)
    put_on_the_table(session, scene, hat, offer, now=now)
    return Answer(scene.language, TermsProposed(names([hat])[0], at_once=False, asked=owner_of(hat)))


def review_terms_in(
    session: Session, scene: Scene, owner: Player, hat: HatRow, terms: Sequence[Term], reason: str, *, now: datetime
) -> Answer[TermsProposed]:
    """Let an owner, whose agreement is reviewed, offer other terms to the team: an admin agrees to them."""
    check_terms(session, scene, hat, terms, now)
    why = storable(reason.strip(), MOST_CHARACTERS)
    vacant = hat._replace(owner_id=None)  # the owner cannot answer themselves
    counterpart = who_answers(session, scene, vacant, owner)
    offer = Offer(owner, counterpart, Side.COUNTERPART, terms, kind="terms", origin="review", reason=why)
    made = put_on_the_table(session, scene, hat, offer, now=now).content
    asked = None if made.state is State.ACCEPTED else made.counterpart
    return Answer(scene.language, TermsProposed(made.hat, at_once=asked is None, asked=asked))


def check_terms(session: Session, scene: Scene, hat: HatRow, terms: Sequence[Term], now: datetime) -> None:
    """Refuse terms about KPIs that the hat does not have, or whose name another hat's KPI has already."""
    known = kpis.of_team(session, scene.team_id, period=str(Period.of(now.date())))
    own = {row.id for row in known if row.hat_id == hat.id}
    taken = {name for row in known for name in (normalise(row.name), normalise(row.slug))}
    for term in terms:
        if term.kpi_id is not None and term.kpi_id not in own:
            raise Refused("no_such_kpi")
        if term.kpi_id is None and not normalise(term.kpi_name):
            raise Refused("kpi_unnamed")
        if term.kpi_id is None and normalise(term.kpi_name) in taken:
            raise Refused("kpi_taken", kpi=term.kpi_name)


def _hold(
    session: Session, scene: Scene, hat: HatRow, terms: Sequence[Term], reason: str, proposer: Player, now: datetime
) -> Answer[TermsProposed]:
    team = the_team(session, scene)
    entity = hats.entity_by_id(session, scene.team_id, hat.id)
    actor = proposer.member.slack_user_id
    why = storable(reason.strip(), MOST_CHARACTERS)
    hold_terms(session, team, entity, [(term, why) for term in terms], actor=actor, now=now)
    return Answer(scene.language, TermsProposed(names([hat])[0], at_once=True))
