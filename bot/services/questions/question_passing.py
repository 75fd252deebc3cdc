"""'Not my hat': whoever got a question sends it on to the right hat or person, and the bot learns from it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.services.hats.hats import names
from bot.services.people.directory import HatDirectory
from bot.services.questions.question_answering import Table, at_table, read_value
from bot.services.questions.question_history import may_teach, phrase_to_teach, subject_of
from bot.services.questions.question_letters import card_for
from bot.services.questions.question_moving import move, with_them_now
from bot.services.questions.question_routes import Addressee, addressees
from bot.services.sending.texts import storable
from bot.services.workspaces.scene import Answer, Asker
from bot.slack.views import is_id
from messages.content import HatName, Person
from messages.question_content import PassForm, QuestionMoved
from storage import Sessions, audits, evidences, hats, members
from storage.hats import HatRow

MOST_IN_MENU = 100
LONGEST_NOTE = 1000
PASSED = "question.passed_on"


@dataclass(frozen=True)
class Choice:
    """What was chosen in the form: a hat by its id or a name, a person by Slack's id; '' for what was not."""

    hat_id: str = ""
    hat_name: str = ""
    person: str = ""
    note: str = ""


def open_form(sessions: Sessions, asker: Asker, value: str) -> Answer[PassForm]:
    """Prepare the form in which the right hat or person is chosen.

    Raises:
        Refused: `form_outdated`, `question_closed`, `question_moved`, `question_taken`, `question_not_yours`.
    """
    number, hop = read_value(value)
    with at_table(sessions, asker, number) as table:
        with_them_now(table.session, table.question, table.member, hop)
        card = card_for(table.session, table.team, table.question, table.member, hop)
        if card is None:
            raise Refused("question_not_yours")
        others = [row for row in hats.all_of_team(table.session, table.team.id or 0) if row.id != table.question.hat_id]
        menu = tuple((str(row.id), row.name) for row in others) if len(others) <= MOST_IN_MENU else ()
        return Answer(table.language, PassForm(card=card, menu=menu, by_name=len(others) > MOST_IN_MENU))


def pass_on(
    sessions: Sessions, directory: HatDirectory, asker: Asker, value: str, choice: Choice, *, now: datetime
) -> Answer[QuestionMoved]:
    """Move a question to the right hat's people, or to a person, once: a second form finds it gone.

    It counts as evidence for the one person whom it goes to.

    Raises:
        Refused: As for `open_form`; `pass_nowhere`, `pass_same_hat`, `pass_to_self`, `pass_to_asker`,
            `cannot_be_asked`, `hat_not_found`, `not_reachable`.
    """
    number, hop = read_value(value)
    with at_table(sessions, asker, number) as table:
        session, team, question = table.session, table.team, table.question
        with_them_now(session, question, table.member, hop)
        hat = _chosen_hat(table, directory, choice)
        if hat is None and not choice.person:
            raise Refused("pass_nowhere")
        if hat is not None and not choice.person and hat.id == question.hat_id:
            raise Refused("pass_same_hat", hat=hat.name)
        reached = _person(table, choice.person) if choice.person else _people_of(table, hat, now)
        before = hats.entity_by_id(session, team.id or 0, question.hat_id).slug
        question.hat_id = hat.id if hat else question.hat_id
        new_hop = move(session, team, question, reached, now=now)
        _note_move(table, before, reached, new_hop, storable(choice.note.strip(), LONGEST_NOTE), now)
        if len(reached) == 1:
            _count(table, reached[0], now)
        return Answer(table.language, _moved(table, reached, new_hop))


def _chosen_hat(table: Table, directory: HatDirectory, choice: Choice) -> HatRow | None:
    session, team_id = table.session, table.team.id or 0
    if choice.hat_id:
        found = hats.one(session, team_id, int(choice.hat_id)) if is_id(choice.hat_id) else None
        if found is None:
            raise Refused("hat_archived")
        return found
    if not choice.hat_name.strip():
        return None
    named = directory.find(session, team_id, table.team.directory_version, choice.hat_name)
    if not isinstance(named, HatRow):
        raise Refused("hat_not_found", query=choice.hat_name)
    return named


def _people_of(table: Table, hat: HatRow | None, now: datetime) -> tuple[Addressee, ...]:
    if hat is None:
        return ()
    asker_id, own_id = table.question.asker_id, table.member.id or 0
    if hat.owner_id == own_id:
        raise Refused("pass_to_self")
    if hat.owner_id == asker_id:
        raise Refused("pass_to_asker", person=hat.owner_name)
    reached = addressees(table.session, table.team, hat, but={asker_id, own_id}, now=now)
    if not reached:
        raise Refused("not_reachable", hat=hat.name)
    return reached


def _person(table: Table, slack_user_id: str) -> tuple[Addressee, ...]:
    member = members.by_slack_id(table.session, table.question.workspace_id, slack_user_id)
    if member is None or member.deleted or member.is_bot or member.is_stranger:
        raise Refused("cannot_be_asked", person=member.name if member else "")
    if member.id == table.member.id:
        raise Refused("pass_to_self")
    if member.id == table.question.asker_id:
        raise Refused("pass_to_asker", person=member.name)
    return (Addressee(member, "named"),)


def _note_move(
    table: Table, hat_before: str, reached: tuple[Addressee, ...], hop: int, note: str, now: datetime
) -> None:
    session, team, question = table.session, table.team, table.question
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        actor=table.member.slack_user_id,
        action=PASSED,
        subject=subject_of(question.id or 0, hop),
        now=now,
        before={"hat": hat_before},
        after={
            "hat": hats.entity_by_id(session, team.id or 0, question.hat_id).slug,
            "to": [one.member.slack_user_id for one in reached],
        },
        reason=note,
    )


def _count(table: Table, to: Addressee, now: datetime) -> None:
    evidences.add(
        table.session,
        workspace_id=table.question.workspace_id,
        hat_id=table.question.hat_id,
        member_id=to.member.id or 0,
        kind="passed_on",
        key=f"question-{table.question.id}",
        now=now,
    )


def _moved(table: Table, reached: tuple[Addressee, ...], hop: int) -> QuestionMoved:
    session, team, question = table.session, table.team, table.question
    row = hats.one(session, team.id or 0, question.hat_id)
    hat = names([row])[0] if row else HatName("", "")
    teachable = row is not None and may_teach(session, team, table.member, row)
    return QuestionMoved(
        hat=hat,
        recipients=tuple(Person(one.member.slack_user_id, one.member.name) for one in reached),
        value=f"{question.id}.{hop}",
        phrase=phrase_to_teach(session, team, question) if teachable else "",
    )
