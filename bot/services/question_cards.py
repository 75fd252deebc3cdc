"""The messages that a question left in people's conversations, as they should read now."""

from dataclasses import dataclass

from bot.services import question_news as news
from bot.services.question_answering import LARGEST_ID
from bot.services.question_letters import card_for, given_answer
from messages import catalog
from messages.content import Message
from messages.i18n import language_of
from storage import Sessions, deliveries, hats, members, questions, teams, workspaces


@dataclass(frozen=True)
class Left:
    """A message that the bot posted, and what it should say now."""

    channel_id: str
    ts: str
    message: Message


def cards(sessions: Sessions, workspace: str, question_id: int) -> list[Left]:
    """Return the cards of a question in the DMs of those whom it went to. `workspace` is Slack's id."""
    with sessions.read() as session:
        found = workspaces.by_slack_id(session, workspace)
        question = questions.get(session, found.id or 0, question_id) if found else None
        team_id = hats.team_of(session, question.hat_id) if question else None
        team = teams.get(session, question.workspace_id, team_id) if question and team_id is not None else None
        if question is None or team is None:
            return []
        left = []
        about = f"question-{question_id}-"
        for sent in deliveries.sent_about(session, team_id=team.id or 0, kinds=[news.QUESTION], about=about):
            reader = members.by_slack_id(session, team.workspace_id, sent.recipient)
            hop = news.numbers(sent.period)[1]
            card = card_for(session, team, question, reader, hop) if reader else None
            if card and reader and sent.channel_id and sent.message_ts:
                message = catalog.question(card, language=language_of(reader.locale, team.locale))
                left.append(Left(sent.channel_id, sent.message_ts, message))
        return left


def answer_now(sessions: Sessions, workspace: str, value: str, *, state: str) -> Message | None:
    """Return the answer whose button says `value`, as it should read after the asker has judged it.

    `state` is solved or open; None when it is gone.
    """
    number, _, answer_id = value.partition(".")
    if not number.isdecimal() or int(number) > LARGEST_ID:
        return None
    with sessions.read() as session:
        found = workspaces.by_slack_id(session, workspace)
        question = questions.get(session, found.id or 0, int(number)) if found else None
        team_id = hats.team_of(session, question.hat_id) if question else None
        team = teams.get(session, question.workspace_id, team_id) if question and team_id is not None else None
        if question is None or team is None:
            return None
        own = int(answer_id) if answer_id.isdecimal() and int(answer_id) <= LARGEST_ID else None
        given = given_answer(session, team, question, own, state)
        asker = members.get(session, team.workspace_id, question.asker_id)
        in_dm = question.thread_ts is None and asker is not None
        language = language_of(asker.locale if in_dm and asker else None, team.locale)
        return catalog.answer(given, language=language)
