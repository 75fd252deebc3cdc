"""Whoever lists questions sees what waits for them, what they wait for, and what is open in the team."""

from collections.abc import Iterator

import pytest

from bot.services.questions import question_answering, question_asking, question_lists
from messages import ids
from messages.question_list_content import QuestionList
from storage import Sessions
from storage.tables import Member
from tests.support.builders import a_hat, a_member, a_team, a_workspace, owns, wears
from tests.support.club import Club
from tests.support.fake_slack import words
from tests.support.listening import Phone


class Hall:
    """Anna asks, Oskar owns the hat `email`, Bo is a colleague."""

    def __init__(self, sessions: Sessions) -> None:
        self.club = Club(sessions)
        self.bo = self.club.joins("Bo")
        self.phone = Phone(sessions, self.club.clock, self.club.slack)

    def ask(self, text: str, *, by: Member | None = None, slug: str = "email") -> None:
        asker = self.club.asker(by or self.club.anna)
        question_asking.ask(self.club.sessions, asker, slug, text, key=text[:40], now=self.club.now)

    def answer(self, by: Member, number: int, hop: int = 1) -> None:
        asker, value = self.club.asker(by), f"{number}.{hop}"
        question_answering.reply(self.club.sessions, asker, value, "So", key=value, now=self.club.now)

    def listed(self, reader: Member) -> QuestionList:
        return question_lists.questions_of(self.club.sessions, self.club.asker(reader), now=self.club.now).content

    def typed(self, reader: Member, text: str = "questions") -> dict[str, list[dict[str, object]]]:
        return self.phone.types(self.club.asker(reader), text)


@pytest.fixture
def hall(sessions: Sessions) -> Iterator[Hall]:
    hall = Hall(sessions)
    yield hall
    hall.club.close()


def said(shown: QuestionList) -> tuple[list[str], list[str], list[str]]:
    """The hats and words of each list."""
    return tuple([line.text or line.hat.slug for line in lines] for lines in (shown.mine, shown.asked, shown.others))  # type: ignore[return-value]


def test_a_question_is_the_owners_to_answer_its_askers_to_wait_for_and_open_to_everybody_else(hall: Hall) -> None:
    hall.ask("Which flow?")
    club = hall.club
    assert said(hall.listed(club.oskar)) == (["Which flow?"], [], [])
    assert said(hall.listed(club.anna)) == ([], ["Which flow?"], [])
    assert said(hall.listed(hall.bo)) == ([], [], ["email"]), "its words may have been said in private"
    (line,) = hall.listed(hall.bo).others
    assert [person.name for person in line.people] == ["Oskar"]


def test_an_answered_question_waits_only_for_its_asker_and_a_solved_one_for_nobody(hall: Hall) -> None:
    hall.ask("Which flow?")
    hall.answer(hall.club.oskar, 1)
    assert said(hall.listed(hall.club.oskar)) == ([], [], [])
    (line,) = hall.listed(hall.club.anna).asked
    assert line.answered
    hall.phone.presses(hall.club.asker(hall.club.anna), ids.QUESTIONS_SOLVED, line.value)
    assert "You wait for no answer" in words(hall.phone.seen[-1]["blocks"]), "the list is shown again without it"
    assert said(hall.listed(hall.club.anna)) == ([], [], [])


def test_a_question_that_several_have_is_each_ones_until_one_takes_it(hall: Hall) -> None:
    vacant = a_hat(hall.club.sessions, hall.club.team, "Hunter")
    for member in (hall.club.oskar, hall.bo):
        wears(hall.club.sessions, member, vacant)
    hall.ask("Who calls them?", slug="hunter")
    assert said(hall.listed(hall.club.oskar))[0] == said(hall.listed(hall.bo))[0] == ["Who calls them?"]
    hall.phone.presses(hall.club.asker(hall.bo), ids.QUESTION_TAKE, "1.1")
    assert said(hall.listed(hall.club.oskar)) == ([], [], ["hunter"])
    (line,) = hall.listed(hall.bo).mine
    assert [person.name for person in line.people] == ["Bo"]


def test_each_line_says_how_old_it_is_and_leads_on(hall: Hall) -> None:
    hall.ask("Which flow?")
    hall.club.clock.forward(hours=3)
    mine = hall.typed(hall.club.oskar)["blocks"]
    assert "Anna asked 3 hours ago" in words(mine)
    (button,) = [block["accessory"] for block in mine if "accessory" in block]
    assert (button["action_id"], button["value"]) == (ids.QUESTION_REPLY, "1.1")  # type: ignore[index]


def test_a_long_list_keeps_slacks_limits_and_says_what_it_leaves_out(hall: Hall) -> None:
    for number in range(60):
        hall.ask(f"Question {number} " + "x" * 2900)
    for reader in (hall.club.oskar, hall.club.anna, hall.bo):
        blocks = hall.typed(reader)["blocks"]
        assert len(blocks) <= 50
        assert "… and 48 more" in words(blocks)
        assert len(words(blocks)) < 13_200


def test_whoever_has_no_questions_reads_that_in_their_language(hall: Hall) -> None:
    swede = hall.club.joins("Sven", locale="sv-SE")
    shown = words(hall.typed(swede, "frågor")["blocks"])
    assert "Ingen väntar på svar från dig." in shown
    assert "Du väntar inte på något svar." in shown


def test_questions_of_another_team_or_workspace_are_not_listed(hall: Hall) -> None:
    sessions = hall.club.sessions
    for workspace in (hall.club.workspace, a_workspace(sessions, "T0OTHER")):
        other = a_team(sessions, workspace, "Other", channel_id=f"C0{workspace.id}")
        owner, asker = (
            a_member(sessions, other, f"Eva {workspace.id}"),
            a_member(sessions, other, f"Ida {workspace.id}"),
        )
        owns(sessions, owner, a_hat(sessions, other, "Email"))
        there = hall.club.asker(asker).__class__(workspace.slack_team_id, asker.slack_user_id, other.channel_id)
        question_asking.ask(sessions, there, "email", "Elsewhere?", key=f"k{workspace.id}", now=hall.club.now)
    assert said(hall.listed(hall.bo)) == ([], [], [])
