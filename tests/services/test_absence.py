"""Whoever is away is left in peace: the deputy answers, is asked, and may report."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.digests.digests import digest_of
from bot.services.hats import hats
from bot.services.people import absence, leaving
from bot.services.questions import question_asking
from bot.services.readings import report_form, reports
from messages import catalog
from messages.content import HatCard
from storage import Sessions
from tests.support.builders import a_hat, a_kpi, a_member
from tests.support.club import Club
from tests.support.week import FRIDAY_13, MONDAY_8, THIS_WEEK

WEDNESDAY = FRIDAY_13 - timedelta(days=2)


@pytest.fixture
def club(sessions: Sessions) -> Iterator[Club]:
    club = Club(sessions)
    a_kpi(sessions, club.email, "Nurtured leads")
    club.sara = club.joins("Sara")  # type: ignore[attr-defined]
    yield club
    club.close()


def deputised(club: Any, by: Any = None) -> None:
    deciding = by or club.oskar
    absence.set_deputy(
        club.sessions, club.directory, club.asker(deciding), "email", club.sara.slack_user_id, now=club.now
    )


def goes_away(club: Any, until: str = "next Monday") -> None:
    absence.go_away(club.sessions, club.asker(club.oskar), until, now=club.now)


def prompts(club: Any, member: Any) -> list[str]:
    return [text for text in club.told(member) if "Nurtured leads" in text]


def test_while_the_owner_is_away_the_deputy_is_asked_for_the_numbers_and_may_report(club: Any) -> None:
    deputised(club)
    goes_away(club, "2026-12-07")
    club.clock.now = FRIDAY_13
    assert len(prompts(club, club.sara)) == 1
    assert prompts(club, club.oskar) == []
    week = f"{club.team.id}:{THIS_WEEK}"
    form = report_form.open_form(club.sessions, club.asker(club.sara), week, now=club.now).content
    assert [field.kpi.name for field in form.fields] == ["Nurtured leads"]
    typed = {form.fields[0].kpi_id: "12"}
    stored = reports.submit(club.sessions, club.asker(club.sara), form.state, typed, now=club.now).content
    assert isinstance(stored, reports.Reported)
    club.clock.now = MONDAY_8
    assert len(prompts(club, club.sara)) == 1, "what was reported is not reminded of"


def test_the_owner_who_is_back_is_asked_again_and_the_deputy_is_not(club: Any) -> None:
    deputised(club)
    goes_away(club, "2026-11-28")
    club.clock.now = FRIDAY_13
    assert prompts(club, club.oskar) == []
    club.clock.now = MONDAY_8
    assert len(prompts(club, club.oskar)) == 1, "the reminder of Monday"
    assert len(prompts(club, club.sara)) == 1, "the prompt of Friday"


def test_without_a_deputy_nobody_is_asked(club: Any) -> None:
    goes_away(club)
    club.clock.now = FRIDAY_13
    assert prompts(club, club.oskar) == []
    assert prompts(club, club.sara) == []


def test_coming_back_early_brings_the_next_prompt(club: Any) -> None:
    deputised(club)
    goes_away(club)
    club.clock.now = WEDNESDAY
    assert absence.come_back(club.sessions, club.asker(club.oskar), now=club.now).content.name == "back"
    assert absence.come_back(club.sessions, club.asker(club.oskar), now=club.now).content.name == "not_away"
    club.clock.now = FRIDAY_13
    assert len(prompts(club, club.oskar)) == 1
    assert prompts(club, club.sara) == []


def test_who_goes_away_after_the_prompt_was_planned_does_not_get_it(club: Any) -> None:
    club.clock.now = FRIDAY_13
    club.replica.planner.plan(club.now)
    goes_away(club)
    assert prompts(club, club.oskar) == []


def test_the_deputy_hears_of_their_task_and_of_each_absence_once(club: Any) -> None:
    deputised(club)
    assert ["deputy" in text for text in club.told(club.sara)] == [True]
    goes_away(club, "24/12")
    assert "24 December 2026" in club.told(club.sara)[-1]
    assert len(club.told(club.sara)) == 2


def test_questions_go_to_the_deputy_and_who_says_so(club: Any) -> None:
    deputised(club)
    goes_away(club, "24/12")
    question = question_asking.prepare(
        club.sessions, club.directory, club.asker(club.anna), "email", now=club.now
    ).content
    assert [person.name for person in question.recipients] == ["Sara"]
    card = hats.who(club.sessions, club.directory, club.asker(club.anna), "email", now=club.now).content
    assert isinstance(card, HatCard)
    assert card.away_until == date(2026, 12, 24)
    english, swedish = (str(catalog.hat_card(card, language=language).blocks) for language in ("en", "sv"))
    assert f"Away until 24 December 2026: ask <@{club.sara.slack_user_id}>." in english
    assert f"Borta till 24 december 2026: fråga <@{club.sara.slack_user_id}>." in swedish
    assert "Ask Sara" in english
    by_deputy = question_asking.prepare(
        club.sessions, club.directory, club.asker(club.sara), "email", now=club.now
    ).content
    assert [person.name for person in by_deputy.recipients] == ["Oskar"], "the deputy asks the owner"
    club.clock.now = datetime(2026, 12, 24, tzinfo=UTC)
    back = question_asking.prepare(club.sessions, club.directory, club.asker(club.anna), "email", now=club.now).content
    assert [person.name for person in back.recipients] == ["Oskar"], "the return needs nobody"


def test_the_digest_says_who_is_away_and_waits_for_the_deputy(club: Any) -> None:
    deputised(club)
    goes_away(club, "24/12")
    with club.sessions.read() as session:
        digest = digest_of(session, club.team, Period.parse(THIS_WEEK), now=club.now)
    assert [row.away for row in digest.rows] == [True]
    assert [person.name for person, _ in digest.missing] == ["Sara"]
    assert "Oskar (borta)" in catalog.digest_text(digest, language="sv")


def test_away_ends_at_midnight_in_the_persons_own_zone(sqlite_sessions: Sessions) -> None:
    club = Club(sqlite_sessions)
    grace = club.joins("Grace", timezone="America/New_York")
    state = absence.go_away(club.sessions, club.asker(grace), "imorgon", now=club.now).content
    assert state.until == date(2026, 11, 25)
    midnight = datetime(2026, 11, 25, 5, tzinfo=UTC)
    for now, until in ((midnight - timedelta(seconds=1), date(2026, 11, 25)), (midnight, None)):
        assert absence.state_of(club.sessions, club.asker(grace), now=now).content.until == until
    club.close()


@pytest.mark.parametrize(
    ("text", "refusal"), [("soon", "away_unreadable"), ("idag", "away_past"), ("2099-01-01", "away_too_far")]
)
def test_a_day_that_is_none_gets_a_sentence(sqlite_sessions: Sessions, text: str, refusal: str) -> None:
    club = Club(sqlite_sessions)
    with pytest.raises(Refused) as refused:
        absence.go_away(club.sessions, club.asker(club.oskar), text, now=club.now)
    assert refused.value.name == refusal
    assert absence.state_of(club.sessions, club.asker(club.oskar), now=club.now).content.until is None
    club.close()


def test_only_the_owner_and_admins_choose_a_deputy_who_can_own(club: Any) -> None:
    deputised(club, by=club.anna)
    erik, guest = club.joins("Erik"), club.joins("Guest", is_restricted=True)
    vacant = a_hat(club.sessions, club.team, "Vacant")

    def refusal(by: Any, hat: str, person: Any) -> str:
        with pytest.raises(Refused) as refused:
            absence.set_deputy(club.sessions, club.directory, club.asker(by), hat, person.slack_user_id, now=club.now)
        return refused.value.name

    assert refusal(erik, "email", erik) == "deputy_not_yours"
    assert refusal(club.oskar, "email", guest) == "cannot_own"
    assert refusal(club.oskar, "email", club.oskar) == "deputy_is_owner"
    assert refusal(club.anna, vacant.slug, erik) == "deputy_vacant"
    assert refusal(a_member(club.sessions, club.workspace), "email", erik) == "not_a_member"
    answer = absence.set_deputy(club.sessions, club.directory, club.asker(club.oskar), "email", None, now=club.now)
    assert answer.content.name == "deputy_none"
    assert [change.after for change in club.changes()] == [{"deputy": club.sara.slack_user_id}, {"deputy": None}]


def test_a_deputy_who_leaves_stands_in_no_more(club: Any) -> None:
    deputised(club)
    goes_away(club, "24/12")
    leaving.leave(club.sessions, club.asker(club.sara), club.team.id, now=club.now)
    question = question_asking.prepare(
        club.sessions, club.directory, club.asker(club.anna), "email", now=club.now
    ).content
    assert [person.name for person in question.recipients] == ["Oskar"]
