"""'I'll take it': of several whom a question went to, exactly one has it from then on."""

from datetime import datetime

from bot.services.questions import question_news as news
from bot.services.questions.question_answering import at_table, read_value
from bot.services.questions.question_moving import with_them_now
from bot.services.workspaces.scene import Answer, Asker
from storage import Sessions, evidences


def take(sessions: Sessions, asker: Asker, value: str, *, now: datetime) -> Answer[int]:
    """Let the asker have a question that went to several; return its id. Doing it again changes nothing.

    The question's row is locked: of two at the same instant, the second finds that it is taken. It counts as evidence.

    Raises:
        Refused: `form_outdated`, `question_closed`, `question_moved`, `question_taken`, `question_not_yours`.
    """
    number, hop = read_value(value)
    with at_table(sessions, asker, number) as table:
        session, question, member = table.session, table.question, table.member
        with_them_now(session, question, member, hop)
        if question.holder_id is not None:
            return Answer(table.language, number)
        question.holder_id, question.taken_at = member.id, now
        if question.remind_at is not None:
            news.begin_waiting(table.team, question, member, now=now)
        evidences.add(
            session,
            workspace_id=question.workspace_id,
            hat_id=question.hat_id,
            member_id=member.id or 0,
            kind="took_it",
            key=f"question-{number}",
            now=now,
        )
        news.owe_taken(session, table.team, question, member, hop=hop, now=now)
        news.owe_amendments(session, table.team, question, now=now)
        return Answer(table.language, number)
