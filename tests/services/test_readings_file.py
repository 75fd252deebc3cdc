"""Readings from CSV: everything or nothing, each bad row by its line, and corrections that keep the earlier value."""

import csv
import io
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.services.readings.readings_file import ImportResult, ReadingsFileError, export_readings, import_readings
from bot.services.team_file.team_apply import apply
from bot.services.team_file.team_file import load_team_file
from bot.services.teams.which_team import TeamNotFoundError
from storage import Sessions, kpis, readings
from storage.tables import Team
from tests.support.builders import NOW, a_hat, a_kpi, a_member, a_team, a_workspace, reads

WORKSPACE = "T0FOOTBALL"
OLIST = Path(__file__).parents[3] / "shared" / "data" / "olist_weekly.csv"


@pytest.fixture
def team(sessions: Sessions) -> Team:
    """A team that reports visits, whole leads, and a cost with decimals."""
    team = a_team(sessions, a_workspace(sessions, WORKSPACE), "Football")
    hat = a_hat(sessions, team, "Campaigns")
    a_kpi(sessions, hat, "Visits", sequence=1)
    a_kpi(sessions, hat, "Leads", sequence=2)
    a_kpi(sessions, hat, "Kostnad per lead", slug="cost", unit="money", decimals=2, sequence=3)
    return team


def imported(sessions: Sessions, text: str | Path) -> ImportResult:
    return import_readings(sessions, WORKSPACE, None, text, NOW)


def problems_of(sessions: Sessions, text: str | Path) -> tuple[str, ...]:
    with pytest.raises(ReadingsFileError) as refused:
        imported(sessions, text)
    return refused.value.problems


def stored(sessions: Sessions, team: Team) -> dict[tuple[str, str], Decimal]:
    with sessions.read() as session:
        return {(week, kpi): value for week, kpi, value, _ in readings.export_rows(session, team.id)}


@pytest.mark.parametrize(
    "text",
    [
        "week,kpi,value\n2026-W40,visits,4000\n2026-W40,cost,12.5\n",
        "\ufeffKPI;Value;WEEK\r\nVisits;4 000;2026-W40\r\nkostnad per LEAD;12,5;2026w40\r\n",
        'value\tnote\tweek\tkpi\n"4,000"\t\t2026-W40\tvisits\n\n12.50\tok\t2026W40\tcost\n',
    ],
)
def test_takes_columns_in_any_order_and_numbers_as_people_write_them(sessions: Sessions, team: Team, text: str) -> None:
    assert imported(sessions, text) == ImportResult(new=2, corrected=0, same=0)

    assert stored(sessions, team) == {("2026-W40", "visits"): Decimal(4000), ("2026-W40", "cost"): Decimal("12.5")}


def test_takes_a_file(sessions: Sessions, team: Team, tmp_path: Path) -> None:
    (tmp_path / "readings.csv").write_text("week,kpi,value\n2026-W40,leads,120\n", encoding="utf-8-sig")

    assert imported(sessions, tmp_path / "readings.csv").rows == 1

    assert stored(sessions, team)


def test_a_correction_keeps_what_was_said_before_and_who_said_it(sessions: Sessions, team: Team) -> None:
    anna = a_member(sessions, team, "Anna")
    with sessions.read() as session:
        visits, leads, _ = kpis.entities(session, team.id)
    reads(sessions, visits, {"2026-W40": 4000, "2026-W41": 4100}, by=anna)
    reads(sessions, leads, {"2026-W41": 120}, by=anna)

    result = imported(
        sessions, "week,kpi,value\n2026-W40,visits,4200\n2026-W41,visits,4100\n2026-W41,leads,125\n2026-W42,leads,99\n"
    )

    assert result == ImportResult(new=1, corrected=2, same=1)
    with sessions.read() as session:
        (before,) = readings.versions(session, visits.id, "2026-W40")
        assert not readings.versions(session, visits.id, "2026-W41")
    assert (before.value, before.reported_by, before.source) == (Decimal(4000), anna.id, "modal")
    assert (before.replaced_by, before.replaced_at) == (None, NOW)
    assert stored(sessions, team)["2026-W40", "visits"] == 4200


