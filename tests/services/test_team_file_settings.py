"""Quiet hours, how long numbers can be corrected, and sources are part of a team's file."""

import pytest
from sqlmodel import select

from bot.services.team_file.team_apply import apply, plan
from bot.services.team_file.team_export import export_team
from bot.services.team_file.team_file import TeamFileError, load_team_file
from storage import Sessions, sources
from storage.tables import Audit, Source, Team
from tests.support.builders import NOW
from tests.support.team_yaml import changed

WORKSPACE = "T0FOOTBALL"
SECRET = "https://numbers.example.org/export?key=3f9c"
SCHEDULE = "  schedule: {prompt"
LEADS = "{slug: leads, name: Leads, target: 120}"


def settings(text: str) -> tuple[str, str]:
    return SCHEDULE, f"  {text}\n{SCHEDULE}"


def source(text: str) -> tuple[str, str]:
    return LEADS, f"{LEADS[:-1]}, source: {text}}}"


def applied(sessions: Sessions, *replacements: tuple[str, str]) -> list[str]:
    file = load_team_file(changed(*replacements))
    foreseen = plan(sessions, WORKSPACE, file, NOW)
    assert apply(sessions, WORKSPACE, file, NOW) == foreseen
    return [str(change) for change in foreseen]


def the_sources(sessions: Sessions) -> list[Source]:
    with sessions.read() as session:
        return list(session.exec(select(Source).order_by(Source.id)))


def exported_again(sessions: Sessions) -> str:
    """Export the team; what was exported changes nothing here, and makes the same team elsewhere."""
    text = export_team(sessions, WORKSPACE, None, NOW)
    file = load_team_file(text)
    assert plan(sessions, WORKSPACE, file, NOW) == []
    apply(sessions, "T0COPY", file, NOW)
    assert export_team(sessions, "T0COPY", "football", NOW) == text
    return text


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (
            'quiet: {from: 21:30, until: "06:00"}',
            ["team football: quiet from 20:00 → 21:30", "team football: quiet until 07:00 → 06:00"],
        ),
        ("edit_weeks: 0", ["team football: edit weeks 6 → 0"]),
        ("review_months: 12", ["team football: review months 6 → 12"]),
    ],
)
def test_a_setting_is_changed_kept_where_it_is_left_out_and_exported(
    sessions: Sessions, written: str, lines: list[str]
) -> None:
    applied(sessions)

    assert applied(sessions, settings(written)) == lines
    assert applied(sessions) == [], "what is left out stays as it is"
    assert written.partition(":")[0] + ":" in exported_again(sessions)


def test_what_is_as_usual_is_not_exported(sessions: Sessions) -> None:
    applied(sessions)

    assert not {"quiet:", "edit_weeks:", "review_months:", "source:"} & set(exported_again(sessions).split())


def test_a_new_team_begins_with_the_file_s_settings(sessions: Sessions) -> None:
    applied(sessions, settings("edit_weeks: 12\n  quiet: {from: 18:00}"))

    with sessions.read() as session:
        team = session.exec(select(Team)).one()
    assert (team.edit_weeks, team.quiet_from, team.quiet_until) == (12, "18:00", "07:00")


def test_a_source_is_set_changed_kept_and_taken_away(sessions: Sessions) -> None:
    applied(sessions)
    host = "numbers.example.org"
    with_source = source(f"{{url: '{SECRET}', values: Leads}}")

    set_ = applied(sessions, with_source)
    assert set_ == [f"KPI leads: source none → {host} (csv, values in “Leads”, weeks in “week”)"]
    assert applied(sessions, with_source) == []
    assert applied(sessions) == [], "what is left out stays as it is"
    assert SECRET in exported_again(sessions)
    as_json = source(f"{{url: '{SECRET}', format: json, values: 'rows[].leads', weeks: 'rows[].week'}}")
    assert applied(sessions, as_json)[0].endswith(f"→ {host} (json, values in “rows[].leads”, weeks in “rows[].week”)")
    moved = source(f"{{url: '{SECRET}2', format: json, values: 'rows[].leads', weeks: 'rows[].week'}}")
    assert applied(sessions, moved)[0].endswith("weeks in “rows[].week”), another address")
    assert applied(sessions, source('""'))[0].endswith("→ none")
    assert len(the_sources(sessions)) == 1, "the copy's"


def test_the_audit_log_never_holds_a_source_s_address(sessions: Sessions) -> None:
    applied(sessions, source(f"{{url: '{SECRET}', values: Leads}}"))
    applied(sessions, source(f"{{url: '{SECRET}2', values: Leads}}"))
    applied(sessions, source('""'))

    with sessions.read() as session:
        rows = session.exec(select(Audit).order_by(Audit.id)).all()
    actions = [row.action for row in rows if row.action.startswith("source")]
    assert actions == ["source.set", "source.set", "source.removed"]
    assert not [row for row in rows if "3f9c" in f"{row.before}{row.after}{row.subject}"]


def test_a_sheet_s_link_is_taken_as_the_form_takes_it_and_pulled_at_once(sessions: Sessions) -> None:
    link = "https://docs.google.com/spreadsheets/d/1AbC/edit#gid=7"
    replacement = source(f"{{url: '{link}', values: Leads}}")
    applied(sessions, replacement)

    (stored,) = the_sources(sessions)
    assert stored.address == "https://docs.google.com/spreadsheets/d/1AbC/export?format=csv&gid=7"
    assert applied(sessions, replacement) == []
    with sessions.read() as session:
        assert sources.any_due(session, now=NOW)


def test_a_kpi_that_was_given_a_formula_exports_without_its_source(sessions: Sessions) -> None:
    applied(sessions, source(f"{{url: '{SECRET}', values: Leads}}"))
    applied(sessions, (LEADS, "{slug: leads, name: Leads, formula: visits / 30}"))

    assert "source" not in exported_again(sessions)


@pytest.mark.parametrize(
    ("replacement", "problem"),
    [
        (settings("quiet: {from: late}"), 'team › quiet › from: must be a time such as "08:00" (line 5)'),
        (settings("quiet: {to: 08:00}"), "team › quiet › to: is not known here"),
        (settings("edit_weeks: 53"), "team › edit_weeks: must be at most 52 (line 5)"),
        (settings("edit_week: 5"), "team › edit_week: is not known here; did you mean edit_weeks?"),
        (source("{values: Leads}"), "hats › campaigns › kpis › leads › source: url is missing"),
        (source("{url: 'https://a.example'}"), "leads › source: values is missing: say where the values stand"),
        (source("{url: 'ftp://a.example/x', values: Leads}"), "source: url must begin with https:// or http://"),
        (source("{url: 'https://me:pw@a.example/', values: x}"), "source: url must hold no name and password"),
        (source("{url: 'https://a.example', values: '[', format: json}"), "“[” is not an expression"),
        (source("{url: 'https://a.example', values: x, format: xml}"), "source › format: must be csv or json"),
        (source("{adress: x}"), "source › adress: is not known here"),
        (source("often"), "source: must have the fields url, format, values, weeks"),
        (
            (LEADS, f"{LEADS[:-1]}, formula: visits / 30, source: {{url: 'https://a.example', values: x}}}}"),
            "leads › source: does not go with a formula",
        ),
    ],
)
def test_what_cannot_be_used_is_named_by_its_place(replacement: tuple[str, str], problem: str) -> None:
    with pytest.raises(TeamFileError) as refused:
        load_team_file(changed(replacement))

    assert any(problem in said for said in refused.value.problems), refused.value.problems
