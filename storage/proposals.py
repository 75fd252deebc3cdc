"""Queries about proposals. A move is a compare-and-set: of two people who press at once, one wins."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select as select_columns
from sqlalchemy import update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.inserts import insert_or_ignore
from storage.tables import Hat, Member, Proposal, ProposalTerm

LIVE = ("offered", "countered")


class Term(NamedTuple):
    """A target for a KPI of the hat (`kpi_id`), or a KPI that it does not have yet (`kpi_name`).

    `comparator` None means what is usual for the KPI's direction; `upper` ends a range. With a `period` the target is
    for that week only. `change`: target, remove, define; `definition` are the columns that a definition changes, as
    pairs of name and new value.
    """

    kpi_id: int | None
    kpi_name: str
    target: Decimal | None
    comparator: str | None = None
    upper: Decimal | None = None
    period: str | None = None
    change: str = "target"
    definition: tuple[tuple[str, Any], ...] = ()


def term_of(row: ProposalTerm) -> Term:
    """Return what one stored row offers."""
    return Term(
        row.kpi_id,
        row.kpi_name,
        row.target,
        row.comparator,
        row.upper,
        row.period,
        row.change,
        tuple((row.definition or {}).items()),
    )


def add(session: Session, **columns: Any) -> int | None:
    """Insert a proposal; return its id, or None when the hat has a live one already."""
    statement = insert_or_ignore(session, Proposal).values(round=1, reason="", **columns).returning(Proposal.id)
    row = session.execute(statement).first()
    return int(row[0]) if row else None


def add_terms(session: Session, proposal_id: int, round_: int, terms: Sequence[Term], *, reason: str = "") -> None:
    """Store what is offered in a round."""
    session.add_all(
        ProposalTerm(
            proposal_id=proposal_id,
            round=round_,
            kpi_id=term.kpi_id,
            kpi_name=term.kpi_name,
            target=term.target,
            comparator=term.comparator,
            upper=term.upper,
            period=term.period,
            change=term.change,
            definition=dict(term.definition) or None,
            reason=reason,
        )
        for term in terms
    )
    session.flush()


def get(session: Session, workspace_id: int, proposal_id: int) -> Proposal | None:
    """Return a proposal if it is this workspace's."""
    query = select(Proposal).where(Proposal.id == proposal_id, Proposal.workspace_id == workspace_id)
    return session.exec(query.execution_options(populate_existing=True)).first()


def live_of_hat(session: Session, team_id: int, hat_id: int) -> Proposal | None:
    """Return the hat's live proposal."""
    query = select(Proposal).where(
        Proposal.team_id == team_id, Proposal.hat_id == hat_id, col(Proposal.state).in_(LIVE)
    )
    return session.exec(query.execution_options(populate_existing=True)).first()


def live_of_team(session: Session, team_id: int) -> Sequence[Proposal]:
    """Return every live proposal of a team's, oldest first."""
    query = select(Proposal).where(Proposal.team_id == team_id, col(Proposal.state).in_(LIVE))
    return session.exec(query.order_by(col(Proposal.id))).all()


def of_hat(session: Session, team_id: int, hat_id: int) -> Sequence[Proposal]:
    """Return every proposal about a hat, oldest first."""
    query = select(Proposal).where(Proposal.team_id == team_id, Proposal.hat_id == hat_id)
    return session.exec(query.order_by(col(Proposal.offered_at), col(Proposal.id))).all()


def live_of_member(session: Session, workspace_id: int, member_id: int) -> Sequence[Proposal]:
    """Return the live proposals in which a member is one of the two sides."""
    query = select(Proposal).where(
        Proposal.workspace_id == workspace_id,
        col(Proposal.state).in_(LIVE),
        (col(Proposal.candidate_id) == member_id) | (col(Proposal.counterpart_id) == member_id),
    )
    return session.exec(query.order_by(col(Proposal.id))).all()


