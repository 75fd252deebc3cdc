"""A question goes on to somebody else: who has it now, who may pass it on, and the move itself."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.errors import Refused
from bot.services.questions import question_news as news
from bot.services.questions.question_routes import Addressee, addressees
from storage import Session, absences, hats, members, questions
from storage.questions import RouteRow
from storage.tables import Member, Question, Team


def move(session: Session, team: Team, question: Question, reached: Sequence[Addressee], *, now: datetime) -> int:
    """Let a question be with other people from now on, about the hat that it names; return the hop."""
    hop = last_hop(session, question) + 1
    news.hand_to(session, team, question, reached, hop=hop, now=now)
    news.begin_waiting(team, question, reached[0].member, now=now)
    news.owe_amendments(session, team, question, now=now)
    return hop


def move_on(session: Session, team: Team, question: Question, *, but: Collection[int], now: datetime) -> bool:
    """Move a question to whom a new one would reach, and not to those in `but`; tell whether there is anybody."""
    hat = hats.one(session, team.id or 0, question.hat_id)
    reached = addressees(session, team, hat, but={question.asker_id, *but}, now=now) if hat else ()
    if reached:
        move(session, team, question, reached, now=now)
    return bool(reached)


def give_up(session: Session, team: Team, question: Question, *, now: datetime) -> None:
    """Let a question be with nobody: it stays open for whoever finds its thread, and its asker hears how to go on."""
    question.holder_id = question.remind_at = question.escalate_at = None
    news.owe_unreached(session, team, question, hop=last_hop(session, question), now=now)


def last_hop(session: Session, question: Question) -> int:
    """Return how many times a question has gone to somebody."""
    return max((one.hop for one in routes_of(session, question)), default=0)


def routes_of(session: Session, question: Question) -> list[RouteRow]:
    """Return whom a question went to, in order."""
    return questions.routes(session, question.workspace_id, question.id or 0)


def waited_for(session: Session, question: Question) -> list[Member]:
    """Return those whose answer is waited for: who holds the question, or all whom it went to last."""
    routed = routes_of(session, question)
    last = max((one.hop for one in routed), default=0)
    ids = [one.member_id for one in routed if one.hop == last and question.holder_id in (None, one.member_id)]
    found = [members.get(session, question.workspace_id, one) for one in ids]
    return [one for one in found if one is not None and not one.deleted]


def present(session: Session, waiting: Sequence[Member], *, now: datetime) -> list[Member]:
    """Return those who are not away."""
    return [one for one in waiting if absences.current(session, one.workspace_id, one.id or 0, now=now) is None]


def with_them_now(session: Session, question: Question, member: Member, hop: int) -> None:
    """Let somebody pass whose question it is: of several, any of them until one has taken it.

    Raises:
        Refused: `question_closed`; `question_moved` or `question_taken`, naming who has it; `question_not_yours`.
    """
    if question.state != "open":
        raise Refused("question_closed")
    routed = routes_of(session, question)
    last = max((one.hop for one in routed), default=0)
    having = [one for one in routed if one.hop == last]
    if member.id not in {one.member_id for one in routed}:
        raise Refused("question_not_yours")
    if hop != last:
        raise Refused("question_moved", people=[one.name for one in having])
    if question.holder_id not in (None, member.id):
        taker = members.get(session, question.workspace_id, question.holder_id or 0)
        raise Refused("question_taken", person=taker.name if taker else "")
    if member.id not in {one.member_id for one in having}:
        raise Refused("question_not_yours")
