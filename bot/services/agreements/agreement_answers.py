"""Answers to an offer about a hat: accept, counter, decline, put off.

A move is a compare-and-set on the proposal (`storage.proposals.move`) inside a transaction that holds the hat, so that
of two people who press at once one wins and the other gets a sentence.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain import agreement
from bot.domain.agreement import Hindrance, Later, Side, State
from bot.domain.errors import Refused
from bot.domain.snoozing import Mornings
from bot.services.agreements import ownership
from bot.services.agreements.agreement_form import TermProblems, Typed, offered_terms, read_terms
from bot.services.agreements.agreement_table import (
    Made,
    Table,
    hindered,
    move,
    note,
    round_of,
    shown,
    sit_down,
    standing_of,
    told,
)
from bot.services.agreements.agreement_terms import check_terms
from bot.services.hats.hats import owner_of
from bot.services.sending.putting_off import mornings_of, named
from bot.services.sending.texts import MOST_CHARACTERS, storable
from bot.services.workspaces.authority import can_own, the_team
from bot.services.workspaces.scene import Answer, Asker, in_language
from messages.agreement_content import TermsForm
from messages.content import AskAgain, HatName
from storage import Sessions, members, proposals
from storage.proposals import term_of


@dataclass(frozen=True)
class PutOff:
    """An answer that was put off, and the asker's day on which they are asked again."""

    proposal_id: int
    until: date


def accept(sessions: Sessions, asker: Asker, key: str, *, now: datetime) -> Answer[Made]:
    """Accept what is on the table: the candidate owns the hat from now on, with the targets that were offered.

    Raises:
        Refused: `proposal_decided`, `proposal_outdated`, `proposal_not_your_turn`, `proposal_gone`,
            `not_your_proposal`, `hat_archived`; `cannot_own`, when the candidate has left meanwhile; `hat_is_owned`
            or `owner_changed`, when the hat has.
    """
    with sessions.write() as session:
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            proposal = table.proposal
            terms = proposals.terms(session, proposal.id or 0, proposal.round)
            move(table, key, State.ACCEPTED)
            _check_still_possible(table)
            ownership.take_effect(session, the_team(session, table.scene), proposal, terms, actor=asker.user, now=now)
            return told(table, asker, State.ACCEPTED)


def counter(sessions: Sessions, asker: Asker, key: str, typed: Typed, *, now: datetime) -> Answer[Made | TermProblems]:
    """Put other terms on the table, with a reason; the other side answers next. An empty field stays as offered.

    Raises:
        Refused: As `accept`; `reason_missing`, `nothing_countered`, `proposal_too_many_rounds`, `no_such_kpi`,
            `kpi_unnamed`, `kpi_taken`.
    """
    with sessions.write() as session:
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            reason = storable(typed.reason.strip(), MOST_CHARACTERS)
            if not reason:
                raise Refused("reason_missing")
            stored = proposals.terms(session, table.proposal.id or 0, table.proposal.round)
            before = [term_of(term) for term in stored]
            read = read_terms(session, table.hat, before, typed, table.scene.language, now.date())
            if isinstance(read, TermProblems):
                return Answer(table.scene.language, read)
            if set(read) == set(before):
                raise Refused("nothing_countered")
            check_terms(session, table.scene, table.hat, [term for term in read if term not in before], now)
            after = move(table, key, State.COUNTERED)
            proposals.add_terms(session, table.proposal.id or 0, after.round, read, reason=reason)
            return Answer(table.scene.language, told(table, asker, State.COUNTERED).content)


def decline(sessions: Sessions, asker: Asker, key: str, reason: str, *, now: datetime) -> Answer[Made]:
    """Say no; the reason may be empty and is only for the other side.

    Raises:
        Refused: As `accept`.
    """
    with sessions.write() as session:
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            move(table, key, State.DECLINED, reason=storable(reason.strip(), MOST_CHARACTERS))
            return told(table, asker, State.DECLINED)


def ask_later(sessions: Sessions, asker: Asker, key: str, later: Later, *, now: datetime) -> Answer[PutOff]:
    """Put the answer off until a morning of the asker's.

    Raises:
        Refused: As `accept`.
    """
    with sessions.write() as session:
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            mornings = _mornings(table, now)
            when = agreement.later_at(later, now, mornings)
            after = agreement.ask_later(standing_of(table.proposal), table.side, round_of(key), when, now)
            if isinstance(after, Hindrance):
                raise hindered(after, table)
            if not proposals.move(session, table.proposal, remind_at=after.remind_at, expires_at=after.expires_at):
                raise hindered(Hindrance.DECIDED, table)
            note(table, asker.user, "proposal.put_off")
            return Answer(table.scene.language, PutOff(table.proposal.id or 0, mornings.today(when)))


def open_answer(sessions: Sessions, asker: Asker, key: str, *, now: datetime) -> Answer[TermsForm]:
    """Prepare the forms of counter, decline and ask-me-later, for the side whose turn it is.

    Raises:
        Refused: As `accept`.
    """
    with sessions.write() as session:  # writing, since it holds the hat to look at it
        table = sit_down(session, asker, key, now)
        with in_language(table.scene.language):
            after = agreement.answer(standing_of(table.proposal), table.side, round_of(key), State.DECLINED, now)
            if isinstance(after, Hindrance):
                raise hindered(after, table)
            stored = proposals.terms(session, table.proposal.id or 0, table.proposal.round)
            terms = [term_of(term) for term in stored]
            other = "counterpart_id" if table.side is Side.CANDIDATE else "candidate_id"
            form = TermsForm(
                state=key,
                hat=HatName(table.hat.slug, table.hat.name),
                terms=offered_terms(session, table.hat, terms, now.date()),
                other=shown(members.get(session, table.scene.workspace_id, getattr(table.proposal, other))),
                later=_later(table, now),
            )
            return Answer(table.scene.language, form)


def _mornings(table: Table, now: datetime) -> Mornings:
    member = members.get(table.session, table.scene.workspace_id, table.member_id)
    if member is None:
        raise Refused("not_your_proposal")
    return mornings_of(table.session, the_team(table.session, table.scene), member, now=now, at=agreement.MORNING)


def _later(table: Table, now: datetime) -> tuple[AskAgain, ...]:
    mornings = _mornings(table, now)
    return named(agreement.offered_later(now, mornings), mornings, now)


def _check_still_possible(table: Table) -> None:
    """Refuse what has become impossible since it was offered; the move is undone with the transaction."""
    proposal, hat = table.proposal, table.hat
    candidate = members.get(table.session, table.scene.workspace_id, proposal.candidate_id)
    if candidate is None or not can_own(candidate):
        raise Refused("cannot_own", person=shown(candidate))
    if proposal.kind == "terms":
        if hat.owner_id != proposal.candidate_id:
            raise Refused("owner_changed", hat=hat.name)
    elif hat.owner_id not in (None, proposal.counterpart_id, table.member_id):
        raise Refused("hat_is_owned", hat=hat.name, owner=owner_of(hat))
