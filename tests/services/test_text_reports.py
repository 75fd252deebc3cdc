"""Reports that are written to the bot."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.domain.errors import Refused
from bot.services.questions.heard import Heard, StillBusyError, finished
from bot.services.readings import text_reports
from bot.services.readings.reports import Reported
from bot.services.workspaces.scene import Asker
from messages import catalog
from messages.content import ReadBack
from storage import Sessions, assignments
from storage.tables import Kpi, Reading
from tests.support.builders import a_kpi, added
from tests.support.fake_slack import FakeSlack, words
from tests.support.replica import StandingClock, replica
from tests.support.week import FRIDAY_13, MONDAY_10, THIS_WEEK, Player, a_player, a_playing_team, reading_of


@pytest.fixture
def anna(sessions: Sessions) -> Player:
    return a_player(sessions, a_playing_team(sessions, name="North"), kpi={"name": "Visits"})


@pytest.fixture
def leads(sessions: Sessions, anna: Player) -> Kpi:
    return a_kpi(sessions, anna.hat, "Leads")


def heard(player: Player, text: str, *, now: datetime = FRIDAY_13, thread: str | None = None) -> Heard:
    asker = Asker(player.workspace.slack_team_id, player.id, f"D{player.id[1:]}")
    return Heard(asker, text, f"{now.timestamp():.6f}", thread, direct=True, mentioned=False)


def read(
    sessions: Sessions, player: Player, text: str, *, now: datetime = FRIDAY_13, thread: str | None = None
) -> ReadBack:
    answer = text_reports.read(sessions, heard(player, text, now=now, thread=thread), now=now)
    assert answer is not None
    assert answer.content is not None
    return answer.content.content


def test_what_was_written_is_read_back_and_stored_when_it_is_confirmed(
    sessions: Sessions, anna: Player, leads: Kpi
) -> None:
    shown = read(sessions, anna, "visits 4 200, leads 130")
    assert [(kpi.name, kpi.value) for kpi in shown.kpis] == [("Visits", 4200), ("Leads", 130)]
    said = words(catalog.read_back(shown, language="en").blocks)
    assert "Did I read this right, for week 48 in North?" in said
    assert reading_of(sessions, leads, THIS_WEEK) is None, "nothing is stored before"
    for _ in range(2):  # a second click changes nothing
        answer = text_reports.confirm(sessions, anna.asker, shown.value, now=FRIDAY_13)
        assert isinstance(answer.content, Reported)
        assert [kpi.value for kpi in answer.content.receipt.stored] == [4200, 130]
    with sessions.read() as session:
        assert {row.source for row in session.exec(select(Reading))} == {"thread"}


def test_swedish_numbers_and_misspelt_names_are_understood(sessions: Sessions, anna: Player) -> None:
    anna.member.locale = "sv-SE"
    added(sessions, anna.member)
    a_kpi(sessions, anna.hat, "Täckningsgrad", unit="percent", decimals=1)
    shown = read(sessions, anna, "vistis 4 200 och täckningsgrad 12,5 %")
    assert [str(kpi.value) for kpi in shown.kpis] == ["4200", "12.5"]


def test_each_part_that_is_unclear_has_a_sentence_that_names_it(sqlite_sessions: Sessions) -> None:
    player = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), kpi={"name": "New leads"})
    a_kpi(sqlite_sessions, player.hat, "Lost leads")
    a_kpi(sqlite_sessions, player.hat, "Deals")
    shown = read(sqlite_sessions, player, "leads 130, deals 1.5, weather 3, new leads 7")
    assert [kpi.name for kpi in shown.kpis] == ["New leads"]
    said = words(catalog.read_back(shown, language="en").blocks)
    assert "“leads”" in said
    assert "Lost leads" in said
    assert "Deals is counted in whole numbers" in said
    assert "“weather” is none of your KPIs." in said


@pytest.mark.parametrize(
    "text", ["who owns leads?", "who owns 2026?", "hello", "weather 12", "I had 3 visits today", "visits 12?", "12"]
)
def test_what_is_no_report_is_left_to_others(sqlite_sessions: Sessions, text: str) -> None:
    player = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), kpi={"name": "Visits"})
    assert text_reports.read(sqlite_sessions, heard(player, text), now=FRIDAY_13) is None


def test_only_ones_own_kpis_are_read(sqlite_sessions: Sessions) -> None:
    team = a_playing_team(sqlite_sessions)
    a_player(sqlite_sessions, team, "Anna", kpi={"name": "Visits"})
    erik = a_player(sqlite_sessions, team, "Erik", kpi={"name": "Deals"})
    assert text_reports.read(sqlite_sessions, heard(erik, "visits 12"), now=FRIDAY_13) is None


def test_a_message_that_slack_tells_of_again_is_read_back_once(sessions: Sessions, anna: Player) -> None:
    said = heard(anna, "visits 12")
    first = text_reports.read(sessions, said, now=FRIDAY_13)
    assert first is not None
    assert first.content is not None
    with pytest.raises(StillBusyError):
        text_reports.read(sessions, said, now=FRIDAY_13)
    finished(sessions, said)
    again = text_reports.read(sessions, said, now=FRIDAY_13)
    assert again is not None
    assert again.content is None


def test_in_the_thread_of_a_prompt_it_is_about_that_week(sqlite_sessions: Sessions) -> None:
    player = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), kpi={"name": "Visits"})
    clock = StandingClock(FRIDAY_13)
    slack = FakeSlack(clock)
    with replica(sqlite_sessions, slack, clock) as bot:
        bot.tick()
    prompt = slack.last_in(player.id)
    assert read(sqlite_sessions, player, "visits 12", now=MONDAY_10, thread=prompt.ts).period == THIS_WEEK
    later = read(sqlite_sessions, player, "visits 13", now=MONDAY_10 + timedelta(minutes=1)).period
    assert later == "2026-W49", "the digest of week 48 is out"


def test_a_kpi_of_each_team_finds_its_team(sqlite_sessions: Sessions) -> None:
    anna = a_player(sqlite_sessions, a_playing_team(sqlite_sessions, name="North"), kpi={"name": "Visits"})
    south = a_playing_team(sqlite_sessions, workspace=anna.workspace, name="South", channel_id="C0SOUTH")
    other = a_player(sqlite_sessions, south, "Sara", kpi={"name": "Deals"})
    with sqlite_sessions.write() as session:
        assignments.assign(session, other.hat, anna.member.id, ending="handed_over", now=FRIDAY_13)
    assert read(sqlite_sessions, anna, "visits 1").team == "North"
    assert read(sqlite_sessions, anna, "deals 1", now=FRIDAY_13 + timedelta(minutes=1)).team == "South"


@pytest.mark.parametrize(
    "value",
    ["", "x", "{state}", "{state} 1", "{state} x=1", "{state} 1=nan", "{state} 1=1e30", "{state} 99=3", "0:x 1=2"],
)
def test_a_button_with_something_else_in_it_is_refused(sqlite_sessions: Sessions, value: str) -> None:
    player = a_player(sqlite_sessions, a_playing_team(sqlite_sessions))
    with pytest.raises(Refused):
        text_reports.confirm(
            sqlite_sessions, player.asker, value.format(state=f"{player.team.id}:{THIS_WEEK}"), now=FRIDAY_13
        )
    assert reading_of(sqlite_sessions, player.kpi, THIS_WEEK) is None
