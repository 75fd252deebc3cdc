"""`hattrick export` and `hattrick erase-member`, as a person at the terminal meets them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.team_yaml import SMALL_TEAM

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command on a database with a small team; give its exit code and what it wrote."""
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

    (tmp_path / "team.yml").write_text(SMALL_TEAM, encoding="utf-8")
    assert hattrick("team", "apply", "team.yml", "--workspace", "T0FOOTBALL")[0] == 0
    return hattrick


def test_a_workspace_is_written_as_json_the_same_each_time(run: Run) -> None:
    code, written, errors = run("export", "--workspace", "T0FOOTBALL")
    assert (code, errors) == (0, "")
    content = json.loads(written)
    assert content["workspace"] == "T0FOOTBALL"
    assert {hat["slug"] for hat in content["tables"]["hat"]} >= {"campaigns", "email-nurturing"}
    assert "Jägaren" in written
    assert run("export") == (0, written, "")


def test_a_person_is_erased_once_and_it_is_said_what_was(run: Run) -> None:
    code, said, _ = run("erase-member", "U0OSKAR001", "--workspace", "T0FOOTBALL")
    assert code == 0
    assert said.startswith("Erased of U0OSKAR001 in T0FOOTBALL: 1 member")
    assert "U0OSKAR001" not in run("export")[1]
    assert run("erase-member", "U0OSKAR001") == (0, "Nothing is kept of U0OSKAR001 in T0FOOTBALL.\n", "")


@pytest.mark.parametrize("command", [("export",), ("erase-member", "U0OSKAR001")])
def test_an_unknown_workspace_is_one_line_on_stderr(run: Run, command: tuple[str, ...]) -> None:
    assert run(*command, "--workspace", "T404") == (1, "", "hattrick: There is no workspace T404 in the database.\n")


def test_a_workspace_goes_out_and_comes_back_in(run: Run, tmp_path: Path) -> None:
    written = run("export", "--workspace", "T0FOOTBALL")[1]
    (tmp_path / "all.json").write_text(written, encoding="utf-8")
    code, _, errors = run("import", "all.json")
    assert code == 1
    assert errors == (
        "hattrick: The workspace T0FOOTBALL has teams here already; --replace deletes them and takes the file's.\n"
    )
    code, said, _ = run("import", "all.json", "--replace", "--dry-run")
    assert code == 0
    assert said.endswith("rows of T0FOOTBALL would be stored; nothing was.\n")
    code, said, _ = run("import", "all.json", "--replace")
    assert code == 0
    assert "install the app there" in said
    assert run("export", "--workspace", "T0FOOTBALL")[1] == written


def test_a_file_that_is_no_export_is_one_line_on_stderr(run: Run) -> None:
    code, said, errors = run("import", "team.yml")
    assert (code, said) == (1, "")
    assert errors.startswith("hattrick: team.yml: line 1: ")
    assert errors.count("\n") == 1
    assert run("import", "nowhere.json")[0] == 2  # wrong usage
