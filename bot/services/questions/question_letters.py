"""What people read about questions, written when it is sent."""

from dataclasses import replace

from bot.services.hats.hats import owner_of
from bot.services.questions import question_news as news
from bot.services.questions.question_history import is_newly_owned, may_teach, note_of, note_of_move, phrase_to_teach
from bot.services.sending.letters import Composer, Occasion, Reply, TooEarly, Unneeded
from messages import catalog
from messages.content import HatName, Message, Person
from messages.i18n import language_of
from messages.question_content import AnswerGiven, QuestionCard, QuestionNote
from storage import Session, hats, members, questions
from storage.questions import RouteRow
from storage.tables import Member, Question, Team


def card_for(
    session: Session, team: Team, question: Question, reader: Member, hop: int, *, reminder: bool = False
) -> QuestionCard | None:
    """Put together a question as somebody reads it to whom it went; None when it did not, or the hat is gone."""
    routed = questions.routes(session, team.workspace_id, question.id or 0)
    own = next((one for one in routed if one.hop == hop and one.member_id == reader.id), None)
    asker = members.get(session, team.workspace_id, question.asker_id)
    if own is None or asker is None:
        return None
    last = routed[-1].hop
    state, by = _state(session, question, reader, moved=hop != last)
    # The one that it was about when the reader got it: it may have gone on to another.
    hat = hats.entity_by_id(session, team.id or 0, own.hat_id)
    row = hats.one(session, team.id or 0, own.hat_id)
    word, word_by = _written(session, team, note_of(session, team.id or 0, question.id or 0, hop))
    teachable = hop > 1 and hop == last and row is not None and may_teach(session, team, reader, row)
    return QuestionCard(
        hat=HatName(hat.slug, hat.name),
        team=team.name,
        asker=_person(asker),
        text=question.text,
        value=f"{question.id}.{hop}",
        role=own.role,
        state=state,
        recipients=people_of(routed, last),
        owner=owner_of(row) if row else None,
        by=by,
        channel_id=question.channel_id,
        link=question.link,
        reminder=reminder,
        moved_here=hop > 1,
        note=word,
        note_by=word_by,
        may_still_reply=state == "moved" and row is not None and (row.id, row.owner_id) == (question.hat_id, reader.id),
        phrase=phrase_to_teach(session, team, question) if teachable else "",
    )


def _written(session: Session, team: Team, note: tuple[str, str] | None) -> tuple[str, Person | None]:
    """Give the word that went with a question, and who wrote it."""
    by = members.by_slack_id(session, team.workspace_id, note[0]) if note else None
    return (note[1] if note else ""), _person(by) if by else None


def people_of(routed: list[RouteRow], hop: int) -> tuple[Person, ...]:
    """Return whom a question went to in one hop."""
    return tuple(Person(one.slack_id, one.name) for one in routed if one.hop == hop)


def _state(session: Session, question: Question, reader: Member, *, moved: bool) -> tuple[str, Person | None]:
    """Tell how a question stands for a reader, and who has answered or taken it."""
    if question.state != "open":
        return question.state, _by_id(session, question, question.answered_by)
    if moved:
        return "moved", None
    if question.taken_at is None:
        return "waiting", None
    taken = question.holder_id == reader.id
    return "taken" if taken else "elsewhere", _by_id(session, question, question.holder_id)


def _by_id(session: Session, question: Question, member_id: int | None) -> Person | None:
    found = members.get(session, question.workspace_id, member_id) if member_id is not None else None
    return _person(found) if found else None


def _person(member: Member) -> Person:
    return Person(member.slack_user_id, member.name)


def _question(occasion: Occasion, number: int) -> Question | None:
    return questions.get(occasion.session, occasion.team.workspace_id, number)


def _card(occasion: Occasion) -> Message | Unneeded:
    number, hop = news.numbers(occasion.claimed.period)[:2]
    reader = members.by_slack_id(occasion.session, occasion.team.workspace_id, occasion.claimed.recipient)
    question = _question(occasion, number)
    if reader is None or reader.deleted or question is None:
        return Unneeded("the question or the person is gone")
    card = card_for(occasion.session, occasion.team, question, reader, hop)
    if card is None or card.state not in {"waiting", "taken"}:
        return Unneeded("the question waits for somebody else, or for nobody")
    return catalog.question(card, language=language_of(members.spoken_locale(reader), occasion.team.locale))


