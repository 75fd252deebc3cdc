"""What questions tell is in the digest, in the owner's home and in the health report."""

from collections.abc import Iterator

import pytest

from bot.domain.period import Period
from bot.services.digests.digests import digest_of
from bot.services.hats import health
from bot.services.homes import homes
from bot.services.questions import question_answering, question_asking, question_passing
from messages import catalog
from messages.content import QuestionFigures
from storage import Sessions, questions, teams
from storage.tables import Member, Team
from tests.support.builders import a_hat, a_team, owns, wears
from tests.support.club import Club
from tests.support.fake_slack import words

WEEK = Period(2026, 48)


class Term:
    """Weeks in which Anna asks about Oskar's hat `email` and about `hunter`, which is Bo's."""

    def __init__(self, sessions: Sessions) -> None:
        self.club = Club(sessions)
        self.bo = self.club.joins("Bo")
        self.hunter = a_hat(sessions, self.club.team, "Hunter")
        owns(sessions, self.bo, self.hunter)

    def ask(self, slug: str = "email") -> int:
        key = f"k{self.club.now.timestamp()}{slug}"
        asker = self.club.asker(self.club.anna)
        question_asking.ask(self.club.sessions, asker, slug, "Which?", key=key, now=self.club.now)
        with self.club.sessions.read() as session:
            numbers = [n for n in range(1, 20) if questions.get(session, self.club.workspace.id or 0, n)]
        return numbers[-1]

    def answer(self, number: int, by: Member, hop: int = 1) -> None:
        value, asker = f"{number}.{hop}", self.club.asker(by)
        question_answering.reply(self.club.sessions, asker, value, "So", key=f"a{number}", now=self.club.now)

    def told(self, week: Period = WEEK, team: Team | None = None) -> QuestionFigures | None:
        with self.club.sessions.read() as session:
            found = teams.get(session, self.club.workspace.id or 0, (team or self.club.team).id or 0)
            assert found is not None
            return digest_of(session, found, week).questions


@pytest.fixture
def term(sessions: Sessions) -> Iterator[Term]:
    term = Term(sessions)
    yield term
    term.club.close()


def a_week_of_questions(term: Term) -> None:
    """One answered after two hours, one passed on to Bo and answered an hour later, one open."""
    club = term.club
    first = term.ask()
    club.clock.forward(hours=2)
    term.answer(first, club.oskar)
    second = term.ask()
    choice = question_passing.Choice("", "hunter", "", "")
    asker = club.asker(club.oskar)
    question_passing.pass_on(club.sessions, club.directory, asker, f"{second}.1", choice, now=club.now)
    club.clock.forward(hours=1)
    term.answer(second, term.bo, hop=2)
    term.ask()


def test_the_digest_tells_how_many_how_soon_and_how_well_aimed(term: Term) -> None:
    a_week_of_questions(term)
    assert term.told() == QuestionFigures(3, 2, 1, 1.5)
    assert term.told(WEEK.shift(-1)) is None
    assert term.told(WEEK.shift(1)) is None


def test_another_teams_questions_are_not_told(term: Term) -> None:
    term.ask()
    assert term.told(team=a_team(term.club.sessions, term.club.workspace, "South")) is None


def test_a_question_opened_again_keeps_its_first_answer(term: Term) -> None:
    number = term.ask()
    term.club.clock.forward(hours=1)
    term.answer(number, term.club.oskar)
    question_answering.not_yet(term.club.sessions, term.club.asker(term.club.anna), str(number), now=term.club.now)
    assert term.told() == QuestionFigures(1, 1, 1, 1)


def test_a_week_begins_on_the_teams_clock(term: Term) -> None:
    """Sunday 23:30 UTC is Monday in Stockholm."""
    term.club.clock.now = term.club.now.replace(day=29, hour=23, minute=30)
    term.ask()
    assert term.told() is None
    assert term.told(WEEK.shift(1)) == QuestionFigures(1)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "3 questions, answered in 2 hours of working time at the median, 1 reached the right person first"),
        ("sv", "3 frågor, besvarade på 2 timmar arbetstid i median, 1 nådde rätt person först"),
    ],
)
def test_it_is_said_in_words(term: Term, language: str, sentence: str) -> None:
    a_week_of_questions(term)
    with term.club.sessions.read() as session:
        shown = digest_of(session, term.club.team, WEEK)
    assert sentence in words(catalog.digest(shown, language=language).blocks)
    assert sentence in catalog.digest_text(shown, language=language)


def test_owners_see_in_their_home_what_the_questions_about_their_hats_told(term: Term) -> None:
    a_week_of_questions(term)
    club = term.club
    (email,) = homes.home(club.sessions, club.asker(club.oskar), now=club.now).content.questions
    assert (email.hat.slug, email.weeks) == ("email", (("2026-W48", QuestionFigures(2, 1, 1, 2)),))
    (hunter,) = homes.home(club.sessions, club.asker(term.bo), now=club.now).content.questions
    assert (hunter.hat.slug, hunter.weeks) == ("hunter", (("2026-W48", QuestionFigures(1, 1, 0, 1)),))
    assert homes.home(club.sessions, club.asker(club.anna), now=club.now).content.questions == ()


def test_questions_that_repeat_themselves_about_a_vacant_hat_are_named_in_the_health_report(term: Term) -> None:
    club = term.club
    for name in ("Ads", "Brand"):
        wears(club.sessions, club.oskar, a_hat(club.sessions, club.team, name))
    term.ask("ads")
    for _ in range(2):
        term.ask("brand")
        club.clock.forward(days=1)
    shown = words(
        catalog.team_health(
            health.health(club.sessions, club.asker(club.anna), now=club.now).content, language="en"
        ).blocks
    )
    assert "*Brand* is vacant. It was asked about 2 times in the last four weeks." in shown
    assert "*Ads* is vacant." in shown.splitlines()
    assert shown.index("*Brand*") < shown.index("*Ads*"), "what people ask about comes first"
    club.clock.forward(days=30)
    later = health.health(club.sessions, club.asker(club.anna), now=club.now).content
    assert [line.asked for line in later.lines if line.hat and line.hat.slug == "brand"] == [0]
