"""`hattrick team` and `hattrick readings`, as a person at the terminal meets them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.team_yaml import SMALL_TEAM, changed

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command on an empty database; give its exit code and what it wrote to stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HATTRICK_DATABASE_URL", sqlite_url)
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)

    def hattrick(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["hattrick", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return (code if isinstance(code, int) else 0, *capsys.readouterr())

    return hattrick


@pytest.fixture
def team_file(tmp_path: Path) -> Path:
    file = tmp_path / "team.yml"
    file.write_text(SMALL_TEAM, encoding="utf-8")
    return file


def test_a_dry_run_shows_what_applying_then_does(run: Run, team_file: Path) -> None:
    _, foreseen, _ = run("team", "apply", str(team_file), "--workspace", "T0FOOTBALL", "--dry-run")
    code, done, _ = run("team", "apply", str(team_file), "--workspace", "T0FOOTBALL")

    assert code == 0
    assert foreseen.splitlines()[:-1] == done.splitlines()[:-1]
    assert "nothing was changed" in foreseen.splitlines()[-1]
    assert any(
        line.startswith("+ hat email-nurturing added (Email nurturing, marketing libero") for line in done.splitlines()
    )


def test_applied_again_and_exported_there_is_nothing_to_change(run: Run, team_file: Path, tmp_path: Path) -> None:
    run("team", "apply", str(team_file), "--workspace", "T0FOOTBALL")
    _, exported, _ = run("team", "export")
    (tmp_path / "exported.yml").write_text(exported, encoding="utf-8")

    assert run("team", "apply", str(team_file)) == (0, "Team football: nothing to change.\n", "")
    assert run("team", "apply", "exported.yml") == (0, "Team football: nothing to change.\n", "")


def test_a_wrong_file_is_refused_with_one_line_per_problem(run: Run, team_file: Path) -> None:
    team_file.write_text(changed(("position: libero", "position: keeper")), encoding="utf-8")

    code, said, reason = run("team", "apply", str(team_file), "--workspace", "T0FOOTBALL")

    assert (code, said) == (1, "")
    assert reason == (
        "hattrick: team.yml: hats › email-nurturing › position: "
        "must be defender, midfielder, forward or libero (line 23)\n"
    )


def test_readings_go_in_and_come_out(run: Run, team_file: Path, tmp_path: Path) -> None:
    run("team", "apply", str(team_file), "--workspace", "T0FOOTBALL")
    (tmp_path / "week.csv").write_text("week;kpi;value\n2020-W10;Visits;4 000\n", encoding="utf-8")

    assert run("readings", "import", "week.csv") == (0, "1 readings: 1 new, 0 corrected, 0 as before.\n", "")
    assert run("readings", "export") == (0, "week,kpi,value,note\n2020-W10,visits,4000,\n", "")


def test_a_bad_row_is_one_line_on_stderr(run: Run, team_file: Path, tmp_path: Path) -> None:
    run("team", "apply", str(team_file), "--workspace", "T0FOOTBALL")
    (tmp_path / "week.csv").write_text("week,kpi,value\n2020-W10,visits,many\n", encoding="utf-8")

    code, _, reason = run("readings", "import", "week.csv")

    assert (code, reason) == (1, "hattrick: week.csv: line 2: “many” is not a number\n")
    assert run("readings", "export")[1] == "week,kpi,value,note\n"


@pytest.mark.parametrize(
    "arguments", [("team", "apply"), ("team", "apply", "x.yml", "--wet-run"), ("readings", "import")]
)
def test_wrong_usage_is_exit_code_two(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_without_a_team_the_reason_is_one_line(run: Run) -> None:
    code, _, reason = run("readings", "export", "--workspace", "T0FOOTBALL")

    assert code == 1
    assert reason == "hattrick: The workspace T0FOOTBALL has no team yet; make one with `team apply`.\n"
