"""Reading a team's file: what is refused is named by its place and line."""

from pathlib import Path

import pytest

from bot.services.team_file.team_file import TeamFileError, load_team_file
from tests.support.team_yaml import SMALL_TEAM, changed


class NamesOfTheTeam:
    """A directory that knows one channel and one member."""

    def channel_id(self, name: str) -> str | None:
        return {"sales": "C0SALES001"}.get(name)

    def user_id(self, handle: str) -> str | None:
        return {"oskar": "U0OSKAR001"}.get(handle)


def problems_of(text: str, directory: NamesOfTheTeam | None = None) -> tuple[str, ...]:
    with pytest.raises(TeamFileError) as refused:
        load_team_file(text, directory)
    return refused.value.problems


def test_reads_a_team_with_its_chain() -> None:
    file = load_team_file(SMALL_TEAM)

    assert file.team.schedule.prompt == "Friday 13:00"
    assert file.team.schedule.reminder == ""
    assert [kpi.slug for _, kpi in file.kpis()] == ["visits", "leads", "nurtured-leads", "cost-per-lead"]
    assert (file.links[2].source, file.links[2].target, file.links[2].lag) == ("nurtured-leads", "leads", 4)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "side: marketing\n    position: libero",
            "side: markting\n    position: libero",
            "hats › email-nurturing › side: must be sales or marketing (line 22)",
        ),
        ("    name: Campaigns\n", "", "hats › campaigns › name: is missing (line 10)"),
        ("ask_about:", "ask_abuot:", "hats › email-nurturing › ask_abuot: is not known here; did you mean ask_about?"),
        ("slug: football", "slug: Football Team", "such as football-team (line 2)"),
        ("name: Football team", "name: 2026", "team › name: must be text; put it in quotes (line 3)"),
        ("Friday 13:00", "Someday 13:00", "team › schedule › prompt: must be a weekday and a time"),
        (
            "target: 120",
            "target: many",
            "hats › campaigns › kpis › leads › target: must be a number, or a text such as",
        ),
        (
            "target: 120",
            "target: .inf",
            "hats › campaigns › kpis › leads › target: must be a number, or a text such as",
        ),
        ("target: 120", "target: 1e20", "hats › campaigns › kpis › leads › target: is too large (line 18)"),
        ("target: 120", "target: 0.1234567", "target: has more than six decimals (line 18)"),
        ("lag: 4", "lag: 53", "links › nurtured-leads → leads › lag: must be at most 52 (line 33)"),
        ("rate: 0.2", "rate: -1", "links › nurtured-leads → leads › rate: must be at least 0 (line 33)"),
        (
            "owner: U0OSKAR001",
            "owner: U0STRANGER",
            "hats › email-nurturing › owner: U0STRANGER is not among the members",
        ),
        ("owner: U0OSKAR001", "owner: Oskar", "hats › email-nurturing › owner: must be a member's id"),
        ("  - {id: U0OSKAR001, name: Oskar Holm}", "  - U0OSKAR001", "members › U0OSKAR001: must have the fields id,"),
        (
            "goal: nurtured-leads",
            "goal: nurturd-leads",
            "goal: there is no KPI nurturd-leads; did you mean nurtured-leads?",
        ),
        ("from: visits", "from: vists", "links › vists → leads › from: there is no KPI vists; did you mean visits?"),
        (
            "[newsletter]",
            "[JAGAREN]",
            "hats › email-nurturing › aliases › JAGAREN: “JAGAREN” is a name of the hat campaigns",
        ),
        ("[newsletter]", "['!!!']", "hats › email-nurturing › aliases › !!!: needs a letter or a digit (line 21)"),
        ("slug: email-nurturing", "slug: campaigns", "“campaigns” is a name of the hat campaigns already (line 19)"),
        ("slug: nurtured-leads", "slug: leads", "leads is a KPI of campaigns already"),
        ("id: U0OSKAR001", "id: U0ANNA0001", "U0ANNA0001 stands here twice"),
        ("C0TEAMHAT1", '"\\0"', "team › channel: must be a channel's id"),
        ("name: Anna Lindqvist", 'name: "Anna\\0"', "must be one line of visible characters"),
        ("team:\n", "team:\n  timezone: Europe/Stokholm\n", "must be a time zone's name such as Europe/Stockholm"),
        ("goal:", "order: [visits, leads]\ngoal:", "order: lacks nurtured-leads, cost-per-lead (line 34)"),
    ],
)
def test_names_what_is_wrong_by_place_and_line(old: str, new: str, problem: str) -> None:
    problems = problems_of(changed((old, new)))

    assert any(problem in said for said in problems), problems
    assert not any("\n" in said for said in problems)


def test_names_every_problem_at_once() -> None:
    text = changed(("target: 120", "target: many"), ("position: libero", "position: keeper"))

    assert len(problems_of(text)) == 2