class LiveRow(NamedTuple):
    """A live proposal with its hat, and the two sides by Slack id and name."""

    id: int
    round: int
    kind: str
    turn: str
    candidate_id: int
    counterpart_id: int
    expires_at: datetime
    hat_slug: str
    hat_name: str
    candidate_slack_id: str
    candidate_name: str
    counterpart_slack_id: str
    counterpart_name: str


def live_with_member(session: Session, team_id: int, member_id: int) -> list[LiveRow]:
    """Return a team's live proposals about live hats in which a member is one of the two sides, oldest first."""
    candidate, counterpart = aliased(Member), aliased(Member)
    query = (
        select_columns(
            col(Proposal.id),
            col(Proposal.round),
            col(Proposal.kind),
            col(Proposal.turn),
            col(Proposal.candidate_id),
            col(Proposal.counterpart_id),
            col(Proposal.expires_at),
            col(Hat.slug),
            col(Hat.name),
            col(candidate.slack_user_id),
            col(candidate.name),
            col(counterpart.slack_user_id),
            col(counterpart.name),
        )
        .join(Hat, col(Hat.id) == col(Proposal.hat_id))
        .join(candidate, col(candidate.id) == col(Proposal.candidate_id))
        .join(counterpart, col(counterpart.id) == col(Proposal.counterpart_id))
        .where(
            col(Proposal.team_id) == team_id,
            col(Proposal.state).in_(LIVE),
            col(Hat.archived_at).is_(None),
            (col(Proposal.candidate_id) == member_id) | (col(Proposal.counterpart_id) == member_id),
        )
        .order_by(col(Proposal.offered_at), col(Proposal.id))
    )
    return [LiveRow(*row) for row in session.execute(query)]


def terms(session: Session, proposal_id: int, round_: int) -> list[ProposalTerm]:
    """Return what was offered in a round."""
    query = select(ProposalTerm).where(ProposalTerm.proposal_id == proposal_id, ProposalTerm.round == round_)
    return list(session.exec(query.order_by(col(ProposalTerm.id))).all())


def move(session: Session, proposal: Proposal, **columns: Any) -> bool:
    """Change a live proposal, unless somebody has moved it since it was read; return whether it was changed."""
    result = session.execute(
        update(Proposal)
        .where(
            col(Proposal.id) == proposal.id,
            col(Proposal.state) == proposal.state,
            col(Proposal.turn) == proposal.turn,
            col(Proposal.round) == proposal.round,
        )
        .values(**columns)
        .returning(col(Proposal.id))
        .execution_options(synchronize_session=False)
    )
    return result.first() is not None


def orphaned(session: Session) -> Sequence[Proposal]:
    """Return live proposals, in all workspaces, whose hat is archived or one of whose sides has left Slack."""
    candidate, counterpart = aliased(Member), aliased(Member)
    query = (
        select(Proposal)
        .join(Hat, col(Hat.id) == col(Proposal.hat_id))
        .join(candidate, col(candidate.id) == col(Proposal.candidate_id))
        .join(counterpart, col(counterpart.id) == col(Proposal.counterpart_id))
        .where(
            col(Proposal.state).in_(LIVE),
            col(Hat.archived_at).is_not(None) | col(candidate.deleted).is_(True) | col(counterpart.deleted).is_(True),
        )
    )
    return session.exec(query.order_by(col(Proposal.id))).all()


def run_out(session: Session, *, now: datetime) -> Sequence[Proposal]:
    """Return live proposals, in all workspaces, whose time is over."""
    query = select(Proposal).where(col(Proposal.state).in_(LIVE), col(Proposal.expires_at) <= now)
    return session.exec(query.order_by(col(Proposal.id))).all()


def to_remind(session: Session, *, now: datetime) -> Sequence[Proposal]:
    """Return live proposals, in all workspaces, whose reminder is due."""
    query = select(Proposal).where(col(Proposal.state).in_(LIVE), col(Proposal.remind_at) <= now)
    return session.exec(query.order_by(col(Proposal.id))).all()
