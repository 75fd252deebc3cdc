"""Answering a question: with a form, or in its thread; and what the asker says of the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.services.questions import question_news as news
from bot.services.questions.question_letters import card_for
from bot.services.questions.question_moving import waited_for
from bot.services.sending.owing import owe_to
from bot.services.sending.texts import MOST_CHARACTERS, storable
from bot.services.workspaces.scene import Answer, Asker, in_language
from messages.i18n import language_of
from messages.question_content import QuestionCard
from storage import Session, Sessions, delivered, evidences, hats, members, questions, teams, workspaces
from storage.tables import Member, Question, Team

LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Table:
    """A question with its team, and the member who has come to it."""

    session: Session
    team: Team
    question: Question
    member: Member
    language: str


def read_value(value: str) -> tuple[int, int]:
    """Read `<question>` or `<question>.<hop>` from a button or a form; the hop is 1 where none is said.

    Raises:
        Refused: `form_outdated`.
    """
    parts = value.split(".")
    if len(parts) > 2 or not all(part.isdecimal() and 0 < int(part) <= LARGEST_ID for part in parts):  # noqa: PLR2004
        raise Refused("form_outdated")
    return int(parts[0]), int(parts[1]) if len(parts) > 1 else 1


@contextmanager
def at_table(sessions: Sessions, asker: Asker, question_id: int) -> Iterator[Table]:
    """Open a question to change it: until it is left, nobody else can.

    Raises:
        Refused: `form_outdated`, when the workspace has no such question; with it, what is raised inside gets the
            person's language.
    """
    with sessions.write() as session:
        workspace = workspaces.by_slack_id(session, asker.workspace)
        question = questions.lock(session, workspace.id or 0, question_id) if workspace else None
        member = members.by_slack_id(session, question.workspace_id, asker.user) if question else None
        team = _team_of(session, question) if question else None
        if question is None or member is None or team is None:
            raise Refused("form_outdated")
        language = language_of(members.spoken_locale(member), team.locale)
        with in_language(language):
            if member.deleted:
                raise Refused("form_outdated")
            yield Table(session, team, question, member, language)


def open_reply(sessions: Sessions, asker: Asker, value: str) -> Answer[QuestionCard]:
    """Prepare the form for an answer.

    Raises:
        Refused: `form_outdated`, `question_closed`, `question_not_yours`.
    """
    number, hop = read_value(value)
    with at_table(sessions, asker, number) as table:
        _may_answer(table)
        card = card_for(table.session, table.team, table.question, table.member, hop)
        if card is None:
            raise Refused("question_not_yours")
        return Answer(table.language, card)


def reply(sessions: Sessions, asker: Asker, value: str, text: str, *, key: str, now: datetime) -> Answer[int]:
    """Store an answer and owe it to the question's thread, once for each `key`; return the question's id.

    Raises:
        Refused: As for `open_reply`, and `ask_empty`.
    """
    number, _ = read_value(value)
    with at_table(sessions, asker, number) as table:
        said = storable(text.strip(), MOST_CHARACTERS)
        if not said:
            raise Refused("answer_empty")
        session, question, member = table.session, table.question, table.member
        _may_answer(table)
        scope = {"workspace_id": question.workspace_id, "question_id": number, "member_id": member.id or 0}
        answer_id = questions.add_answer(session, **scope, text=said, key=key, now=now)
        if answer_id is not None:
            where, _ = news.thread_of(session, table.team, question)
            owe_to(session, table.team, news.ANSWER, where, f"answer-{answer_id}-{number}", now=now)
            _answered(session, question, member, now)
        return Answer(table.language, number)


def noticed_reply(
    sessions: Sessions, workspace: str, channel: str, thread_ts: str, user: str, ts: str, *, now: datetime
) -> int | None:
    """Take a message in a question's thread for the answer, when one of those wrote it who were asked.

    The asker is asked under it whether it is one. The same message, told again, changes nothing: its cards may not have
    been told when its process ended.

    Args:
        sessions: The database.
        workspace: Slack's id of the workspace, as are `channel` and `user`.
        channel: Where the thread is.
        thread_ts: The message that the thread hangs on.
        user: Who wrote in it.
        ts: What they wrote.
        now: The present.

    Returns:
        The question's id when it is answered by this, to let its cards say so (`question_cards.refresh`).
    """
    with sessions.read() as session:
        found = workspaces.by_slack_id(session, workspace)
        asked = questions.in_thread(session, found.id or 0, channel_id=channel, thread_ts=thread_ts) if found else None
        if asked is None or asked.state not in ("open", "answered"):
            return None
        number = asked.id or 0
        about = f"question-{number}-{ts.replace('.', '-')}"
        if asked.state == "answered":
            return number if _is_owed(session, asked, channel, about) else None
    with sessions.write() as session:
        question = questions.lock(session, asked.workspace_id, number)
        member = members.by_slack_id(session, asked.workspace_id, user)
        team = _team_of(session, question) if question else None
        if question is None or question.state != "open" or team is None or member is None or member.deleted:
            return None
        if not _is_asked(session, team, question, member):
            return None
        if not owe_to(session, team, news.ANSWER_CHECK, channel, about, now=now):
            return None
        _answered(session, question, member, now)
        return number


def _is_owed(session: Session, question: Question, channel: str, about: str) -> bool:
    """Tell whether a message was taken for the answer before."""
    team_id = hats.team_of(session, question.hat_id) or 0
    owed = delivered.state(session, team_id=team_id, kind=news.ANSWER_CHECK, recipient=channel, period=about)
    return owed is not None


def solved(sessions: Sessions, asker: Asker, value: str, *, now: datetime) -> Answer[int]:
    """Close a question because its asker says that it is solved.

    Raises:
        Refused: `form_outdated`, `question_not_asked` for everybody but the asker.
    """
    number, _ = read_value(value)
    with at_table(sessions, asker, number) as table:
        _is_askers(table)
        if table.question.state == "answered":
            table.question.state, table.question.closed_at = "solved", now
        return Answer(table.language, number)


def not_yet(sessions: Sessions, asker: Asker, value: str, *, now: datetime) -> Answer[int]:
    """Open an answered question again because its asker says that it is not solved; who answered hears it.

    Raises:
        Refused: `form_outdated`, `question_not_asked` for everybody but the asker.
    """
    number, _ = read_value(value)
    with at_table(sessions, asker, number) as table:
        _is_askers(table)
        question, session = table.question, table.session
        if question.state != "answered" or question.answered_by is None or question.answered_at is None:
            return Answer(table.language, number)
        answerer = members.get(session, question.workspace_id, question.answered_by)
        about = f"question-{number}-{int(question.answered_at.timestamp())}"
        question.state = "open"
        question.answered_by = question.answered_at = question.closed_at = None
        _wait_again(table, answerer, about, now)
        return Answer(table.language, number)


def _wait_again(table: Table, answerer: Member | None, about: str, now: datetime) -> None:
    """Let who answered go on, if the question is with them, or else those who have it now; with new reminders."""
    question = table.question
    waiting = waited_for(table.session, question)
    own = [one for one in waiting if answerer is not None and one.id == answerer.id]
    if own:
        question.holder_id = own[0].id
    for one in own or waiting:
        owe_to(table.session, table.team, news.AGAIN, one.slack_user_id, about, now=now)
    if waiting:
        news.begin_waiting(table.team, question, (own or waiting)[0], now=now)


def _team_of(session: Session, question: Question) -> Team | None:
    team_id = hats.team_of(session, question.hat_id)
    return teams.get(session, question.workspace_id, team_id) if team_id is not None else None


def _answered(session: Session, question: Question, member: Member, now: datetime) -> None:
    """Let the question be answered; it counts as evidence, once for each question."""
    question.state, question.answered_by, question.answered_at = "answered", member.id, now
    question.first_answered_at = question.first_answered_at or now
    evidences.add(
        session,
        workspace_id=question.workspace_id,
        hat_id=question.hat_id,
        member_id=member.id or 0,
        kind="answered",
        key=f"question-{question.id}",
        now=now,
    )


def _may_answer(table: Table) -> None:
    if table.question.state not in {"open", "answered"}:
        raise Refused("question_closed")
    if not _is_asked(table.session, table.team, table.question, table.member):
        raise Refused("question_not_yours")


def _is_asked(session: Session, team: Team, question: Question, member: Member) -> bool:
    """Tell whether a question went to somebody, or is about their hat. Nobody answers their own."""
    if member.id == question.asker_id:
        return False
    hat = hats.one(session, team.id or 0, question.hat_id)
    asked = {one.member_id for one in questions.routes(session, question.workspace_id, question.id or 0)}
    return member.id in asked or (hat is not None and hat.owner_id == member.id)


def _is_askers(table: Table) -> None:
    if table.member.id != table.question.asker_id:
        raise Refused("question_not_asked")