def test_refuses_a_loop_that_takes_no_time_and_names_it() -> None:
    text = changed(("lag: 1, rate: null", "lag: 0"), ("lag: 4", "lag: 0"))

    (problem,) = problems_of(text)

    assert "leads → nurtured-leads → leads" in problem or "nurtured-leads → leads → nurtured-leads" in problem
    assert "takes no time; give one of its links a lag of at least one week" in problem


def test_accepts_a_loop_in_which_one_link_takes_a_week() -> None:
    load_team_file(changed(("lag: 1, rate: null", "lag: 0"), ("lag: 4", "lag: 1")))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must have the parts team"),
        ("- 1\n", "must have the parts team"),
        ("team: [\n", "this is not YAML"),
        ("team: &a {slug: x}\ngoal: *a\n", "anchors and aliases are not used here (line 1)"),
        ("team: {slug: x}\nteam: {slug: y}\n", "team stands here twice (line 2)"),
        ("team: {owner: @oskar}\n", "in quotes (line 1)"),
        ("team: 2026-13-45\n", "this is not YAML"),
        ("team: !!python/name:os.system\n", "this is not YAML"),
        ("team:\n  channel: #sales\n", 'team › channel: put "#name" in quotes, or YAML takes it for a remark (line 2)'),
        ("a: " + "[" * 5000, "this is not YAML"),
        pytest.param("#" * 5_000_001, "too large to be a team", id="too large"),
    ],
)
def test_says_why_a_text_is_no_team(text: str, problem: str) -> None:
    assert problem in problems_of(text)[0]


def test_says_that_a_file_is_not_there_or_not_text(tmp_path: Path) -> None:
    (tmp_path / "latin.yml").write_bytes("team: {name: Säljare}".encode("latin-1"))

    with pytest.raises(TeamFileError, match="cannot be read"):
        load_team_file(tmp_path / "missing.yml")
    with pytest.raises(TeamFileError, match="not text in UTF-8"):
        load_team_file(tmp_path / "latin.yml")


def test_looks_names_up_in_the_directory() -> None:
    text = changed(("C0TEAMHAT1", '"#sales"'), ("owner: U0OSKAR001", 'owner: "@oskar"'))

    file = load_team_file(text, NamesOfTheTeam())

    assert file.team.channel == "C0SALES001"
    assert file.hats[1].owner == "U0OSKAR001"


def test_names_need_a_directory_that_knows_them() -> None:
    text = changed(("C0TEAMHAT1", '"#elsewhere"'))

    assert problems_of(text, NamesOfTheTeam()) == (
        "team › channel: #elsewhere is no channel of this workspace (line 4)",
    )
    assert "set SLACK_BOT_TOKEN" in problems_of(text)[0]


def test_the_documented_example_is_a_team() -> None:
    page = Path(__file__).parents[2] / "docs" / "team-file.md"
    example = page.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]

    file = load_team_file(example, NamesOfTheTeam())

    assert file.goal == "closed-deals"


WORKING = """
team:
  slug: north
  name: North
  work: {WORK}
"""


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ("{}", ("12345", "08:00", "17:00", "", 8)),
        (
            "{days: [monday, Saturday, Monday], from: 7:30, until: 16:00, holidays: sweden}",
            ("16", "07:30", "16:00", "SE", 8),
        ),
        ("{holidays: NO, answer_hours: 80}", ("12345", "08:00", "17:00", "NO", 80)),
        ('{from: "09:00", holidays: DE-Bayern}', ("12345", "09:00", "17:00", "DE-BY", 8)),
    ],
)
def test_working_time_is_read_as_people_write_it_in_yaml(written: str, columns: tuple[object, ...]) -> None:
    work = load_team_file(WORKING.replace("{WORK}", written)).team.work
    assert work is not None
    assert tuple(work.columns().values()) == columns


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("{days: []}", "team › work › days: is empty (line 5)"),
        ("{days: [Måndag]}", "must be weekdays such as Monday (line 5)"),
        ("{from: eight}", 'team › work › from: must be a time such as "08:00" (line 5)'),
        ("{from: 17:00, until: 08:00}", "team › work: must end later than it begins (line 5)"),
        ("{holidays: Atlantis}", "team › work › holidays: must be a country such as SE"),
        ("{answer_hours: 81}", "team › work › answer_hours: must be at most 80 (line 5)"),
        ("{answer_hour: 3}", "team › work › answer_hour: is not known here; did you mean answer_hours?"),
    ],
)
def test_working_time_that_makes_no_sense_is_named_by_its_place(written: str, problem: str) -> None:
    with pytest.raises(TeamFileError) as refused:
        load_team_file(WORKING.replace("{WORK}", written))
    assert problem in refused.value.problems[0]