def test_a_file_without_notes_leaves_them_be_and_one_with_notes_replaces_them(sessions: Sessions, team: Team) -> None:
    imported(sessions, "week,kpi,value,note\n2026-W40,visits,1,Mässa\n2026-W41,visits,2,Påsk\n")

    assert imported(sessions, "week,kpi,value\n2026-W40,visits,1\n").same == 1
    assert imported(sessions, "week,kpi,value,note\n2026-W41,visits,2,\n").corrected == 1

    assert export_readings(sessions, WORKSPACE, team.slug) == (
        "week,kpi,value,note\n2026-W40,visits,1,Mässa\n2026-W41,visits,2,\n"
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2026-W60,visits,1", "line 3: There is no week 60 in 2026, which has 53 weeks."),
        ("week 40,visits,1", "line 3: A week is written like 2026-W48"),
        (",visits,1", "line 3: the week is missing"),
        ("2026-W49,visits,1", "line 3: 2026-W49 has not begun; it is 2026-W48 now"),
        ("2026-W41,vists,1", "line 3: there is no KPI vists; did you mean visits?"),
        ("2026-W41,,1", "line 3: the KPI is missing"),
        ("2026-W41,visits,", "line 3: the value is missing"),
        ("2026-W41,visits,many", "line 3: “many” is not a number"),
        ("2026-W41,visits,12.5", "line 3: “12.5” is not a whole number, and visits counts whole things"),
        ("2026-W41,cost,1.234", "line 3: “1.234” can be 1234 or 1.2340; write one of these"),
        ("2026-W41,cost,0.1234567", "line 3: “0.1234567” has more than six decimals"),
        ("2026-W41,visits,1,234", "line 3: 4 columns instead of 3; a value with commas in it goes in quotes"),
        ("2026-W41,visits", "line 3: 2 columns instead of 3"),
        ("2026-W40,Visits,2", "line 3: visits in 2026-W40 stands on line 2 already"),
        ('2026-W41,visits,"1', "line 3: this is not CSV"),
    ],
)
def test_a_bad_row_is_named_by_line_and_nothing_is_written(
    sessions: Sessions, team: Team, row: str, problem: str
) -> None:
    (said,) = problems_of(sessions, f"week,kpi,value\n2026-W40,visits,1\n{row}\n")

    assert problem in said
    assert stored(sessions, team) == {}


def test_lines_are_counted_as_an_editor_does(sessions: Sessions, team: Team) -> None:
    text = 'week,kpi,value,note\n2026-W40,visits,1,"two\nlines"\n\n2026-W41,visits,x,\n'

    assert problems_of(sessions, text)[0].startswith("line 5: ")
    assert stored(sessions, team) == {}


def test_tells_at_most_twenty_problems(sessions: Sessions, team: Team) -> None:
    text = "week,kpi,value\n" + "".join(f"2026-W{week:02},visits,x\n" for week in range(1, 41))

    problems = problems_of(sessions, text)

    assert len(problems) == 20
    assert problems[-1].startswith("line 21: ")
    assert stored(sessions, team) == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: the file is empty; its first line must be week,kpi,value"),
        ("2026-W40,visits,1\n", "line 1: there is no column week"),
        ("week,kpi,value,week\n", "line 1: the column week stands there twice"),
        ("week,kpi,value,owner\n", "line 1: the column owner is not known"),
    ],
)
def test_says_what_is_wrong_with_the_header(sessions: Sessions, team: Team, text: str, problem: str) -> None:
    assert problem in problems_of(sessions, text)[0]
    assert stored(sessions, team) == {}


@pytest.mark.usefixtures("team")
def test_says_that_a_file_is_not_utf_8(sessions: Sessions, tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes("week,kpi,value,note\n2026-W40,visits,1,Mässa\n".encode("latin-1"))

    assert problems_of(sessions, tmp_path / "latin.csv")[0].startswith("line 2: this is not text in UTF-8")
    assert "cannot be read" in problems_of(sessions, tmp_path / "missing.csv")[0]


@pytest.mark.usefixtures("team")
def test_a_week_has_begun_when_it_has_in_the_teams_zone(sessions: Sessions) -> None:
    sunday_late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # Monday in Stockholm

    result = import_readings(sessions, WORKSPACE, None, "week,kpi,value\n2026-W48,visits,1\n", sunday_late)

    assert result.new == 1


def test_what_is_exported_is_imported_as_the_same(sessions: Sessions, team: Team) -> None:
    rows = ('2026-W40,cost,0.1250," Mässa, ""Elmia""\nD1 "', "2026-W40,leads,0,", "2026-W41,cost,-1234567.5,")
    imported(sessions, "\n".join(["week,kpi,value,note", *rows]))
    exported = export_readings(sessions, WORKSPACE, None)

    result = imported(sessions, exported)

    assert result == ImportResult(new=0, corrected=0, same=3)
    assert stored(sessions, team)["2026-W40", "cost"] == Decimal("0.125")


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("=HYPERLINK(A1)", "'=HYPERLINK(A1)"),
        ("-5 % after the fair", "'-5 % after the fair"),
        ("+46 70 123", "'+46 70 123"),
        ("@anna", "'@anna"),
        ("'=1", "''=1"),
        ("\t=1", "'\t=1"),
        ("\uff1d1", "'\uff1d1"),
        ("'quoted'", "'quoted'"),
        ("a=1", "a=1"),
    ],
)
def test_no_note_is_a_formula_in_a_spreadsheet_and_each_comes_back_as_it_was(
    sessions: Sessions, team: Team, note: str, shown: str
) -> None:
    with sessions.write() as session:
        (kpi, *_) = kpis.entities(session, team.id)
        wrote = {"value": Decimal(-1), "by": None, "source": "modal", "now": NOW, "note": note}
        readings.store(session, kpi_id=kpi.id, period="2026-W40", **wrote)
    exported = export_readings(sessions, WORKSPACE, None)

    assert list(csv.reader(io.StringIO(exported)))[1:] == [["2026-W40", "visits", "-1", shown]]
    assert export_readings(sessions, WORKSPACE, None, with_computed=True).splitlines()[1:] == [
        f"{line}," for line in exported.splitlines()[1:]
    ]
    with sessions.write() as session:
        readings.store(session, kpi_id=kpi.id, period="2026-W40", **{**wrote, "note": ""})
    imported(sessions, exported.replace(",-1,", ",1,"))
    with sessions.read() as session:
        assert [said for *_, said in readings.export_rows(session, team.id)] == [note]


