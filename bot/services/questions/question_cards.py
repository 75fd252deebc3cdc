"""The messages that a question left in people's conversations, as they should read now."""

from dataclasses import dataclass

from bot.services.questions import question_news as news
from bot.services.questions.question_answering import LARGEST_ID
from bot.services.questions.question_letters import card_for, given_answer
from bot.services.questions.question_moving import routes_of
from bot.services.sending.letters import Amendment, Composer, Occasion, TooEarly, Unneeded
from messages import catalog
from messages.content import Message, Person
from messages.i18n import language_of
from storage import Session, Sessions, delivered, hats, members, questions, teams, workspaces
from storage.tables import Delivery, Question, Team


@dataclass(frozen=True)
class Left:
    """A message that the bot posted, and what it should say now."""

    channel_id: str
    ts: str
    message: Message


class StillSendingError(Exception):
    """One of a question's cards is being sent: where it stands is not known yet."""


def cards(sessions: Sessions, workspace: str, question_id: int, *, all_of_them: bool = False) -> list[Left]:
    """Return the cards of a question in the DMs, and its mentions in the thread, of those whom it went to.

    `workspace` is Slack's id.

    Raises:
        StillSendingError: One is on its way, and `all_of_them` are wanted.
    """
    with sessions.read() as session:
        found = workspaces.by_slack_id(session, workspace)
        question = questions.get(session, found.id or 0, question_id) if found else None
        team_id = hats.team_of(session, question.hat_id) if question else None
        team = teams.get(session, question.workspace_id, team_id) if question and team_id is not None else None
        if question is None or team is None:
            return []
        left = []
        for sent in delivered.sent_about(
            session, team_id=team.id or 0, kinds=news.CARDS, about=f"question-{question_id}-"
        ):
            if sent.channel_id and sent.message_ts:
                message = _as_it_stands(session, team, question, sent)
                left += [Left(sent.channel_id, sent.message_ts, message)] if message else []
            elif all_of_them and sent.state == "claimed":
                raise StillSendingError
        return left


def _as_it_stands(session: Session, team: Team, question: Question, sent: Delivery) -> Message | None:
    """Give what a card or a mention should say now; of a reminder, that it was one."""
    hop, *member = news.numbers(sent.period)[1:]
    if sent.kind == news.MENTION:
        reader = members.get(session, team.workspace_id, member[0])
    else:
        reader = members.by_slack_id(session, team.workspace_id, sent.recipient)
    reminder = sent.kind in {news.REMINDER, news.AGAIN}
    if sent.kind == news.AGAIN:  # named after an answer and not after a hop
        routed = routes_of(session, question)
        hop = max((one.hop for one in routed if reader and one.member_id == reader.id), default=0)
    card = card_for(session, team, question, reader, hop, reminder=reminder) if reader else None
    if card is None or reader is None:
        return None
    if sent.kind == news.MENTION:
        return catalog.question_mention(card, Person(reader.slack_user_id, reader.name), language=team.locale)
    return catalog.question(card, language=language_of(members.spoken_locale(reader), team.locale))


def _amended(occasion: Occasion) -> Amendment | Unneeded | TooEarly:
    session, team = occasion.session, occasion.team
    sent = delivered.one(session, team.id or 0, news.numbers(occasion.claimed.period)[0])
    if sent is not None and sent.state in {"due", "claimed"}:
        return TooEarly("the card is on its way")
    if sent is None or sent.channel_id is None or sent.message_ts is None:
        return Unneeded("the card was never sent")
    question = questions.get(session, team.workspace_id, news.numbers(sent.period)[0])
    message = _as_it_stands(session, team, question, sent) if question else None
    return Amendment(message, sent.channel_id, sent.message_ts) if message else Unneeded("the reader is gone")


COMPOSERS: dict[str, Composer] = {news.AMENDED: _amended}


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
        language = language_of(members.spoken_locale(asker) if in_dm and asker else None, team.locale)
        return catalog.answer(given, language=language)