def _mention(occasion: Occasion) -> Reply | Unneeded:
    number, hop, member_id = news.numbers(occasion.claimed.period)
    team, question = occasion.team, _question(occasion, number)
    reader = members.get(occasion.session, team.workspace_id, member_id)
    card = card_for(occasion.session, team, question, reader, hop) if question and reader else None
    if question is None or card is None or card.state != "waiting" or reader is None or reader.deleted:
        return _unneeded(occasion, question, "the question waits for somebody else, or for nobody")
    message = catalog.question_mention(card, Person(reader.slack_user_id, reader.name), language=team.locale)
    return Reply(message, question.thread_ts or "")


def _taken(occasion: Occasion) -> Message | Reply | Unneeded:
    number, _, member_id = news.numbers(occasion.claimed.period)
    question = _question(occasion, number)
    if question is None or question.state != "open" or question.holder_id != member_id:
        return _unneeded(occasion, question, "the question is not with the one who took it any more")
    hat, owner = _named(occasion, question)
    taker = _by_id(occasion.session, question, member_id)
    note = QuestionNote(hat=hat, recipients=(taker,) if taker else (), owner=owner, moved=True)
    message = catalog.question_note(note, language=_language_of_thread(occasion, question))
    return _in_its_place(occasion, question, message)


def _note(occasion: Occasion) -> Message | Reply | Unneeded:
    number, hop = news.numbers(occasion.claimed.period)
    team, question = occasion.team, _question(occasion, number)
    if question is None or (hop > 1 and question.state != "open"):
        return _unneeded(occasion, question, "nobody waits for it any more")
    routed = questions.routes(occasion.session, team.workspace_id, number)
    hat, owner = _named(occasion, question)
    _, thread_ts = news.thread_of(occasion.session, team, question)
    reached = [one for one in routed if one.hop == hop]
    by_mention = question.thread_ts and all(one.reach == "thread" for one in reached)
    if by_mention and not _is_away_from_thread(occasion, question):
        return _unneeded(occasion, question, "the mention in the thread tells it")
    word, word_by = _written(occasion.session, team, note_of_move(occasion.session, team.id or 0, number, hop))
    note = QuestionNote(
        hat=hat,
        recipients=people_of(routed, hop),
        role=reached[0].role,
        owner=owner,
        text="" if thread_ts else question.text,
        moved=hop > 1,
        word=word,
        word_by=word_by,
        newly_owned=is_newly_owned(routed, hop),
    )
    message = catalog.question_note(note, language=_language_of_thread(occasion, question))
    return _in_its_place(occasion, question, message)


def _unneeded(occasion: Occasion, question: Question | None, reason: str) -> Unneeded:
    """Say that a message is not needed, and in which thread it is if it was sent all the same."""
    if question is None or _is_away_from_thread(occasion, question):
        return Unneeded(reason)
    return Unneeded(reason, thread_ts=news.thread_of(occasion.session, occasion.team, question)[1])


def _unreached(occasion: Occasion) -> Message | Reply | Unneeded | TooEarly:
    number, hop = news.numbers(occasion.claimed.period)
    session, team, question = occasion.session, occasion.team, _question(occasion, number)
    routed = questions.routes(session, team.workspace_id, number)
    if question is None or question.state != "open" or question.holder_id is not None or routed[-1].hop != hop:
        return _unneeded(occasion, question, "somebody has the question, or nobody waits for it")
    if news.thread_waits(session, team, question):
        return TooEarly("the note that begins its thread is not sent yet")
    hat, owner = _named(occasion, question)
    text = question.text if _is_away_from_thread(occasion, question) else ""
    note = QuestionNote(hat=hat, recipients=(), owner=owner, text=text, unreached=True)
    message = catalog.question_note(note, language=_language_of_thread(occasion, question))
    return _in_its_place(occasion, question, message)


def _in_its_place(occasion: Occasion, question: Question, message: Message) -> Message | Reply:
    """Put a message under its question; one that Slack would not take there goes to the asker's DM by itself."""
    _, thread_ts = news.thread_of(occasion.session, occasion.team, question)
    return Reply(message, thread_ts) if thread_ts and not _is_away_from_thread(occasion, question) else message


def _is_away_from_thread(occasion: Occasion, question: Question) -> bool:
    return question.thread_ts is not None and occasion.claimed.recipient != question.channel_id


def _named(occasion: Occasion, question: Question) -> tuple[HatName, Person | None]:
    team_id = occasion.team.id or 0
    hat = hats.entity_by_id(occasion.session, team_id, question.hat_id)
    row = hats.one(occasion.session, team_id, question.hat_id)
    return HatName(hat.slug, hat.name), owner_of(row) if row else None


