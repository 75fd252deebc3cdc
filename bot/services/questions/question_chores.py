"""Questions are not forgotten: one reminder, then one message to somebody else, and a new holder when one is gone.

1. A question whose holder has left, or whose hat has another owner, goes on to whom a new one would reach. So does one
   that went to others, or to nobody, because nobody owned its hat, as soon as somebody does.
2. At `remind_at`, who has the question is reminded; when they are away it goes on as well.
3. At `escalate_at`, the deputy or an admin gets it. Nothing is owed after that.
4. Where nobody is left to ask, the asker hears it, once.

Each is owed in the transaction that takes its time away: however many replicas look, it comes once.
"""

from datetime import datetime
from typing import Final

from bot.services.questions import question_news as news
from bot.services.questions.question_moving import give_up, last_hop, move, move_on, present, routes_of, waited_for
from bot.services.questions.question_routes import Addressee
from storage import Session, Sessions, hats, members, questions, teams
from storage.tables import Member, Question, Team

_ROLES_OF_THE_TEAM: Final = frozenset({"candidate", "wearer", "admin"})


def look_after_questions(sessions: Sessions, now: datetime) -> None:
    """Look after the questions that have waited long enough, or whose holder is gone: a chore."""
    with sessions.read() as session:
        waiting = questions.overdue(session, now=now), questions.stranded(session), questions.found_owner(session)
        found = set().union(*waiting)
    for workspace_id, question_id in sorted(found):
        with sessions.write() as session:
            _look_after(session, workspace_id, question_id, now)


def _look_after(session: Session, workspace_id: int, question_id: int, now: datetime) -> None:
    question = questions.lock(session, workspace_id, question_id)
    team_id = hats.team_of(session, question.hat_id) if question else None
    team = teams.get(session, workspace_id, team_id) if team_id is not None else None
    if question is None or team is None or question.state != "open":
        return
    if questions.stranded(session, question_id=question_id):
        _replace_holder(session, team, question, now)
    elif questions.found_owner(session, question_id=question_id):
        move_on(session, team, question, but=(), now=now)
    elif question.escalate_at is not None and question.escalate_at <= now:
        _escalate(session, team, question, now)
    elif question.remind_at is not None and question.remind_at <= now:
        _remind(session, team, question, now)


def _replace_holder(session: Session, team: Team, question: Question, now: datetime) -> None:
    if not move_on(session, team, question, but={question.holder_id or 0}, now=now):
        give_up(session, team, question, now=now)


def _remind(session: Session, team: Team, question: Question, now: datetime) -> None:
    question.remind_at = None
    waiting = _still_playing(session, team, question)
    here = present(session, waiting, now=now)
    if not here and move_on(session, team, question, but=_asked(session, question), now=now):
        return
    if not waiting:
        give_up(session, team, question, now=now)
    for member in here or waiting:
        news.owe_reminder(session, team, question, member, hop=last_hop(session, question), now=now)


def _still_playing(session: Session, team: Team, question: Question) -> list[Member]:
    """Return those who have the question, without those of several who got it as the team's and have left it."""
    of_the_team = {one.member_id for one in routes_of(session, question) if one.role in _ROLES_OF_THE_TEAM}
    return [
        one
        for one in waited_for(session, question)
        if one.id not in of_the_team or teams.membership(session, team.id or 0, one.id or 0) is not None
    ]


def _escalate(session: Session, team: Team, question: Question, now: datetime) -> None:
    found = _next_in_line(session, team, question, now)
    if found is not None:
        move(session, team, question, [found], now=now)
    question.remind_at = question.escalate_at = None


def _next_in_line(session: Session, team: Team, question: Question, now: datetime) -> Addressee | None:
    """Return the hat's deputy, or else an admin, who has not been asked yet and is not away."""
    hat = hats.one(session, team.id or 0, question.hat_id)
    deputy = members.get(session, team.workspace_id, hat.deputy_id) if hat and hat.deputy_id is not None else None
    line = [(deputy, "deputy"), *((admin, "admin") for admin in teams.admins(session, team.id or 0))]
    asked = {question.asker_id, *_asked(session, question)}
    for member, role in line:
        if member is not None and _can_be_asked(session, member, asked, now):
            return Addressee(member, role)
    return None


def _can_be_asked(session: Session, member: Member, asked: set[int], now: datetime) -> bool:
    gone = member.deleted or member.is_bot or member.id in asked
    return not gone and bool(present(session, [member], now=now))


def _asked(session: Session, question: Question) -> set[int]:
    return {one.member_id for one in routes_of(session, question)}
