"""Another way for what Slack will not take to where it was meant for; owed when the failure is recorded, so once.

- What belongs into a question's thread comes as a DM: a channel may have been archived, or the bot is not in it any
  more.
- A question that cannot be brought to anybody whom it went to goes on to whom else a new one would reach. When there
  is nobody, its asker hears it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.services.questions import question_news as news
from bot.services.questions.question_moving import give_up, last_hop, move_on, routes_of
from bot.services.sending.owing import owe_to
from storage import Session, delivered, members, questions
from storage.deliveries import Claimed
from storage.questions import RouteRow
from storage.tables import Team

OtherWay = Callable[[Session, Team, Claimed, datetime], None]


def _to_asker(session: Session, team: Team, claimed: Claimed, now: datetime) -> None:
    number = news.numbers(claimed.period)[1 if claimed.kind == news.ANSWER else 0]
    question = questions.get(session, team.workspace_id, number)
    asker = members.get(session, team.workspace_id, question.asker_id) if question else None
    # What could not be brought to the asker in the first place has no other way.
    if question is None or asker is None or claimed.recipient != question.channel_id or not question.thread_ts:
        return
    owe_to(session, team, claimed.kind, asker.slack_user_id, claimed.period, now=now)


def _to_mentioned(session: Session, team: Team, claimed: Claimed, now: datetime) -> None:
    number, hop, member_id = news.numbers(claimed.period)
    member = members.get(session, team.workspace_id, member_id)
    if member is not None and not member.deleted:
        owe_to(session, team, news.QUESTION, member.slack_user_id, news.about_hop(number, hop), now=now)


def _to_others(session: Session, team: Team, claimed: Claimed, now: datetime) -> None:
    number, hop = news.numbers(claimed.period)[:2]
    question = questions.lock(session, team.workspace_id, number)
    if question is None or question.state != "open" or question.taken_at or hop != last_hop(session, question):
        return
    asked = [one for one in routes_of(session, question) if one.hop == hop]
    if any(_has_it(session, team, one, number) for one in asked):
        return
    everybody = {one.member_id for one in routes_of(session, question)}
    if not move_on(session, team, question, but=everybody, now=now):
        give_up(session, team, question, now=now)


def _has_it(session: Session, team: Team, route: RouteRow, number: int) -> bool:
    """Tell whether one of those whom a question went to has it, or is getting it."""
    about = news.about_hop(number, route.hop)
    state = delivered.state(session, team_id=team.id or 0, kind=news.QUESTION, recipient=route.slack_id, period=about)
    return state != "failed"  # None where they are called into the thread


OTHER_WAYS: Final[dict[str, OtherWay]] = {
    news.ANSWER: _to_asker,
    news.ASKED: _to_asker,
    news.TAKEN: _to_asker,
    news.MENTION: _to_mentioned,
    news.QUESTION: _to_others,
    news.UNREACHED: _to_asker,
}
