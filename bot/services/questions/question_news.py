"""What people hear about questions: the kinds of deliveries, how each names its occasion, and owing them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.services.questions.question_routes import Addressee, nudges
from bot.services.sending.owing import owe_to
from storage import Session, delivered, members, questions
from storage.tables import Member, Question, Team

QUESTION: Final = "question"
MENTION: Final = "question_mention"
ASKED: Final = "question_asked"
ANSWER: Final = "answer"
ANSWER_CHECK: Final = "answer_check"
AGAIN: Final = "question_again"
REMINDER: Final = "question_reminder"
TAKEN: Final = "question_taken"
UNREACHED: Final = "question_unreached"
AMENDED: Final = "question_amended"  # changes one of the cards that were sent, so that it says how the question stands
CARDS: Final = (QUESTION, MENTION, REMINDER, AGAIN)


def about_hop(question_id: int, hop: int) -> str:
    """Name a question on its way to the people of one hop."""
    return f"question-{question_id}-{hop}"


def numbers(about: str) -> tuple[int, ...]:
    """Read the numbers in an occasion's name."""
    return tuple(int(part) for part in about.split("-")[1:])


def hand_to(
    session: Session, team: Team, question: Question, reached: Sequence[Addressee], *, hop: int, now: datetime
) -> None:
    """Let a question be with these people: store it, and owe it to them and to the asker who has it now.

    Of several, none holds it until one takes it.
    """
    question.holder_id = reached[0].member.id if len(reached) == 1 else None
    question.taken_at = None
    for each in reached:
        questions.route(session, question, member_id=each.member.id or 0, hop=hop, role=each.role, now=now)
        owe_card(session, team, question, each.member, hop=hop, now=now)
    owe_note(session, team, question, hop=hop, now=now)


def owe_card(session: Session, team: Team, question: Question, member: Member, *, hop: int, now: datetime) -> None:
    """Owe somebody a question, where they choose to be reached: in a DM, or by a mention in its thread."""
    about = about_hop(question.id or 0, hop)
    if member.reach == "thread" and question.thread_ts and question.channel_id:
        owe_to(session, team, MENTION, question.channel_id, f"{about}-{member.id}", now=now)
    else:
        owe_to(session, team, QUESTION, member.slack_user_id, about, now=now)


def owe_note(session: Session, team: Team, question: Question, *, hop: int, now: datetime) -> None:
    """Owe the asker who has the question now, in its thread; the first note begins the thread where there is none."""
    where, _ = thread_of(session, team, question)
    owe_to(session, team, ASKED, where, about_hop(question.id or 0, hop), now=now)


def owe_unreached(session: Session, team: Team, question: Question, *, hop: int, now: datetime) -> None:
    """Owe the asker that there is nobody whom the question can be brought to after this hop."""
    where, _ = thread_of(session, team, question)
    owe_to(session, team, UNREACHED, where, about_hop(question.id or 0, hop), now=now)


def owe_amendments(session: Session, team: Team, question: Question, *, now: datetime) -> None:
    """Owe every card of a question that was sent the change that it needs: nobody may be pressing a button of it."""
    about = f"question-{question.id}-"
    for sent in delivered.sent_about(session, team_id=team.id or 0, kinds=CARDS, about=about):
        owe_to(session, team, AMENDED, sent.recipient, f"card-{sent.id}-{int(now.timestamp())}", now=now)


def thread_of(session: Session, team: Team, question: Question) -> tuple[str, str | None]:
    """Return where a question's answers land: the channel, or the asker's DM, and the message they stand under."""
    if question.thread_ts and question.channel_id:
        return question.channel_id, question.thread_ts
    asker = members.get(session, team.workspace_id, question.asker_id)
    recipient = asker.slack_user_id if asker else ""
    about = about_hop(question.id or 0, 1)
    sent = delivered.sent(session, team_id=team.id or 0, kind=ASKED, recipient=recipient, period=about)
    if sent is None or sent.channel_id is None:
        return recipient, None
    return sent.channel_id, sent.message_ts


def thread_waits(session: Session, team: Team, question: Question) -> bool:
    """Tell whether the note that begins a question's thread is still to be sent."""
    if question.thread_ts:
        return False
    asker = members.get(session, team.workspace_id, question.asker_id)
    recipient, about = asker.slack_user_id if asker else "", about_hop(question.id or 0, 1)
    state = delivered.state(session, team_id=team.id or 0, kind=ASKED, recipient=recipient, period=about)
    return state in {"due", "claimed"}


def begin_waiting(team: Team, question: Question, member: Member, *, now: datetime) -> None:
    """Set when the two nudges of a question come that waits for somebody from now on."""
    question.remind_at, question.escalate_at = nudges(team, member, now)


def owe_reminder(session: Session, team: Team, question: Question, member: Member, *, hop: int, now: datetime) -> None:
    """Owe somebody the reminder of a question that waits for them."""
    about = f"{about_hop(question.id or 0, hop)}-{int(now.timestamp())}"
    owe_to(session, team, REMINDER, member.slack_user_id, about, now=now)


def owe_taken(session: Session, team: Team, question: Question, member: Member, *, hop: int, now: datetime) -> None:
    """Owe the asker who of several has taken the question."""
    where, _ = thread_of(session, team, question)
    owe_to(session, team, TAKEN, where, f"{about_hop(question.id or 0, hop)}-{member.id}", now=now)
