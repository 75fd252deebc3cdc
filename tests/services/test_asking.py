"""A question reaches the one who owns the hat, once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.domain.errors import Refused
from bot.services.people.directory import HatDirectory
from bot.services.questions import question_asking as asking
from bot.services.workspaces.scene import Asker
from messages.content import QuestionAsked
from storage import Sessions, teams
from storage.tables import Absence, Deputy, Member, Question, Team, Workspace
from tests.support.builders import NOW, a_hat, a_member, a_team, a_workspace, added, owns, wears


class Corridor:
    """A team in which somebody wants to ask something."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.workspace: Workspace = a_workspace(sessions)
        self.team: Team = a_team(sessions, self.workspace, "North", channel_id="C0NORTH")
        self.anna: Member = a_member(sessions, self.team, "Anna")
        self.oskar: Member = a_member(sessions, self.team, "Oskar", locale="sv-SE")
        self.email = a_hat(sessions, self.team, "Email manager", slug="email-nurturing")
        self.directory = HatDirectory()

    def asker(self, member: Member) -> Asker:
        return Asker(self.workspace.slack_team_id, member.slack_user_id, "C0NORTH")

    def ask(
        self, text: str, *, slug: str = "email-nurturing", key: str = "V1", by: Member | None = None
    ) -> QuestionAsked | None:
        asker = self.asker(by or self.anna)
        return asking.ask(self.sessions, asker, slug, text, key=key, now=NOW).content

    def stored(self) -> list[Question]:
        with self.sessions.read() as session:
            return list(session.exec(select(Question).order_by(Question.id)).all())


@pytest.fixture
def corridor(sessions: Sessions) -> Corridor:
    return Corridor(sessions)


def test_a_question_goes_to_the_owner_and_not_to_those_who_wear_the_hat(corridor: Corridor) -> None:
    owns(corridor.sessions, corridor.oskar, corridor.email)
    wears(corridor.sessions, corridor.anna, corridor.email)
    asked = corridor.ask("  Which flow?  ")
    assert asked is not None
    assert [person.name for person in asked.recipients] == ["Oskar"]
    (row,) = corridor.stored()
    assert (row.text, row.channel_id, row.asked_at) == ("Which flow?", "C0NORTH", NOW)


def test_of_a_vacant_hat_those_who_wear_it_are_asked_but_not_the_asker(corridor: Corridor) -> None:
    for number in range(4):
        wears(corridor.sessions, a_member(corridor.sessions, corridor.team, f"Wearer {number}"), corridor.email)
    wears(corridor.sessions, corridor.anna, corridor.email)
    asked = corridor.ask("Who does this?")
    assert asked is not None
    assert asked.vacant
    assert [person.name for person in asked.recipients] == ["Wearer 0", "Wearer 1", "Wearer 2"]


def test_one_submission_asks_once_however_often_it_arrives(corridor: Corridor) -> None:
    owns(corridor.sessions, corridor.oskar, corridor.email)
    assert corridor.ask("Which flow?") is not None
    assert corridor.ask("Which flow?") is None
    assert corridor.ask("Which flow?", key="V2") is not None, "the same words in another form are another question"
    assert len(corridor.stored()) == 2


@pytest.mark.parametrize(
    ("text", "slug", "refusal"),
    [
        ("", "email-nurturing", "ask_empty"),
        ("  \n ", "email-nurturing", "ask_empty"),
        ("x", "nothing", "hat_not_found"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_not_stored(corridor: Corridor, text: str, slug: str, refusal: str) -> None:
    owns(corridor.sessions, corridor.oskar, corridor.email)
    with pytest.raises(Refused, match=refusal):
        corridor.ask(text, slug=slug)
    assert corridor.stored() == []


def test_nobody_asks_themselves_or_nobody(corridor: Corridor) -> None:
    with pytest.raises(Refused, match="not_reachable"):
        corridor.ask("Anybody?")
    owns(corridor.sessions, corridor.oskar, corridor.email)
    with pytest.raises(Refused, match="ask_self"):
        corridor.ask("Me?", by=corridor.oskar)
    with pytest.raises(Refused, match="ask_self"):
        asking.prepare(
            corridor.sessions, corridor.directory, corridor.asker(corridor.oskar), "email-nurturing", now=NOW
        )
    assert corridor.stored() == []


def test_a_question_about_a_hat_that_is_gone_does_not_go_to_one_with_a_similar_name(corridor: Corridor) -> None:
    sara = a_member(corridor.sessions, corridor.team, "Sara")
    owns(corridor.sessions, sara, a_hat(corridor.sessions, corridor.team, "Email nurture"))
    corridor.email.archived_at = NOW
    added(corridor.sessions, corridor.email)
    with corridor.sessions.write() as session:
        teams.touch_directory(session, corridor.team.id or 0)
    with pytest.raises(Refused, match="hat_not_found"):
        corridor.ask("Which flow?")
    assert corridor.stored() == []


@pytest.mark.parametrize("text", ["x" * 3000, "nul \x00 in it", "half an emoji \ud83d here", "<!channel> & *all*"])
def test_any_text_that_slack_can_send_is_kept_or_refused_but_never_crashes(corridor: Corridor, text: str) -> None:
    owns(corridor.sessions, corridor.oskar, corridor.email)
    asked = corridor.ask(text)
    assert asked is not None
    assert len(corridor.stored()) == 1


def test_somebody_whom_no_row_describes_may_ask(corridor: Corridor) -> None:
    owns(corridor.sessions, corridor.oskar, corridor.email)
    asker = Asker(corridor.workspace.slack_team_id, "U0NEWCOMER", "C0NORTH")
    answer = asking.ask(corridor.sessions, asker, "email-nurturing", "Hello?", key="V9", now=NOW).content
    assert answer is not None
    assert answer.asker.slack_id == "U0NEWCOMER"


def test_while_the_owner_is_away_the_deputy_is_asked(corridor: Corridor) -> None:
    sessions, sara = corridor.sessions, a_member(corridor.sessions, corridor.team, "Sara")
    owns(sessions, corridor.oskar, corridor.email)
    place = {"workspace_id": corridor.workspace.id, "since": NOW}
    added(sessions, Deputy(hat_id=corridor.email.id, member_id=sara.id, **place))
    until = {"starts_at": NOW - timedelta(days=1), "ends_at": NOW + timedelta(days=1)}
    added(sessions, Absence(workspace_id=corridor.workspace.id, member_id=corridor.oskar.id, **until))
    asked = corridor.ask("Which flow?")
    assert asked is not None
    assert [person.name for person in asked.recipients] == ["Sara"]
    assert asked.stands_in_for is not None


def test_where_nobody_wears_the_hat_the_admins_are_asked(corridor: Corridor) -> None:
    sara = a_member(corridor.sessions, corridor.team, "Sara")
    with corridor.sessions.write() as session:
        teams.set_admin(session, corridor.team.id or 0, sara.id or 0, is_admin=True)
    asked = corridor.ask("Who does this?")
    assert asked is not None
    assert ([person.name for person in asked.recipients], asked.vacant) == (["Sara"], True)


def test_the_hat_and_the_question_are_told_apart(corridor: Corridor) -> None:
    asker = corridor.asker(corridor.anna)
    assert asking.split(corridor.sessions, asker, "Email manager which flow?") == ("email-nurturing", "which flow?")
    assert asking.split(corridor.sessions, asker, "email nurturing") == ("email-nurturing", "")
    assert asking.split(corridor.sessions, asker, "nothing of the kind") == ("nothing of the kind", "")