def _language_of_thread(occasion: Occasion, question: Question) -> str:
    """In a DM the asker's language is read, in a channel the team's."""
    asker = members.get(occasion.session, occasion.team.workspace_id, question.asker_id)
    in_channel = question.thread_ts is not None and not _is_away_from_thread(occasion, question)
    return (
        occasion.team.locale
        if in_channel or asker is None
        else language_of(members.spoken_locale(asker), occasion.team.locale)
    )


def given_answer(session: Session, team: Team, question: Question, answer_id: int | None, state: str) -> AnswerGiven:
    """Put together an answer that was given with a form, or, without `answer_id`, one that stands in the thread."""
    stored = questions.answer(session, team.workspace_id, answer_id) if answer_id is not None else None
    if stored is not None and stored.question_id != question.id:
        stored = None
    routed = questions.routes(session, team.workspace_id, question.id or 0)
    author = stored.member_id if stored else question.answered_by or routed[-1].member_id
    hat = hats.entity_by_id(session, team.id or 0, question.hat_id)
    nobody = Person("", "")
    return AnswerGiven(
        hat=HatName(hat.slug, hat.name),
        asker=_by_id(session, question, question.asker_id) or nobody,
        by=_by_id(session, question, author) or nobody,
        value=f"{question.id}.{stored.id}" if stored else str(question.id),
        text=stored.text if stored else "",
        state=state,
    )


def _answer(occasion: Occasion) -> Message | Reply | Unneeded | TooEarly:
    answer_id, number = news.numbers(occasion.claimed.period)
    question = _question(occasion, number)
    stored = questions.answer(occasion.session, occasion.team.workspace_id, answer_id)
    if question is None or stored is None or not stored.text:
        return Unneeded("the answer is gone")
    if news.thread_waits(occasion.session, occasion.team, question):
        return TooEarly("the note that begins its thread is not sent yet")
    given = given_answer(occasion.session, occasion.team, question, answer_id, "answered")
    if _is_away_from_thread(occasion, question):
        given = replace(given, question=question.text)
    message = catalog.answer(given, language=_language_of_thread(occasion, question))
    return _in_its_place(occasion, question, message)


def _answer_check(occasion: Occasion) -> Reply | Unneeded:
    question = _question(occasion, news.numbers(occasion.claimed.period)[0])
    if question is None or question.state != "answered" or question.thread_ts is None:
        return _unneeded(occasion, question, "the question is not answered any more")
    given = given_answer(occasion.session, occasion.team, question, None, "answered")
    return Reply(catalog.answer(given, language=_language_of_thread(occasion, question)), question.thread_ts)


def _again(occasion: Occasion) -> Message | Unneeded:
    number = news.numbers(occasion.claimed.period)[0]
    session, team, question = occasion.session, occasion.team, _question(occasion, number)
    reader = members.by_slack_id(session, team.workspace_id, occasion.claimed.recipient)
    if question is None or question.state != "open" or reader is None or reader.deleted:
        return Unneeded("the question does not wait for the reader any more")
    routed = questions.routes(session, team.workspace_id, number)
    hop = max((one.hop for one in routed if one.member_id == reader.id), default=routed[-1].hop)
    card = card_for(session, team, question, reader, hop, reminder=True)
    if card is None or card.state not in {"waiting", "taken"}:
        return Unneeded("the question waits for somebody else")
    return catalog.question(card, language=language_of(members.spoken_locale(reader), team.locale))


def _reminder(occasion: Occasion) -> Message | Unneeded:
    number, hop, _ = news.numbers(occasion.claimed.period)
    session, team, question = occasion.session, occasion.team, _question(occasion, number)
    reader = members.by_slack_id(session, team.workspace_id, occasion.claimed.recipient)
    card = card_for(session, team, question, reader, hop, reminder=True) if question and reader else None
    if card is None or reader is None or reader.deleted or card.state not in {"waiting", "taken"}:
        return Unneeded("the question does not wait for the reader any more")
    return catalog.question(card, language=language_of(members.spoken_locale(reader), team.locale))


COMPOSERS: dict[str, Composer] = {
    news.ANSWER: _answer,
    news.ANSWER_CHECK: _answer_check,
    news.AGAIN: _again,
    news.QUESTION: _card,
    news.MENTION: _mention,
    news.REMINDER: _reminder,
    news.ASKED: _note,
    news.TAKEN: _taken,
    news.UNREACHED: _unreached,
}
