"""What people set for themselves, and when their team works."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.services.people import personal_settings
from bot.services.questions import question_asking, question_lists
from bot.services.team_file.team_apply import apply
from bot.services.team_file.team_export import export_team
from bot.services.team_file.team_file import load_team_file
from bot.services.teams import team_setup
from bot.services.workspaces import audit_log
from bot.services.workspaces.editing import Problems
from bot.services.workspaces.scene import Asker
from messages import catalog, ids
from storage import Sessions, members, questions, teams
from storage.tables import Member, Team
from tests.support.club import Club
from tests.support.fake_slack import words
from tests.support.listening import Phone
from tests.support.week import CHANNEL, TUESDAY

MINE = {"reach": "thread", "prompt_day": "Tuesday", "prompt_time": "07:30", "hat_check": ""}


@pytest.fixture
def club(sessions: Sessions) -> Iterator[Club]:
    club = Club(sessions)
    yield club
    club.close()


def member(club: Club, one: Member) -> Member:
    with club.sessions.read() as session:
        found = members.get(session, one.workspace_id, one.id or 0)
    assert found is not None
    return found


def team(club: Club) -> Team:
    with club.sessions.read() as session:
        found = teams.get(session, club.team.workspace_id, club.team.id or 0)
    assert found is not None
    return found


def save_mine(club: Club, by: Member | Asker, **typed: str) -> Any:
    asker = by if isinstance(by, Asker) else club.asker(by)
    state = str(club.team.id)
    return personal_settings.save(club.sessions, asker, state, {**MINE, **typed}, now=club.now).content


def save_team(club: Club, by: Member, **typed: str) -> Any:
    form = team_setup.filled(club.sessions, club.asker(club.anna)).content
    shown = {"name": "North", "locale": form.locale, "timezone": form.timezone, "channel": "C0NORTH001"}
    times = {"prompt": "Friday 13:00", "reminder": "", "digest": "Monday 10:00"}
    work = {"working_days": "1,2,3", "work_starts": "09:00", "work_ends": "15:30", "holidays": "", "answer_hours": "4"}
    everything = {**shown, **times, **work, **typed}
    return team_setup.change(club.sessions, club.asker(by), form.state, everything, now=club.now).content


def test_what_somebody_sets_for_themselves_is_kept_and_shown_again(club: Club) -> None:
    save_mine(club, club.oskar)
    kept = member(club, club.oskar)
    assert (kept.reach, kept.prompt_at, kept.hat_check) == ("thread", "Tuesday 07:30", False)
    shown = personal_settings.filled(club.sessions, club.asker(club.oskar)).content
    assert (shown.reach, shown.prompt, shown.hat_check) == ("thread", "Tuesday 07:30", False)
    assert member(club, club.anna).reach == "dm", "nobody else's settings change"


def test_the_teams_time_takes_the_place_of_ones_own(club: Club) -> None:
    save_mine(club, club.oskar)
    save_mine(club, club.oskar, prompt_day="team", hat_check="on")
    assert (member(club, club.oskar).prompt_at, member(club, club.oskar).hat_check) == (None, True)


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"prompt_time": ""}, "prompt_time"),
        ({"prompt_time": "25:00"}, "prompt_time"),
        ({"prompt_day": "Someday"}, "prompt_day"),
        ({"reach": "pigeon"}, "reach"),
    ],
)
def test_what_cannot_be_taken_is_marked_and_nothing_is_changed(club: Club, typed: dict[str, str], where: str) -> None:
    answer = save_mine(club, club.oskar, **typed)
    assert isinstance(answer, Problems)
    assert list(answer.by_field) == [where]
    assert member(club, club.oskar).reach == "dm"


def test_how_somebody_is_reached_is_in_the_audit_log_and_their_hat_check_is_not(club: Club) -> None:
    save_mine(club, club.oskar)
    save_mine(club, club.oskar, hat_check="on")
    (noted,) = [change for change in club.changes() if change.action == "member.settings"]
    assert (noted.actor, noted.at) == (club.oskar.slack_user_id, club.now)
    assert noted.after == {"reach": "thread", "prompt_at": "Tuesday 07:30"}


def test_the_language_that_somebody_chooses_is_the_one_they_hear(club: Club) -> None:
    oskar = club.joins("Ossian", locale="en-GB")
    shown = personal_settings.filled(club.sessions, club.asker(oskar)).content
    assert (shown.locale, shown.slack_locale, shown.reminders) == ("", "en", True)
    answer = personal_settings.save(
        club.sessions,
        club.asker(oskar),
        str(club.team.id),
        {**MINE, "reach": "dm", "locale": "sv", "reminders": ""},
        now=club.now,
    )
    assert answer.language == "sv", "also the answer to the choice itself"
    assert question_lists.questions_of(club.sessions, club.asker(oskar), now=club.now).language == "sv"
    shown = personal_settings.filled(club.sessions, club.asker(oskar)).content
    assert (shown.locale, shown.reminders) == ("sv", False)
    save_mine(club, oskar, locale="slack", reminders="on")
    kept = member(club, oskar)
    assert (kept.own_locale, kept.reminders) == (None, True)


def test_a_dm_comes_in_the_language_that_was_chosen(club: Club) -> None:
    save_mine(club, club.oskar, reach="dm", locale="sv")
    question_asking.ask(club.sessions, club.asker(club.anna), "email", "Which flow?", key="k", now=club.now)
    assert any("Du får frågan" in told for told in club.told(club.oskar))
    (noted,) = [change for change in club.changes() if change.action == "member.settings"]
    assert noted.after == {"prompt_at": "Tuesday 07:30", "own_locale": "sv"}


def test_nobody_reaches_another_workspaces_settings_with_a_forms_state(club: Club) -> None:
    with pytest.raises(Refused, match="form_outdated"):
        save_mine(club, Asker("T0OTHER", "U0X", None))
    with pytest.raises(Refused, match="not_a_member"):
        save_mine(club, Asker(club.workspace.slack_team_id, "U0NOBODY", CHANNEL))


def test_a_question_reaches_its_owner_in_the_thread_when_they_choose_so(club: Club) -> None:
    save_mine(club, club.oskar)
    there = {"channel_id": CHANNEL, "thread_ts": "1764000000.000100", "key": "k", "now": club.now}
    question_asking.ask_in_thread(club.sessions, club.asker(club.anna), "email", "Which flow?", **there)
    assert club.told(club.oskar) == []
    assert f"<@{club.oskar.slack_user_id}>" in "\n".join(said.words for said in club.slack.all_in(CHANNEL))


def test_the_form_opens_from_the_command_and_from_the_home(club: Club) -> None:
    phone = Phone(club.sessions, club.clock, club.slack)
    swede = club.joins("Sven", locale="sv-SE")
    phone.types(club.asker(swede), "inställningar mig")
    phone.presses(club.asker(club.oskar), ids.MY_SETTINGS)
    swedish, english = (view for _, _, view in club.slack.modals)
    assert ("Hur frågor når dig" in words(swedish), "How questions reach you" in words(english)) == (True, True)
    assert "På lagets tid: fredag 13:00" in words(swedish)


def test_a_team_sets_when_it_works_and_questions_go_by_it(club: Club) -> None:
    save_team(club, club.anna, holidays="sverige")
    kept = team(club)
    assert (kept.working_days, kept.work_starts, kept.work_ends) == ("123", "09:00", "15:30")
    assert (kept.holidays, kept.answer_hours) == ("SE", 4)
    # Tuesday 13:00 in Stockholm: two and a half hours are left, the rest comes on Wednesday from nine on.
    assert club.now == TUESDAY
    question_asking.ask(club.sessions, club.asker(club.anna), "email", "Which?", key="k", now=club.now)
    with club.sessions.read() as session:
        question = questions.get(session, club.team.workspace_id, 1)
    assert question is not None
    assert question.remind_at == TUESDAY + timedelta(hours=21, minutes=30)


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"working_days": ""}, "working_days"),
        ({"work_ends": "09:00"}, "work_ends"),
        ({"work_starts": ""}, "work_ends"),
        ({"holidays": "Atlantis"}, "holidays"),
        ({"answer_hours": "0"}, "answer_hours"),
        ({"answer_hours": "81"}, "answer_hours"),
        ({"answer_hours": "½"}, "answer_hours"),
    ],
)
def test_working_time_that_makes_no_sense_is_marked_at_its_field(club: Club, typed: dict[str, str], where: str) -> None:
    answer = save_team(club, club.anna, **typed)
    assert isinstance(answer, Problems)
    assert list(answer.by_field) == [where]
    assert team(club).working_days == "12345"


def test_only_admins_set_when_a_team_works_and_the_log_tells_who_did(club: Club) -> None:
    with pytest.raises(Refused, match="not_admin"):
        save_team(club, club.oskar)
    save_team(club, club.anna)
    (noted,) = [change for change in club.changes() if change.action == "team.settings"]
    assert noted.actor == club.anna.slack_user_id
    assert noted.after is not None
    assert noted.after["answer_hours"] == 4


def test_working_time_goes_into_the_teams_file_and_comes_back_from_it(club: Club) -> None:
    save_team(club, club.anna, holidays="DE-Bayern", work_ends="17:00")
    written = export_team(club.sessions, club.workspace.slack_team_id, None, club.now)
    assert "DE-BY" in written
    file = load_team_file(written)
    assert [
        change for change in apply(club.sessions, club.workspace.slack_team_id, file, club.now) if "work" in str(change)
    ] == []
    save_team(club, club.anna, working_days="1,2,3,4,5", holidays="", answer_hours="8", work_starts="08:00")
    apply(club.sessions, club.workspace.slack_team_id, file, club.now)
    kept = team(club)
    assert (kept.working_days, kept.work_starts, kept.holidays, kept.answer_hours) == ("123", "09:00", "DE-BY", 4)


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        (
            "en-GB",
            ("working days: Monday, Tuesday", "public holidays: SE", "direct message → mention in the thread"),
        ),
        ("sv-SE", ("arbetsdagar: måndag, tisdag", "helgdagar: SE", "direktmeddelande → omnämnande i tråden")),
    ],
)
def test_admins_read_in_words_what_was_set(club: Club, locale: str, told: tuple[str, ...]) -> None:
    reader = club.joins("Ada", is_admin=True, locale=locale)
    save_team(club, club.anna)
    save_team(club, club.anna, holidays="SE")
    save_mine(club, club.oskar)
    shown = audit_log.latest(club.sessions, club.asker(reader)).content
    said = words(catalog.audit_log(shown, language=locale).blocks)
    assert [part for part in told if part not in said] == []
