"""Another way for what belongs into a question's thread when Slack will not take it there: a DM.

A channel may have been archived, or the bot is not in it any more. The DM is owed in the transaction that records the
failure, under the same name, so it comes once.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.services import question_news as news
from bot.services.agreement_news import owe_to
from storage import Session, members, questions
from storage.deliveries import Claimed
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


OTHER_WAYS: Final[dict[str, OtherWay]] = {
    news.ANSWER: _to_asker,
    news.ASKED: _to_asker,
    news.TAKEN: _to_asker,
    news.MENTION: _to_mentioned,
}