def test_readings_of_an_archived_kpi_are_kept_too(sessions: Sessions, team: Team) -> None:
    with sessions.write() as session:
        kpis.entities(session, team.id)[0].archived_at = NOW

    assert imported(sessions, "week,kpi,value\n2026-W40,visits,1\n").new == 1


@pytest.mark.usefixtures("team")
def test_a_name_of_two_kpis_is_not_guessed(sessions: Sessions, team: Team) -> None:
    hat = a_hat(sessions, team, "Email nurturing")
    a_kpi(sessions, hat, "Kostnad per lead", slug="mail-cost")

    (problem,) = problems_of(sessions, "week,kpi,value\n2026-W40,Kostnad per lead,1\n")

    assert "is the name of several KPIs; use one of" in problem


def test_another_workspace_is_out_of_reach(sessions: Sessions, team: Team) -> None:
    a_workspace(sessions, "T0OTHER")

    with pytest.raises(TeamNotFoundError):
        import_readings(sessions, "T0OTHER", team.slug, "week,kpi,value\n2026-W40,visits,1\n", NOW)


def test_a_hundred_thousand_rows_go_in_and_are_corrected_in_seconds(sqlite_sessions: Sessions) -> None:
    team = a_team(sqlite_sessions, a_workspace(sqlite_sessions, WORKSPACE), "Large")
    hat = a_hat(sqlite_sessions, team)
    for number in range(100):
        a_kpi(sqlite_sessions, hat, f"Kpi {number} of many", slug=f"kpi-{number}")
    weeks = [f"{year}-W{week:02}" for year in range(2006, 2026) for week in range(1, 51)]
    text = "week,kpi,value\n" + "".join(f"{week},kpi-{n},{n * 7 + 1}\n" for week in weeks for n in range(100))
    told: list[tuple[int, int]] = []
    began = time.process_time()

    first = import_readings(sqlite_sessions, WORKSPACE, None, text, NOW, progress=lambda *done: told.append(done))
    second = imported(sqlite_sessions, text.replace(",8\n", ",9\n"))

    assert (first.new, second.corrected, second.same) == (100_000, 1_000, 99_000)
    assert told[-1] == (100_000, 100_000)
    assert time.process_time() - began < 60


@pytest.mark.skipif(not OLIST.exists(), reason="the public data set is not beside the project")
def test_a_real_funnel_of_26_weeks_goes_in(sessions: Sessions) -> None:
    now = datetime(2018, 6, 4, 12, tzinfo=UTC)
    file = Path(__file__).parents[1] / "support" / "olist.yml"
    apply(sessions, WORKSPACE, load_team_file(file), now)

    result = import_readings(sessions, WORKSPACE, "olist", OLIST, now)
    again = import_readings(sessions, WORKSPACE, "olist", OLIST, now + timedelta(weeks=1))

    assert (result.new, again.same) == (182, 182)
    with sessions.read() as session:
        team_id = kpis.entities(session, 1)[0].team_id
        by_kpi = {kpi.slug: readings.of_team(session, team_id)[kpi.id] for kpi in kpis.entities(session, team_id)}
        goal = next(row for row in kpis.of_team(session, team_id, period="2017-W49") if row.is_goal)
    assert {len(weeks) for weeks in by_kpi.values()} == {26}
    assert sum(by_kpi["leads"].values()) == sum(
        sum(weeks.values()) for slug, weeks in by_kpi.items() if slug.startswith("leads-")
    )
    assert (goal.slug, goal.target) == ("deals", Decimal(30)), "imported weeks have the target too"
